# Completion in bash and zsh: options and their values, files of --jobs, commands; loaded from the installed files.
source "$(dirname "$0")/package_lib.sh"
mkdir "$work/here" "$work/here/directory" && cd "$work/here"
# bash_completes WORD...: the completions of the last word.
bash_completes() {
  bash --norc -c '
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    compopt() { :; }
    "$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")"
    printf "%s\n" "${COMPREPLY[@]}"' - "$PUMP_PREFIX/share/bash-completion/completions/$1" "$@" | sort | paste -sd' '
}
[ -r "$PUMP_PREFIX/share/bash-completion/completions/pump-launch" ] || fail "no completion of pump-launch"
expect_equal "--s" "--shutdown --startup --status" "$(bash_completes pump --s)"
expect_equal "--status --" "--json" "$(bash_completes pump --status --)"
expect_equal "--jobs dir" "directory" "$(bash_completes pump --jobs dir)"
touch file-of-why
expect_equal "--why fi" "file-of-why" "$(bash_completes pump --why fi)"
expect_equal "--include-server=" "native python" "$(bash_completes pump --include-server =)"
expect_equal "--include-server=p" "python" "$(bash_completes pump --include-server = p)"
expect_contains "a command" "cmake" "$(bash_completes pump cmak)"
expect_contains "a command after options" "cmake" "$(bash_completes pump --include-server = native cmak)"
expect_contains "a command after --" "cmake" "$(bash_completes pump -- cmak)"
expect_contains "a compiler" "g++" "$(bash_completes pump-launch g+)"
for option in $("$pump" --help | grep -oE '^  (-h, )?--[a-z-]+' | grep -oE -- '--[a-z-]+' ); do
  expect_contains "options" "$option" "$(bash_completes pump -)"
done

# With the package bash-completion, COMMAND has its own completions.
if [ -r /usr/share/bash-completion/bash_completion ]; then
  expect_equal "the command's own option" "--reference=" "$(bash --norc -c '
    source /usr/share/bash-completion/bash_completion
    source "$1"
    COMP_LINE="pump chmod --ref" COMP_WORDS=(pump chmod --ref) COMP_CWORD=2
    COMP_POINT=${#COMP_LINE}
    compopt() { :; }
    _pump
    echo "${COMPREPLY[*]}"' - "$PUMP_PREFIX/share/bash-completion/completions/pump")"
else
  echo "bash-completion is not installed: its part was not run"
fi

command -v zsh >/dev/null || { echo "zsh is not installed: its half was not run"; exit 0; }
# The line after Tab, from an interactive zsh on a pseudo-terminal.
cat >"$work/complete.zsh" <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
# wait_for PATTERN: the shell's output, when it contains the pattern.
wait_for() {
  local all= part
  for try in {1..200}; do
    zpty -rt shell part && all+=$part
    [[ $all == *${~1}* ]] && { print -r -- $all; return 0; }
    sleep 0.05
  done
  print -r -- "no $1 in: $all"
  return 1
}
zpty -w shell "PS1=; stty -echo; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell "show() { print -r -- \"<<\$BUFFER>>\" }; zle -N show; bindkey '^X' show; print rea''dy"
wait_for ready >/dev/null
zpty -n -w shell "$2"$'\t\C-X'
wait_for '<<*>>' | sed -n 's/.*<<\(.*\)>>.*/\1/p' | head -1
zpty -d shell
END
zsh_completes() { zsh -f "$work/complete.zsh" "$PUMP_PREFIX/share/zsh/site-functions" "$1"; }
expect_equal "zsh: --start" "pump --startup " "$(zsh_completes 'pump --start')"
expect_equal "zsh: --jobs dir" "pump --jobs directory/" "$(zsh_completes 'pump --jobs dir')"
expect_equal "zsh: --include-server=p" "pump --include-server=python " "$(zsh_completes 'pump --include-server=p')"
expect_equal "zsh: the command's own" "pump cmake --buil" "$(zsh_completes 'pump cmake --buil' | cut -c1-17)"

# bash completion for pump(1) and pump-launch(1). After COMMAND, the command's own completion is used if the package
# bash-completion is loaded, and file names otherwise. tests/unit/cli/verbs_test.cc compares the options with --help.
_pump_command_position() {
  # Prints the index of the first word after pump's own options, or COMP_CWORD if there is none before the cursor.
  local index=1
  while [ $index -lt "$COMP_CWORD" ]; do
    case ${COMP_WORDS[index]} in
      --) echo $((index + 1)); return ;;
      --include-server) index=$((index + 1)); [ "${COMP_WORDS[index]}" != = ] || index=$((index + 1)) ;;
      -*) ;;
      *) echo $index; return ;;
    esac
    index=$((index + 1))
  done
  echo "$COMP_CWORD"
}

_pump_delegate() {
  local position=$1
  if declare -F _command_offset >/dev/null; then
    _command_offset "$position"
  elif [ "$position" -eq "$COMP_CWORD" ]; then
    mapfile -t COMPREPLY < <(compgen -A command -- "${COMP_WORDS[COMP_CWORD]}")
  else
    compopt -o default
    COMPREPLY=()
  fi
}

_pump() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} position
  COMPREPLY=()
  # Readline splits words at "=".
  if [ "$before" = --include-server ] || [ "$before" = = ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" = --include-server ] ||
    { [ "$word" = = ] && [ "$before" = --include-server ]; }; then
    mapfile -t COMPREPLY < <(compgen -W "native python" -- "${word#=}")
    return
  fi
  position=$(_pump_command_position)
  if [ "$position" -lt "$COMP_CWORD" ] || [ "$before" = -- ]; then
    _pump_delegate "$position"
    return
  fi
  case " ${COMP_WORDS[*]:0:COMP_CWORD} " in
    *" --jobs "*)
      mapfile -t COMPREPLY < <(compgen -W "--json" -- "$word"; compgen -d -- "$word")
      compopt -o filenames 2>/dev/null
      return
      ;;
    *" --why "*)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      compopt -o filenames 2>/dev/null
      return
      ;;
    *" --status "*)
      mapfile -t COMPREPLY < <(compgen -W "--json" -- "$word")
      return
      ;;
    *" --startup "* | *" --shutdown "* | *" --version "* | *" --help "* | *" -h "*) return ;;
  esac
  case $word in
    -*)
      mapfile -t COMPREPLY < <(compgen -W \
        "--startup --shutdown --status --why --no-record --jobs --json --include-server= --version --help --" -- "$word")
      [ "${#COMPREPLY[@]}" -ne 1 ] || [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
      ;;
    *) _pump_delegate "$COMP_CWORD" ;;
  esac
}

_pump_launch() {
  COMPREPLY=()
  _pump_delegate 1
}

complete -F _pump pump
complete -F _pump_launch pump-launch

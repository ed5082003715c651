# -Wmissing-include-dirs gives the same messages as a local compilation, with and without -Werror: for existing directories of
# which nothing is sent, for directories inside a default directory, and for missing ones.
source "$(dirname "$0")/launch_lib.sh"
need gcc unshare
can_hide || skip "cannot make a mount namespace to hide the project from distccd"
mkdir -p "$work/project/empty"
DISTCCD_HIDES=$work/project
start_distccd
export PUMP_LINGER=10 DISTCC_FALLBACK=1
cd "$work/project"
ln -s empty link
ln -s loop loop
echo 'int f(void) { return 1; }' >a.c
inside=$(find /usr/include -mindepth 1 -maxdepth 1 -type d -not -name x86_64-linux-gnu | sort | head -1)
[ -n "$inside" ] || skip "no directory inside /usr/include"
echo 'int f(void);' >empty/own.h

compare() {
  local compiler=$1 here=0 there=0 warning
  shift
  for warning in -Wmissing-include-dirs -Werror=missing-include-dirs; do
    here=0 there=0
    "$compiler" $warning "$@" -c a.c -o here.o 2>here.err || here=1
    "$launch" "$compiler" $warning "$@" -c a.c -o there.o 2>there.err || there=1
    expect_equal "$compiler $warning $*: failures" $here $there
    # In plain mode the compiler fails twice.
    [ $here = 0 ] || { sort -u here.err -o here.err && sort -u there.err -o there.err; }
    expect_equal "$compiler $warning $*: messages" "$(cat here.err)" "$(cat there.err)"
  done
}
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for option in -I "-isystem " "-idirafter " "-iquote "; do
    before=$(pump_mode_jobs)
    for directory in "$inside" "$inside/" empty "$PWD/empty" link empty/../empty; do compare $compiler $option$directory; done
    expect_count "$compiler $option: units in pump mode" $((before + 12)) pump_mode_jobs
    # clang has the warning since version 15 and prints more in plain mode, which these use.
    [ $compiler = gcc ] || continue
    for directory in loop loop/sub "$PWD/loop"; do compare $compiler $option$directory; done
    for directory in missing "$PWD/missing" /usr/include/missing a.c a.c/sub; do compare $compiler $option$directory; done
  done
done
# A header, or a directory of one, that cannot be looked at is an error, and not a missing one.
mkdir circles && ln -s circle.h circles/circle.h
printf '#if __has_include(<circle.h>)\n#endif\nint a;\n' >probe.c
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  if $compiler -Icircles -c probe.c -o here.o 2>here.err; then fail "$compiler reads a link to itself"; fi
  if "$launch" $compiler -Icircles -c probe.c -o there.o 2>there.err; then fail "$compiler on a host does not see a link to itself"; fi
  expect_equal "$compiler: messages" "$(cat here.err)" "$(cat there.err)"
done

# For a user who may not search a directory, gcc reports the directory, and clang a header that may be in it.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  mkdir "$work/bin" && cp -L "$PUMP_BIN/pump" "$work/bin/pump" && ln -s pump "$work/bin/pump-launch" && chmod -R a+rx "$work/bin"
  chmod a+rx "$work" "$work/project"
  mkdir -p locked/sub open && echo 'int h = 1;' >open/h.h && echo '#include <h.h>' >uses.c && chmod 700 locked
  install -d -o 65534 -g 65534 "$work/nobody" "$work/run.nobody"
  as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$work/nobody" "PUMP_RUNTIME_DIR=$work/run.nobody"
    "DISTCC_DIR=$work/nobody/distcc" "XDG_STATE_HOME=$work/nobody/state")
  for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for option in -Ilocked/sub "-isystem locked/sub" "-iquote locked" -Ilocked "-isystem locked" -I"$PWD/locked"; do
      for unit in a uses; do
        here=0 there=0
        "${as_nobody[@]}" $compiler $option -Iopen -c $unit.c -o "$work/nobody/here.o" 2>here.err || here=$?
        "${as_nobody[@]}" "$work/bin/pump-launch" $compiler $option -Iopen -c $unit.c -o "$work/nobody/there.o" 2>there.err || there=$?
        expect_equal "$compiler $option $unit.c: exit code" $here $there
        expect_equal "$compiler $option $unit.c: messages" "$(cat here.err)" "$(cat there.err)"
      done
    done
  done
fi

# The records may be larger than the files that this process may make.
for i in 1 2 3; do head -c 100000 /dev/zero | tr '\0' '\n' >>"$(echo "$XDG_STATE_HOME"/*/records.jsonl)"; done
(ulimit -f 200 && "$launch" gcc -c a.c -o there.o) || fail "a limit for sizes of files: exit code $?"

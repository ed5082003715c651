# Commands that are not one plain compilation run locally without a server: no remote job, and the same files, output and
# status as without the launcher.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
mkdir "$work/src"
cd "$work/src"
printf 'int g(int x) { int a[9]; a[x] = x; return a[0]; }\n' >a.cc
printf 'int main(void) { return 0; }\n' >m.c
printf 'const char* t = __TIMESTAMP__;\n' >t.cc
printf '#pragma once\n' >h.h
printf 'nop\n' >s.S

# same WHAT COMMAND...: runs COMMAND without and with pump-launch, each in a fresh directory.
same() {
  local what=$1 how status
  shift
  for how in bare launched; do
    rm -rf "$work/$how" && cp -a "$work/src" "$work/$how"
    # Both directories have the same name, so that names in outputs are equal.
    rm -rf "$work/here" && mv "$work/$how" "$work/here" && cd "$work/here"
    status=0
    if [ $how = bare ]; then "$@" >out 2>err </dev/null || status=$?
    else "$launch" "$@" >out 2>err </dev/null || status=$?; fi
    echo $status >status
    cd "$work" && rm -rf "$work/$how" && mv "$work/here" "$work/$how"
  done
  # Only the names: dumps contain times and random names.
  (cd "$work/bare" && find . -type f | LC_ALL=C sort) >"$work/files.bare"
  (cd "$work/launched" && find . -type f | LC_ALL=C sort) >"$work/files.launched"
  diff "$work/files.bare" "$work/files.launched" || fail "$what: other files"
  local file
  for file in out err status; do
    cmp "$work/bare/$file" "$work/launched/$file" || fail "$what: $file differs: $(cat "$work/launched/$file")"
  done
}

same link g++ -o m m.c
same preprocess g++ -E a.cc
same dependencies g++ -M a.cc
same version g++ --version
same verbose g++ -dumpmachine
same several g++ -c a.cc m.c
same assembler gcc -c s.S
same pch g++ -c h.h
same pch-x g++ -x c++-header -c h.h -o h.h.gch
same syntax g++ -fsyntax-only a.cc
same timestamp g++ -c t.cc
same split-dwarf g++ -g -gsplit-dwarf -c a.cc -o a.o
same save-temps g++ -save-temps=obj -c a.cc -o a.o
same stack-usage g++ -fstack-usage -c a.cc -o a.o
same coverage g++ --coverage -c a.cc -o a.o
same dump g++ -fdump-tree-original -c a.cc -o a.o
same call-graph g++ -fcallgraph-info -c a.cc -o a.o
same native g++ -march=native -c a.cc -o a.o
same listing g++ -Wa,-ahls=a.lst -c a.cc -o a.o
same missing-source g++ -c nothing.cc -o a.o
same missing-value g++ -c a.cc -o
same conftest gcc -c conftest.c

if command -v clang++ >/dev/null; then
  same clang-time-trace clang++ -ftime-trace -c a.cc -o a.o
  same clang-split-dwarf clang++ -g -gsplit-dwarf -c a.cc -o a.o
  same clang-coverage clang++ --coverage -c a.cc -o a.o
  same clang-pch clang++ -x c++-header h.h -o h.pch
  same clang-diagnostics clang++ --serialize-diagnostics a.dia -c a.cc -o a.o
  same clang-cdb clang++ -MJ a.json -c a.cc -o a.o
fi
cd "$work/src"
PUMP_LAUNCH=off "$launch" g++ -c a.cc -o "$work/off.o"
printf 'int x;\n' | "$launch" g++ -x c++ -c - -o "$work/stdin.o"
[ -s "$work/off.o" ] && [ -s "$work/stdin.o" ] || fail "no object"

expect_equal "remote jobs" 0 "$(begun_jobs)"
expect_equal "servers" "" "$(server_pids)"
expect_equal "session directories" "" "$(find "$work/run" -mindepth 1 -type d)"

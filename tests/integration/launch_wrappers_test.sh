# Under `ctest --launch`, `cmake -E __run_co_compile`, distcc or another pump-launch, and with masquerade directories on PATH:
# one remote job each, no recursion.
source "$(dirname "$0")/launch_lib.sh"
need cmake
start_distccd
export PUMP_LINGER=5
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
printf 'int f(void) { return 1; }\n' >a.c
jobs=0
# one WHAT COMMAND...
one() {
  local what=$1
  shift
  rm -f a.o
  "$@" >out 2>&1 || fail "$what: $(cat out)"
  [ -s a.o ] || fail "$what: no object"
  jobs=$((jobs + 1))
  expect_count "$what: jobs in pump mode" $jobs pump_mode_jobs
  expect_equal "$what: output" "" "$(cat out)"
}
one "ctest --launch" ctest --launch --language CXX --build-dir "$PWD" --output a.o --source a.cc -- "$launch" g++ -c a.cc -o a.o
printf '#!/bin/sh\nexit 0\n' >lint && chmod +x lint
one "__run_co_compile" cmake -E __run_co_compile --launcher="$launch" --cppcheck="$PWD/lint" --source=a.cc -- \
  g++ -c a.cc -o a.o
one "distcc as the compiler" "$launch" distcc g++ -c a.cc -o a.o
one "distcc without a compiler" "$launch" distcc -c a.c -o a.o
one "twice" "$launch" "$launch" g++ -c a.cc -o a.o
if [ -x /usr/lib/distcc/g++ ]; then
  one "masquerade link" "$launch" /usr/lib/distcc/g++ -c a.cc -o a.o
  PATH=/usr/lib/distcc:$PATH one "masquerade directory" "$launch" g++ -c a.cc -o a.o
  PATH=/usr/lib/distcc:$PATH "$launch" g++ -gsplit-dwarf -c a.cc -o a.o
  expect_equal "masquerade directory, local: jobs" $jobs "$(begun_jobs)"
fi

# Exit status, stdout and stderr are the compiler's, whether it ran locally or on the server.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1 LC_ALL=C
unset DISTCC_FALLBACK # a failed remote compilation is repeated locally
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return undeclared; }\n' >error.cc
printf '#warning "look here"\nint f(int unused) { return 0; }\n' >warning.cc
printf '#include "missing.h"\n' >missing.cc

for file in error warning missing; do
  expected=0; g++ -Wall -Wextra -c $file.cc -o local.o >out.local 2>err.local || expected=$?
  status=0; "$launch" g++ -Wall -Wextra -c $file.cc -o launched.o >out 2>err || status=$?
  expect_equal "status of $file.cc" $expected $status
  cmp out.local out || fail "stdout of $file.cc: $(cat out)"
  cmp err.local err || fail "stderr of $file.cc: $(cat err)"
done
status=0; "$launch" g++ -c warning.cc -Werror -o x.o >/dev/null 2>&1 || status=$?
expect_equal "status with -Werror" 1 $status
printf 'int main() { return 0; }\n' | "$launch" g++ -x c++ - -o program
./program
# With DISTCC_FALLBACK=0, distcc's failure and its message are visible.
status=0
DISTCC_FALLBACK=0 DISTCC_HOSTS=127.0.0.1:1,cpp,lzo "$launch" g++ -c warning.cc -o x.o >out 2>err || status=$?
[ $status -ne 0 ] || fail "DISTCC_FALLBACK=0 did not fail"
expect_contains "stderr" "fallbacks are disabled" "$(cat err)"

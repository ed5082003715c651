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
# With DISTCC_FALLBACK=0, the failure and its cause are visible.
status=0
DISTCC_FALLBACK=0 DISTCC_HOSTS=127.0.0.1:1,cpp,lzo "$launch" g++ -c warning.cc -o x.o >out 2>err || status=$?
expect_equal "status with DISTCC_FALLBACK=0" 103 $status
expect_contains "stderr" "Connection refused" "$(cat err)"
expect_contains "stderr" "DISTCC_FALLBACK=0" "$(cat err)"
[ ! -e x.o ] || fail "DISTCC_FALLBACK=0 left an object"
status=0; DISTCC_FALLBACK=0 "$launch" g++ -c error.cc -o x.o >out 2>err || status=$?
expect_equal "status of an error with DISTCC_FALLBACK=0" 1 $status
expect_contains "stderr of an error" "undeclared" "$(cat err)"

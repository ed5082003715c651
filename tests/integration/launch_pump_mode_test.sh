# `pump-launch COMPILER -c FILE` compiles in pump mode, prints nothing, and gives the object of COMPILER; it links locally.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
mkdir "$work/a b" && cd "$work/a b"
printf '#include "lib.h"\n#include <vector>\nint f() { return std::vector<int>(N).size(); }\n' >f.cc
printf '#define N 3\n' >lib.h
printf 'int f(); int main() { return f(); }\n' >main.cc
printf 'int c(void) { return 1; }\n' >c.c

for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for file in f main; do
    $compiler -O2 -c $file.cc -o local.o
    output=$("$launch" $compiler -O2 -c $file.cc -o $file.o 2>&1)
    expect_equal "output of $compiler $file.cc" "" "$output"
    cmp local.o $file.o || fail "$compiler $file.cc: objects differ"
  done
done
before=$(begun_jobs)
"$launch" gcc -S c.c
"$launch" /usr/bin/g++ -c "$PWD/f.cc"
[ -s c.s ] && [ -s f.o ] || fail "no output without -o"
jobs=$(begun_jobs)
expect_equal "jobs of gcc -S and g++ by its path" $((before + 2)) "$jobs"
expect_count "jobs in pump mode" "$jobs" pump_mode_jobs
expect_equal "jobs in plain mode" 0 "$(begun_plain_jobs)"
[ "$jobs" -ge 4 ] || fail "only $jobs remote jobs"

"$launch" g++ f.o main.o -o program
status=0; ./program || status=$?
expect_equal "status of the linked program" 3 $status
expect_equal "jobs after linking" "$jobs" "$(begun_jobs)"

# A header is edited while a unit waits for a host: the object, which is newer than the edit, is compiled from the edited header.
source "$(dirname "$0")/launch_lib.sh"
hold_compilers
start_distccd 1
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
printf 'int g() { return 1; }\n' >first.cc
printf '#include "a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h
: >"$standins/hold"
"$launch" g++ -c first.cc -o first.o &
first=$!
wait_until 30 "the first unit runs" holds 1
"$launch" g++ -c a.cc -o a.o &
second=$!
wait_until 30 "the second unit waits" scheduler_shows queued 1
sleep 1.1 # a unit that waits for less is not asked about again
printf '#define A 5\n' >a.h
rm "$standins/hold"
wait "$first" || fail "the first unit"
wait "$second" || fail "the second unit"
g++ -c a.cc -o local.o
cmp local.o a.o || fail "the object is stale"
expect_count "jobs in pump mode" 2 pump_mode_jobs
expect_equal "outcome" pump "$(recorded_outcome)"

# It is also seen if the unit can no longer be distributed: then it is compiled here, and its slot is free.
: >"$standins/hold"
"$launch" g++ -c first.cc -o first.o &
first=$!
wait_until 30 "the first unit runs" holds 1
"$launch" g++ -c a.cc -o a.o 2>"$work/err" &
second=$!
wait_until 30 "the second unit waits" scheduler_shows queued 1
sleep 1.1
printf '#include MISSING\n#define A 6\n' >a.h # include-unknown
rm "$standins/hold"
wait "$first" || fail "the first unit"
! wait "$second" 2>/dev/null || fail "the second unit should fail as the compiler does"
wait_until 30 "no slot is in use" scheduler_shows running 0
expect_contains "the compiler's message" "MISSING" "$(cat "$work/err")"

# The session's directory is on a file system without locks (ENOLCK): every file is compiled here, nothing is
# printed, and no server starts.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
without_locks=$PUMP_BIN/without_locks
status=0
"$without_locks" "$work/nowhere" true || status=$?
[ $status != 77 ] || skip "the kernel has no seccomp listeners"
expect_equal "status of true" 0 $status

output=$("$without_locks" "$work/run" "$launch" g++ -c a.cc -o a.o 2>&1) || fail "launcher: $output"
expect_equal "output" "" "$output"
cmp local.o a.o || fail "objects differ"
expect_here "without locks" no-include-server 0
grep -q "No locks available" "$work"/run/*/log || fail "the reason is not in the log"
output=$("$without_locks" "$work/run" "$pump" sh -c 'echo "ran ${INCLUDE_SERVER_PORT-unset}"' 2>&1) || fail "pump: $output"
expect_contains "pump COMMAND" "ran unset" "$output"
expect_contains "pump's reason" "No locks available" "$output"
expect_equal "servers" "" "$(server_pids)"

# Positive control: the same command with locks.
PUMP_LINGER=0 "$without_locks" "$work/nowhere" "$launch" g++ -c a.cc -o a.o
expect_count "jobs in pump mode" 1 pump_mode_jobs

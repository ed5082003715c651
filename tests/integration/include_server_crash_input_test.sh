#!/bin/bash
# An input that crashed a server is refused by the next server of the same program. Other inputs are answered, and so is this
# one by a changed program.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++ perl
ulimit -c 0
case $(uname -m) in x86_64) tgkill=234 ;; aarch64) tgkill=131 ;; *) skip "the number of tgkill(2) is not known here" ;; esac

# A slow compiler, so that the signal arrives while the worker computes the reply for this input.
compiler() { replace_compiler "$work/my-g++" "$1"$'\n''exec g++ "$@"'; }
compiler ": >'$work/compiler_runs'; sleep 2"
start_server
(requested_files "$project" "$work/my-g++" -c main.cc || true) >/dev/null 2>&1 &
client_job=$!
wait_until 20 "the server runs the compiler" test -e "$work/compiler_runs"
worker=
for task in /proc/"$server_pid"/task/*; do
  [ -r "$task/children" ] || skip "this kernel does not tell which thread has a child"
  [ -z "$(cat "$task/children")" ] || worker=${task##*/}
done
[ -n "$worker" ] || fail "no thread waits for the compiler"
# tgkill(2) names the thread; a signal from kill(1) may be delivered to any.
perl -e 'syscall($ARGV[0] + 0, $ARGV[1] + 0, $ARGV[2] + 0, 11) == 0 or die "tgkill: $!"' "$tgkill" "$server_pid" "$worker"
wait_until 20 "the server dies" gone "$server_pid"
wait "$client_job"
line=$(cat "$server_log.crashed")
expect_contains "the crash file" "SIGSEGV at 0x" "$line"
expect_contains "the crash file" "command cd $project && $work/my-g++ -c main.cc" "$line"

compiler ""
start_server
expect_equal "the input that crashed" "" "$(requested_mirror_files "$project" "$work/my-g++" -c main.cc)"
expect_contains "the reason" "crashed on this input: see $server_log.crashed" "$(cat "$server_log")"
expect_equal "another input of the same compiler" 2 "$(requested_files "$project" "$work/my-g++" -O1 -c main.cc | wc -l)"
echo '// edited' >>"$project/main.cc"
expect_equal "the input, edited" "" "$(requested_mirror_files "$project" "$work/my-g++" -c main.cc)"
stop_server

# Another build of the program may have the bug fixed.
cp -L "$PUMP_BIN/pump" "$work/pump-include-server"
touch -d '2001-01-01' "$work/pump-include-server"
include_server=$work/pump-include-server
start_server
expect_equal "the input that crashed another program" 2 "$(requested_files "$project" "$work/my-g++" -c main.cc | wc -l)"
stop_server

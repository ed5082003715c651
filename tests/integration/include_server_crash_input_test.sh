#!/bin/bash
# An input that crashes the server is refused by its successor instead of crashing that, too; other inputs are answered. A
# changed program gets another chance.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++
ulimit -c 0
case $(uname -m) in x86_64) tgkill=234 ;; aarch64) tgkill=131 ;; *) skip "the number of tgkill(2) is not known here" ;; esac

# A compiler that keeps the worker waiting, so that it can be hit while it works on this input.
compiler() { replace_compiler "$work/my-g++" "$1"$'\n''exec g++ "$@"'; }
compiler ": >'$work/asked'; sleep 2"
start_server
(ask "$project" "$work/my-g++" -c main.cc || true) >/dev/null 2>&1 &
asker=$!
wait_until 20 "the compiler is asked" test -e "$work/asked"
worker=
for task in /proc/"$server_pid"/task/*; do
  [ -r "$task/children" ] || skip "this kernel does not tell which thread has a child"
  [ -z "$(cat "$task/children")" ] || worker=${task##*/}
done
[ -n "$worker" ] || fail "no thread waits for the compiler"
# To that very thread: what kill(1) sends is taken by any.
perl -e 'syscall($ARGV[0] + 0, $ARGV[1] + 0, $ARGV[2] + 0, 11) == 0 or die "tgkill: $!"' "$tgkill" "$server_pid" "$worker"
wait_until 20 "the server dies" gone "$server_pid"
wait "$asker"
line=$(cat "$server_log.crashed")
expect_contains "the crash file" "SIGSEGV at 0x" "$line"
expect_contains "the crash file" "command cd $project && $work/my-g++ -c main.cc" "$line"

compiler ""
start_server
expect_equal "the input that crashed" "" "$(raw_ask "$project" "$work/my-g++" -c main.cc)"
expect_contains "the reason" "crashed on this input: see $server_log.crashed" "$(cat "$server_log")"
expect_equal "another input of the same compiler" 2 "$(ask "$project" "$work/my-g++" -O1 -c main.cc | wc -l)"
echo '// edited' >>"$project/main.cc"
expect_equal "the input, edited" "" "$(raw_ask "$project" "$work/my-g++" -c main.cc)"
stop_server

# Another build of the program may not crash any more.
cp -L "$PUMP_BIN/pump" "$work/pump-include-server"
touch -d '2001-01-01' "$work/pump-include-server"
include_server=$work/pump-include-server
start_server
expect_equal "the input that crashed another program" 2 "$(ask "$project" "$work/my-g++" -c main.cc | wc -l)"
stop_server

#!/bin/bash
# The life of the stand-alone server: it is ready when the command returns, there is one per socket, SIGTERM leaves nothing
# behind, and the next server removes what SIGKILL leaves.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"

start_server
[ -S "$socket" ] || fail "no socket when the command returns"
expect_equal "mode of the socket" 600 "$(stat -c %a "$socket")"
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
first=$server_pid
[ -n "$(mirrors_of "$first")" ] || fail "no mirror"

status=0
"$include_server" --port "$socket" --pid_file "$work/pid2" 2>"$work/err" || status=$?
expect_equal "a second server on the socket" 1 "$status"
expect_contains "the reason" "another server" "$(cat "$work/err")"
[ ! -e "$work/pid2" ] || fail "a pid file of a server that did not start"
expect_equal "the first still answers" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"

kill -KILL "$first"
wait_until 20 "the server dies" gone "$first"
[ -S "$socket" ] || fail "no socket after SIGKILL"
start_server
expect_equal "files, from its successor" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
expect_equal "mirrors of the dead server" "" "$(mirrors_of "$first")"

second=$server_pid
stop_server
[ ! -e "$socket" ] || fail "the socket exists after SIGTERM"
expect_equal "mirrors after SIGTERM" "" "$(mirrors_of "$second")"

# The server does not keep the caller's pipes: the command substitution ends while the server runs.
pids=$("$include_server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log" && cat "$work/pid")
server_pid=$pids
children+=("$server_pid")
kill -STOP "$server_pid"
(sleep 1; kill -CONT "$server_pid") &
expect_equal "files, across SIGSTOP and SIGCONT" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
stop_server

for bad in "--no_such_option" "--jobs=x" "stray"; do
  status=0
  "$include_server" --port "$socket" "$bad" 2>"$work/err" || status=$?
  expect_equal "exit status for $bad" 1 "$status"
  expect_contains "what is wrong with $bad" "${bad#*=}" "$(head -1 "$work/err")"
done
status=0
"$include_server" 2>"$work/err" || status=$?
expect_equal "exit status without --port" 1 "$status"

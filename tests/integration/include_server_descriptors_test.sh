#!/bin/bash
# More silent clients than descriptors: the server drops the longest silent ones, and answers the others meanwhile.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
(
  ulimit -Sn 48
  ulimit -Hn 48
  "$include_server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log"
)
server_pid=$(cat "$work/pid")
children+=("$server_pid")
{
  for _ in $(seq 20); do
    echo "hold 40 43444952"
    echo "request $project g++ -o main.o -c main.cc"
  done
} | client >"$work/out" || fail "a client was refused: $(tail -3 "$work/out")"
expect_equal "answers among 800 silent clients" 40 "$(grep -c '\.lzo$' "$work/out")"
expect_equal "files afterwards" 2 "$(requested_files "$project" g++ -o main.o -c main.cc | wc -l)"
[ "$(status_of dropped)" -gt 0 ] || fail "no client was dropped"
stop_server

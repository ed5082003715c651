#!/bin/bash
# A crash writes a line with its position, and the next server starts.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
ulimit -c 0
start_server
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
kill -SEGV "$server_pid"
wait_until 20 "the server dies" gone "$server_pid"
expect_contains "the crash file" "SIGSEGV at 0x" "$(cat "$server_log.crashed")"
start_server
expect_equal "files, from its successor" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
stop_server

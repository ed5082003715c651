#!/bin/bash
# The server answers only its own user, even if another user can connect (root always can).
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to be two users"
need setpriv
chmod 777 "$work" "$project"
cp -L "$PUMP_BIN/pump" "$work/pump-include-server" # other users may not be able to read the build directory
chmod 755 "$work/pump-include-server"
cp "$PUMP_BIN/include_server_client" "$work/client"
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
"${as_nobody[@]}" "$work/pump-include-server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log"
server_pid=$(cat "$work/pid")
children+=("$server_pid")
expect_equal "root, from the server of nobody" "(closed)" "$(requested_mirror_files "$project" g++ -c main.cc)"
expect_contains "the log" "refused a client of uid 0" "$(cat "$server_log")"
expect_equal "nobody, from its own server" 2 "$(echo "request $project g++ -c main.cc" | "${as_nobody[@]}" "$work/client" "$socket" | grep -c lzo)"
stop_server

start_server
status=0
echo status | "${as_nobody[@]}" "$work/client" "$socket" 2>"$work/err" || status=$?
[ "$status" != 0 ] || fail "nobody could connect to root's server"
stop_server

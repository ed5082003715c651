#!/bin/bash
# Only the server's own user is answered, even if somebody else may connect (root may, always).
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to be two users"
need setpriv
chmod 777 "$work" "$project"
cp -L "$PUMP_BIN/pump" "$work/pump-include-server" # the build directory may be closed to others
chmod 755 "$work/pump-include-server"
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
"${as_nobody[@]}" "$work/pump-include-server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log"
server_pid=$(cat "$work/pid")
children+=("$server_pid")
expect_equal "root asks nobody's server" "(closed)" "$(raw_ask "$project" g++ -c main.cc)"
expect_contains "the log" "refused a client of uid 0" "$(cat "$server_log")"
expect_equal "nobody asks" 2 "$(echo "ask $project g++ -c main.cc" | "${as_nobody[@]}" perl "$work/client.pl" "$socket" | grep -c lzo)"
stop_server

start_server
status=0
echo status | "${as_nobody[@]}" perl "$work/client.pl" "$socket" 2>"$work/err" || status=$?
[ "$status" != 0 ] || fail "nobody could connect to root's server"
stop_server

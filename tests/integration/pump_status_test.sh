#!/bin/bash
# `pump --status`: no session, one in use, its clients; as JSON, too. Looking starts nothing.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1

expect_contains "before" "No include server runs" "$("$pump" --status)"
expect_contains "before, JSON" '"running": false' "$("$pump" --status --json)"
[ -z "$(server_pids)" ] || fail "--status starts a server"

during=$("$pump" sh -c 'echo "$INCLUDE_SERVER_PID"; "$1" --status; "$1" --status --json' sh "$pump")
pid=$(echo "$during" | head -n 1)
expect_contains "during" "process $pid" "$during"
expect_contains "during: clients" "Clients now:       1" "$during"
expect_contains "during, JSON" "\"pid\": $pid" "$during"
expect_contains "during, JSON" '"running": true' "$during"
expect_contains "the server's counters" '"requests":' "$during"

eval "$("$pump" --startup)"
expect_contains "--startup shows" '`pump --startup`' "$("$pump" --status)"
"$pump" --shutdown
expect_contains "after" "No include server runs" "$("$pump" --status)"

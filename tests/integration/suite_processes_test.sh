# Tests find the session servers of their own sessions, and no others: so "no server" in a test is not an empty statement.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1 PUMP_LINGER=60
no_server || fail "a server before the first one starts: $(server_pids)"
server=$("$pump" sh -c 'echo "$INCLUDE_SERVER_PID"')
expect_equal "the server that lingers" "$server" "$(server_pids)"
expect_equal "servers of another directory" "" "$(session_servers_of "$work/run/other")"
expect_equal "servers of a directory with a longer name" "" "$(session_servers_of "${work%?}")"
kill "$server"
wait_until 20 "the server is no longer found" no_server

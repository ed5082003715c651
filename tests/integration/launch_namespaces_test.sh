# Two PID namespaces share one server. Two mount namespaces, whose files may differ, have one each.
source "$(dirname "$0")/launch_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root for namespaces"
need unshare
unshare --mount --pid --fork true 2>/dev/null || skip "no namespaces here"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
compiles "first namespace" env
expect_equal "servers" 1 "$(servers_started)"
compiles "second PID namespace" unshare --pid --fork
compiles "third PID namespace" unshare --pid --fork
expect_equal "servers of three PID namespaces" 1 "$(servers_started)"
expect_contains "clients, counted inside a PID namespace" '"clients": 1' \
  "$(unshare --pid --fork "$pump" sh -c '"$1" --status --json' sh "$pump" 2>/dev/null)"
expect_equal "servers, after pump in one" 1 "$(servers_started)"

# A server that was started in a PID namespace dies with it: the next launcher starts another.
kill "$(server_pids)"
wait_until 20 "the server goes" no_server
compiles "a new PID namespace without a server" unshare --pid --fork
wait_until 20 "its server ends with it" no_server
compiles "after it" env
expect_equal "servers" 3 "$(servers_started)"

before=$(server_pids)
compiles "second mount namespace" unshare --mount
expect_equal "servers of two mount namespaces" 4 "$(servers_started)"
kill -0 "$before" || fail "the server of the first mount namespace ended"
expect_equal "their directories" 2 "$(ls "$work/run" | wc -l)"
expect_count "jobs in pump mode" 6 pump_mode_jobs

# `pump ninja` around a project whose rules call pump-launch: one server for both, and the number of clients is right.
source "$(dirname "$0")/launch_lib.sh"
need ninja
start_distccd
export PUMP_LINGER=0
mkdir "$work/src" && cd "$work/src"
{
  printf 'rule cc\n  command = %s g++ -c $in -o $out\n' "$launch"
  for i in 1 2 3 4 5 6; do echo "int f$i() { return $i; }" >f$i.cc; echo "build f$i.o: cc f$i.cc"; done
} >build.ninja
"$pump" ninja >"$work/out" 2>"$work/err" || fail "pump ninja: $(cat "$work/out" "$work/err")"
expect_equal "stderr" "" "$(cat "$work/err")"
expect_count "jobs in pump mode" 6 pump_mode_jobs
expect_equal "servers started" 1 "$(servers_started)"

wait_until 20 "the server goes at once" no_server

# An enclosing session with another name is used through its socket.
rm -f *.o
env PUMP_SESSION=outer "$pump" env -u PUMP_SESSION ninja >"$work/out" 2>&1 || fail "$(cat "$work/out")"
expect_count "jobs in pump mode" 12 pump_mode_jobs
expect_equal "servers started" 2 "$(servers_started)"

# A dead enclosing session is ignored.
rm -f *.o
env INCLUDE_SERVER_PORT="$work/nobody/socket" INCLUDE_SERVER_DIR="$work/nobody" INCLUDE_SERVER_PID=1 ninja >"$work/out" 2>&1 ||
  fail "$(cat "$work/out")"
expect_count "jobs in pump mode" 18 pump_mode_jobs

# An enclosing session with a stale socket and a pid that another process has: compiled here.
need perl
mkdir "$work/stale"
perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un($ARGV[0])) or die' "$work/stale/socket"
rm -f *.o
g++ -c f1.cc -o local.o
env INCLUDE_SERVER_PORT="$work/stale/socket" INCLUDE_SERVER_DIR="$work/stale" INCLUDE_SERVER_PID=$$ \
  "$launch" g++ -c f1.cc -o f1.o >"$work/out" 2>&1 || fail "stale socket: $(cat "$work/out")"
expect_equal "stale socket: output" "" "$(cat "$work/out")"
cmp local.o f1.o || fail "stale socket: objects differ"
expect_here "stale socket" no-include-server
kill -0 $$

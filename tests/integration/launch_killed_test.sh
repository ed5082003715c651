# kill -9 of launchers and of the server: nothing blocks the next build, and objects are right.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
for i in $(seq 12); do echo "#include <string>
int f$i() { return (int)std::string(\"$i\").size(); }" >f$i.cc; done
"$launch" g++ -c f1.cc -o f1.o
server=$(server_pids)
[ -n "$server" ] || fail "no server"

pids=()
for i in $(seq 2 6); do "$launch" g++ -c f$i.cc -o f$i.o & pids+=($!); done
kill -9 "${pids[@]}" 2>/dev/null || true
wait "${pids[@]}" 2>/dev/null || true
kill -9 "$server"
# Wait until the kernel has ended it, which kill does not do: a request to a dying server is compiled in plain mode. Then the
# socket file still exists, and alive.lock is free.
holds_no_lock() { ! grep -q " $server " /proc/locks; }
wait_until 10 "the killed server holds its locks" holds_no_lock
for i in $(seq 2 12); do
  output=$(timeout 60 "$launch" g++ -c f$i.cc -o f$i.o 2>&1) || fail "f$i after the kill: $output"
  expect_equal "output for f$i" "" "$output"
  g++ -c f$i.cc -o local.o
  cmp local.o f$i.o || fail "f$i.o differs"
done
[ -n "$(server_pids)" ] && [ "$(server_pids)" != "$server" ] || fail "no new server"
expect_equal "servers started" 2 "$(servers_started)"
[ "$(begun_jobs)" -ge 12 ] || fail "pump mode did not come back: $(begun_jobs) jobs"
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

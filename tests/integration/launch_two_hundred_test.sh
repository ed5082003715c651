# 200 launchers at once start one server, which ends after its linger time and leaves nothing behind.
source "$(dirname "$0")/launch_lib.sh"
start_distccd 8
export PUMP_LINGER=1
mkdir "$work/src" && cd "$work/src"
ls -d /dev/shm/*.include_server-* /tmp/*.include_server-* 2>/dev/null | sort >"$work/mirrors.before" || true
pids=()
for i in $(seq 200); do
  echo "int f$i() { return $i; }" >f$i.cc
  "$launch" g++ -c f$i.cc -o f$i.o >"$work/out.$i" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || fail "a launcher failed: $(cat "$work"/out.*)"; done
expect_equal "output" "" "$(cat "$work"/out.*)"
expect_count "remote jobs" 200 remote_jobs
expect_count "jobs in pump mode" 200 pump_mode_jobs
expect_equal "servers started" 1 "$(servers_started)"
wait_until 20 "the server goes" no_server
expect_equal "sockets left" "" "$(find "$work/run" -type s)"
expect_equal "links to sockets left" "" "$(find "$work/run" -type l)"
ls -d /dev/shm/*.include_server-* /tmp/*.include_server-* 2>/dev/null | sort >"$work/mirrors.after" || true
# Other tests may run at the same time: only mirrors of dead servers count.
comm -13 "$work/mirrors.before" "$work/mirrors.after" | while read -r mirror; do
  owner=${mirror##*include_server-}
  [ -d "/proc/${owner%%-*}" ] || fail "mirror left behind: $mirror"
done

# Launchers that wait for a slot of a host, and for the host, do not poll: no sleep, no poll or futex with a timeout below a second.
# REMOTE_WAITING_LAUNCHERS: how many launchers are traced (default 60); not more than 240 at a time.
source "$(dirname "$0")/launch_lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
launchers=${REMOTE_WAITING_LAUNCHERS:-60} most=240 slots=4
hold_compilers
start_distccd $slots
export PUMP_LINGER=60
mkdir "$work/src" "$work/traces" && cd "$work/src"
calls=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,epoll_pwait2,nanosleep,clock_nanosleep,alarm,setitimer,timer_settime,futex,rt_sigtimedwait
echo 'int a;' >a.cc && "$launch" g++ -c a.cc -o a.o # starts the server

# trace FIRST LAST: they are all there before the first one ends.
trace() {
  local i pids=()
  rm -f "$standins"/held.*
  : >"$standins/hold"
  for i in $(seq "$1" "$2"); do
    echo "int u$i;" >u$i.cc
    strace -e trace=$calls -o "$work/traces/$i" "$launch" g++ -c u$i.cc -o u$i.o & pids+=($!)
  done
  wait_until 120 "all slots are in use" holds $slots
  wait_until 120 "all others wait" scheduler_shows queued $(($2 - $1 + 1 - slots))
  sleep 1.5 # a poll of a second would be seen
  rm "$standins/hold"
  for i in "${pids[@]}"; do wait "$i" || fail "a compilation failed: status $?"; done
  for i in $(seq "$1" "$2"); do [ -s u$i.o ] || fail "u$i.o is missing"; done
}
for ((first = 1; first <= launchers; first += most)); do
  last=$((first + most - 1))
  trace $first $((last < launchers ? last : launchers))
done
expect_equal "units in pump mode" $((launchers + 1)) "$(grep -c '"outcome":"pump"' "$XDG_STATE_HOME"/*/records.jsonl)"

find "$work/traces" -type f -exec grep -hv '^---\|^+++' {} + >"$work/calls" || true
short() { grep -E 'sleep|alarm|select|timer|(poll|wait2?)\(.*, (\[.*\], [0-9], )?[0-9]{1,3}(, NULL, [0-9]+)?\) |tv_sec=0' || true; }
expect_equal "sleeps and short polls" "" "$(short <"$work/calls" | sort | uniq -c | sort -rn | head)"
[ "$(grep -c '^poll(' "$work/calls")" -ge "$launchers" ] || fail "nobody waited for the host: $(head "$work/calls")"
# Positive control.
for call in 'poll([{fd=3, events=POLLIN}], 1, 20) = 0' 'clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1}, NULL) = 0' \
  'ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=0, tv_nsec=1}, NULL, 0) = 0' 'select(0, NULL, NULL, NULL, NULL) = 0' \
  'epoll_wait(3, [{events=EPOLLIN, data=0x1}], 64, 250) = 1' 'epoll_pwait(3, [], 64, 0, NULL, 8) = 0' \
  'futex(0x7f, FUTEX_WAIT_PRIVATE, 1, {tv_sec=0, tv_nsec=5}) = -1' 'poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)'; do
  [ -n "$(short <<<"$call")" ] || fail "not found: $call"
done
for call in 'poll([{fd=3, events=POLLIN}, {fd=5, events=POLLIN}], 2, 300000) = 1 ([{fd=5, revents=POLLIN}])' \
  'poll([{fd=3, events=POLLIN}], 1, -1) = 1' 'poll([{fd=3, events=POLLIN}], 1, 1000) = 1'; do
  [ -z "$(short <<<"$call")" ] || fail "found: $call"
done
echo "$launchers launchers: $(sed 's/(.*//' "$work/calls" | sort | uniq -c | tr -s ' \n' ' ')"

# Launchers that wait for a local slot do not poll: no sleep, no poll with a timeout below a second.
source "$(dirname "$0")/launch_lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
export PUMP_LOCAL_JOBS=2 OPEN=$work/open
mkdir "$work/bin" "$work/src"
replace_compiler "$work/bin/holder" 'until [ -e "$OPEN" ]; do sleep 0.02; done'
cd "$work/src"
for i in $(seq 30); do echo "int u$i;" >u$i.cc; done
calls=poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,nanosleep,clock_nanosleep,alarm

# While two compilers hold the slots, 28 launchers wait.
pids=()
for i in 1 2; do "$launch" "$work/bin/holder" --coverage -c u$i.cc & pids+=($!); done
has_lock() { grep -q " $1 " /proc/locks; }
wait_until 30 "the slots are taken" has_lock ${pids[0]}
wait_until 30 "the slots are taken" has_lock ${pids[1]}
for i in $(seq 3 30); do
  strace -e trace=$calls -o "$work/trace.$i" "$launch" g++ --coverage -c u$i.cc -o u$i.o & pids+=($!)
done
# A process that waits for a lock, or has one, is in /proc/locks. The launchers are children of strace.
waiting() {
  local count=0 pid child
  for pid in "${pids[@]:2}"; do
    child=$(cat /proc/$pid/task/$pid/children 2>/dev/null) || return 1
    has_lock ${child:-x} && count=$((count + 1))
  done
  [ $count = 28 ]
}
wait_until 60 "all wait" waiting
: >"$OPEN"
for pid in "${pids[@]}"; do wait "$pid" || fail "a compilation failed: status $?"; done
for i in $(seq 3 30); do [ -s u$i.o ] || fail "u$i.o is missing"; done

cat "$work"/trace.* | grep -v '^---\|^+++' >"$work/calls" || true
short() { grep -E 'sleep|alarm|select|(poll|wait)\(.*, (\[.*\], [0-9], )?[0-9]{1,3}\)|tv_sec=0' || true; }
expect_equal "sleeps and short polls" "" "$(short <"$work/calls")"
grep -qE 'poll\(.*(, -1|, NULL.*)\) ' "$work/calls" || fail "nobody waited for a process: $(head "$work/calls")"
# Positive control.
for call in 'poll([{fd=3, events=POLLIN}], 1, 20) = 0' 'clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1}, NULL) = 0' \
  'ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=0, tv_nsec=1}, NULL, 0) = 0' 'select(0, NULL, NULL, NULL, NULL) = 0'; do
  [ -n "$(short <<<"$call")" ] || fail "not found: $call"
done

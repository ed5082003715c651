#!/bin/bash
# SIGINT, SIGTERM and SIGHUP reach COMMAND exactly once, whether they are sent to pump or to its process group. pump waits for
# COMMAND, leaves the session, and dies by the same signal.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1 PUMP_LINGER=0

cat >"$work/command" <<'SCRIPT'
#!/bin/bash
# Notes each signal; ends half a second after the first one.
seen=
for name in INT TERM HUP; do trap "echo $name >>'$1'; seen=1" $name; done
echo ready >>"$1"
# Not $(seq 200): a signal to the group would end seq, and the loop would have no rounds.
for ((i = 0; i < 200; ++i)); do
  sleep 0.05
  if [ -n "$seen" ]; then sleep 0.5; echo end >>"$1"; exit 0; fi
done
SCRIPT
chmod 755 "$work/command"

# Job control gives every background job a process group, and does not make it ignore SIGINT.
set -m
try() {
  local name=$1 number=$2 target=$3 status=0
  rm -f "$work/noted"
  "$pump" "$work/command" "$work/noted" 2>"$work/err" &
  local pid=$!
  wait_until 20 "COMMAND runs" test -s "$work/noted"
  if [ "$target" = group ]; then kill -"$name" -- -$pid; else kill -"$name" $pid; fi
  wait $pid 2>/dev/null || status=$?
  expect_equal "SIG$name to $target: what COMMAND saw" "ready $name end" "$(tr '\n' ' ' <"$work/noted" | sed 's/ $//')"
  expect_equal "SIG$name to $target: pump dies by it" $((128 + number)) "$status"
}
for target in pump group; do
  try INT 2 $target
  try TERM 15 $target
  try HUP 1 $target
done

# A signal that the caller ignores (nohup) stays ignored.
rm -f "$work/noted"
(trap '' HUP; exec "$pump" sh -c 'echo ready >"$1"; kill -HUP $$; kill -HUP $PPID; sleep 0.2; echo end >>"$1"' sh "$work/noted") &
status=0
wait $! || status=$?
expect_equal "SIGHUP ignored: COMMAND" "ready end" "$(tr '\n' ' ' <"$work/noted" | sed 's/ $//')"
expect_equal "SIGHUP ignored: exit status" 0 "$status"

# After kill -9, the next build removes the files of the killed one.
"$pump" sh -c 'echo "$INCLUDE_SERVER_DIR" >"$1"; echo $$ >>"$1"; exec sleep 60' sh "$work/dir" &
pid=$!
wait_until 20 "COMMAND runs" sh -c "[ \"\$(wc -l <'$work/dir')\" = 2 ]"
kill -KILL $pid
{ wait $pid || true; } 2>/dev/null
{ read -r killed; read -r command; } <"$work/dir"
kill "$command"
[ -d "$killed" ] || fail "the directory of the killed pump is gone; the next build proves nothing"
mine=$("$pump" sh -c 'echo "$INCLUDE_SERVER_DIR"')
[ ! -e "$killed" ] || fail "the directory of the killed pump is left"
[ ! -e "$mine" ] || fail "the directory of the build is left"
wait_until 20 "no server stays" no_server

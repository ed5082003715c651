# Signals to the launcher reach distcc, and the launcher dies by them. The death of the launcher ends distcc.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
unset DISTCC_FALLBACK
mkdir "$work/src" "$work/bin" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
# A distcc that writes its pid, waits, and notes signals.
cat >"$work/bin/distcc" <<EOF
#!/bin/bash
trap 'echo TERM >>"$work/got"; kill \$!; trap - TERM; kill -TERM \$\$' TERM
trap 'echo HUP >>"$work/got"; kill \$!; trap - HUP; kill -HUP \$\$' HUP
sleep 60 &
echo \$\$ >"$work/distcc.pid" # ready for a signal
wait
EOF
chmod +x "$work/bin/distcc"
export DISTCC_LOCATION=$work/bin

start() {
  rm -f "$work/distcc.pid" "$work/got"
  "$launch" g++ -c a.cc -o a.o &
  launcher=$!
  wait_until 20 "distcc starts" test -s "$work/distcc.pid"
}
stopped() { gone "$(cat "$work/distcc.pid")"; }
for signal in TERM HUP; do
  start
  kill -$signal $launcher
  status=0; wait $launcher || status=$?
  expect_equal "status after $signal" $((128 + $(kill -l $signal))) $status
  wait_until 10 "distcc ends after $signal" stopped
  expect_equal "distcc got" $signal "$(cat "$work/got")"
done
start
kill -9 $launcher
wait $launcher 2>/dev/null || true
wait_until 10 "distcc ends with the launcher" stopped

# A signal that the caller ignores (nohup) stays ignored in the launcher and in distcc.
rm -f "$work/distcc.pid" "$work/got"
(trap '' HUP; exec "$launch" g++ -c a.cc -o a.o) &
launcher=$!
wait_until 20 "distcc starts" test -s "$work/distcc.pid"
kill -HUP $launcher
kill -HUP "$(cat "$work/distcc.pid")"
sleep 0.3
kill -0 $launcher || fail "SIGHUP ended a launcher that was to ignore it"
kill -TERM $launcher
status=0; wait $launcher || status=$?
expect_equal "status after SIGTERM, SIGHUP ignored" 143 $status
expect_equal "distcc got" TERM "$(cat "$work/got")"
nohup "$launch" g++ -c a.cc -gsplit-dwarf -o a.o </dev/null >/dev/null 2>&1 || fail "a local compilation under nohup"

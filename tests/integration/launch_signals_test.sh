# A signal to the launcher ends it as it ends a compiler, whether the unit is on a server, waits for one, or is compiled here: the
# status is the signal's, the compiler ends, the slot is free, and no file is left. kill -9 leaves nothing, either.
source "$(dirname "$0")/launch_lib.sh"
hold_compilers
start_distccd 1
export PUMP_LINGER=60
unset DISTCC_FALLBACK
mkdir "$work/src" "$work/bin" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
ln -s "$(command -v g++)" "$work/bin/g++"
export PATH=$work/bin:$PATH

# start: a launcher whose unit is being compiled on the server.
start() {
  rm -f "$standins"/held.*
  : >"$standins/hold"
  "$launch" g++ -c a.cc -o a.o &
  launcher=$!
  wait_until 20 "the server's compiler starts" holds 1
}
# ended WHAT: nothing of the last launcher is left.
ended() {
  wait_until 20 "$1: the server's compiler ends" none_held
  wait_until 20 "$1: the slot is free" scheduler_shows running 0
  expect_equal "$1: files" "a.cc" "$(ls -A)"
}
status_of() { status=0; wait "$1" 2>/dev/null || status=$?; }
for signal in TERM HUP KILL; do
  start
  kill -$signal $launcher
  status_of $launcher
  expect_equal "status after $signal" $((128 + $(kill -l $signal))) $status
  ended $signal
done

# A launcher that waits for a slot.
start
"$launch" g++ -c a.cc -o queued.o &
queued=$!
wait_until 20 "the second launcher waits" scheduler_shows queued 1
kill -TERM $queued
status_of $queued
expect_equal "status of a launcher that waited" 143 $status
wait_until 20 "nobody waits" scheduler_shows queued 0
kill -0 $launcher || fail "the other launcher ended, too"
[ -e "/proc/$(held_compilers)" ] || fail "the other's compiler ended, too"
kill -TERM $launcher
status_of $launcher
ended "queued"

# A signal that the caller ignores (nohup) stays ignored.
: >"$standins/hold" && rm -f "$standins"/held.*
(trap '' HUP; exec "$launch" g++ -c a.cc -o a.o) &
launcher=$!
wait_until 20 "the server's compiler starts" holds 1
kill -HUP $launcher
rm "$standins/hold"
status_of $launcher
expect_equal "status after an ignored SIGHUP" 0 $status
[ -s a.o ] || fail "no object after an ignored SIGHUP"
rm a.o
nohup "$launch" g++ -c a.cc -gsplit-dwarf -o a.o </dev/null >/dev/null 2>&1 || fail "a local compilation under nohup"
rm -f a.o a.dwo

# The compiler here, after the server's has failed. It writes its pid, waits, and notes signals.
compile_here() { # compile_here PREFIX...
  rm -f "$work/here.pid" "$work/got" "$work/bin/g++" "$standins"/held.*
  ln -s "$(PATH=${PATH#*:} command -v g++)" "$work/bin/g++"
  : >"$standins/hold" && : >"$standins/broken"
  "$@" "$launch" g++ -c a.cc -o a.o &
  launcher=$!
  wait_until 20 "the server's compiler starts" holds 1
  # Only now: the launcher does not distribute what a script compiles.
  replace_compiler "$work/bin/g++" "exec bash '$work/waits'"
  rm "$standins/hold"
  wait_until 20 "the compiler here starts" test -s "$work/here.pid"
  children+=("$(cat "$work/here.pid")")
}
cat >"$work/waits" <<E2
trap 'echo TERM >>"$work/got"; kill \$!; trap - TERM; kill -TERM \$\$' TERM
trap 'echo HUP >>"$work/got"; kill \$!; trap - HUP; kill -HUP \$\$' HUP
sleep 60 &
echo \$\$ >"$work/here.pid" # ready for a signal
wait
E2
stopped() { gone "$(cat "$work/here.pid")"; }
for signal in TERM HUP; do
  compile_here env
  kill -$signal $launcher
  status_of $launcher
  expect_equal "compiled here: status after $signal" $((128 + $(kill -l $signal))) $status
  wait_until 10 "the compiler ends after $signal" stopped
  expect_equal "the compiler got" $signal "$(cat "$work/got")"
done
compile_here env
kill -9 $launcher
status_of $launcher
wait_until 10 "the compiler ends with the launcher" stopped

# An ignored signal stays ignored in both.
compile_here env --ignore-signal=HUP
kill -HUP $launcher
kill -HUP "$(cat "$work/here.pid")"
kill -TERM $launcher
status_of $launcher
expect_equal "compiled here: status after SIGTERM, SIGHUP ignored" 143 $status
expect_equal "the compiler got" TERM "$(cat "$work/got")"

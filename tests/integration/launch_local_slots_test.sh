# At most PUMP_LOCAL_JOBS compilers run here at once, for whatever reason they run here. A compiler that starts another one
# does not wait for itself. Commands that are no compilations do not wait.
source "$(dirname "$0")/launch_lib.sh"
need ninja distcc
unset DISTCC_FALLBACK
export PUMP_LINGER=0 PUMP_LOCAL_JOBS=3 ACTIVE=$work/active COUNTS=$work/counts OPEN=$work/open AT_LEAST=3
mkdir "$work/bin" "$work/src" "$ACTIVE"
# Counts itself. No compilation ends before AT_LEAST of them run at once: a limit that is too low does not pass.
cat >"$work/bin/g++" <<'C'
#!/bin/sh
case " $* " in *" -E "* | *" -M "*) exec /usr/bin/g++ "$@" ;; *" -c "*) ;; *) exec /usr/bin/g++ "$@" ;; esac
: >"$ACTIVE/$$"
count=$(ls "$ACTIVE" | wc -l)
echo $count >>"$COUNTS"
[ $count -lt "$AT_LEAST" ] || : >"$OPEN"
until [ -e "$OPEN" ]; do sleep 0.02; done
/usr/bin/g++ "$@"
status=$?
rm -f "$ACTIVE/$$"
exit $status
C
chmod 755 "$work/bin/g++"
cp "$work/bin/g++" "$work/bin/x86_64-linux-gnu-g++" # distcc changes the name
export PATH=$work/bin:$PATH
cd "$work/src"
for i in $(seq 64); do echo "int u$i;" >u$i.cc; done
# most_at_once UNITS FLAGS: compiles them with ninja -j64, and prints how many compilers ran at once.
most_at_once() {
  rm -f ./*.o "$COUNTS" "$OPEN" .ninja_log
  { printf 'rule cc\n command = %s g++ %s -c $in -o $out\n' "$launch" "$2"
    for i in $(seq "$1"); do echo "build u$i.o: cc u$i.cc"; done; } >build.ninja
  timeout 200 ninja -j64 >out 2>&1 || fail "ninja: $(tail -n 5 out)"
  sort -n "$COUNTS" | tail -n 1
}
export DISTCC_HOSTS=127.0.0.1:$(free_port)/64,cpp,lzo # nobody listens
expect_equal "units with --coverage" 3 "$(most_at_once 64 --coverage)"
expect_equal "every host is down" 3 "$(most_at_once 64 "")"
expect_equal "PUMP_LAUNCH=off" 3 "$(PUMP_LAUNCH=off most_at_once 16 "")"
expect_equal "malformed hosts" 3 "$(DISTCC_HOSTS=x/y most_at_once 16 "")"
expect_equal "no distcc" 3 "$(DISTCC_LOCATION=$work most_at_once 16 "")"
expect_equal "no limit" 16 "$(PUMP_LOCAL_JOBS=0 AT_LEAST=16 most_at_once 16 --coverage)" # the positive control

# While the only slot is taken, other commands run. A compilation waits; a signal ends it as it ends a compiler; the death of
# the compiler that has the slot lets it run.
export PUMP_LOCAL_JOBS=1 AT_LEAST=99
rm -f "$OPEN" ./*.o
"$launch" g++ --coverage -c u1.cc -o u1.o & holder=$!
wait_until 30 "the first compiler runs" test -e "$ACTIVE/$holder"
for command in "g++ -E u2.cc" "g++ -M u2.cc" "g++ --version" "g++ -fsyntax-only u2.cc" "g++ -shared -x c++ u2.cc -o u2.so"; do
  timeout 60 "$launch" $command >out 2>&1 || fail "$command: status $? while the slot is taken"
done
waits() { grep -q " $1 " /proc/locks; }
"$launch" g++ --coverage -c u2.cc -o u2.o & second=$!
"$launch" g++ --coverage -c u3.cc -o u3.o & third=$!
wait_until 30 "the second one waits" waits $second
wait_until 30 "the third one waits" waits $third
kill -TERM $second
status=0; wait $second || status=$?
expect_equal "status after SIGTERM" 143 $status
[ ! -e "$ACTIVE/$third" ] || fail "the third one did not wait"
kill -9 $holder
wait $holder 2>/dev/null || true
rm -f "$ACTIVE/$holder"
wait_until 30 "the third one runs" test -e "$ACTIVE/$third"
: >"$OPEN"
wait $third || fail "the third one fails"

# A compiler that starts a compiler through pump-launch: as a child, with an environment of its own, by exec.
for way in '"$LAUNCH"' 'env -i PATH="$PATH" PUMP_RUNTIME_DIR="$PUMP_RUNTIME_DIR" PUMP_LOCAL_JOBS=1 "$LAUNCH"' 'exec "$LAUNCH"'; do
  replace_compiler "$work/bin/nested" "$way /usr/bin/g++ \"\$@\""
  rm -f u1.o
  LAUNCH=$launch timeout 60 "$launch" "$work/bin/nested" --coverage -c u1.cc -o u1.o || fail "status $?: $way"
  [ -s u1.o ] || fail "no object: $way"
done
# Several of them at once, with one slot.
pids=()
for i in $(seq 8); do LAUNCH=$launch timeout 100 "$launch" "$work/bin/nested" --coverage -c u$i.cc -o u$i.o & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || fail "nested compilers at once: status $?"; done

# A single compilation does not wait behind all units of a build. Compilers note their order.
cat >"$work/bin/noting" <<'C'
#!/bin/sh
echo "$*" >>"$ORDER"
until [ -e "$OPEN" ]; do sleep 0.02; done
exec /usr/bin/g++ "$@"
C
chmod 755 "$work/bin/noting"
export ORDER=$work/order
rm -f "$OPEN" .ninja_log ./*.o
: >"$ORDER"
{ printf 'rule cc\n command = %s noting --coverage -c $in -o $out\n' "$launch"
  for i in $(seq 40); do echo "build u$i.o: cc u$i.cc"; done; } >build.ninja
lines() { [ "$(wc -l <"$1" 2>/dev/null || echo 0)" -ge "$2" ]; }
ninja -j40 >out 2>&1 & build=$!
wait_until 60 "the first compiler of the build" lines "$ORDER" 1
file=$(stat -c %i "$PUMP_RUNTIME_DIR/local-slots")
all_wait() { [ "$(grep ":$file " /proc/locks | grep -oE "(READ|WRITE) +[0-9]+" | sort -u | wc -l)" = 40 ]; }
wait_until 60 "the others wait" all_wait
"$launch" noting --coverage -c u50.cc -o u50.o & single=$!
wait_until 60 "the single one waits" waits $single
: >"$OPEN"
wait $single || fail "the single one: status $?"
wait $build || fail "the build: $(cat out)"
place=$(grep -n u50.cc "$ORDER" | cut -d : -f 1)
echo "the single compilation came as number $place of 41"
[ "$place" -le 20 ] || fail "the single compilation came as number $place of 41"

# Launchers that are stopped for a while, as by Ctrl-Z, are no fault of their host, and another build gets its slots. When they
# continue, their results count. The same for a session's server that is stopped while units end.
source "$(dirname "$0")/launch_lib.sh"
hold_compilers
start_distccd 4
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
for i in $(seq 10); do echo "int f$i() { return $i; }" >f$i.cc && g++ -c f$i.cc -o "$work/f$i.o"; done
compile() { exec "$launch" g++ -c "f$1.cc" -o "f$1.o"; }
host_is_fine() {
  local status
  status=$("$pump" --status)
  expect_contains "$1" "  $DISTCC_HOSTS  up, " "$status"
  case $status in *" faults"*) fail "$1: $status" ;; esac
}
all_equal() {
  for i in "${@:2}"; do cmp "f$i.o" "$work/f$i.o" || fail "$1: f$i.o"; done
  expect_equal "$1: units compiled here, or with faults" "" "$(grep -E '"faults"|"outcome":"(local|failed)"' "$XDG_STATE_HOME"/*/records.jsonl || true)"
}
for i in 1 2 3; do "$launch" g++ -c f$i.cc -o f$i.o; done # their time is known
: >"$standins/hold"
pids=()
for i in $(seq 6); do compile $i & pids+=($!); done
wait_until 60 "four compilers run" holds 4
wait_until 60 "two units wait" scheduler_shows queued 2
kill -STOP "${pids[@]}"
rm "$standins/hold"
stopped=$SECONDS
# The other build: this shell's child is another process than that of the launchers above.
before=$(begun_jobs)
(for i in 7 8; do timeout 30 "$launch" g++ -c f$i.cc -o f$i.o || exit; done; true) || fail "another build gets no slot"
expect_equal "jobs of the other build" $((before + 2)) "$(begun_jobs)"
sleep $((stopped + 15 - SECONDS > 0 ? stopped + 15 - SECONDS : 0))
host_is_fine "with stopped launchers"
scheduler_shows running 0 || fail "stopped launchers have slots: $("$pump" --status)"
kill -CONT "${pids[@]}"
for pid in "${pids[@]}"; do wait "$pid" || fail "a launcher that was stopped fails: $?"; done
all_equal "stopped launchers" 1 2 3 4 5 6 7 8
for name in running queued stopped; do scheduler_shows $name 0 || fail "$name: $("$pump" --status --json)"; done
host_is_fine "after stopped launchers"

rm -f "$standins"/held.* ./*.o
: >"$standins/hold"
server=$(server_pids)
pids=()
for i in 7 8 9 10; do compile $i & pids+=($!); done
wait_until 60 "four compilers run" holds 4
kill -STOP "$server"
rm "$standins/hold"
sleep 12
kill -CONT "$server"
for pid in "${pids[@]}"; do wait "$pid" || fail "a launcher fails after its server was stopped: $?"; done
all_equal "a stopped server" 7 8 9 10
host_is_fine "after a stopped server"
expect_equal "moves" "" "$(grep '"moves"' "$XDG_STATE_HOME"/*/records.jsonl | grep -v 'the launcher was stopped' || true)"

# kill -9 of launchers, on hosts and in the queue, leaves no slot, no place in the queue, no compiler on the server and no file.
# kill -9 of the session's server while units run and wait: all are compiled, in pump mode.
source "$(dirname "$0")/launch_lib.sh"
hold_compilers
start_distccd 3
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
for i in $(seq 9); do echo "int f$i() { return $i; }" >f$i.cc && g++ -c f$i.cc -o "$work/f$i.o"; done
sources=$(ls)
# start: nine launchers, of which three are on the host.
start() {
  rm -f "$standins"/held.*
  : >"$standins/hold"
  pids=()
  for i in $(seq 9); do "$launch" g++ -c f$i.cc -o f$i.o & pids+=($!); done
  wait_until 60 "three compilers run" holds 3
  wait_until 60 "six units wait" scheduler_shows queued 6
}
start
kill -9 "${pids[@]}"
{ wait "${pids[@]}" || true; } 2>/dev/null
wait_until 20 "no unit waits" scheduler_shows queued 0
wait_until 20 "no unit runs" scheduler_shows running 0
wait_until 20 "the server's compilers end" none_held
expect_equal "files" "$sources" "$(ls -A)"
rm "$standins/hold"
"$launch" g++ -c f1.cc -o f1.o && cmp f1.o "$work/f1.o" || fail "after the kill"
rm f1.o

start
server=$(server_pids)
kill -9 "$server"
new_server() { [ -n "$(server_pids)" ] && [ "$(server_pids)" != "$server" ]; }
wait_until 20 "a new server" new_server
rm "$standins/hold"
for pid in "${pids[@]}"; do wait "$pid" || fail "a launcher fails after kill -9 of the server: $?"; done
for i in $(seq 9); do cmp f$i.o "$work/f$i.o" || fail "f$i.o"; done
expect_equal "files" "$( (echo "$sources" && for i in $(seq 9); do echo f$i.o; done) | LC_ALL=C sort)" "$(ls -A | LC_ALL=C sort)"
expect_equal "units in pump mode" 10 "$(grep -c '"outcome":"pump"' "$XDG_STATE_HOME"/*/records.jsonl)"
expect_equal "servers started" 2 "$(servers_started)"
wait_until 20 "no unit runs" scheduler_shows running 0

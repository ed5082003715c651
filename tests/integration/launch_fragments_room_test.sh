# When the fragments are full, they are dropped; when the server gets no memory for them, units are compiled here and others go on.
# No object is wrong, and no launcher gets a SIGBUS.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
mkdir "$work/src" && cd "$work/src"
noise() { head -c "$1" /dev/urandom | od -An -tx1 | sed 's!^!//!'; } # NUMBER: of random bytes; some six times as long
for i in 1 2 3 4 5 6; do { noise 60000; echo "int h$i();"; } >h$i.h; done
for i in 1 2 3 4 5 6 7 8 9; do { echo "#include \"h$((i % 6 + 1)).h\""; noise 20000; echo "int f$i() { return $i; }"; } >f$i.cc; done

# Half of the limit is for fragments: about three units.
export PUMP_LINGER=60 INCLUDE_SERVER_ARGS='--memory 1'
most=0
for round in 1 2; do
  for i in 1 2 3 4 5 6 7 8 9; do
    rm -f f$i.o
    "$launch" g++ -c f$i.cc -o f$i.o >"$work/out" 2>&1 || fail "f$i: $(cat "$work/out")"
    bytes=$("$pump" --status --json | sed -nE 's/.*"mirror_bytes": ([0-9]+).*/\1/p')
    [ "$bytes" -le $most ] || most=$bytes
  done
done
for i in 1 2 3 4 5 6 7 8 9; do g++ -c f$i.cc -o local.o && cmp local.o f$i.o; done
expect_count "jobs in pump mode" 18 pump_mode_jobs
expect_equal "servers" 1 "$(servers_started)"
[ $most -gt 100000 ] && [ $most -lt 900000 ] || fail "mirror_bytes was up to $most"

# No file of the next server may be larger than 300 KiB, as if there were no memory: a unit has room, two have not, and one is
# too large.
export PUMP_SESSION=limited
unset INCLUDE_SERVER_ARGS
(ulimit -f 300 && exec "$launch" g++ -c f1.cc -o f1.o)
expect_count "jobs in pump mode" 19 pump_mode_jobs
{ noise 200000; echo "int large() { return 7; }"; } >large.cc
g++ -c large.cc -o local.o
for round in 1 2; do
  for i in 2 3 4 5; do "$launch" g++ -c f$i.cc -o f$i.o || fail "f$i with little room"; done
  "$launch" g++ -c large.cc -o large.o || fail "a unit without room"
  cmp local.o large.o
  expect_here "a unit without room" includes-unknown
done
for i in 1 2 3 4 5; do g++ -c f$i.cc -o local.o && cmp local.o f$i.o; done
expect_count "jobs in pump mode" 27 pump_mode_jobs
expect_contains "the session's log" "cannot write fragments: File too large" "$(cat "$PUMP_RUNTIME_DIR"/*/log)"
expect_equal "servers" 2 "$(servers_started)"

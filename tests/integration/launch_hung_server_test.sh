# An include server that hangs costs one deadline: units that asked it are compiled here after that, and later ones at once. When
# it answers again and that has been forgotten, or it was replaced, pump mode is back.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
compiles "before" env
server=$(server_pids)
kill -STOP "$server"
pids=()
for i in 1 2 3; do timeout 120 "$launch" g++ -c a.cc -o a$i.o & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || fail "a unit that waits for a hung server: $?"; done
for i in 1 2 3; do cmp local.o a$i.o || fail "a$i.o"; done
expect_here "after the deadline" no-include-server 1
# Less than the deadline for all of them.
begin=$SECONDS
for i in $(seq 8); do
  compiles "later" timeout 25 env
  expect_here "later" no-include-server 1
done
[ $((SECONDS - begin)) -lt 25 ] || fail "later units waited, too: $((SECONDS - begin)) s"
kill -KILL "$server"
wait_until 20 "it ends" gone "$server"
rm -f "$work"/run/*/unresponsive # in place of a minute
compiles "with a new server" env
expect_count "jobs in pump mode" 2 pump_mode_jobs

# A server that dies again and again is not restarted for ever: after a few deaths files are compiled here, every
# object is right, and nothing is printed.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
for round in $(seq 10); do
  rm -f a.o
  output=$("$launch" g++ -c a.cc -o a.o 2>&1) || fail "round $round: $output"
  expect_equal "round $round: output" "" "$output"
  cmp local.o a.o || fail "round $round: objects differ"
  server=$(server_pids)
  [ -z "$server" ] || { kill -9 "$server"; wait_until 10 "round $round: it dies" no_server; }
done
expect_equal "servers started" 5 "$(servers_started)"
expect_count "jobs in pump mode" 5 pump_mode_jobs
expect_here "after the last death" no-include-server 5
grep -q "died 5 times" "$work"/run/*/log || fail "the reason is not in the log"

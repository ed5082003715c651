# make's job server (a FIFO): the build gets all its tokens back, and the lingering server has neither the FIFO nor make's
# variables.
source "$(dirname "$0")/launch_lib.sh"
need make
! make_is_older_than 4.4 ||
  skip "make is older than 4.4 and has no FIFO job server: $(make --version | head -n 1)"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
{
  printf 'all: %s\n%%.o: %%.cc\n\t+@echo "$$MAKEFLAGS" >flags; ls -l /proc/$$$$/fd >>fds; %s g++ -c $< -o $@\n' \
    "$(printf 'f%d.o ' 1 2 3 4 5 6)" "$launch"
} >Makefile
for i in 1 2 3 4 5 6; do echo "int f$i() { return $i; }" >f$i.cc; done
output=$(timeout 40 make -j3 --jobserver-style=fifo 2>&1) || fail "make: $output"
expect_equal "make's output (it reports missing tokens)" "" "$output"
expect_contains "make has a job server" "jobserver" "$(cat flags)"
expect_count "jobs in pump mode" 6 pump_mode_jobs
fifo=$(sed -E 's/.*--jobserver-auth=fifo:([^ ]+).*/\1/' flags)
expect_contains "make's FIFO" "/" "$fifo"
server=$(server_pids)
[ -n "$server" ] || fail "no server lingers"
ls -l "/proc/$server/fd" >"$work/server.fds"
! grep -F "$fifo" "$work/server.fds" || fail "the server holds make's FIFO"
tr '\0' '\n' <"/proc/$server/environ" >"$work/server.environment"
grep -q '^HOME=' "$work/server.environment" || fail "the server's environment cannot be read"
! grep -E '^(MAKE|MFLAGS)' "$work/server.environment" || fail "the server has make's variables"

# make's job server (a pipe): the build gets all its tokens back, and the lingering server has neither the pipe nor make's
# variables.
source "$(dirname "$0")/launch_lib.sh"
need make
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
{
  printf 'all: %s\n%%.o: %%.cc\n\t+@echo "$$MAKEFLAGS" >flags; ls -l /proc/$$$$/fd >>fds; %s g++ -c $< -o $@\n' \
    "$(printf 'f%d.o ' 1 2 3 4 5 6)" "$launch"
} >Makefile
for i in 1 2 3 4 5 6; do echo "int f$i() { return $i; }" >f$i.cc; done
style=()  # make 4.4 uses a FIFO by default
make_is_older_than 4.4 || style=(--jobserver-style=pipe)
output=$(timeout 40 make -j3 "${style[@]}" 2>&1) || fail "make: $output"
expect_equal "make's output (it reports missing tokens)" "" "$output"
expect_contains "make has a job server" "jobserver" "$(cat flags)"
expect_count "jobs in pump mode" 6 pump_mode_jobs
auth=$(sed -E 's/.*--jobserver-(auth|fds)=([0-9]+),.*/\2/' flags)
pipe=$(sed -nE "s/.* $auth -> (pipe:.*)/\1/p" fds | head -n 1)
expect_contains "make's pipe" "pipe:[" "$pipe"
server=$(server_pids)
[ -n "$server" ] || fail "no server lingers"
ls -l "/proc/$server/fd" >"$work/server.fds"
! grep -F "$pipe" "$work/server.fds" || fail "the server holds make's pipe"
tr '\0' '\n' <"/proc/$server/environ" >"$work/server.environment"
grep -q '^HOME=' "$work/server.environment" || fail "the server's environment cannot be read"
! grep -E '^(MAKE|MFLAGS)' "$work/server.environment" || fail "the server has make's variables"

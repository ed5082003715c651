# Process 1 never reaps (a container whose entry point is not an init): dead servers stay zombies, and count as dead.
source "$(dirname "$0")/launch_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root for a PID namespace"
need unshare perl
unshare --mount --pid --fork true 2>/dev/null || skip "no PID namespaces here"
start_distccd
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
cat >"$work/build" <<'SCRIPT'
set -e
server() { sed -n 's/.*"pid": \([0-9]*\).*/\1/p' "$PUMP_RUNTIME_DIR"/*/state.json; }
compile() { rm -f a.o; "$LAUNCH" g++ -c a.cc -o a.o; cmp local.o a.o; }
state() { sed 's/.*) \(.\).*/\1/' "/proc/$1/stat"; }
compile; first=$(server)
kill -9 "$first"
i=0; until [ "$(state "$first")" = Z ]; do i=$((i + 1)); [ $i -lt 200 ]; sleep 0.05; done
compile; second=$(server)
[ "$second" != "$first" ]
[ "$(state "$first")" = Z ] # it has not been reaped
# Also one that retires.
i=0; until [ "$(state "$second")" = Z ]; do i=$((i + 1)); [ $i -lt 400 ]; sleep 0.05; done
compile
[ "$(server)" != "$second" ]
SCRIPT
cat >"$work/init.pl" <<'PERL'
my $child = fork; if (!$child) { exec @ARGV } waitpid $child, 0; exit($? >> 8 || $? & 127);
PERL
LAUNCH=$launch PUMP_LINGER=1 timeout 100 unshare --pid --fork --mount-proc perl "$work/init.pl" bash -x "$work/build" >"$work/out" 2>&1 ||
  fail "$(cat "$work/out")"
expect_count "jobs in pump mode" 3 pump_mode_jobs
expect_equal "servers" 3 "$(servers_started)"

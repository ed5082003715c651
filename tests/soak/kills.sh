#!/usr/bin/env bash
# Builds with real compilers on three distccd, while launchers, the session's server, distccds, their workers and their compilers are
# killed with SIGKILL at random. A ninja whose launcher was killed is started again, as a user would do. Checked:
#   - each object and dependency file of a finished edge equals the local one, also in a build that failed;
#   - a build fails only by launchers that were killed, and then succeeds; nothing is printed;
#   - afterwards no unit waits or runs, no host is down or sick for long, and all slots can be in use at the same time;
#   - no temporary file and no process is left.
#   tests/soak/kills.sh [SECONDS] [SEED]      default 600
# Prints what was killed and how the units were compiled. Needs ninja, distccd, g++, perl.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top
source "$top/tests/integration/hosts_lib.sh"
need perl g++
seconds=${1:-600} seed=${2:-$RANDOM} units=24 slots=4 hosts=(near far third)
RANDOM=$seed
echo "kills for $seconds s, seed $seed"
unset DISTCC_FALLBACK
export PUMP_LINGER=3 LC_ALL=C TMPDIR=$work/tmp DISTCC_IO_TIMEOUT=30
DISTCC_CLIENT_TMP=$(mktemp -d /tmp/pump-soak.XXXXXX) && export DISTCC_CLIENT_TMP
test_cleanup() { rm -rf "$DISTCC_CLIENT_TMP"; }
mkdir "$TMPDIR" "$work/compilers"
# The compilers of the hosts wait while $work/compilers/hold exists.
standin "$work/compilers" g++ "while [ -e $work/compilers/hold ]; do sleep 0.05; done"
DISTCC_HOSTS=''
for name in "${hosts[@]}"; do
  start "$name" --slots $slots --compilers "$work/compilers"
  DISTCC_HOSTS+=" $(cluster_host "$name")"
done
export DISTCC_HOSTS

# project DIRECTORY FLAGS
project() {
  local i
  mkdir "$1" "$1/include" && cd "$1"
  for i in 1 2 3; do
    printf '#pragma once\n#include <vector>\n#include <algorithm>\ntemplate <class T> T h%d(T x) { std::vector<T> v(%d, x); std::sort(v.begin(), v.end()); return v.back(); }\n' $i $i >include/h$i.h
  done
  printf 'rule cc\n  command = %s g++ %s -MD -MF $out.d -Iinclude -c $in -o $out\n  depfile = $out.d\n' "$launch" "$2" >build.ninja
  for i in $(seq $units); do
    printf '#include "h%d.h"\n#include <string>\n#include <map>\nint f%d(int x) { std::map<int, std::string> m{{x, "%d"}}; return h%d(x) + (int)m[x].size(); }\n' \
      $((i % 3 + 1)) $i $i $((i % 3 + 1)) >f$i.cc
    echo "build f$i.o: cc f$i.cc" >>build.ninja
    # shellcheck disable=SC2086
    g++ $2 -MD -MF f$i.o.d -Iinclude -c f$i.cc -o f$i.o && mkdir -p ../local/"${1##*/}" && mv f$i.o f$i.o.d ../local/"${1##*/}"
  done
  find . -type f | LC_ALL=C sort >../local/"${1##*/}".files
}
mkdir "$work/local"
kinds=(plain debug)
project "$work/plain" "-O1"
project "$work/debug" "-O1 -g"
cd "$work"

end=$((SECONDS + seconds))
note() { echo "$*" >>"$work/notes"; }
# check KIND: all edges that ninja knows as done.
check() {
  local object
  for object in $(sed -n '/^#/d;s/.*\t\(f[0-9]*\.o\)\t.*/\1/p' "$work/$1/.ninja_log" | sort -u); do
    cmp -s "$work/local/$1/$object" "$work/$1/$object" || note "WRONG $1/$object"
    cmp -s "$work/local/$1/$object.d" "$work/$1/$object.d" || note "WRONG $1/$object.d"
  done
}
# builder KIND: builds again and again.
builder() {
  local tries
  cd "$work/$1"
  while [ $SECONDS -lt $end ]; do
    rm -f ./*.o ./*.o.d .ninja_log .ninja_deps
    for ((tries = 1; ; ++tries)); do
      if timeout 300 ninja -k0 -j16 >"$work/$1.out" 2>&1; then break; fi
      grep -c '^FAILED: ' "$work/$1.out" >>"$work/failed-edges" || note "STUCK $1: $(tail -n 3 "$work/$1.out")"
      # What a compiler or a launcher says is between the command of a failed edge and the next progress. A shell may say "Killed".
      grep -vE '^(\[|FAILED: |ninja: |Killed$|'"$launch"')' "$work/$1.out" >>"$work/words" || true
      check "$1"
      [ $tries -lt 60 ] || { note "STUCK $1: $(cat "$work/$1.out")" && return; }
    done
    grep -v '^\[' "$work/$1.out" >>"$work/words" || true
    check "$1"
    note "BUILT $1"
  done
}
builders=()
for kind in "${kinds[@]}"; do builder "$kind" & builders+=($!); done

# Kills one process at a time, only of this test: launchers and servers by their environment, what belongs to a distccd by its log.
cat >"$work/killer.pl" <<'PERL'
use strict; use warnings; use Time::HiRes qw(sleep time);
my ($work, $seconds, $seed) = @ARGV; srand($seed); my $end = time + $seconds; my (%killed, $last_server); $last_server = 0;
sub slurp { open my $f, '<', $_[0] or return ''; local $/; my $t = <$f>; defined $t ? $t : '' }
sub processes {
  my (%found, %parent, %is_distccd);
  for my $pid (map { m{(\d+)} } glob '/proc/[0-9]*') {
    my ($name, $state, $parent) = slurp("/proc/$pid/stat") =~ /^\d+ \((.*)\) (\S) (\d+)/s or next;
    next if $state eq 'Z';
    $parent{$pid} = $parent;
    if ($name eq 'distccd') { $is_distccd{$pid} = 1 if index(slurp("/proc/$pid/cmdline"), "$work/cluster/") >= 0; next }
    next unless index(slurp("/proc/$pid/environ"), "PUMP_RUNTIME_DIR=$work/run") >= 0;
    push @{$found{launcher}}, $pid if $name eq 'pump-launch';
    push @{$found{server}}, $pid if $name eq 'pump-server' or index(slurp("/proc/$pid/cmdline"), 'distcc-pump-server') == 0;
  }
  for my $pid (keys %parent) {
    my $parent = $parent{$pid};
    if ($is_distccd{$pid}) { push @{$found{worker}}, $pid if $is_distccd{$parent} }
    elsif ($is_distccd{$parent}) { push @{$found{compiler}}, $pid }
  }
  %found;
}
while (time < $end) {
  sleep(0.3 + rand(1.4));
  my %found = processes();
  my $kind = ('launcher', 'worker', 'compiler', 'server')[int rand 4];
  # After five deaths in half a minute a server is not started again for a while, which is another test.
  next if $kind eq 'server' and time - $last_server < 9;
  my @candidates = @{$found{$kind} // []} or next;
  next unless kill 'KILL', $candidates[int rand @candidates];
  $killed{$kind}++;
  $last_server = time if $kind eq 'server';
}
print "$_ $killed{$_}\n" for sort keys %killed;
PERL
perl "$work/killer.pl" "$work" "$seconds" "$seed" >"$work/killed" &
killer=$!
# In this shell, because the functions of tests/cluster/ change its variables: kills a whole distccd, which returns at once or after
# some seconds. For a moment all may be down.
distccds=0
while [ $SECONDS -lt $end ]; do
  sleep "$((RANDOM % 10 + 2)).$((RANDOM % 10))"
  name=${hosts[RANDOM % ${#hosts[@]}]}
  cluster_stop "$name"
  distccds=$((distccds + 1))
  [ $((RANDOM % 2)) = 0 ] || sleep "$((RANDOM % 6)).$((RANDOM % 10))"
  cluster_restart "$name" || fail "$name does not start again"
done
wait $killer || fail "the killer"
for builder in "${builders[@]}"; do wait "$builder" || note "STUCK a builder ended with status $?"; done
echo "distccd $distccds" >>"$work/killed"

# What is left.
killed() { awk -v kind="$1" '$1 == kind { print $2; found = 1 } END { if (!found) print 0 }' "$work/killed"; }
failed_edges=$(awk '{ sum += $1 } END { print sum + 0 }' "$work/failed-edges" 2>/dev/null || echo 0)
echo "killed: $(tr '\n' ',' <"$work/killed" | sed 's/,$//; s/,/, /g')"
echo "builds: $(sort "$work/notes" | uniq -c | tr -s ' ' | tr '\n' ';'); edges that failed: $failed_edges"
echo "units: $(cat "$XDG_STATE_HOME"/*/records*.jsonl | grep -o '"outcome":"[a-z]*"' | sort | uniq -c | tr -s ' \n' ' ')"
echo "compiled here, by reason: $(cat "$XDG_STATE_HOME"/*/records*.jsonl | grep '"outcome":"local"' | grep -o '"reason":"[a-z-]*"' | sort | uniq -c | tr -s ' \n' ' ')"
! grep -E '^(WRONG|STUCK)' "$work/notes" || fail "see above"
[ "$failed_edges" -le "$(killed launcher)" ] || fail "$failed_edges edges failed, but only $(killed launcher) launchers were killed"
expect_equal "words of launchers and compilers" "" "$(sort "$work/words" | uniq -c | head -n 20)"
expect_equal "units compiled here for want of a server" "" \
  "$(cat "$XDG_STATE_HOME"/*/records*.jsonl | grep '"reason":"no-include-server"' | grep -o '"detail":"[^"]*"' | sort | uniq -c)"
for kind in "${kinds[@]}"; do grep -q "^BUILT $kind" "$work/notes" || fail "no $kind build finished"; done
grep -q '"outcome":"pump"' "$XDG_STATE_HOME"/*/records.jsonl || fail "nothing was compiled on a host"

# All hosts recover, all slots can be in use at once, and all are free afterwards.
export PUMP_LINGER=60
cd "$work/plain"
all_up() {
  rm -f ./*.o ./*.o.d
  timeout 200 ninja -j16 >"$work/plain.out" 2>&1 || fail "a build without kills: $(tail -n 20 "$work/plain.out")"
  for name in "${hosts[@]}"; do is_in_state "$name" up || return 1; done
}
wait_until 90 "all hosts are up: $("$pump" --status)" all_up
check plain
: >"$work/compilers/hold"
rm -f ./*.o ./*.o.d
ninja -j16 >"$work/plain.out" 2>&1 &
building=$!
all_used() { [ "$("$pump" --status --json | grep -c "\"running\": $slots,\?\$")" = ${#hosts[@]} ]; }
wait_until 60 "all slots are in use: $("$pump" --status)" all_used
rm "$work/compilers/hold"
wait $building || fail "the last build: $(cat "$work/plain.out")"
check plain
for state in running queued stopped; do scheduler_shows $state 0 || fail "$state: $("$pump" --status)"; done
"$pump" --status | grep -E '(up|down|sick|new|suspect), '

"$pump" --shutdown >"$work/out" 2>&1 || true
wait_until 30 "the last server goes" no_server
for kind in "${kinds[@]}"; do
  cd "$work/$kind" && rm -f .ninja_log .ninja_deps
  for i in $(seq $units); do rm -f "f$i.o" "f$i.o.d"; done
  expect_equal "files left in $kind" "" "$(find . -type f | LC_ALL=C sort | comm -13 "$work/local/$kind.files" -)"
done
expect_equal "mirrors left" "" "$(ls "$DISTCC_CLIENT_TMP")"
expect_equal "temporary files left" "" "$(ls "$TMPDIR")"
expect_equal "sockets and temporary files of sessions left" "" "$(find "$work/run" \( -type s -o -name '*.tmp' -o -name '*.new' \) -print)"
expect_equal "monitor files left" "" "$(find "$DISTCC_DIR" -path '*/state/*' -type f)"
cluster_cleanup
mine() {
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/} pid=${pid%/environ}
    grep -qzx "PUMP_RUNTIME_DIR=$work/run" "$environ" 2>/dev/null || continue
    case $(cat "/proc/$pid/comm" 2>/dev/null) in pump* | distcc* | g++ | cc1plus | as | getent | ninja) echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline")" ;; esac
  done
}
nothing_left() { [ -z "$(mine)" ]; }
wait_until 20 "processes end: $(mine)" nothing_left
echo "all equal, no slot lost, nothing left"

#!/usr/bin/env bash
# Five concurrent builds of one user (two ninja, a make, single files as from an IDE, a `pump ninja`) share a session, while
# launchers, the session server, distcc and distccd's workers are killed at random. Every object of a finished build equals
# the local one, there is one server at a time, and nothing is left afterwards.
#   tests/soak/five_builds.sh [MINUTES] [SEED]      default 10
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top
source "$top/tests/integration/launch_lib.sh"
need ninja make perl g++
minutes=${1:-10} seed=${2:-$RANDOM}
echo "five builds for $minutes minutes, seed $seed"
start_distccd 6
unset DISTCC_FALLBACK
# Without backoff, a host that lost a worker is used again for the next file.
export PUMP_LINGER=2 DISTCC_BACKOFF_PERIOD=0 LC_ALL=C
DISTCC_CLIENT_TMP=$(mktemp -d /tmp/pump-soak.XXXXXX) && export DISTCC_CLIENT_TMP
test_cleanup() { rm -rf "$DISTCC_CLIENT_TMP"; }
units=16

project() { # project DIRECTORY COMPILE: sources, a build.ninja and a Makefile whose rules compile with COMPILE
  local directory=$1 compile=$2 i
  mkdir -p "$directory/include" && cd "$directory"
  for i in $(seq 4); do
    printf '#pragma once\n#include <vector>\ntemplate <class T> T h%d(T x) { std::vector<T> v(%d, x); return v.back(); }\n' $i $i
  done | split -l 3 --numeric-suffixes=1 -a 1 --additional-suffix=.h - include/h
  for i in $(seq $units); do
    printf '#include "h%d.h"\n#include "h%d.h"\n#include <string>\nint f%d(int x) { return h%d(x) + (int)std::string("%d").size(); }\n' \
      $((i % 4 + 1)) $(((i + 1) % 4 + 1)) $i $((i % 4 + 1)) $i >f$i.cc
  done
  printf 'rule cc\n  command = %s -MD -MF $out.d -Iinclude -c $in -o $out\n  depfile = $out.d\n' "$compile" >build.ninja
  printf 'all:%s\n.DELETE_ON_ERROR:\n%%.o: %%.cc\n\t+%s -Iinclude -c $< -o $@\n' \
    "$(printf ' f%d.o' $(seq $units))" "$compile" >Makefile
  for i in $(seq $units); do echo "build f$i.o: cc f$i.cc" >>build.ninja; done
  mkdir local
  for i in $(seq $units); do ${compile##*/pump-launch } -Iinclude -c f$i.cc -o local/f$i.o; done
}
# The local objects of the `pump ninja` build need a command without distcc, so that comes afterwards.
for kind in ninja1 ninja2 make ide; do
  flags=$([ $kind = ninja2 ] && echo ' -O2' || true)
  (project "$work/$kind" "$launch g++$flags")
done
(project "$work/pump" "g++") && sed -i 's/command = g++/command = distcc g++/' "$work/pump/build.ninja"

end=$((SECONDS + minutes * 60))
note() { echo "$*" >>"$work/notes"; }
check_objects() { # check_objects KIND: all objects of a finished build
  local i
  for i in $(seq $units); do
    cmp -s "$work/$1/local/f$i.o" "$work/$1/f$i.o" || note "WRONG $1 f$i.o"
  done
}
# until_built COMMAND...: repeats a build that fails because its compilers are killed.
until_built() {
  local tries
  for tries in $(seq 60); do
    "$@" >>"$work/$kind.log" 2>&1 && return 0
  done
  return 1
}
compile_one() { "$launch" g++ -Iinclude -c "f$1.cc" -o "f$1.o"; }
builder() {
  local kind=$1 i
  cd "$work/$kind"
  while [ $SECONDS -lt $end ]; do
    rm -f ./*.o ./*.o.d .ninja_log .ninja_deps
    case $kind in
      ninja*) until_built ninja -k0 -j3 || { note "STUCK $kind"; return; } ;;
      make) until_built make -k -j3 || { note "STUCK $kind"; return; } ;;
      pump) until_built "$pump" ninja -k0 -j3 || { note "STUCK $kind"; return; } ;;
      ide)
        for i in $(seq $units); do
          until_built compile_one "$i" || { note "STUCK $kind"; return; }
          sleep "0.$((RANDOM % 10))"
        done ;;
    esac
    check_objects "$kind"
    note "BUILT $kind"
  done
}
pids=()
for kind in ninja1 ninja2 make pump ide; do
  builder $kind &
  pids+=($!)
done

# Kills one process at a time, only of this test: found by name and environment (workers of distccd by their parent).
cat >"$work/killer.pl" <<'PERL'
use strict; use warnings; use Time::HiRes qw(sleep time);
my ($work, $distccd, $seconds, $seed) = @ARGV; srand($seed); my $end = time + $seconds; my %killed; my ($since, $pair) = (0, '');
sub slurp { open my $f, '<', $_[0] or return ''; local $/; my $t = <$f>; defined $t ? $t : '' }
sub processes {
  my %found;
  for my $pid (map { m{(\d+)} } glob '/proc/[0-9]*') {
    my $stat = slurp("/proc/$pid/stat"); my ($name, $state, $parent) = $stat =~ /^\d+ \((.*)\) (\S) (\d+)/s or next;
    next if $state eq 'Z';
    if ($parent == $distccd) { push @{$found{worker}}, $pid; next }
    next unless $name =~ /^(pump-launch|distcc|pump-server)$/;
    push @{$found{$name}}, $pid if index(slurp("/proc/$pid/environ"), "PUMP_RUNTIME_DIR=$work/run") >= 0;
  }
  %found;
}
while (time < $end) {
  sleep(0.1 + rand(0.9));
  my %found = processes();
  # For a moment there may be a server that ends and one that starts. Two for longer are a fault.
  my @servers = sort @{$found{'pump-server'} // []};
  my $now = @servers > 1 ? "@servers" : '';
  if ($now ne $pair) { $pair = $now; $since = time }
  print "TWO servers: $pair\n" if $pair ne '' and time - $since > 5;
  my $kind = ('pump-launch', 'distcc', 'worker', 'pump-launch', 'distcc', 'worker', 'pump-server')[int rand 7];
  next if $kind eq 'pump-server' and rand() > 0.5;
  my @candidates = @{$found{$kind} // []} or next;
  my $signal = rand() < 0.7 ? 'KILL' : 'TERM';
  kill $signal, $candidates[int rand @candidates] and $killed{$kind}++;
}
print "KILLED ", join(', ', map { "$killed{$_} $_" } sort keys %killed), "\n";
PERL
perl "$work/killer.pl" "$work" "$distccd_pid" $((minutes * 60)) "$seed" >"$work/killer.out" &
pids+=($!)
for pid in "${pids[@]}"; do wait "$pid" || note "STUCK a builder or the killer ended with status $?"; done

# One more build without kills: the last server removes the mirrors of killed ones.
for tries in $(seq 40); do
  cd "$work/ninja1" && rm -f ./*.o && ninja >/dev/null 2>&1 && break
done
check_objects ninja1
wait_until 30 "the last server goes" no_server
mine() { # processes of this test that still run
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/} pid=${pid%/environ}
    grep -qzx "PUMP_RUNTIME_DIR=$work/run" "$environ" 2>/dev/null || continue
    case $(cat "/proc/$pid/comm" 2>/dev/null) in pump* | distcc | g++ | cc1plus | as) echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline")" ;; esac
  done
}
nothing_left() { [ -z "$(mine)" ]; }
wait_until 30 "processes end: $(mine)" nothing_left
expect_equal "sockets left" "" "$(find "$work/run" -type s -o -type l)"
expect_equal "mirrors left" "" "$(ls "$DISTCC_CLIENT_TMP")"
cat "$work/killer.out"
sort "$work/notes" | uniq -c
echo "servers started: $(servers_started), jobs: $(distccd_jobs "$distccd_log") (pump mode, plain, failed)"
grep -E '^(WRONG|STUCK)' "$work/notes" && fail "see above"
grep -q '^TWO' "$work/killer.out" && fail "two servers at a time"
for kind in ninja1 ninja2 make pump ide; do grep -q "^BUILT $kind" "$work/notes" || fail "no $kind build finished"; done
set -- $(distccd_jobs "$distccd_log")
[ "$1" -gt 0 ] || fail "no job in pump mode"
echo "all equal, nothing left"

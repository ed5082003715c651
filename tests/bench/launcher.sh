#!/usr/bin/env bash
# The cost of the launcher: `pump-launch g++` compared with `distcc g++` and a warm include server; a local command compared with
# the compiler; the first compilation of a session compared with one without pump mode; the memory of a waiting launcher.
# Commands run in turn; the results are medians of wall and CPU time. distcc and distccd are stock, on loopback; distccd's
# compiler is a stand-in that only writes an object.
#   tests/bench/launcher.sh [ROUNDS]      default 300
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
source tests/shell/packages.sh
# shellcheck disable=SC2086
need_packages $build_packages $run_packages
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top
[ -x "$PUMP_BIN/alternate" ] || { cmake --preset release >/dev/null && cmake --build --preset release -- --quiet; }
source tests/integration/launch_lib.sh
rounds=${1:-300}

mkdir -p "$work/compilers" "$work/src" && chmod 755 "$work/compilers"
for name in gcc g++ x86_64-linux-gnu-gcc x86_64-linux-gnu-g++; do cp "$PUMP_BIN/standin_compiler" "$work/compilers/$name"; done
DISTCCD_PATH=$work/compilers start_distccd 4
cd "$work/src"
printf '#include <vector>\n#include "a.h"\nint f() { return std::vector<int>(N).size(); }\n' >a.cc
printf '#define N 3\n' >a.h
export PATH=$PUMP_BIN:$PATH

# row WHAT GOAL: reads a line of `alternate`
row() {
  awk -v what="$1" -v goal="$2" '{ printf "%-34s %8.2f ms -> %8.2f ms  (+%.2f ms, %+d %%; CPU %.2f -> %.2f ms; goal +%s ms)\n",
    what, $3, $8, $12, $14, $5, $10, goal }'
}
warm() { alternate "$rounds" distcc g++ -O2 -c a.cc -o a.o -- pump-launch g++ -O2 -c a.cc -o b.o; }
export -f warm
export rounds
"$pump" bash -c 'warm >/dev/null; warm' >"$work/out"
grep '^a wall' "$work/out" | row "distcc, pump mode -> pump-launch" 0
cp "$PUMP_BIN/standin_compiler" "$work/src/ld-g++"
alternate "$rounds" ./ld-g++ a.o b.o -o program -- pump-launch ./ld-g++ a.o b.o -o program | row "linking: + pump-launch" 0.5
mkdir -p CMakeFiles/CMakeScratch/x
alternate "$rounds" ./ld-g++ -c a.cc -o CMakeFiles/CMakeScratch/x/a.o -- \
  pump-launch ./ld-g++ -c a.cc -o CMakeFiles/CMakeScratch/x/a.o | row "configure probe: + pump-launch" 0.5

# A new session each time, so that each compilation starts a server.
export PUMP_LINGER=0
for i in $(seq $((rounds / 10 + 1))); do
  PUMP_SESSION=$i alternate 1 env DISTCC_HOSTS="${DISTCC_HOSTS/,cpp/}" distcc g++ -O2 -c a.cc -o a.o -- \
    env pump-launch g++ -O2 -c a.cc -o b.o
done | sort -k 12 -n -t ' ' | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }' |
  row "plain distcc: first of a session" 100

# Two launchers wait for their jobs, as in a build, where they share pages of the program file. The compiler there waits for a
# file.
for name in "$work"/compilers/*; do
  printf '#!/bin/sh\n: >%s/waits.$$\nwhile [ ! -e %s/go ]; do sleep 0.02; done\n' "$work/compilers" "$work/compilers" >"$name.new"
  chmod 755 "$name.new" && mv "$name.new" "$name"
done
chmod 1777 "$work/compilers"
export PUMP_LINGER=5
for i in 1 2; do pump-launch g++ -c a.cc -o w$i.o & children+=($!); done
both_wait() { [ "$(find "$work/compilers" -name 'waits.*' | wc -l)" = 2 ]; }
wait_until 20 "launchers wait" both_wait
awk '/^Private/ { private += $2 } /^Rss/ { rss = $2 } END { printf "a waiting launcher: %d KiB private, %d KiB resident (goal 2048 private)\n", private, rss }' \
  "/proc/${children[-1]}/smaps_rollup"
: >"$work/compilers/go"
wait "${children[@]:(-2)}" || true
set -- $(distccd_jobs "$distccd_log")
echo "distccd: $1 jobs in pump mode, $2 plain, $3 failed"

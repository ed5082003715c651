#!/bin/bash
# A build continues while ten thousand malformed, truncated, slow and abandoned requests arrive: every unit is answered, every
# object equals the local one, and the server's memory does not grow.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++
ulimit -Sn "$(ulimit -Hn)"
start_distccd 4
start_server
export INCLUDE_SERVER_PORT=$socket
requests=${HOSTILE_REQUESTS:-10000}

units=8
for i in $(seq $units); do
  printf '#pragma once\n#include <vector>\n#define N%d %d\n' "$i" "$i" >"$project/h$i.h"
  { for j in $(seq "$i"); do echo "#include \"h$j.h\""; done
    printf 'int f%d(const std::vector<int>& v) { return N%d + v.at(1); }\n' "$i" "$i"; } >"$project/u$i.cc"
done
cd "$project"
for i in $(seq $units); do g++ -O1 -c "u$i.cc" -o "local$i.o"; done

hostile() { echo "attack $1 $project g++ -c u8.cc" | client; }
build() { # build ROUND: two compilations at a time. Waits for pids, because distccd is a child of this shell, too.
  local i pids=()
  for i in $(seq $units); do
    distcc g++ -O1 -c "u$i.cc" -o "remote$i.o" 2>>"$work/err" &
    pids+=($!)
    [ $((i % 2)) = 1 ] || { wait "${pids[@]}" || fail "round $1: $(tail -3 "$work/err")"; pids=(); }
  done
  for i in $(seq $units); do
    cmp "remote$i.o" "local$i.o" || fail "object $i in round $1: $(tail -3 "$work/err")"
    rm "remote$i.o"
  done
}

hostile $((requests / 5))
build "before"
before=$(status_of rss_bytes)
hostile "$requests" &
attacker=$!
rounds=0
while kill -0 "$attacker" 2>/dev/null || [ $rounds = 0 ]; do
  rounds=$((rounds + 1))
  build $rounds
done
wait "$attacker" || fail "the attacker could not connect"
after=$(status_of rss_bytes)
echo "$requests hostile requests during $rounds rounds; resident $before before, $after after"
expect_count "units in pump mode" $((units * (rounds + 1))) pump_mode_jobs
expect_equal "units in plain mode" 0 "$(plain_jobs)"
[ "$(status_of malformed)" -ge $((requests / 3)) ] || fail "malformed requests counted: $(status_of malformed)"
# AddressSanitizer keeps freed memory for a while, ThreadSanitizer keeps accesses.
bound=$((8 << 20))
[ "$(nm "$PUMP_BIN/pump" | grep -cE '__(a|t)san_init')" = 0 ] || bound=$((256 << 20))
[ $((after - before)) -lt $bound ] || fail "resident memory grew from $before to $after bytes"
stop_server

#!/bin/bash
# Malformed, truncated, oversize, silent and vanishing clients: everybody else is served, and memory does not grow.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
ulimit -Sn "$(ulimit -Hn)"  # the client alone holds more than the usual 1024
# ASan holds freed memory back, which would count as growth here.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1
start_server
expected=$(printf '%s\n' "$project/main.cc" "$project/x.h")
good() { expect_equal "$1" "$expected" "$(ask "$project" g++ -o main.o -c main.cc)"; }
good "before"

{
  echo "hold 1000"            # silent from the start
  echo "hold 100 43444952"    # "CDIR", and no more
  for _ in $(seq 300); do
    echo "raw"                                                      # nothing at all
    echo "raw 00000000000000000000000000000000"                     # binary
    echo "raw 434449526666666666"                                   # CDIRfffff
    echo "raw 43444952ffffffffffffffff"                             # bytes that are no digits
    echo "raw 434449523030303030303031"                             # CDIR00000001 without its byte
    echo "raw 415247433766666666666666"                             # ARGC7fffffff
    echo "raw 474554202f20485454502f312e300d0a0d0a"                 # GET / HTTP/1.0
    echo "half $project g++ -o main.o -c main.cc"
    echo "deaf $project g++ -o main.o -c main.cc"
  done
  echo "ask $project g++ -o main.o -c main.cc"  # while the thousand are still there
} | client >"$work/hostile" || fail "the hostile client: $(tail -3 "$work/hostile")"
expect_equal "the last answer" 2 "$(tail -2 "$work/hostile" | grep -c '\.lzo$')"
good "after"
[ "$(status_of malformed)" -ge 1200 ] || fail "malformed requests counted: $(status_of malformed)"

# A second dose: no growth to speak of.
before=$(status_of rss_bytes)
for _ in $(seq 4); do
  { echo "hold 500 43444952"; for _ in $(seq 500); do echo "raw 00000000000000000000000000000000"; done; } | client >/dev/null
done
after=$(status_of rss_bytes)
[ $((after - before)) -lt $((8 << 20)) ] || fail "resident memory grew from $before to $after bytes"
good "at the end"
stop_server

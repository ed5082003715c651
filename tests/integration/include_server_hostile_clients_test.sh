#!/bin/bash
# Malformed, truncated, oversize, silent and disconnecting clients do not disturb other clients, and memory does not grow.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
ulimit -Sn "$(ulimit -Hn)"  # the client alone holds more than the usual 1024
# AddressSanitizer would keep more freed memory, which would count as growth.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1
start_server
expected=$(printf '%s\n' "$project/main.cc" "$project/x.h")
good() { expect_equal "$1" "$expected" "$(requested_files "$project" g++ -o main.o -c main.cc)"; }
good "before"

{
  echo "hold 1000"            # sends nothing
  echo "hold 100 43444952"    # "CDIR" only
  for _ in $(seq 300); do
    echo "raw"                                                      # no bytes
    echo "raw 00000000000000000000000000000000"                     # binary
    echo "raw 434449526666666666"                                   # CDIRfffff
    echo "raw 43444952ffffffffffffffff"                             # not digits
    echo "raw 434449523030303030303031"                             # CDIR00000001 without the byte
    echo "raw 415247433766666666666666"                             # ARGC7fffffff
    echo "raw 474554202f20485454502f312e300d0a0d0a"                 # GET / HTTP/1.0
    echo "half $project g++ -o main.o -c main.cc"
    echo "deaf $project g++ -o main.o -c main.cc"
  done
  echo "request $project g++ -o main.o -c main.cc"  # while the thousand clients are connected
} | client >"$work/hostile" || fail "the hostile client: $(tail -3 "$work/hostile")"
expect_equal "the last answer" 2 "$(tail -2 "$work/hostile" | grep -c '\.lzo$')"
good "after"
[ "$(status_of malformed)" -ge 1200 ] || fail "malformed requests counted: $(status_of malformed)"

# After more of them, memory has not grown.
before=$(status_of rss_bytes)
for _ in $(seq 4); do
  { echo "hold 500 43444952"; for _ in $(seq 500); do echo "raw 00000000000000000000000000000000"; done; } | client >/dev/null
done
after=$(status_of rss_bytes)
[ $((after - before)) -lt $((8 << 20)) ] || fail "resident memory grew from $before to $after bytes"
good "at the end"
stop_server

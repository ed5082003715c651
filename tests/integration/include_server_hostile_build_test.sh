#!/bin/bash
# A build goes on while ten thousand malformed, truncated, slow and abandoned requests arrive: every unit is answered, every
# object is the local one, and the server's memory does not grow.
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

# Ten kinds in turn; the slow ones are kept for a while, then closed in the middle of a word.
cat >"$work/hostile.pl" <<'PERL'
use strict; use warnings; use Socket;
$SIG{PIPE} = 'IGNORE';
my ($path, $count, $cwd) = @ARGV; my @slow;
sub token { sprintf "%s%08x", @_ }
sub argument { token('ARGV', length $_[0]) . $_[0] }
my $request = token('CDIR', length $cwd) . $cwd . token('ARGC', 3) . join '', map { argument($_) } 'g++', '-c', 'u8.cc';
my @kinds = ('', "\0" x 64, 'CDIRzzzzzzzz', 'CDIR7fffffff' . 'x' x 4096, token('ARGC', 0x7fffffff), "GET / HTTP/1.1\r\n\r\n",
             substr($request, 0, length($request) / 2), $request . 'more', $request, substr($request, 0, -1));
for my $i (0 .. $count - 1) {
  socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!"; connect($s, sockaddr_un($path)) or die "connect: $!\n";
  if ($i % 7 == 3) { syswrite($s, substr($request, 0, $i % length $request)); push @slow, $s; shift @slow if @slow > 200; next }
  syswrite($s, $kinds[$i % @kinds]);
  if (my ($old) = grep { $i % 5 == 0 } @slow) { syswrite($old, 'x') }
}
PERL
hostile() { perl "$work/hostile.pl" "$socket" "$1" "$project"; }
build() { # one round, two at a time; by name, because distccd is a child of this shell as well
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
# AddressSanitizer keeps what is freed for a while, ThreadSanitizer what was accessed.
bound=$((8 << 20))
[ "$(nm "$PUMP_BIN/pump" | grep -cE '__(a|t)san_init')" = 0 ] || bound=$((256 << 20))
[ $((after - before)) -lt $bound ] || fail "resident memory grew from $before to $after bytes"
stop_server

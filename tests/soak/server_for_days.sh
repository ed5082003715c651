#!/usr/bin/env bash
# A session's server in the rhythm of an IDE: edits of headers and sources, new and deleted files, switches of git branches, macro
# bombs, and a compilation by pump-launch now and then, among requests of stock clients. Its memory, mirror, watches and descriptors
# are bounded, and flat after the first part. Each reply has the files that the compiler would read.
#   tests/soak/server_for_days.sh [MINUTES] [SECONDS]     default 120 minutes, a cycle each 0.6 s
# MEMORY (MiB, default 96) is the server's --memory: low, so that it forgets its files several times.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top
source "$top/tests/integration/launch_lib.sh"
need distccd git gcc
minutes=${1:-120} pause=${2:-0.6} memory=${MEMORY:-96}
start_distccd 2
export INCLUDE_SERVER_ARGS="--memory $memory" PUMP_LINGER=60
# pump --startup prints assignments for a shell.
eval "$("$pump" --startup)" || fail "pump --startup"
test_cleanup() { "$pump" --shutdown >/dev/null 2>&1; }

# A project of 30 units, 60 headers, and a branch that differs in half of the headers.
mkdir "$work/project" && cd "$work/project"
git init -q -b main . && git config user.email soak@example.org && git config user.name soak
header() { printf '#pragma once\n#include "h%d.h"\n#define VALUE_%d %d\n' $(($1 + 1)) "$1" "$2" >h$1.h; }
for i in $(seq 60); do header "$i" 1; done
echo '#pragma once' >h61.h
for i in $(seq 30); do printf '#include "h%d.h"\n#include <vector>\n#include <string>\nint f%d() { return VALUE_%d; }\n' "$i" "$i" "$i" >u$i.cc; done
git add . && git commit -qm one && git checkout -qb other
for i in $(seq 2 2 60); do header "$i" 2 && echo "#include <map>" >>h$i.h; done
git commit -qam two && git checkout -q main
head -c 75000 /dev/urandom | base64 -w 100 | sed 's,^,// ,' >"$work/body"

wrong=0
# files UNIT: the number of the project's files in the reply
files() {
  echo "request $work/project g++ -c $1" | "$PUMP_BIN/include_server_client" "$INCLUDE_SERVER_PORT" | grep -c "$work/project/" || true
}
expect_files() {
  local got
  got=$(files "$2")
  [ "$got" = "$3" ] || { wrong=$((wrong + 1)) && echo "WRONG: $1: $2 has $got of the project's files, not $3" >&2; }
}
edit() { # a header gets an include more, and loses it again
  local i=$((RANDOM % 30 + 1))
  echo "int extra;" >extra$1.h
  echo "#include \"extra$1.h\"" >>h40.h
  expect_files "edit $1" u$i.cc $((63 - i + 1))
  sed -i '$d' h40.h && rm extra$1.h
  expect_files "edit $1 undone" u$i.cc $((63 - i))
}
come_and_go() { # a new source of 100 kB
  mkdir "new$1"
  { cat "$work/body" && echo "int new$1;"; } >"new$1/s.c"
  expect_files "new source $1" "new$1/s.c" 1
  rm -r "new$1"
}
switch() {
  local branch=$1 i
  git checkout -qf "$branch"
  for i in $(seq 30); do expect_files "branch $branch" u$i.cc $((63 - i)); done
}
bomb() {
  local k
  {
    for k in $(seq 0 13); do echo "#define L$k(a) L$((k + 1))(a##0) L$((k + 1))(a##1)"; done
    printf '#define L14(a) 0*defined(a) +\n#if L0(b%s_%s) 0\n#endif\nint b;\n' "$1" "$(head -c 3900 /dev/zero | tr '\0' x)"
  } >bomb.c
  files bomb.c >/dev/null
}
compile() {
  "$launch" gcc -c "$1" -o "$work/o.o" 2>"$work/err" || { wrong=$((wrong + 1)) && cat "$work/err" >&2; }
}

server=$("$pump" --status --json | sed -n 's/.*"pid": \([0-9]*\).*/\1/p' | head -n 1)
member() { echo status | "$PUMP_BIN/include_server_client" "$INCLUDE_SERVER_PORT" | sed -E "s/.*\"$1\":([0-9.]+).*/\1/"; }
sample() { # minute, MiB of memory, MiB of mirrors, watches, descriptors, requests, renewals
  local watches=0 file n
  for file in /proc/"$server"/fdinfo/*; do n=$(grep -c ^inotify "$file" 2>/dev/null || true) && watches=$((watches + ${n:-0})); done
  echo "$1 $(($(member rss_bytes) >> 20)) $(($(member mirror_bytes) >> 20)) $watches $(ls "/proc/$server/fd" | wc -l) $(member requests) $(member renewed)" |
    tee -a "$work/samples"
}

echo "server $server, --memory $memory, $minutes minutes, a cycle each $pause s"
echo "minute memory/MiB mirror/MiB watches descriptors requests renewals"
end=$((SECONDS + minutes * 60)) next=$SECONDS cycle=0 begin=$EPOCHREALTIME
while [ $SECONDS -lt $end ]; do
  cycle=$((cycle + 1))
  edit $cycle
  come_and_go $cycle
  [ $((cycle % 5)) -ne 0 ] || { echo "int c$cycle;" >c.c && compile c.c; }
  [ $((cycle % 40)) -ne 0 ] || { switch other && switch main; }
  [ $((cycle % 60)) -ne 0 ] || bomb $cycle
  if [ $SECONDS -ge $next ]; then
    sample $(((minutes * 60 - end + SECONDS) / 60))
    next=$((SECONDS + 60))
    kill -0 "$server" || fail "the server is gone"
  fi
  # At a fixed rate: otherwise a quieter machine would look like growth.
  sleep "$(awk -v begin="$begin" -v now="$EPOCHREALTIME" -v n="$cycle" -v pause="$pause" \
    'BEGIN { left = begin + n * pause - now; print (left > 0 ? left : 0) }')"
done
sample "$minutes"
echo "$cycle cycles, $wrong wrong"
# Flat: the largest of the second half is not much above that of the first. Bounded: a replaced handler stays for ten minutes, so
# twice the limit, and what ten minutes add.
awk -v memory="$memory" -v limit="$(cat /proc/sys/fs/inotify/max_user_watches)" '
  NF == 7 { n++; for (i = 2; i <= 5; i++) v[n, i] = $i }
  function most(from, to, i,    k, m) { for (k = from; k <= to; k++) if (v[k, i] > m) m = v[k, i]; return m + 0 }
  END {
    split(". memory mirror watches descriptors", name, " ")
    half = int(n / 2)
    for (i = 2; i <= 5; i++) {
      a = most(1, half, i); b = most(half + 1, n, i)
      printf "%s: at most %d in the first half, %d in the second\n", name[i], a, b
      if (b > a * 1.25 + 8) { print "  GROWS"; bad = 1 }
    }
    if (most(1, n, 4) > limit / 4) { print "too many watches"; bad = 1 }
    exit bad
  }' "$work/samples" || fail "not flat"
[ $wrong = 0 ] || fail "$wrong wrong replies"

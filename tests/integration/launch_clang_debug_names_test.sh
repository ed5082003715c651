#!/bin/bash
# clang -g with absolute names, as CMake writes them, is compiled in pump mode: object (with the MD5 sums of DWARF 5), messages
# and dependency file equal the local ones, on a server without the files. What cannot be equal is compiled locally at once.
source "$(dirname "$0")/launch_lib.sh"
need clang++ unshare
can_hide || skip "cannot make a mount namespace to hide the project from distccd"
mkdir -p "$work/p/src" "$work/p/inc" "$work/p/b"
DISTCCD_HIDES=$work/p start_distccd
export PUMP_LINGER=2
p=$work/p
# Without libstdc++: its "#pragma GCC system_header" removes the sums from the whole unit.
cat >"$p/inc/h.h" <<'H'
#pragma once
#include "../inc/second.h"
static inline int h(int a) { int unused; return a + second(a); }
H
echo 'static inline int second(int a) { return __FILE__[a]; }' >"$p/inc/second.h"
printf '#include "h.h"\n#include "own.h"\nint f(int a) { return h(a) + own(a); }\nconst char* file() { return __FILE__; }\n' >"$p/src/a.cc"
echo 'static inline int own(int a) { return a + 1; }' >"$p/src/own.h"
printf '#include <vector>\n#include "h.h"\nint g(int a) { std::vector<int> v(a); return v.size() + h(a); }\n' >"$p/src/libstdcxx.cc"
cd "$p/b"

# same COMPILER WORD...: compiles locally and through the launcher, with one job more on the server, and compares.
same() {
  local words=("$@" -Wall -MD -MF a.d -o a.o) jobs
  "${words[@]}" 2>local.err || return 0 # not supported by this version
  mv a.o local.o && mv a.d local.d
  jobs=$(begun_jobs)
  "$launch" "${words[@]}" 2>remote.err || fail "$*: exit code $?"
  expect_equal "$*: jobs" $((jobs + 1)) "$(begun_jobs)"
  cmp local.o a.o || fail "$*: the object"
  cmp local.err remote.err || fail "$*: messages"
  cmp local.d a.d || fail "$*: the dependency file"
  compared=$((compared + 1))
}
compared=0
for compiler in clang++ clang++-17 clang++-19 clang++-22; do
  command -v $compiler >/dev/null || continue
  for flags in "-gdwarf-5" "-gdwarf-4" "-g -gz" "-g -gz=zstd" -g3 -g1 -gline-tables-only "-gdwarf-5 -gembed-source" \
    "-g -O2 -fdebug-types-section" "-g -ffile-prefix-map=$p=/mapped" "-g -fdebug-prefix-map=$p/src=/mapped" \
    "-g -fmacro-prefix-map=$p/=" "-g -fdebug-compilation-dir=/elsewhere"; do
    same $compiler $flags -I"$p/inc" -c "$p/src/a.cc"
  done
  same $compiler -g -I"$p/inc" -c "$p/src/libstdcxx.cc"
  same $compiler -g -I"$p/inc" -c ../src/a.cc
done
[ $compared -ge 12 ] || fail "only $compared commands compared"
clang++ -gdwarf-5 -I"$p/inc" -c "$p/src/a.cc" -o a.o
readelf --debug-dump=rawline a.o >"$work/line" 2>&1 || true
grep -q MD5 "$work/line" || fail "no MD5 sums in the object"
expect_count "jobs in pump mode" "$(begun_jobs)" pump_mode_jobs

# A directory named through a link, and an -isystem as pkg-config prints it.
ln -s "$p" "$work/link" && cd "$work/link/b"
same clang++ -g -I"$work/link/inc" -isystem /usr/include -c "$work/link/src/a.cc"
cd "$p/b"
if grep "compiled here" "$PUMP_RUNTIME_DIR"/*/log; then fail "an object from the server was not accepted"; fi

# An error in the source gives the same messages.
printf '#include "h.h"\nint f() { return missing; }\n' >"$p/src/bad.cc"
words=(clang++ -g -I"$p/inc" -c "$p/src/bad.cc" -o bad.o)
if "${words[@]}" 2>local.err; then fail "bad.cc compiles"; fi
# Without its local retry, distcc would add its own message.
if DISTCC_FALLBACK=1 "$launch" "${words[@]}" 2>remote.err; then fail "bad.cc compiles remotely"; fi
cmp local.err remote.err || fail "messages of an error"

# here COMPILER WORD...: compiled locally without a job on the server.
here() {
  local words=("$@" -o a.o) jobs
  "${words[@]}" 2>/dev/null || return 0
  mv a.o local.o
  jobs=$(begun_jobs)
  "$launch" "${words[@]}"
  expect_equal "$*: jobs" "$jobs" "$(begun_jobs)"
  cmp local.o a.o || fail "$*: the object"
}
here clang++ -g -fsanitize=undefined -I"$p/inc" -c "$p/src/a.cc"
here clang++ -g -grecord-command-line -I../inc -c ../src/a.cc
here clang++ -g -frecord-command-line -I../inc -c ../src/a.cc

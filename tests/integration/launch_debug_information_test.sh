# Objects with debug information from pump mode name the client's directory, in every format; gdb finds the sources; two builds
# give the same object, which is the local one if the compiler's order of strings allows that.
source "$(dirname "$0")/launch_lib.sh"
need readelf
mkdir -p "$work/src/inc" "$work/other" && cd "$work/src"
can_hide && DISTCCD_HIDES=$work/src
start_distccd
export PUMP_LINGER=2
cat >inc/h.h <<'H'
#pragma once
#include <vector>
inline int in_header(int a) { std::vector<int> v(a); return (int)v.size(); }
H
echo 'inline int other() { return 5; }' >"$work/other/o.h"
cat >a.cc <<'C'
#include "h.h"
#include <o.h>
int f(int a) { return in_header(a) + a + other(); }
int main() { return f(3); }
C
# Into a file, because grep -q would end before readelf, and that would count as a failure.
names() { { readelf -wi "$1"; readelf -wl "$1"; readelf -p .debug_str "$1"; readelf -p .debug_line_str "$1"; } >"$work/names" 2>/dev/null || true; }
# flavour EQUAL COMPILER FLAG...: EQUAL is yes if the object must equal the local one.
flavour() {
  local equal=$1 compiler=$2 what="${*:2}"
  shift 2
  command -v "$compiler" >/dev/null || return 0
  local words=("$compiler" "$@" -O1 -Iinc -isystem "$work/other" -c -o a.o)
  "${words[@]}" 2>/dev/null || return 0 # not supported by this version
  mv a.o local.o
  local jobs
  jobs=$(begun_jobs)
  "$launch" "${words[@]}" && mv a.o first.o
  "$launch" "${words[@]}"
  expect_equal "$what: jobs" $((jobs + 2)) "$(begun_jobs)"
  cmp first.o a.o || fail "$what: two builds differ"
  [ "$equal" != yes ] || cmp local.o a.o || fail "$what: not the local object"
  names a.o
  if grep -E 'distccd_|/////' "$work/names"; then fail "$what: the server's directory"; fi
  case "$what" in *prefix-map*) grep -q '/mapped' "$work/names" || fail "$what: the prefix map has no effect" ;;
  *) grep -q "DW_AT_comp_dir.*: $PWD\$" "$work/names" || fail "$what: not the client's directory" ;; esac
}
for source in a.cc "$PWD/a.cc"; do
  same=$([ $source = a.cc ] && echo yes || echo no)
  flavour $same g++ -g $source
  flavour no g++ -g3 -gdwarf-5 $source # the file named by #line gets its own number
  flavour yes clang++ -g -gdwarf-4 $source
  flavour yes clang++ -g -gdwarf-5 $source
done
# gcc orders the strings by a hash table that contains the directory.
jobs=$(begun_jobs)
"$launch" g++ -g -gdwarf-4 -Iinc -isystem "$work/other" -c a.cc -o a.o
expect_here "g++ -gdwarf-4" debug-names "$jobs"
flavour yes g++ -g -gdwarf-5 -gz a.cc
flavour yes g++ -g -gdwarf-5 -gz=zlib-gnu a.cc
flavour yes g++ -g -gdwarf-5 -Wa,--compress-debug-sections=zstd a.cc
flavour yes g++-14 -g -gz=zstd a.cc
flavour yes clang++-19 -g -gz=zstd a.cc
flavour yes g++ -g -fdebug-types-section a.cc
"$launch" g++ -fno-ident -Iinc -isystem "$work/other" -c a.cc -o a.o # asks the host for its compiler's version
flavour yes g++ -g -fno-ident a.cc
flavour yes g++ -g "-ffile-prefix-map=$PWD=/mapped" a.cc
flavour yes clang++ -g "-ffile-prefix-map=$PWD=/mapped" a.cc
flavour yes clang++ -g -gdwarf-4 -gz a.cc
# A section after one without bytes begins at the same offset.
printf 'static char b[100] __attribute__((aligned(64)));\nchar* f() { return b; }\nconst char* g() { return "text"; }\n' >aligned.cc
flavour yes g++ -g -O2 aligned.cc
flavour yes clang++ -g -O2 aligned.cc
# A large object is copied by other functions of the C library than a small one.
{
  echo '#define A(n) (n) * 7, (n) * 11 ^ 5, (n) + 3, (n) << 4'
  for step in "B A 1" "C B 4" "D C 16" "E D 64" "F E 256" "G F 1024" "H G 4096" "I H 16384"; do
    set -- $step
    echo "#define $1(n) $2(n), $2(n + $3), $2(n + 2 * $3), $2(n + 3 * $3)"
  done
  echo 'int big[] = {I(0), I(99)};'
} >big.c
flavour yes gcc -g big.c
[ "$(wc -c <a.o)" -gt 1500000 ] || fail "big.c: the object is not big"
expect_count "jobs in pump mode" "$(begun_jobs)" pump_mode_jobs

# Compilers record the directory by the name in $PWD.
ln -s "$work/src" "$work/link" && cd "$work/link"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  "$launch" $compiler -g -Iinc -I"$work/other" -c a.cc -o a.o
  names a.o
  grep -q "DW_AT_comp_dir.*: $work/link\$" "$work/names" || fail "$compiler: not \$PWD"
done
cd "$work/src"

# What cannot be repaired is compiled here.
jobs=$(begun_jobs)
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  "$launch" $compiler -g -S -Iinc -I"$work/other" a.cc -o a.s
  if grep distccd_ a.s; then fail "$compiler -g -S: the server's directory"; fi
  grep -q "\"$PWD" a.s || fail "$compiler -g -S: not the client's directory"
  expect_equal "$compiler -g -S: outcome" local "$(recorded_outcome none)"
done
"$launch" g++ -g -flto=auto -Iinc -I"$work/other" -c a.cc -o lto.o
readelf -p .gnu.debuglto_.debug_line_str lto.o >lto.names
if grep distccd_ lto.names; then fail "-flto: the server's directory"; fi
grep -q "$PWD" lto.names || fail "-flto: not the client's directory"
expect_equal "-flto: outcome" local "$(recorded_outcome none)"
expect_equal "jobs of what cannot be repaired" "$jobs" "$(begun_jobs)"

# The order of the unit's name and directory in .debug_line_str depends on which of them gcc adds first, if both have one place in
# its hash table: one of 13 names of equal length. The directory's name is the longer one in a build directory, and begins
# with no slash after a map.
mkdir -p "$work/src/build/directory" && cd "$work/src/build/directory"
for i in 10 11 12 13 14 15 16 17 18 19 20 21 22; do
  echo 'int f(int x) { return x; }' >"$work/src/f$i.cc"
  same_on_host g++ -g -c "$work/src/f$i.cc"
  same_on_host g++ -g -ffile-prefix-map="$PWD=B" -c "$work/src/f$i.cc"
done

# The assembler makes debug information, or changes names in it, or the frontend does; and gcc records PWD, the assembler
# without a slash at its end.
mkdir -p "$work/src/named" && cd "$work/src/named" && echo 'int f(int x) { return x; }' >n.c
same_here debug-names 0 gcc -g -Wa,--debug-prefix-map="$PWD=/q" -c n.c
same_here debug-names 0 gcc -g -Xassembler --debug-prefix-map="$PWD=/q" -c n.c
PWD=$PWD/ same_here debug-names 0 gcc -g -c n.c
PWD=$PWD/ same_on_host gcc -c n.c
if command -v clang >/dev/null; then
  for flags in -Wa,-gdwarf-4 -Wa,-gdwarf-5 "-Xassembler -gdwarf-5"; do
    same_here debug-names 0 clang $flags -I"$work/other" -c "$PWD/n.c"
  done
  for kind in limited line-tables-only standalone constructor; do
    same_on_host clang -Xclang -debug-info-kind=$kind -I"$work/other" -c "$PWD/n.c"
    same_on_host clang -Xclang -debug-info-kind=$kind -g -c n.c
  done
fi

if command -v gdb >/dev/null; then
  cd "$work/src"
  "$launch" g++ -g -Iinc -I"$work/other" -c a.cc -o a.o && g++ a.o -o program
  cd /
  listing=$(gdb -batch -nx -ex 'info line main' -ex 'list main' "$work/src/program" 2>&1)
  expect_contains "gdb" 'Line 4 of "a.cc"' "$listing"
  expect_contains "gdb" 'int main() { return f(3); }' "$listing"
fi

#!/usr/bin/env bash
# The table of equality: for each compiler and each set of options, whether a unit that pump-launch compiles on a server equals a
# local one in object, stderr, dependency file and exit status. The server does not see the project.
#   tests/oracle/equality.sh [--write] [COMPILER...]       default: g++ clang++, and gcc clang for the C rows
# --write puts the table into docs/tested.md, between its two marks. Exits with 1 if something differs.
# Each row runs with relative names, and with absolute names of source and -I as CMake passes them. A cell says "equal"; "here"
# if the launcher compiled it locally; "not reproducible" if local compilations differ as well; otherwise it says what differs.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top
source "$top/tests/integration/launch_lib.sh"
write=no
[ "${1:-}" != --write ] || { write=yes && shift; }
compilers=("$@")
[ $# -gt 0 ] || compilers=(g++ clang++)
need distccd "${compilers[@]}"
for compiler in "${compilers[@]}"; do
  [ -e "/usr/lib/distcc/$(basename "$compiler")" ] || echo "$compiler is not in /usr/lib/distcc: run update-distcc-symlinks" >&2
done
start_distccd 4
unset DISTCC_FALLBACK
export PUMP_LINGER=600

# NAME|SOURCE|OPTIONS; of NAME, what stands in the table. SOURCE: good (with warnings), bad (an error), asm, or c.
rows=(
  'no options|good|'
  '`-O2 -DNDEBUG -std=c++20`|good|-O2 -DNDEBUG -std=c++20'
  '`-Wall -Wextra`|good|-Wall -Wextra'
  '`-Wall -Wextra -Werror`|good|-Wall -Wextra -Werror'
  'an error in a header|bad|-Wall'
  '`-fsyntax-only`|good|-fsyntax-only'
  '`-fdiagnostics-color=always -Wall`|good|-fdiagnostics-color=always -Wall'
  '`-fno-diagnostics-show-caret -Wall`|good|-fno-diagnostics-show-caret -Wall'
  '`-fmessage-length=60 -Wall`|good|-fmessage-length=60 -Wall'
  '`-g`|good|-g'
  '`-g -O2 -Wall -Wextra`|good|-g -O2 -Wall -Wextra'
  '`-g1`|good|-g1'
  '`-ggdb3`|good|-ggdb3'
  '`-g -gdwarf-4`|good|-g -gdwarf-4'
  '`-g -gz`|good|-g -gz'
  '`-gsplit-dwarf`|good|-gsplit-dwarf'
  '`-g -ffile-prefix-map=$PWD=/src`|good|-g -ffile-prefix-map=@TOP@=/src'
  '`-fPIC -fvisibility=hidden`|good|-fPIC -fvisibility=hidden'
  '`-fsanitize=address -g`|good|-fsanitize=address -g'
  '`-fsanitize=undefined`|good|-fsanitize=undefined'
  '`--coverage`|good|--coverage'
  '`-flto`|good|-flto'
  '`-ffunction-sections -fdata-sections`|good|-ffunction-sections -fdata-sections'
  '`-fexec-charset=latin1`|good|-fexec-charset=latin1'
  '`-march=native`|good|-march=native'
  '`-pthread -fstack-protector-strong -D_FORTIFY_SOURCE=2 -O2`|good|-pthread -fstack-protector-strong -D_FORTIFY_SOURCE=2 -O2'
  '`-save-temps`|good|-save-temps'
  '`-fstack-usage`|good|-fstack-usage'
  '`-E`|good|-E'
  '`-S`|good|-S'
  '`-x c -std=c17 -Wall`|c|-x c -std=c17 -Wall'
  '`-x assembler-with-cpp`|asm|-x assembler-with-cpp'
)

mkdir -p "$work/project/src" "$work/project/include/part" "$work/project/build"
cd "$work/project"
cat >include/part/header.h <<'H'
#pragma once
#include <cassert>
#include <string>
inline int checked(int x, int unused) {
  assert(x > 0);
  return x < 1u ? 1 : x; /* „größer“: bytes and columns differ */ int after;
}
inline std::string here() { return std::string(__FILE__) + ":" + std::to_string(__LINE__) + __BASE_FILE__; }
template <class T> struct Box { T value; Box(T v) : value(v) {} };
H
cat >src/good.cc <<'S'
#include "part/header.h"
#include "../include/part/header.h"
static int never_used;
int misleading(int a) {
  if (a)
    a = 1;
    a = 2;
  const char *s = "größe"; int shadow = a = 3;
  return a;
}
int main(int argc, char**) { Box<int> box{argc}; return checked(box.value, here().size()); }
S
printf '#include "part/header.h"\n#include "part/wrong.h"\nint main() { return f(1); }\n' >src/bad.cc
printf '#pragma once\ntemplate <class T> int f(T t) { return t.none + Undeclared; }\n' >include/part/wrong.h
printf '#include <stdio.h>\nint unused(int x) { int y; return printf("%%s %%s", __FILE__); }\n' >src/c.c
printf '#define TEXT __FILE__\n.globl f\nf: ret\n.ascii TEXT\n' >src/asm.S
cp -r . "$work/clean"

# run SIDE WORDS...: compiles in build/ and keeps everything that it leaves.
run() {
  local side=$1 status=0
  shift
  rm -rf "$work/project" "$work/$side" && cp -r "$work/clean" "$work/project" && cd "$work/project/build"
  "$@" >../stdout 2>../stderr || status=$?
  echo $status >../status
  cd "$work" && mkdir "$side" && mv project/stdout project/stderr project/status "$side/"
  cp -r project/build "$side/files"
}
# differences SIDE OTHER: empty if there are none
differences() {
  local name found=''
  for name in status stderr stdout; do cmp -s "$work/$1/$name" "$work/$2/$name" || found+="$name, "; done
  for name in $(cd "$work" && find "$1/files" "$2/files" -type f -printf '%P\n' | sort -u); do
    cmp -s "$work/$1/files/$name" "$work/$2/files/$name" || case $name in
      *.o) found+="object, " ;; *.d) found+="dependency file, " ;; *) found+="$name, " ;;
    esac
  done
  echo "${found%, }"
}

# varies DIFFERENCES WORDS...: local compilations differ in all of that, too: the compiler writes a random number or the time, or
# its warnings in an order that depends on addresses.
varies() {
  local part seen='' missing
  for _ in 1 2 3 4 5 6 7 8; do
    run again "${@:2}"
    seen+=", $(differences local again),"
    missing=''
    while read -r part; do case $seen in *", $part,"*) ;; *) missing=yes ;; esac; done <<<"${1//, /$'\n'}"
    [ -n "$missing" ] || return 0
  done
  return 1
}

bad=0 table="$work/table"
{
  printf '| options |' && printf ' %s |' "${compilers[@]}" && printf '\n| --- |' && printf ' --- |%.0s' "${compilers[@]}" && echo
} >"$table"
for row in "${rows[@]}"; do
  IFS='|' read -r name source options <<<"$row"
  printf '| %s |' "$name" >>"$table"
  for compiler in "${compilers[@]}"; do
    cell='' cells=()
    for names in relative absolute; do
      if [ $names = relative ]; then file=../src include=../include; else file=$work/project/src include=$work/project/include; fi
      case $source in c) file+=/c.c ;; asm) file+=/asm.S ;; *) file+=/$source.cc ;; esac
      # shellcheck disable=SC2206
      words=("$compiler" ${options//@TOP@/$work/project} "-I$include" -MD -MF unit.d -MT unit.o -c "$file" -o unit.o)
      case " $options " in *" -E "* | *" -S "* | *" -fsyntax-only "*) words=("$compiler" $options "-I$include" "$file") ;; esac
      run local "${words[@]}"
      rm -rf "$XDG_STATE_HOME"
      run remote "$launch" "${words[@]}"
      cell=$(differences local remote)
      if [ -n "$cell" ] && varies "$cell" "${words[@]}"; then
        cell="$([ "$(recorded_outcome none)" = pump ] && echo remote || echo here), not reproducible"
      elif [ -n "$cell" ]; then
        bad=$((bad + 1))
        echo "DIFFERS: ${words[*]}: $cell" >&2
        diff "$work/local/stderr" "$work/remote/stderr" | head -n 6 >&2 || true
      elif [ "$(recorded_outcome none)" = pump ]; then cell=equal
      # A compilation error is compiled again here, so its messages are the local ones.
      else cell=here
      fi
      cells+=("$cell")
    done
    if [ "${cells[0]}" = "${cells[1]}" ]; then printf ' %s |' "${cells[0]}"; else printf ' relative: %s; absolute: %s |' "${cells[@]}"; fi >>"$table"
  done
  echo >>"$table"
done
{
  echo
  echo "Versions: $(for compiler in "${compilers[@]}"; do printf '%s; ' "$("$compiler" --version | head -n 1)"; done | sed 's/; $//')."
} >>"$table"
cat "$table"
if [ $write = yes ]; then
  document=$top/docs/tested.md
  grep -q '<!-- equality -->' "$document" || fail "docs/tested.md has no marks <!-- equality --> and <!-- end of equality -->"
  sed -i -e "/<!-- equality -->/,/<!-- end of equality -->/{/<!-- equality -->/{p;r $table
d};/<!-- end of equality -->/!d}" "$document"
fi
[ $bad = 0 ] || { echo "$bad cells differ" >&2; exit 1; }

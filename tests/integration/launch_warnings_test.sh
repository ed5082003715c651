# Warnings of a remote compilation equal those of a local one; -Werror fails and passes as it does locally.
# There is one known difference: to quote a line, g++ opens the file by the name in #line. The server has no file of an absolute
# name, so quoted lines and carets are missing (docs/design.md, "Known differences"). Everything else is compared.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1 LC_ALL=C  # distccd has no locale
mkdir -p "$work/src/inc" && cd "$work/src"
cat >inc/h.h <<'H'
#pragma once
inline int in_header() { int unused = 1; return 0; }
H
cat >a.cc <<'C'
#include "h.h"
namespace { struct Hidden { int value; }; }
struct Shown { Hidden hidden; };      // fine in a source, a warning in a header
struct Derived : Hidden { int more; };
static int never_called() { return 3; }
int f(unsigned a, int b) { int unused = 2; return a < b ? Shown{{1}}.hidden.value : Derived().more; }
C
printf 'namespace { struct Hidden { int value; }; }\nstruct Shown { Hidden hidden; };\nint g() { return Shown().hidden.value; }\n' >clean.cc
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for source in a.cc "$PWD/a.cc"; do
    command=($compiler -Wall -Wextra -Iinc "-I$PWD/inc" -c "$source" -o a.o)
    "${command[@]}" 2>"$work/local" || fail "${command[*]}"
    jobs=$(begun_jobs)
    "$launch" "${command[@]}" 2>"$work/remote" || fail "pump-launch ${command[*]}"
    expect_equal "${command[*]}: jobs" $((jobs + 1)) "$(begun_jobs)"
    if [ $compiler = g++ ]; then
      # "    6 | text" and "      |  ^~~" below a message.
      sed -i -E '/^ +[0-9]* \|/d' "$work/local" "$work/remote"
    fi
    diff "$work/local" "$work/remote" || fail "${command[*]}: other warnings"
    # In absolute terms, too: the comparison above would not notice that all are gone.
    grep -q 'unused' "$work/remote" || fail "${command[*]}: no warning at all"
  done
  "$launch" $compiler -Wall -Werror -c "$PWD/clean.cc" -o clean.o || fail "$compiler: -Werror fails remotely only"
done
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

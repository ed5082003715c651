#!/bin/bash
# Messages of a remote compilation equal those of a local one, with quoted lines, carets, columns and quotation marks, for relative
# and absolute names; -Werror fails and passes as it does locally.
source "$(dirname "$0")/launch_lib.sh"
start_distccd # its locale is C
export PUMP_LINGER=1
mkdir -p "$work/src/inc" "$work/build" && cd "$work/src"
cat >inc/h.h <<'H'
#pragma once
inline int in_header() { int unused = 1; return 0; }
template <class T> struct Box { T t; int get(T x) { int in_template; return 0; } };
H
cat >a.cc <<'C'
#include "h.h"
#include <string>
namespace { struct Hidden { int value; }; }
struct Shown { Hidden hidden; };      // fine in a source, a warning in a header
struct Derived : Hidden { int more; };
static int never_called() { return 3; }
int g(const char*, ...) __attribute__((format(printf, 1, 2)));
int f(unsigned a, int b) {
  const char* umlauts = "äöü"; int after_umlauts;
  if (a)
    g("%s %d", 3, umlauts);
    g("it's %k ' and \"", b);
  if (b = 3) return Box<int>().get(2);
  return a < b ? Shown{{1}}.hidden.value : Derived().more;
}
C
printf 'namespace { struct Hidden { int value; }; }\nstruct Shown { Hidden hidden; };\nint g() { return Shown().hidden.value; }\n' >clean.cc
printf 'int g(int);\nint f(int a) {\n  if (a)\n    g(1);\n    g(2);\n  return a;\n}\n' >indented.cc
cd "$work/build"
for locale in C C.UTF-8; do
  export LC_ALL=$locale
  for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    for names in "-I../src/inc -c ../src/a.cc" "-I$work/src/inc -c $work/src/a.cc" "-I../src/inc -c $work/src/a.cc"; do
      same_on_host $compiler -Wall -Wextra $names
      # In absolute terms, too: the comparison would not notice that all are gone.
      [ "$(grep -c 'unused' same.err)" -ge 3 ] || fail "$compiler $names: too few warnings"
    done
    same_on_host $compiler -Wall -Werror -c "$work/src/clean.cc"
    same_on_host $compiler -Wall -Wextra -fno-diagnostics-show-option -fdiagnostics-parseable-fixits -c "$work/src/a.cc" "-I$work/src/inc"
  done
done
grep -q "‘" same.err && fail "clang has typographic quotation marks"
same_on_host g++ -Wall -c "$work/src/indented.cc"
grep -q '‘if’ clause does not guard' same.err || fail "no warning of indentation, or without quotation marks of the locale"
grep -q "    g(2);" same.err || fail "no quoted line"
export DISTCC_FALLBACK=1
same g++ -Wall -Werror=misleading-indentation -c "$work/src/indented.cc"
expect_equal "exit code of -Werror" 1 "$(grep -c 'some warnings being treated as errors' same.err)"
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

#!/bin/bash
# Colours, quotation marks, generated sources and terminals: messages equal local ones. Where they cannot, the unit is compiled here.
source "$(dirname "$0")/launch_lib.sh"
need script
start_distccd # its locale is C
export PUMP_LINGER=2 LC_ALL=C.UTF-8 TERM=xterm
unset GCC_COLORS COLORTERM GCC_URLS TERM_URLS NO_COLOR COLUMNS
mkdir -p "$work/src" "$work/build" && cd "$work/build"
s=$work/src
printf 'template <class T, class U> struct P { T t; U u; };\nint f(P<int, char> p) {\n  int unused;\n  return p.t;\n}\n' >"$s/a.cc"
printf 'int f(int caf\303\251) { return 0; }\n' >"$s/letters.cc"

for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for colour in -fdiagnostics-color=always -fdiagnostics-color=auto -fdiagnostics-color=never; do
    same_on_host $compiler -Wall $colour -c "$s/a.cc"
  done
  same_on_host $compiler -Wall -Wno-error -w -c "$s/a.cc"
done
same_on_host g++ -Wall -fdiagnostics-plain-output -c "$s/a.cc"
GCC_COLORS= same_on_host g++ -Wall -fdiagnostics-color=always -c "$s/a.cc"
# The host's gcc writes \U000000e9 for an identifier, because its locale is C.
same_here messages-unlike 1 g++ -Wall -Wextra -c "$s/letters.cc"
LC_ALL=C same_on_host g++ -Wall -Wextra -c "$s/a.cc"
# The host's colours cannot be told apart, so that others cannot be put in their place. That holds for this environment only.
GCC_COLORS='warning=01;36' same_here messages-unlike 1 g++ -Wall -fdiagnostics-color=always -c "$s/a.cc"
GCC_COLORS='warning=01;36' same_here messages-unlike 1 g++ -Wall -fdiagnostics-color=always -c "$s/a.cc"
same_on_host g++ -Wall -fdiagnostics-color=always -c "$s/a.cc"
expect_contains "--why" "would differ from those of a local compilation" "$("$pump" --why "$s/letters.cc")"

# A #line of the user gives an absolute name, as bison writes it. gcc opens that file to quote it; a host does not have it.
printf '#line 2 "%s/generated.cc"\nint k() { int idle; return 0; }\n' "$s" >"$s/generated.cc"
printf '#line 2 __FILE__\nint k() { int idle; return 0; }\n' >"$s/same_name.cc"
for unit in generated same_name; do
  for flags in -Wall "-Wall -g"; do
    same_here names-unlike 0 g++ $flags -c "$s/$unit.cc"
    same g++ $flags -c "../src/$unit.cc"
    ! command -v clang++ >/dev/null || same clang++ $flags -c "$s/$unit.cc"
  done
  same_on_host g++ -c "../src/$unit.cc" # without a message
done

# A line with an edited #include has other columns, also if it is not shown.
printf '# include "%s/absolute.h" /* a /* b */\nint f() { return absolute; }\n' "$s" >"$s/edited.cc"
echo 'static int absolute = 1;' >"$s/absolute.h"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  no_lines=-fno-diagnostics-show-caret
  [ $compiler = g++ ] || no_lines=-fno-caret-diagnostics
  for flags in "" $no_lines; do same $compiler -Wall $flags -c "$s/edited.cc"; done
  expect_equal "$compiler without quoted lines" local "$(recorded_outcome)"
done

# Layouts that depend on the length of names, or hide quotation marks. Without messages they do not matter.
printf 'int g() { return 0; }\n' >"$s/clean.cc"
for layout in -fmessage-length=50 -fdiagnostics-format=json; do
  same_on_host g++ -Wall $layout -c "$s/clean.cc"
  same_here messages-unlike 1 g++ -Wall $layout -c "$s/a.cc"
  same_here set-aside 0 g++ -Wall $layout -c "$s/a.cc"
done

# A generated source names another file, of which gcc quotes a line, if it is there.
printf 'one\ntwo\nthe grammar\n' >"$s/g.y"
printf 'int h() {\n#line 3 "../src/g.y"\n  int unused; return 0; }\n' >"$s/generated.cc"
same_here messages-unlike 1 g++ -Wall -c "$s/generated.cc"
expect_contains "detail" "g.y is named in a message, but was not sent" "$(recorded detail)"
printf 'int h() {\n#line 3 "none.y"\n  int unused; return 0; }\n' >"$s/generated2.cc"
same_on_host g++ -Wall -c "$s/generated2.cc"
if command -v clang++ >/dev/null; then same_on_host clang++ -Wall -c "$s/generated.cc"; fi

# The driver has another name on the host.
same_on_host g++ -Wall -x c++ -std=c++17 -Wstrict-prototypes -c "$s/a.cc"

# clang's optimizer opens a file by the name in the debug information, which a host has not if the name was absolute.
if command -v clang >/dev/null; then
  printf 'void f(int *a, int *b, int n) {\n#pragma clang loop vectorize(enable)\nfor (int i = 0; i < n; i++) { a[b[i]] += a[i]; if (a[i] == 7) __builtin_trap(); }\n}\n' >"$s/loop.c"
  same_here messages-unlike 1 clang -g -O2 -c "$s/loop.c"
  same_on_host clang -g -O2 -c "$(realpath --relative-to=. "$s/loop.c")"
fi

# on_terminal COLUMNS WORD...: compares what the two print on a terminal; prints the outcome.
on_terminal() {
  local columns=$1 words
  shift
  printf -v words '%q ' "$@" -o t.o
  script -qec "stty cols $columns; $words" /dev/null </dev/null >t.local 2>&1
  script -qec "stty cols $columns; $launch $words" /dev/null </dev/null >t.remote 2>&1
  cmp t.local t.remote || fail "$*: on a terminal with $columns columns: $(cat -v t.local t.remote)"
  recorded_outcome
}
export DISTCC_FALLBACK=1
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  expect_equal "$compiler on a terminal" pump "$(on_terminal 200 $compiler -Wall -c "$s/a.cc")"
  grep -q $'\033\[' t.remote || fail "$compiler: no colours on a terminal"
  expect_equal "$compiler without colours" pump "$(on_terminal 200 $compiler -Wall -fdiagnostics-color=never -c "$s/a.cc")"
  printf 'int k() { int %0100d_unused; return 0; }\n' 0 | sed 's/int 0/int x/' >"$s/long.cc"
  expect_equal "$compiler on a narrow terminal" local "$(on_terminal 60 $compiler -Wall -c "$s/long.cc")"
done
# gcc writes links to its manual.
export TERM=xterm-256color COLORTERM=truecolor
expect_equal "links" local "$(on_terminal 200 g++ -Wall -c "$s/a.cc")"
grep -q ']8;;http' t.remote || fail "gcc wrote no links: the test shows nothing"
expect_equal "no links" pump "$(on_terminal 200 g++ -Wall -fdiagnostics-urls=never -c "$s/a.cc")"
expect_equal "not set aside" 0 "$(find "$PUMP_RUNTIME_DIR"/*/set-aside -type f -exec grep -l "terminal" {} + | wc -l)"

#!/bin/bash
# Absolute names of the source and of header directories, as CMake passes them: objects (__FILE__, debug information), messages and
# dependency files equal local ones, on a host that does not have the files. What cannot be equal is compiled here at once.
source "$(dirname "$0")/launch_lib.sh"
need unshare
can_hide || skip "cannot make a mount namespace to hide the project from distccd"
mkdir -p "$work/p/src" "$work/p/inc" "$work/p/sys" "$work/p/build/unity"
DISTCCD_HIDES=$work/p start_distccd
export PUMP_LINGER=2 LC_ALL=C.UTF-8
p=$work/p
cat >"$p/inc/h.h" <<'H'
#pragma once
#include <assert.h>
static inline const char* header_file() { return __FILE__; }
static inline int in_header(int a) { int unused; assert(a); return a; }
H
echo 'static inline const char* beside() { return __FILE__; }' >"$p/src/beside.h"
printf '#include "second.h"\nstatic inline const char* system_header() { return __FILE__; }\n' >"$p/sys/s.h"
printf '#pragma once\nstatic inline const char* second() { return __FILE__; }\n' >"$p/sys/second.h"
echo 'static const char* forced = __FILE__;' >"$p/inc/forced.h"
cat >"$p/src/a.cc" <<'C'
#include "h.h"
#include "beside.h"
#include "../inc/../inc/h.h"
#include <s.h>
#include <vector>
const char* files[] = {__FILE__, __BASE_FILE__, __builtin_FILE(), header_file(), beside(), system_header(), second()};
int f(int a) {
  std::vector<int> v(a);
  if (a)
    in_header(1);
    in_header(2);
  return [](auto x) { return __func__[x]; }(v.size());
}
C
cd "$p/b" 2>/dev/null || cd "$p/build"
absolute=(-I"$p/inc" -isystem "$p/sys" -Wall -Wextra)
compared=0
for compiler in g++ clang++ gcc clang; do
  command -v $compiler >/dev/null || continue
  source=$p/src/a.cc
  case $compiler in gcc | clang) source=$p/src/a.c && grep -v 'vector\|auto x' "$p/src/a.cc" | sed 's/return \[.*/return a;/; s/const char\* files.*/const char* file = __FILE__;/' >$source ;; esac
  for flags in "" -O2 -g -g3 "-g -O2" "-g -gz" -S "-g -ffile-prefix-map=$p=." "-fmacro-prefix-map=$p/= -g" \
    "-include $p/inc/forced.h -g" "-imacros $p/inc/forced.h" "-Wp,-I$p/inc" "-iquote $p/inc" "-idirafter $p/inc" -Wsystem-headers; do
    same_on_host $compiler "${absolute[@]}" $flags -c "$source"
    compared=$((compared + 1))
  done
  same_on_host $compiler -I"$p/inc" -I../sys -isystem /usr/include -g -Wall -c "$source"
  same_on_host $compiler -I../inc -I"$p/sys" -g -Wall -c "../src/$(basename "$source")"
  # Directories that do not exist: the warning names them as the user does.
  [[ $compiler = clang* ]] || same_on_host $compiler "${absolute[@]}" -I"$p/none" -isystem "$p/none2" -Wmissing-include-dirs -c "$source"
done
[ $compared -ge 30 ] || fail "only $compared commands compared"
strings -a same.o | grep -qF "..///./" && fail "the object has a relative name"

# Debug information with maps for parts of the names. gcc applies the last map that fits.
same_on_host g++ "${absolute[@]}" -g -fdebug-prefix-map="$p"=A -fdebug-prefix-map="$p/inc"=B -fmacro-prefix-map="$p/src"= -c "$p/src/a.cc"
same_on_host g++ "${absolute[@]}" -g -fdebug-prefix-map="$p/inc"=B -fdebug-prefix-map="$p"=A -c "$p/src/a.cc"

# clang names the file of a lambda or unnamed type in __PRETTY_FUNCTION__, and no prefix map changes that. A value of the text shows
# no name, so such a unit has absolute names on the host. In assertions the text itself is in the object.
printf '#pragma once\ninline constexpr auto in_header = [](int x) { return x + 1; };\n' >"$p/inc/lambda.h"
cat >"$p/inc/hash.h" <<'H'
template <class T> constexpr unsigned long hash() {
  unsigned long result = 5381;
  for (const char* at = __PRETTY_FUNCTION__; *at != 0; ++at) result = result * 33 + static_cast<unsigned char>(*at);
  return result;
}
H
sed 's/__PRETTY_FUNCTION__/FUNCTION_NAME/; 1i #define FUNCTION_NAME __PRETTY_FUNCTION__' "$p/inc/hash.h" >"$p/inc/hash_by_macro.h"
for header in hash hash_by_macro; do
  printf '#include <lambda.h>\n#include <%s.h>\nconstexpr auto here = [] {};\nunsigned long ids[] = {hash<decltype(here)>(), hash<decltype(in_header)>()};\n' \
    $header >"$p/src/$header.cc"
  for flags in "" -O2 -S; do
    for compiler in g++ clang++; do
      command -v $compiler >/dev/null || continue
      same_on_host $compiler -std=c++17 $flags -I"$p/inc" -c "$p/src/$header.cc"
      same_on_host $compiler -std=c++17 $flags -I../inc -c ../src/$header.cc
    done
  done
  same_on_host g++ -std=c++17 -g -I"$p/inc" -c "$p/src/$header.cc"
  if command -v clang++ >/dev/null; then
    same_here names-unlike 0 clang++ -std=c++17 -g -I"$p/inc" -c "$p/src/$header.cc"
    expect_contains "detail" "__PRETTY_FUNCTION__" "$(recorded detail)"
    same_on_host clang++ -std=c++17 -I"$p/inc" -DFUNCTION_NAME=__PRETTY_FUNCTION__ -c "$p/src/$header.cc" # and a macro of that name
  fi
done
if command -v clang++ >/dev/null; then
  printf '#include <assert.h>\ntemplate <class T> void f(T) { assert(sizeof(T) == 1); }\nvoid g() { f(0); }\n' >"$p/src/asserts.cc"
  same_on_host clang++ -g -c "$p/src/asserts.cc"
  printf '#define Q_FUNC_INFO __PRETTY_FUNCTION__\n#include <assert.h>\ntemplate <class T> const char* f(T) { return Q_FUNC_INFO; }\nconst char* g() { return f(0); }\n' >"$p/src/named.cc"
  same_on_host clang++ -g -c "$p/src/named.cc"
  sed 's/f(0)/f([] {})/' "$p/src/named.cc" >"$p/src/unnamed.cc"
  same_here debug-unrepairable 1 clang++ -g -c "$p/src/unnamed.cc" # the text is in the object
  printf 'template <class T> const char* name(T) { return FUNCTION_NAME; }\nconst char* f() { return name([] {}); }\n' >"$p/src/option.cc"
  same_on_host clang++ -DFUNCTION_NAME=__PRETTY_FUNCTION__ -c "$p/src/option.cc"
  # Assembler text has the size of a text, too.
  printf '#include <assert.h>\nvoid f() { auto l = [](auto x) { assert(x); }; l([] {}); }\n' >"$p/src/text.cc"
  DISTCC_FALLBACK=1 same clang++ -std=c++17 -S -c "$p/src/text.cc"
fi

# The operand of __has_include and #include may be __FILE__, which is an absolute name that the host does not have.
printf '#if __has_include(__FILE__)\nint yes;\n#else\nint no;\n#endif\n' >"$p/src/has.cc"
printf '#if __has_include(__BASE_FILE__)\nint yes;\n#else\nint no;\n#endif\n' >"$p/inc/has_base.h" && echo '#include <has_base.h>' >"$p/src/base.cc"
printf '#ifndef AGAIN\n#define AGAIN\n#include __FILE__\n#else\nint again;\n#endif\n' >"$p/src/again.cc"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for name in has base again; do
    same_here includes-unknown 0 $compiler -I"$p/inc" -c "$p/src/$name.cc"
    same_on_host $compiler -I../inc -c "../src/$name.cc"
  done
done

# Files in the working directory, and a source there: in DWARF 5 they use the line table's first directory.
printf 'struct Here { int in_build; };\ninline int here(Here h) { return h.in_build; }\n' >generated.h
printf '#include "h.h"\n#include "generated.h"\n#include "beside.h"\nint f(Here h) { return here(h) + in_header(1); }\n' >"$p/src/uses_here.cc"
cp "$p/src/uses_here.cc" "$p/src/beside.h" .
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for flags in -g "-g -O2" "-g -gz" -g3 "-g -gdwarf64" "-g -ffile-prefix-map=$p=."; do
    same_on_host $compiler -I"$p/build" -I"$p/inc" $flags -c "$p/src/uses_here.cc"
    same_on_host $compiler -I"$p/build" -I"$p/inc" $flags -c "$p/build/uses_here.cc"
  done
done
rm uses_here.cc beside.h

# Names that compilers compose from "../" and "./" stand for themselves.
printf '#pragma once\n#include "./y.h"\ninline const char* x_header() { return __FILE__; }\ninline int in_x(int a) { int unused; return y(a); }\n' >"$p/src/x.h"
printf '#pragma once\n#include "./z.h"\ninline int y(int a) { int idle; return z(a); }\ninline const char* y_header() { return __FILE__; }\n' >"$p/src/y.h"
printf '#pragma once\ninline int z(int a) { int waste; return a; }\ninline const char* z_header() { return __FILE__; }\n' >"$p/src/z.h"
printf '#include "./x.h"\n#include "h.h"\nconst char* files[] = {x_header(), y_header(), z_header(), header_file()};\nint f(int a) { return in_x(a) + in_header(a); }\n' >"$p/src/steps.cc"
cp "$p"/src/{steps.cc,[xyz].h} "$p"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for flags in "" -g "-g -O2" -g3 "-g -ffile-prefix-map=$p=."; do
    for source in .././steps.cc ../src/steps.cc ../steps.cc; do
      same_on_host $compiler -Wall -I"$p/inc" $flags -c $source
      same_on_host $compiler -Wall -I../inc $flags -c $source
    done
  done
  [[ $compiler = clang* ]] || expect_contains "rule" " .././././z.h" "$(cat same.d)" # clang names a directory as it met it first
done
rm "$p"/{steps.cc,[xyz].h}

# A directory named through a link, by "..", and through a link by "..": the names are the user's.
ln -s "$p" "$work/link"
mkdir -p "$p/deep/er" && ln -s ../deep/er "$p/inc/into"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  same_on_host $compiler -I"$work/link/inc" -isystem "$work/link/sys" -Wall -g -c "$work/link/src/a.cc"
  same_on_host $compiler -I"$p/src/../inc" -isystem "$p/src/../sys" -Wall -g -c "$p/build/../src/a.cc"
  same_on_host $compiler -I"$p/inc/into/../../inc" -isystem "$p/sys/" -Wall -g -c "$p/inc/into/../../src/a.cc"
done
(cd "$work/link/build" && PWD=$work/link/build same_on_host g++ -I"$work/link/inc" -isystem "$work/link/sys" -g -c "$work/link/src/a.cc")

# clang puts its name of the working directory before relative names of -include.
if command -v clang++ >/dev/null; then
  printf 'int f() { return 0; }\n' >here.cc
  for flags in "" "-I$p/build" "-I$p/build/missing" -I.; do
    same_on_host clang++ $flags -include "$p/inc/forced.h" -Wall -c "$p/build/here.cc"
  done
fi

# Names with characters that make or a map would read otherwise.
odd="$work/p/x=y z#"
mkdir -p "$odd/inc" && cp "$p/inc/h.h" "$odd/inc" && printf '#include "h.h"\nint g() { return in_header(3); }\n' >"$odd/a.cc"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  same_on_host $compiler -I"$odd/inc" -Wall -g -c "$odd/a.cc"
done

# CMake's unity builds and precompiled headers: #include with absolute names.
printf '#include "%s/src/a.cc"\n#include "%s/inc/forced.h"\n' "$p" "$p" >unity/unity_0.cxx
printf '#include "%s/inc/h.h"\n#include <vector>\n' "$p" >unity/cmake_pch.hxx
printf '#pragma once\n#include "%s/sys/second.h"\n' "$p" >"$p/inc/config.h"
printf '#include "config.h"\n#include <second.h>\nconst char* c() { return second(); }\n' >"$p/src/c.cc"
ln -s ../unity/unity_0.cxx unity/alias.cxx
for flags in "" -g -g3 "-g -ffile-prefix-map=$p=."; do
  same_on_host g++ "${absolute[@]}" $flags -c unity/unity_0.cxx
  same_on_host g++ "${absolute[@]}" $flags -c "$p/build/unity/alias.cxx"
  same_on_host g++ "${absolute[@]}" $flags -include "$p/build/unity/cmake_pch.hxx" -c "$p/src/a.cc"
  same_on_host g++ -I"$p/inc" -isystem "$p/sys" $flags -c "$p/src/c.cc"
done
if command -v clang++ >/dev/null; then
  same_on_host clang++ "${absolute[@]}" -c unity/unity_0.cxx
  same_on_host clang++ "${absolute[@]}" -include "$p/build/unity/cmake_pch.hxx" -gdwarf-4 -c "$p/src/a.cc"
  same_on_host clang++ "${absolute[@]}" -gdwarf-5 -c unity/unity_0.cxx # libstdc++'s headers have no MD5 sums, so no file has
  # The MD5 sum of the file whose #include was changed for the host.
  printf '#include "%s/src/beside.h"\nconst char* u() { return beside(); }\n' "$p" >unity/sums.cxx
  same_here debug-unrepairable 1 clang++ -Wall -gdwarf-5 -c unity/sums.cxx
  same_here set-aside 0 clang++ -Wall -gdwarf-5 -c unity/sums.cxx
  # Changed, too, if the directive is skipped. No file then is sent with a #line.
  printf '#ifdef NEVER\n#include "%s/src/beside.h"\n#endif\nint skipped() { return 0; }\n' "$p" >"$p/src/skips.cc"
  same_on_host clang++ -Wall -gdwarf-4 -c "$p/src/skips.cc"
  same_here debug-unrepairable 1 clang++ -Wall -gdwarf-5 -c "$p/src/skips.cc"
  same_on_host g++ -Wall -g -c ../src/skips.cc
fi

# Messages about an #include whose name was changed: the columns differ, and gcc quotes the line.
printf '#include "%s/inc/forced.h" extra\n' "$p" >"$p/src/extra.cc"
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  no_caret=-fno-diagnostics-show-caret
  [[ $compiler = clang* ]] && no_caret=-fno-caret-diagnostics
  for flags in "" $no_caret; do
    same_here messages-unlike 1 $compiler $flags -c "$p/src/extra.cc"
    echo >>"$p/src/extra.cc" # no longer set aside
    same_here messages-unlike 1 $compiler $flags -c ../src/extra.cc
    echo >>"$p/src/extra.cc"
  done
done

# Objects that name the source otherwise: here at once, with a reason.
same_here includes-unknown 0 g++ "${absolute[@]}" -fsanitize=address -c "$p/src/a.cc"
same_here names-unlike 0 g++ "${absolute[@]}" -fsanitize=undefined -c "$p/src/c.cc"
expect_contains "reason" "-Wmisleading-indentation because of -fsanitize=undefined" "$(recorded detail)"
expect_contains "--why" "names of files differ on a host" "$("$pump" --why "$p/src/c.cc")"
# Without that warning a #line is enough, and the record says so.
same_on_host g++ -I"$p/inc" -isystem "$p/sys" -fsanitize=undefined -c "$p/src/c.cc"
expect_contains "note" "a #line names" "$(recorded note)"
expect_contains "--why" "note:   a #line names $p/src/c.cc because of -fsanitize=undefined" "$("$pump" --why "$p/src/c.cc")"
# gcc reports system headers by their real path if that is shorter, in the dependency file, too.
mkdir -p "$p/sys3/sub" && printf '#include "sub/../first.h"\n#include "./beside.h"\n#include "sub/above.h"\n' >"$p/sys3/steps.h"
echo 'inline const char* first() { return __FILE__; }' >"$p/sys3/first.h" && : >"$p/sys3/beside.h" && : >"$p/sys3/last.h"
echo '#include "../last.h"' >"$p/sys3/sub/above.h"
printf '#include <steps.h>\nconst char* s() { return first(); }\n' >"$p/src/s.cc"
for flags in "" -g; do same_on_host g++ -isystem "$p/sys3" $flags -c "$p/src/s.cc"; done
# Also one of a relative directory, one beside a header with #pragma GCC system_header, and one that is read under another name first.
printf '#pragma GCC system_header\n#include "../sys3/last.h"\n' >"$p/inc/as_system.h"
printf '#include "../sys3/./beside.h"\n#include <./beside.h>\n#include <sub/../first.h>\n#include <as_system.h>\nconst char* t() { return first(); }\n' >"$p/src/t.cc"
for directory in "$p/sys3" ../src/../sys3 ../../../../../../../../../../../../../../../../../../.."$p/sys3"; do
  for flags in "" -g; do
    same g++ -isystem $directory -I"$p/inc" $flags -c "$p/src/t.cc"
    same g++ -isystem $directory -I../inc $flags -c ../src/t.cc
  done
done
# Not those of the source and of headers beside it, even below such a directory.
printf '#include "./beside.h"\n#include "sub/../first.h"\n#include <sub/above.h>\nconst char* s() { return first(); }\n' >"$p/sys3/s.cc"
for name in "$p/sys3/s.cc" "$p/sys3/sub/../s.cc"; do
  for flags in "-isystem $p/sys3" "-idirafter $p/sys3 -I$p/sys3/sub" "-isystem $p/sys3/sub/.. -g"; do same_on_host g++ $flags -c "$name"; done
done
# gcc's #include_next in a forced file searches elsewhere if the file has an absolute name.
mkdir -p "$p/next" "$p/other" && echo '#define NEXT 1' >"$p/next/next.h" && echo '#define NEXT 2' >"$p/other/next.h"
echo '#include_next "next.h"' >"$p/next/forced.h"
printf '#if __has_include_next("other.h")\n#define NEXT 3\n#else\n#define NEXT 4\n#endif\n' >"$p/next/probe.h" && : >"$p/next/other.h"
echo 'int next = NEXT;' >"$p/src/n.cc"
for forced in forced probe; do
  same_here includes-unknown 0 g++ -I"$p/other" -include "$p/next/$forced.h" -c "$p/src/n.cc"
  expect_contains "reason" "#include_next in $p/next/$forced.h" "$(recorded detail)"
  same_on_host g++ -I"$p/other" -include "../next/$forced.h" -c "$p/src/n.cc"
done
# Maps of the user that would fit relative names, too, and maps that gcc applies to their own result.
printf '#include <assert.h>\nint r(int x) { assert(x > 0); return sizeof __FILE__; }\n' >"$p/src/r.cc"
for compiler in g++ clang++; do
  for map in ../= ..="$p" ./=/s/ .=/s ../=/r/ "$p/="=/m/ /=/x/; do
    for flags in "" -g; do same $compiler $flags -ffile-prefix-map="$map" -I"$p/inc" -c "$p/src/r.cc"; done
    same $compiler -fmacro-prefix-map="$map" -fdebug-prefix-map="$p=/q" -I"$p/inc" -c "$p/src/r.cc"
    same $compiler -ffile-prefix-map="$map" -include "$p/inc/h.h" -c "$p/src/r.cc"
  done
done
# For macros, gcc applies -ffile-prefix-map after all -fmacro-prefix-map. For debug information the order is that of the command.
for maps in "-ffile-prefix-map=$p/inc=II -fmacro-prefix-map=$p=RR" "-fmacro-prefix-map=$p=RR -ffile-prefix-map=$p/inc=II" \
  "-ffile-prefix-map=$p/inc=II -fdebug-prefix-map=$p=RR -fmacro-prefix-map=$p/inc/=SS/"; do
  for compiler in g++ clang++; do
    ! command -v $compiler >/dev/null || same $compiler $maps -g -I"$p/inc" -isystem "$p/sys" -c "$p/src/a.cc"
  done
done
# gcc compares the length of a header's real path with that of its name, and a directory's shorter real path is sent.
mkdir -p "$p/x" "$p/z" "$p/qq" && echo 'inline const char* s() { return __FILE__; }' >"$p/qq/linked.h" && ln -s ../qq/linked.h "$p/z/linked.h"
cp "$p/qq/linked.h" "$p/z/own.h"
printf '#include <linked.h>\nconst char* l() { return s(); }\n' >"$p/src/linked.cc"
printf '#include <own.h>\nconst char* l() { return s(); }\n' >"$p/src/own.cc"
for option in -isystem -idirafter; do
  same_here names-unlike 0 g++ $option "$p/x/../z" -c "$p/src/linked.cc"
  same_on_host g++ $option "$p/x/../z" -c "$p/src/own.cc"
  same_on_host g++ $option "$p/z" -c "$p/src/linked.cc"
done
# One name that is forced, and found by a system header: gcc here reports the real path for the second only.
long=$p/x/../z/..
printf '#pragma once\n#include "other.h"\n' >"$p/inc/both.h" && printf '#ifndef OTHER\n#define OTHER\n#include "../inc/both.h"\n#endif\n' >"$p/z/other.h"
echo 'int both;' >"$p/src/both.cc"
DISTCC_FALLBACK=1 same g++ -isystem "$p/x/../z" -imacros "$p/z/../inc/both.h" -c "$p/src/both.cc"
DISTCC_FALLBACK=1 same g++ -isystem "$long/z" -imacros "$long/inc/both.h" -c "$p/src/both.cc"
# A #line with an absolute name, as generators write it. gcc compares it with the names of files: for the line table, and to decide
# which warnings are for the main file only. So the unit is compiled here.
printf 'namespace { struct N { int a; }; }\nint q() { return 1; }\n#line 2 "%s/y.y"\nint r() { return 2; }\n#line 4 "%s/generated.cc"\nstruct M { N n; };\nint main() { return r() + q(); }\n' \
  "$p" "$p/src" >"$p/src/generated.cc"
printf '\n#line 3 "%s/generated.c"\nstatic const int x = 1;\nint main(void) { return 0; }\n' "$p/src" >"$p/src/generated.c"
printf 'int q() { return 1; }\n#line 4 __FILE__\nint main() { return q(); }\n' >"$p/src/generated_by_macro.cc"
printf 'inline int a1() { return 1; }\n# 5 "%s/generated.h"\ninline int a2() { return 2; }\n' "$p/inc" >"$p/inc/generated.h"
printf '#include "generated.h"\nint f() { return a1() + a2(); }\n' >"$p/src/uses_generated.cc"
printf 'int q() { return 1; }\n#line 4 "generated_relative.y"\nint main() { return q(); }\n' >"$p/src/generated_relative.cc"
for flags in "" -g -g3 "-Wall -Werror"; do
  for unit in generated.cc generated_by_macro.cc uses_generated.cc; do
    same_here names-unlike 0 g++ $flags -I"$p/inc" -c "$p/src/$unit"
    expect_contains "detail" "#line" "$(recorded detail)"
    DISTCC_FALLBACK=1 same g++ $flags -I../inc -c "../src/$unit"
    ! command -v clang++ >/dev/null || DISTCC_FALLBACK=1 same clang++ $flags -I"$p/inc" -c "$p/src/$unit"
  done
  DISTCC_FALLBACK=1 same gcc $flags -c "$p/src/generated.c" # with -Wall -Werror it fails
  same_on_host g++ $flags -I"$p/inc" -c "$p/src/generated_relative.cc"
done
# With a #line at the beginning of the source, gcc does not know the main file.
printf 'static const int x = 1;\nint main(void) { return 0; }\n' >"$p/src/unused.c"
for warning in -Wunused -Wunused-variable -Wunused-const-variable=1 "-Wall -Wno-misleading-indentation"; do
  same_here names-unlike 0 gcc -finstrument-functions-exclude-file-list=foo $warning -c "$p/src/unused.c"
done
same_on_host gcc -finstrument-functions-exclude-file-list=foo -Wextra -c "$p/src/unused.c"
# A header that is entered by an absolute name and by another one is two files for gcc on a host, unless its guard keeps it out.
printf 'inline int VALUE() { return 1; }\n' >"$p/inc/again.h" && printf '#pragma once\ninline int once() { return 1; }\n' >"$p/inc/once.h"
printf '#define VALUE one\n#include "%s/again.h"\n#undef VALUE\n#define VALUE two\n#include "again.h"\nint f() { return one() + two(); }\n' "$p/inc" >"$p/src/again.cc"
printf '#include "%s/once.h"\n#include "once.h"\nint f() { return once(); }\n' "$p/inc" >"$p/src/once.cc"
for flags in "" -g -g3; do
  for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    same $compiler $flags -I"$p/inc" -c "$p/src/again.cc"
    same $compiler $flags -I"$p/inc" -c "$p/src/once.cc"
  done
  same_on_host g++ $flags -I"$p/inc" -c "$p/src/once.cc"
done
# clang names functions for `omp target` after the inode of the source.
if command -v clang++ >/dev/null; then
  printf 'int main() {\n  int s = 0;\n#pragma omp target map(s)\n  s++;\n  return s;\n}\n' >"$p/src/target.cc"
  same_here names-unlike 1 clang++ -fopenmp -c "$p/src/target.cc"
  sed 's/target map(s)/parallel/' "$p/src/target.cc" >"$p/src/parallel.cc" && same_on_host clang++ -fopenmp -c "$p/src/parallel.cc"
fi

# gcc would report a system header by the shorter real path, which is longer on the host.
mkdir -p "$p/sys2" && ln -s ../sys/s.h "$p/sys2/linked_header_with_a_long_name.h" && cp "$p/sys/second.h" "$p/sys2"
printf '#include <linked_header_with_a_long_name.h>\nconst char* l() { return system_header(); }\n' >"$p/src/l.cc"
same_here names-unlike 0 g++ -isystem "$p/sys2" -g3 -c "$p/src/l.cc"
same_here names-unlike 0 g++ -isystem "$p/sys2" -c "$p/src/l.cc"
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

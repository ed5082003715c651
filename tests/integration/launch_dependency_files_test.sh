# Dependency files equal the compiler's: name, directory, targets, line breaks and content, in every mode and for all options.
# Source, headers and objects are in different directories, and the server sees none of them.
source "$(dirname "$0")/launch_lib.sh"
need perl
project=$work/project
mkdir -p "$project"/{src/deep,sys,build/obj,build/dep} "$project/inc/a/rather/long/name/of/a/directory"
can_hide && DISTCCD_HIDES=$project
mkdir "$work/failing"
start_distccd
export PUMP_LINGER=5
long=../inc/a/rather/long/name/of/a/directory
cd "$project/build"
printf '#include "h.h"\n#include <s.h>\n#include <w1.h>\n#include <w2.h>\n#include <stddef.h>\nint f(void) { return H + S; }\n' \
  >../src/deep/a.c
echo '#define H 1' >../src/deep/h.h
echo '#define S 1' >../sys/s.h
for i in 1 2; do echo "#define W$i" >$long/w$i.h; done
find "$project" -exec touch -d '1 hour ago' {} +
touch -d '1 minute ago' "$work/begin"

# The options. "+" means compiled on the server, "-" locally.
dependency_options() {
  cat <<'WAYS'
+
+ -MD
+ -MMD
+ -MMD -MP
+ -MD -MF dep/x.d
+ -MD -MFdep/x.d
+ -MD -MT obj/t.o -MF dep/x.d
+ -MT obj/t.o -MD -MP -MF dep/x.d
+ -MD -MQ obj/t.o -MF dep/x.d
+ -MD -MT ./obj/t.o -MF dep/x.d
+ -MMD -MP -MQ .//././obj/t.o -MF ./dep/x.d
+ -MMD -MT 'two words$' -MF dep/x.d
+ -Wp,-MD,dep/x.d
+ -Wp,-MMD,dep/x.d
+ --write-dependencies
+ --write-user-dependencies
- -MMD -MQ 'two words$' -MF dep/x.d
- -MD -MT a -MT b
- -Wp,-MMD,dep/x.d,-MP
- -Wp,-MD,dep/x.d -MT foo
- -Wp,-MD,dep/x.d -MP
- -MD -MMD
- -MMD -MD -MF dep/x.d
- -MD -MG
- -MF dep/x.d
- -MP
- -MD -MV
- -Xpreprocessor -MD -Xpreprocessor dep/x.d
- -MD -MF -
- -MD -MF /dev/null
- -MD -MF none/x.d
WAYS
}
common_options() { dependency_options | sed -n '2p;4p;7,8p;11p'; }

clean() { find "$project/build" -mindepth 1 ! -name obj ! -name dep -delete; }
# The results of a command: exit status, output, files, and content of dependency files.
left_behind() {
  echo "exit $1"
  cat "$work/out"
  find "$project" -type f -newer "$work/begin" | sort
  find "$project" -type f \( -name '*.d' -o -name - \) -print0 | sort -z |
    while IFS= read -r -d '' file; do echo "== $file" && cat "$file"; done
}
compare() { # compare COMMAND...: without and with the launcher
  clean
  status=0
  "$@" >"$work/out" 2>/dev/null || status=$?
  left_behind $status >"$work/local"
  clean
  rm -rf "$XDG_STATE_HOME"
  status=0
  "$launch" "$@" >"$work/out" 2>"$work/err" || status=$?
  left_behind $status >"$work/launched"
  compared=$((compared + 1))
  diff "$work/local" "$work/launched" || fail "$mode: $* differs; $(cat "$work/err")"
}
# compare_all LIST OUTCOME ARG...: OUTCOME of the options of LIST with "+"
compare_all() {
  local list=$1 expected=$2 place options arguments
  shift 2
  while read -r place options; do
    eval "arguments=($options)"
    compare $compiler "$@" -I$long -isystem "$project/sys" "${arguments[@]}"
    [ "$place" != + ] || expect_equal "$mode: $compiler $* $options: outcome" $expected "$(recorded_outcome)"
    [ "$place" != - ] || expect_equal "$mode: $compiler $* $options: outcome" local "$(recorded_outcome)"
  done < <($list)
}
compared=0
pump_hosts=$DISTCC_HOSTS plain_hosts=${DISTCC_HOSTS/,cpp/}
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  mode="pump mode"
  compare_all dependency_options pump -c ../src/deep/a.c -o obj/a.o
  compare_all common_options pump -c "$project/src/deep/a.c"
  compare_all common_options pump -S ../src/deep/a.c
  compare_all common_options pump -c "$project/src/deep/a.c" -o "$project/build/obj/a.b.o"
  mode="no host in pump mode"
  DISTCC_HOSTS=$plain_hosts compare_all dependency_options local -c ../src/deep/a.c -o obj/a.o
  DISTCC_HOSTS=$plain_hosts compare_all common_options local -c "$project/src/deep/a.c"
  DISTCC_HOSTS=$plain_hosts compare_all common_options local -S ../src/deep/a.c -o obj/a.s
  mode="link-time optimisation"
  compare_all common_options local -flto=$([ $compiler = gcc ] && echo 2 || echo full) -c ../src/deep/a.c -o obj/a.o
  mode="a host that is this machine"
  DISTCC_HOSTS=localhost compare_all common_options local -c ../src/deep/a.c -o obj/a.o
  mode="local by reason"
  compare_all common_options local -march=native -c ../src/deep/a.c -o obj/a.o

  mode="odd names"
  for name in 'bl ank' 'dol$lar' 'ha#sh' 'co:lon' 'back\slash' 'per%cent' "quo'te" $'ta\tb' 'end\' $'new\nline'; do
    directory="$project/odd/d$name"
    rm -rf "$project/odd" && mkdir -p "$directory"
    printf '#include "h%s.h"\n#include <w1.h>\n#include <w2.h>\n' "$name" >"$directory/s$name.c"
    # An #include cannot contain a newline.
    [ "$name" != $'new\nline' ] || echo 'int x;' >"$directory/s$name.c"
    : >"$directory/h$name.h"
    find "$project/odd" -exec touch -d '1 hour ago' {} +
    compare $compiler -I$long -MD -MP -c "../odd/d$name/s$name.c" -o obj/a.o
    compare $compiler -I$long -MD -MF "dep/x$name.d" -MT t -c "$directory/s$name.c" -o obj/a.o
    compare $compiler -I$long -MMD -c "../odd/d$name/s$name.c" -o "obj/o$name.o"
    DISTCC_HOSTS=$plain_hosts compare $compiler -I$long -MMD -c "../odd/d$name/s$name.c" -o obj/a.o
  done
done

# The include server gives up.
mode="includes unknown"
printf '#define NAME "%s/src/deep/h.h"\n#include NAME\nint f(void) { return H; }\n' "$project" >../src/deep/two.c
touch -d '1 hour ago' ../src/deep/two.c
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  compare_all common_options local -c ../src/deep/two.c -o obj/a.o
done

# Text with absolute names. The copies that are sent name the files differently.
mode="an absolute #include"
mkdir "$project/src/once"
ln -s deep "$project/src/link"
printf '#pragma once\n#define ONCE 1\n' >"$project/src/once/once.h"
printf '#include "%s/src/deep/a.c"\n' "$project" >../src/unity.c
printf '#include "%s/src/link/a.c"\n#include "../inc/in.h"\n' "$project" >../src/link.c
printf '#include <%s/src/once/once.h>\n' "$project" >../inc/in.h
printf '#include "%s/src/once/once.h"\n#include "once/once.h"\nint f(void) { return ONCE; }\n' "$project" >../src/twice.c
printf '#include <once.h>\n#include "%s/src/once/once.h"\n#include "once/once.h"\n' "$project" >../src/thrice.c
printf '#include "%s/src/deep/h.h"\n#include "deep/h.h"\nint f(void) { return H; }\n' "$project" >../src/again.c
find "$project/src" "$project/inc" -exec touch -h -d '1 hour ago' {} +
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for source in ../src/unity.c "$project/src/unity.c" ../src/link.c; do
    compare_all common_options pump -c $source
    # In DWARF 5, clang lists sums of files, and that of an edited copy differs.
    compare $compiler -I$long -isystem "$project/sys" -gdwarf-4 -MMD -c $source
    # Of DWARF 4, gcc has its strings in an order that depends on the directory, and compiles here.
    expect_equal "$mode: $compiler -gdwarf-4 $source: outcome" "$([ $compiler = gcc ] && echo local || echo pump)" "$(recorded_outcome)"
  done
  for source in twice thrice again; do
    compare $compiler -I../src/once -MD -MP -c ../src/$source.c
    compare $compiler -I../src/once -MD -c "$project/src/$source.c"
  done
done

# A compilation that fails leaves the files that the compiler leaves, also if preprocessing succeeds.
mode="an error"
printf '#include "h.h"\nint f(void) { return undeclared; }\n' >../src/deep/bad.c
printf '#include "h.h"\n#include "none.h"\n' >../src/deep/no_header.c
printf '#include "h.h"\n__asm__(".bad directive");\n' >../src/deep/bad_assembly.c
touch -d '1 hour ago' ../src/deep/*.c
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for hosts in "$pump_hosts" "$plain_hosts"; do
    for source in bad no_header bad_assembly; do
      export DISTCC_HOSTS=$hosts DISTCC_FALLBACK=1
      compare $compiler -MMD -c ../src/deep/$source.c -o obj/a.o
      compare $compiler -MD -MF dep/x.d -c ../src/deep/$source.c
    done
  done
done

# A server on which everything fails: compiled here, and the unit is set aside. The next one begins here.
mode="set aside"
for compiler in gcc clang; do
  for name in $compiler x86_64-linux-gnu-$compiler aarch64-linux-gnu-$compiler; do
    printf '#!/bin/sh\nexit 1\n' >"$work/failing/$name" && chmod 755 "$work/failing/$name"
  done
done
distccd_stop
DISTCCD_PATH=$work/failing start_distccd
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  while read -r place options; do
    for time in first second third; do
      mode="set aside, the $time time"
      compare $compiler -I$long -isystem "$project/sys" -c ../src/deep/a.c -o obj/a.o $options
      expect_equal "$mode: $compiler $options: outcome" local "$(recorded_outcome)"
    done
  done < <(common_options)
done
echo "$compared commands compared"

# -MD and its relatives: the dependency files of remote compilations say what local ones say.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
mkdir -p "$work/src/inc" "$work/src/out" && cd "$work/src"
printf '#include "h.h"\n#include "inc/i.h"\n#include <stddef.h>\nint f() { return H + I; }\n' >a.cc
printf '#define H 1\n' >h.h
printf '#define I 1\n' >inc/i.h
words() { tr -s ' \\\n' '\n' <"$1" | sed '/^$/d'; }
check() {
  local file=$1
  shift
  rm -f out/* ./*.d
  $compiler "$@" || fail "$compiler $*"
  [ -s "$file" ] || fail "$compiler $* makes no $file"
  words "$file" | sort >"$work/local"
  rm -f out/* ./*.d
  "$launch" $compiler "$@" || fail "pump-launch $compiler $*"
  [ -s "$file" ] || fail "pump-launch $compiler $* makes no $file"
  words "$file" | sort >"$work/launched"
  diff "$work/local" "$work/launched" || fail "$compiler $*: $file differs"
}
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  check out/a.d -MD -c a.cc -o out/a.o
  check out/a.d -MD -c a.cc -oout/a.o
  check out/a.d -MMD -c a.cc -o out/a.o
  check a.d -MMD -c a.cc
  check out/x.d -MD -MF out/x.d -c a.cc -o out/a.o
  check out/x.d -MMD -MFout/x.d -MT target -c a.cc -o out/a.o
  check out/x.d -MD -MT out/a.o -MF out/x.d -o out/a.o -c a.cc
  check out/x.d -MD -MP -MF out/x.d -c a.cc -o out/a.o
  check out/x.d -MMD -MF out/x.d -MQ 'a$b' -c a.cc -o out/a.o
  begun=$(begun_jobs)
  check out/x.d -MMD -MF out/x.d -MT one -MT two -c a.cc -o out/a.o
  expect_equal "several targets stay here: jobs" "$begun" "$(begun_jobs)"
  check out/x.d -Wp,-MD,out/x.d -c a.cc -o out/a.o
  check out/x.d -Wp,-MMD,out/x.d -c a.cc -o out/a.o
  check out/x.d -MD -MF out/x.d -c "$PWD/a.cc" -o "$PWD/out/a.o"
  check out/x.d -MD -MF out/x.d -I"$PWD/inc" -c a.cc -o out/a.o
done
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

# Where the include server refuses, distcc preprocesses here, without -o: the rule's target must not change.
printf '#include "%s/inc/i.h"\n#include "inc/i.h"\nint f() { return I; }\n' "$PWD" >a.cc
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  check out/x.d -MD -MF out/x.d -c a.cc -o out/a.o
done
[ "$(begun_plain_jobs)" -gt 0 ] || fail "two names of one file were expected to be preprocessed here"

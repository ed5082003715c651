# CPATH and its siblings keep pump mode: headers are found in the compiler's own order, remotely.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
mkdir "$work/src" && cd "$work/src"
for d in i cpath here s lang; do mkdir $d; echo "#define WHERE \"$d\"" >$d/h.h; echo "#define ONLY_$d 1" >$d/$d.h; done
cp here/h.h . && echo '#define WHERE "."' >h.h
printf '#include <h.h>\n#include <lang.h>\nconst char* w = WHERE;\nint only = ONLY_lang;\n' >a.cc
cp a.cc a.c

check() {
  local what=$1
  shift
  "$@" -o local.o
  "$launch" "$@" -o launched.o || fail "$what failed"
  cmp local.o launched.o || fail "$what: objects differ"
}
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  CPATH=cpath:here CPLUS_INCLUDE_PATH=lang check "CPATH" $compiler -c a.cc
  CPATH=:cpath CPLUS_INCLUDE_PATH=lang check "empty element" $compiler -c a.cc
  CPATH=cpath CPLUS_INCLUDE_PATH=lang check "-I first" $compiler -Ii -c a.cc
  CPLUS_INCLUDE_PATH=lang check "-isystem before the variable" $compiler -isystem s -c a.cc
  CPATH= C_INCLUDE_PATH=cpath CPLUS_INCLUDE_PATH=lang check "of another language" $compiler -isystem i -c a.cc
  CPATH="$PWD/cpath" CPLUS_INCLUDE_PATH="$PWD/lang" check "absolute" $compiler -c a.cc
done
C_INCLUDE_PATH=lang:cpath check "C" gcc -c a.c
expect_equal "jobs in plain mode" 0 "$(begun_plain_jobs)"
[ "$(begun_jobs)" -ge 7 ] || fail "only $(begun_jobs) remote jobs"
expect_count "jobs in pump mode" "$(begun_jobs)" pump_mode_jobs

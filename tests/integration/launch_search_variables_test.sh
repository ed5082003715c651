# With CPATH and related variables, compilations stay in pump mode: headers are found in the compiler's order on the server.
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

# The search list that the compiler prints with the variables equals the one with the arguments that distccd gets.
search_list() { sed -n '/^#include "\.\.\."/,/^End of search list/p'; }
lists() { # lists COMPILER SOURCE OPTION...: with the variables of the caller
  local what="$* with CPATH=${CPATH-} C=${C_INCLUDE_PATH-} C++=${CPLUS_INCLUDE_PATH-} ObjC=${OBJC_INCLUDE_PATH-}" compiler=$1 source=$2 words
  shift 2
  "$compiler" "$@" -v -E "$source" 2>&1 >/dev/null | search_list >"$work/expected"
  before=$(begun_jobs)
  "$launch" "$compiler" "$@" -c "$source" -o launched.o || fail "$what"
  expect_equal "jobs: $what" $((before + 1)) "$(begun_jobs)"
  read -ra words < <(sed -n "s/.*(dcc_r_argv) got arguments: //p" "$distccd_log" | tail -n 1)
  env -u CPATH -u C_INCLUDE_PATH -u CPLUS_INCLUDE_PATH -u OBJC_INCLUDE_PATH -u OBJCPLUS_INCLUDE_PATH \
    "${words[@]/#-c/-E}" -v 2>&1 >/dev/null | search_list | sed "s,^ \.\.///\./, $work/," >"$work/actual"
  [ "$(wc -l <"$work/expected")" -gt 4 ] || fail "no search list from $what"
  diff "$work/expected" "$work/actual" || fail "other search list: $what"
  compared=$((compared + 1))
}
compared=0
for suffix in c cc m; do echo 'int x;' >x.$suffix; done
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for cpath in "" cpath:here :cpath cpath: cpath::here missing:"$PWD/i":s; do
    export CPATH=$cpath
    for own in "" lang:s s:lang:; do
      CPLUS_INCLUDE_PATH=$own lists $compiler x.cc -Ii
      CPLUS_INCLUDE_PATH=$own lists $compiler x.cc -isystem s -Ii -iquote here -idirafter cpath
      C_INCLUDE_PATH=$own CPLUS_INCLUDE_PATH=i lists $compiler x.c -isystem s
    done
  done
  $compiler -E x.m >/dev/null 2>&1 || continue # built without Objective-C
  # The include server does not know that variable.
  jobs=$(begun_jobs)
  CPATH=here OBJC_INCLUDE_PATH=lang:s C_INCLUDE_PATH=i "$launch" $compiler -Icpath -c x.m -o launched.o
  expect_here "$compiler x.m" includes-unknown "$jobs"
  expect_contains "$compiler x.m" OBJC_INCLUDE_PATH "$(recorded detail)"
done
[ $compared -ge 54 ] || fail "only $compared lists compared"

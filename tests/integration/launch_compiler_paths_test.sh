# distccd runs compilers by name. A compiler that is called by its path is sent under its plain name if that is the same
# program. Another program of that name is compiled with locally, and no file is sent in vain.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
mkdir -p "$work/src" "$work/same" "$work/other" && cd "$work/src"
printf '#include "a.h"\nint f() { return A; }\n#ifdef OTHER\nint other;\n#endif\n' >a.cc
printf '#define A 4\n' >a.h
ln -s "$(command -v g++)" "$work/same/g++"
printf '#!/bin/sh\nexec /usr/bin/g++ -DOTHER "$@"\n' >"$work/other/g++" && chmod 755 "$work/other/g++"
compiles() { # compiles WHAT PUMP_MODE_JOBS COMPILER
  rm -f a.o
  "$3" -c a.cc -o local.o
  output=$("$launch" "$3" -c a.cc -o a.o 2>&1) || fail "$1: $output"
  expect_equal "$1: output" "" "$output"
  cmp local.o a.o || fail "$1: objects differ"
  expect_count "$1: jobs in pump mode" "$2" pump_mode_jobs
  expect_equal "$1: jobs begun" "$2" "$(begun_jobs)"
}
compiles "a plain name" 1 g++
compiles "below /usr/bin" 2 /usr/bin/g++
compiles "the same program elsewhere" 3 "$work/same/g++"
compiles "the same by a relative path" 4 ../same/g++
compiles "another program" 4 "$work/other/g++"
# distcc would send g++ as x86_64-linux-gnu-g++, which is not what runs here.
PATH=$work/other:$PATH compiles "another program, by its name" 4 g++
PATH=$work/same:$PATH compiles "the same program, by its name" 5 g++

# Scripts, wrappers, other programs and missing programs with the name of a compiler are not sent.
begun=$(begun_jobs)
# stays WHAT COMPILER: compiled locally, with the result of COMPILER
stays() {
  local what=$1 compiler=$2 status=0 expected=0
  rm -f a.o local.o
  "$compiler" -c a.cc -o local.o >/dev/null 2>&1 || expected=$?
  "$launch" "$compiler" -c a.cc -o a.o >/dev/null 2>&1 || status=$?
  expect_equal "$what: status" $expected $status
  [ $expected != 0 ] || cmp local.o a.o || fail "$what: objects differ"
  expect_equal "$what: jobs begun" "$begun" "$(begun_jobs)"
}
mkdir "$work/scripts" "$work/copies" "$work/links" "$work/caches" "$work/home/distcc"
for name in clang++ gcc-12 g++-12 x86_64-linux-gnu-g++ c++ my-g++; do
  printf '#!/bin/sh\nexec /usr/bin/g++ -DOTHER "$@"\n' >"$work/scripts/$name"
  cp "$work/scripts/$name" "$work/home/distcc/"
done
chmod 755 "$work"/scripts/* "$work"/home/distcc/*
for name in clang++ gcc-12 g++-12 x86_64-linux-gnu-g++ c++ my-g++; do
  PATH=$work/scripts:$PATH stays "a script called $name" $name
  stays "a script called $name, by its path" "$work/scripts/$name"
  stays "a script called $name, by a relative path" ../scripts/$name
  stays "a script called $name in a directory called distcc" "$work/home/distcc/$name"
  PATH=$work/home/distcc:$PATH stays "a script called $name in a directory on PATH called distcc" $name
done
cp "$(readlink -f "$(command -v g++)")" "$work/copies/g++"
cp "$work/copies/g++" "$work/copies/c++"
PATH=$work/copies:$PATH stays "another compiler" g++
PATH=$work/copies:$PATH stays "another compiler, called c++" c++
stays "another compiler, by its path" "$work/copies/g++"
stays "a path that does not exist" /no/such/g++
stays "a path below /usr/bin that does not exist" /usr/bin/no-such-g++
status=0
env PATH="$work/none" "$launch" g++ -c a.cc -o a.o 2>/dev/null || status=$?
expect_equal "a missing name: status" 127 $status
expect_equal "a missing name: jobs begun" "$begun" "$(begun_jobs)"
if command -v ccache >/dev/null; then
  ln -s "$(command -v ccache)" "$work/caches/clang++"
  ln -s "$(command -v ccache)" "$work/caches/x86_64-linux-gnu-g++"
  export CCACHE_DIR=$work/ccache
  for name in clang++ x86_64-linux-gnu-g++; do
    command -v $name >/dev/null || continue
    CCACHE_PREFIX= PATH=$work/caches:$PATH stays "a cache called $name" $name
  done
fi
# A generic name is sent as the name of its compiler.
if command -v clang++ >/dev/null; then
  ln -s "$(command -v clang++)" "$work/links/c++"
  jobs=$(pump_mode_jobs)
  PATH=$work/links:$PATH compiles "clang++, called c++" $((jobs + 1)) c++
  grep -q 'exec.*clang++\|clang++ .*a.cc' "$distccd_log" || fail "clang++, called c++: the server did not run clang++"
fi

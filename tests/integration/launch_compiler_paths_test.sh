# distccd runs compilers by name. One that is called by its path travels under its plain name where that is the same
# program; another program of that name stays here, and no file is tried in vain.
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

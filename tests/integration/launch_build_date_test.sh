# __DATE__ and __TIME__ are those of this machine's clock and time zone, also on a host in another zone.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
mkdir "$work/p" && cd "$work/p"
# In this zone the date is another one than in the server's, which is UTC's.
if [ "$(TZ=UTC0 date +%H)" -ge 11 ]; then export TZ=EAST-13; else export TZ=WEST+12; fi
[ "$(date +%d)" != "$(TZ=UTC0 date +%d)" ] || fail "the zones have the same date"
printf '#define BUILT __DATE__ " " __TIME__\n' >built.h
printf '#include "built.h"\nconst char* built = BUILT;\n' >macro.cc
printf 'const char* built = __DATE__ " " __TIME__;\n' >source.cc
printf '#include "built.h"\nint nothing;\n' >unused.cc
printf 'const char* built = OPTION;\n' >option.cc

# dated OUTCOME WORD...: equal objects in one of a few attempts, because the time passes.
dated() {
  local outcome=$1
  shift
  for _ in 1 2 3 4 5 6 7 8; do
    "$@" -o local.o 2>local.err && "$launch" "$@" -o remote.o 2>remote.err || fail "$*: $(cat local.err remote.err)"
    expect_equal "$*: outcome" "$outcome" "$(recorded_outcome)"
    ! cmp -s local.o remote.o || break
  done
  cmp local.o remote.o || fail "$*: $(strings local.o | grep 20) here, $(strings remote.o | grep 20) there"
  diff local.err remote.err || fail "$*: messages"
}
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for unit in macro.cc source.cc unused.cc "option.cc -DOPTION=__DATE__"; do
    # shellcheck disable=SC2086
    for flags in "" "-g -Wall -Wextra -pedantic-errors -Werror"; do dated pump $compiler $flags -c $unit; done
  done
  export DISTCC_FALLBACK=1
  dated local $compiler -Wdate-time -c macro.cc
  expect_equal "reason" build-date "$(recorded reason)"
  dated pump $compiler -Wdate-time -Wno-date-time -c macro.cc
  dated local $compiler -g3 -c source.cc
  dated local $compiler -Wno-builtin-macro-redefined '-D__DATE__="never"' -c source.cc
  dated pump $compiler -Wno-builtin-macro-redefined '-D__DATE__="never"' '-D__TIME__="ever"' -c source.cc
  SOURCE_DATE_EPOCH=1000000 dated local $compiler -c macro.cc
done

# The value is a macro of the command on a host. So what may tell is compiled here: a builtin macro that is redefined, whose warning
# would be switched off, and messages.
printf 'const char* built = __DATE__;\n#define __FILE__ "name"\n' >redefines.cc
printf 'const char* built = __DATE__;\n#undef __LINE__\n' >undefines.cc
printf '#define __DATE__ "never"\nconst char* built = __DATE__ __TIME__;\n' >own.cc
printf '#ifndef __has_feature\n#define __has_feature(x) 0\n#endif\n#if 0\n#undef __DATE__\n#endif\nconst char* built = __DATE__;\n' >usual.cc
printf '#include <cstdio>\nvoid f() { std::printf(__DATE__, 1); }\n' >warns.cc
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  for unit in redefines undefines own; do
    dated local $compiler -c $unit.cc
    expect_equal "$compiler $unit: reason" build-date "$(recorded reason)"
  done
  same $compiler -Werror -c redefines.cc
  expect_equal "$compiler -Werror: jobs" 0 $same_jobs
  dated pump $compiler -c usual.cc
  dated local $compiler -Wall -Wextra -c warns.cc
  expect_equal "$compiler: reason" messages-unlike "$(recorded reason)"
done

# #pragma GCC optimize and target define macros, but not while gcc only preprocesses. So a unit with such a pragma that the
# include server cannot answer for is compiled here: distcc's plain mode makes another program of it.
source "$(dirname "$0")/launch_lib.sh"
mkdir "$work/src" && cd "$work/src"
can_hide && DISTCCD_HIDES=$work/src
start_distccd
export PUMP_LINGER=5
cat >pragma.h <<'H'
#pragma GCC optimize("O2")
#ifdef __OPTIMIZE__
int with;
#else
int without;
#endif
H
printf '#include "pragma.h"\n' >known.c
# What is probed comes from a macro's argument, and the pragma makes all macros uncertain.
printf '#define HAS(x) __has_include(x)\n#include "pragma.h"\n#if HAS("a.h")\nint a;\n#endif\n' >unknown.c
# gcc that only preprocesses sees no macro: or nothing below would prove anything.
gcc -E known.c | grep -q 'int without' || skip "this gcc defines the macros when it only preprocesses, too"
for source in known:pump unknown:local unknown:local; do
  gcc -c ${source%:*}.c -o local.o && "$launch" gcc -c ${source%:*}.c -o a.o
  cmp local.o a.o || fail "$source: objects differ"
  expect_equal "${source%:*}.c: compiled" ${source#*:} "$(recorded_outcome none)"
done
expect_contains "the reason" "pragma.h:1" "$("$PUMP_BIN/pump" --why unknown.c)"

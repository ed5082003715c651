# #pragma GCC optimize and target define macros, but not while gcc only preprocesses. So a unit with such a pragma that the
# include server cannot answer is compiled locally: plain mode would compile another program.
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
# The probed name is a macro's argument, and the pragma makes all macros unknown.
printf '#define HAS(x) __has_include(x)\n#include "pragma.h"\n#if HAS("a.h")\nint a;\n#endif\n' >unknown.c
# Positive control: gcc that only preprocesses does not define the macro.
gcc -E known.c | grep -q 'int without' || skip "this gcc defines the macros when it only preprocesses, too"
for source in known:pump unknown:local unknown:local; do
  gcc -c ${source%:*}.c -o local.o && "$launch" gcc -c ${source%:*}.c -o a.o
  cmp local.o a.o || fail "$source: objects differ"
  expect_equal "${source%:*}.c: compiled" ${source#*:} "$(recorded_outcome none)"
done
expect_contains "the reason" "pragma.h:1" "$("$PUMP_BIN/pump" --why unknown.c)"

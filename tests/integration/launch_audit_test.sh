# What a host did is compared with what was expected of it: the files that its compiler read, and the compiler's version. If they
# differ, the unit is compiled here, and `pump --why` says what differs.
source "$(dirname "$0")/hosts_lib.sh"
need clang++ objcopy
# other_compilers DIRECTORY LINE: compilers that run LINE, in which $real is the path of the real one.
other_compilers() {
  local name
  for name in g++ clang++; do
    standin "$1" "$name" "real=$(command -v $name)" "$2"
  done
}
other_compilers "$work/misjudging" '[ ! -e '"$work"'/misjudging/on ] || exec $real -DTHERE "$@"'
start near --compilers "$work/misjudging"
export DISTCC_HOSTS="$(cluster_host near)"
mkdir inc
echo '#define FEWER' >inc/fewer.h && echo '#define BOTH' >inc/both.h
printf '#include "inc/both.h"\n\n#ifndef THERE\n#include "inc/fewer.h"\n#endif\nint fewer;\n' >fewer.cc
printf '#ifdef THERE\n#include <climits>\n#endif\nint more;\n' >more.cc
# compiles WHAT OUTCOME SOURCE WORD...: through the launcher, with the object, the messages and the .d of a compilation here.
compiles() {
  local what=$1 outcome=$2 source=$3 object=${3%.cc}.o
  shift 3
  rm -f "$object" pump.d x.d && "$@" -c "$source" -o "$object" >"$work/local.out" 2>&1 || fail "$what: here: $(cat "$work/local.out")"
  mv "$object" local.o && { [ ! -e x.d ] || mv x.d local.d; }
  "$launch" "$@" -c "$source" -o "$object" >"$work/out" 2>&1 || fail "$what: $(cat "$work/out")"
  expect_equal "$what: messages" "$(cat "$work/local.out")" "$(cat "$work/out")"
  cmp local.o "$object" || fail "$what: the object"
  [ ! -e x.d ] || cmp local.d x.d || fail "$what: the .d"
  [ ! -e pump.d ] || fail "$what: pump.d was written"
  [ "$(recorded_outcome none)" = "$outcome" ] || fail "$what: $(recorded reason): $(recorded detail)"
}

# The host takes another branch.
host=$(cluster_host near)
for compiler in g++ clang++; do
  for rule in "" "-MD -MF x.d" "-MMD -MF x.d"; do
    rm -f "$work/misjudging/on"
    compiles "$compiler $rule, no fault" pump fewer.cc $compiler -Ddo_not_set_aside $rule
    : >"$work/misjudging/on"
    compiles "$compiler $rule, fewer" local fewer.cc $compiler $rule
    expect_equal "reason" misjudged "$(recorded reason)"
    expect_equal "detail" "include server misjudged fewer.cc:4: $host did not read inc/fewer.h" "$(recorded detail)"
    [ "$rule" != "-MMD -MF x.d" ] || continue # system headers are not in its rule
    compiles "$compiler $rule, more" local more.cc $compiler $rule
    expect_equal "reason" misjudged "$(recorded reason)"
    expect_contains "detail" "include server misjudged more.cc:2: $host read /usr/" "$(recorded detail)"
  done
done
expect_contains "--status" "Misjudged:         10 (" "$("$pump" --status)"
expect_contains "--status --json" '"misjudged": 10' "$("$pump" --status --json)"
why=$("$pump" --why more.cc)
for text in "more.cc:2" "$host" "report the named line"; do expect_contains "--why" "$text" "$why"; done
jobs=$(pump_jobs near)
compiles "again" local fewer.cc g++
expect_equal "again: reason" set-aside "$(recorded reason)"
expect_contains "again: detail" "misjudged fewer.cc:4" "$(recorded detail)"
expect_equal "again: jobs" "$jobs" "$(pump_jobs near)"

# Another version of the compiler on one host.
other_compilers "$work/older" 'output=; for word in "$@"; do [ "$before" != -o ] || output=$word; before=$word; done
$real "$@" || exit; case " $* " in
*" -S "*) sed -i "s/\.ident.*/.ident \"GCC: (Older 11.3.0) 11.3.0\"/" "$output" ;;
*" -fno-ident "*) ;;
*) printf "\0GCC: (Older 11.3.0) 11.3.0\0" >"$output.comment"
  objcopy --update-section ".comment=$output.comment" "$output" ;;
esac; exit'
start older --compilers "$work/older" && start far
version=$(readelf -p .comment local.o | sed -n 's/.*\] *\(GCC.*\)/\1/p')
make_units 12
export DISTCC_HOSTS="$(cluster_host older) $(cluster_host far)"
build "with another version on older"
expect_equal "with another version on older: units in pump mode" 12 "$(units pump)"
[ "$(units_with_faults)" -ge 1 ] || fail "older was not tried"
expect_contains "faults" "$(cluster_host older): compiler-differs: its compiler is \\\"GCC: (Older 11.3.0) 11.3.0\\\"" "$(cat "$XDG_STATE_HOME"/*/records.jsonl)"
jobs=$(pump_jobs older)
build "again, with another version on older"
expect_equal "again: jobs on older" "$jobs" "$(pump_jobs older)"
expect_equal "again: units with faults" 0 "$(units_with_faults)"
export DISTCC_HOSTS=$(cluster_host older)
DISTCC_FALLBACK=1 compiles "only older" local u1.cc g++ -O1
expect_equal "only older: reason" compiler-differs "$(recorded reason)"
why=$("$pump" --why u1.cc)
for text in "$DISTCC_HOSTS" "GCC: (Older 11.3.0) 11.3.0" "$version"; do expect_contains "only older: --why" "$text" "$why"; done
# What shows no version: the host is asked, once for all units.
echo 'syntax error' >wrong.cc
for compiler in g++ clang++; do
  export PUMP_SESSION=$compiler
  DISTCC_FALLBACK=1 compiles "$compiler -fno-ident" local u2.cc $compiler -fno-ident
  expect_equal "$compiler -fno-ident: reason" compiler-differs "$(recorded reason)"
done
export PUMP_SESSION=far DISTCC_HOSTS=$(cluster_host far)
jobs=$(distccd_settle <(cluster_log far); pump_jobs far)
for number in 1 2 3; do compiles "far, -fno-ident" pump u$number.cc g++ -fno-ident; done
expect_equal "far, -fno-ident: jobs" $((jobs + 4)) "$(distccd_settle <(cluster_log far); pump_jobs far)"
export PUMP_SESSION=wrong DISTCC_HOSTS=$(cluster_host older)
DISTCC_FALLBACK=1 "$launch" g++ -c wrong.cc -o wrong.o 2>"$work/out" && fail "wrong.cc compiles"
g++ -c wrong.cc -o wrong.o 2>"$work/local.out" || true
expect_equal "wrong.cc: messages" "$(cat "$work/local.out")" "$(cat "$work/out")"
expect_contains "wrong.cc: faults" 'compiler-differs' "$(tail -n 1 "$XDG_STATE_HOME"/*/records.jsonl)"
status=0
DISTCC_FALLBACK=0 "$launch" g++ -O1 -c u1.cc -o u1.o 2>"$work/out" || status=$?
expect_equal "without fallback: exit code" 103 $status
expect_contains "without fallback" "have another version" "$(cat "$work/out")"

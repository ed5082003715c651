# Units that were scanned for modules but use none are compiled in pump mode, those with modules locally.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=1
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
printf '$root .\n' >empty.modmap
printf '$root .\nm m.gcm\n' >m.modmap
printf 'export module m;\nexport int m() { return 2; }\n' >m.cc
printf 'import m;\nint g() { return m(); }\n' >g.cc

gcc=(g++ -std=c++20 -fmodules-ts)
"${gcc[@]}" -fmodule-mapper=empty.modmap -c a.cc -o local.o
"$launch" "${gcc[@]}" -fmodule-mapper=empty.modmap -x c++ -c a.cc -o a.o
cmp local.o a.o || fail "objects differ"
expect_count "empty gcc map: jobs in pump mode" 1 pump_mode_jobs
"$launch" "${gcc[@]}" -fmodule-mapper=m.modmap -x c++ -c m.cc -o m.o
[ -s m.gcm ] || fail "no compiled module interface"
"$launch" "${gcc[@]}" -fmodule-mapper=m.modmap -x c++ -c g.cc -o g.o
expect_equal "module units: jobs" 1 "$(begun_jobs)"
# The commands that CMake writes for scanned units. gcc 15 puts the map earlier than 14 and 16 do; the order of prerequisites
# does not matter.
if "${gcc[@]}" -fmodule-mapper=empty.modmap -MD -MP -fdeps-format=p1689r5 -x c++ -c a.cc -o local.o 2>/dev/null; then
  printf '#include "h.h"\nint f() { return H; }\n' >b.cc
  echo '#define H 1' >h.h
  cpp_hosts=$DISTCC_HOSTS
  for hosts in "$cpp_hosts" "${cpp_hosts/,cpp/}" localhost; do
    for ways in "-MD" "-MMD" "-MD -MP"; do
      rm -f b.d
      # shellcheck disable=SC2086
      "${gcc[@]}" -fmodule-mapper=empty.modmap $ways -fdeps-format=p1689r5 -x c++ -c b.cc -o b.o
      tr -s ' \\\n' '\n' <b.d | sort >local.d
      mv b.ddi local.ddi && mv b.o local.o
      rm -f b.d
      # shellcheck disable=SC2086
      DISTCC_HOSTS=$hosts "$launch" "${gcc[@]}" -fmodule-mapper=empty.modmap $ways -fdeps-format=p1689r5 -x c++ -c b.cc -o b.o
      tr -s ' \\\n' '\n' <b.d | sort >launched.d
      diff local.d launched.d || fail "$hosts, $ways: another dependency file"
      cmp local.ddi b.ddi || fail "$hosts, $ways: another file of the scan"
      cmp local.o b.o || fail "$hosts, $ways: objects differ"
    done
  done
fi
# gcc records these options with -g.
for flags in "" "-MD -fdeps-format=p1689r5"; do
  status=0
  # shellcheck disable=SC2086
  "${gcc[@]}" -g -fmodule-mapper=empty.modmap $flags -c a.cc -o a.o 2>local.err || status=$?
  mv a.o local.o 2>/dev/null || true
  launched=0
  # shellcheck disable=SC2086
  "$launch" "${gcc[@]}" -g -fmodule-mapper=empty.modmap $flags -c a.cc -o a.o 2>launched.err || launched=$?
  expect_equal "-g $flags: status" $status $launched
  diff local.err launched.err || fail "-g $flags: other messages"
  [ $status != 0 ] || cmp local.o a.o || fail "-g $flags: objects differ"
done
if command -v clang++ >/dev/null; then
  : >empty.rsp
  jobs=$(pump_mode_jobs)
  clang++ -std=c++20 -c a.cc -o local.o
  "$launch" clang++ -std=c++20 @empty.rsp -c a.cc -o a.o
  cmp local.o a.o || fail "clang: objects differ"
  expect_count "empty clang map: jobs in pump mode" $((jobs + 1)) pump_mode_jobs
fi

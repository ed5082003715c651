# ccache before pump-launch (CCACHE_PREFIX) and after it: misses are compiled in pump mode from the original source, hits start
# no server.
source "$(dirname "$0")/launch_lib.sh"
need ccache
start_distccd
export PUMP_LINGER=0 CCACHE_DIR=$work/ccache
mkdir "$work/src" && cd "$work/src"
printf '#include "a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h

# rounds WHAT COMMAND...: a miss, then a hit.
rounds() {
  local what=$1 before
  shift
  g++ -c a.cc -o local.o
  before=$(begun_jobs)
  rm -f a.o && "$@" || fail "$what: miss"
  cmp local.o a.o || fail "$what: object of the miss differs"
  expect_count "$what: pump mode jobs of a miss" $((before + 1)) pump_mode_jobs
  wait_until 20 "server goes" no_server
  started=$(servers_started)
  rm -f a.o && "$@" || fail "$what: hit"
  cmp local.o a.o || fail "$what: object of the hit differs"
  expect_equal "$what: jobs of a hit" $((before + 1)) "$(begun_jobs)"
  expect_equal "$what: servers started by a hit" "$started" "$(servers_started)"
}
export CCACHE_PREFIX=$launch
rounds "prefix" ccache g++ -c a.cc -o a.o
echo '#define A 5' >a.h
rounds "prefix, header changed" ccache g++ -c a.cc -o a.o
unset CCACHE_PREFIX
echo '#define A 6' >a.h
rounds "launcher first" "$launch" ccache g++ -c a.cc -o a.o
echo '#define A 7' >a.h
CCACHE_DEPEND=1 CCACHE_PREFIX=$launch rounds "depend mode" ccache g++ -MD -MF a.d -c a.cc -o a.o
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

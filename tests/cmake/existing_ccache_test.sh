# A ccache that already is the launcher is kept and calls pump-launch for its misses, with either generator: hits stay local, and
# misses send the original source. DISTCC_PUMP_CCACHE=ON gives the same; OFF does not change an existing ccache.
source "$(dirname "$0")/package_lib.sh"
need ccache
export CCACHE_DIR=$work/ccache
start_cluster
example ccache
# rounds BUILD EXPECTED CONFIGURE-ARGUMENT...: misses, then hits; EXPECTED compilations on the server so far.
rounds() {
  local build=$1 expected=$2
  shift 2
  ccache -C >/dev/null
  configure "$build" "$@"
  expect_contains "status" "CXX after ccache, hosts: 1" "$(status_line)"
  build "$build"
  expect_pump_mode "$expected"
  runs "$build/ccache"
  build "$build" --clean-first
  expect_equal "hits that travelled" "$expected" "$(begun_jobs)"
  expect_settled "$build" "$@"
}
rounds "$work/ninja" 2 -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
generator="Unix Makefiles"
rounds "$work/make" 4 -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache)"
generator=Ninja
rounds "$work/list" 6 "-DCMAKE_CXX_COMPILER_LAUNCHER=cmake;-E;env;CCACHE_NOSTATS=1;ccache"
rounds "$work/on" 8 -DDISTCC_PUMP_CCACHE=ON
configure "$work/off" -DDISTCC_PUMP_CCACHE=OFF -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
expect_contains "off" 'its launcher "ccache" is kept, because DISTCC_PUMP_CCACHE is OFF' "$configured"
build "$work/off" --clean-first
expect_equal "with OFF" 8 "$(begun_jobs)"

# distcc_pump_exclude: the target is compiled locally, other targets are not; its ccache stays.
source "$(dirname "$0")/package_lib.sh"
need ccache
start_cluster
example exclude
configure "$work/build"
build "$work/build"
expect_pump_mode 2
runs "$work/build/exclude"
[ "$(grep -c 'generator.cc' "$calls")" = 0 ] || fail "the launcher was called for the excluded target"
expect_settled "$work/build"
export CCACHE_DIR=$work/ccache
configure "$work/cached" -DDISTCC_PUMP_CCACHE=ON
build "$work/cached" --verbose
expect_pump_mode 4
grep 'generator.cc' <<<"$built" | grep -q "^\S* *$(command -v ccache) " || grep -q "ccache [^ ]*c++ .*generator.cc" <<<"$built" ||
  fail "ccache is gone from the excluded target: $built"

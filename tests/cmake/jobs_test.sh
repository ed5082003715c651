# `pump --jobs`: the sum of the hosts' limits, from the environment or from a build directory's distcc-pump.conf.
source "$(dirname "$0")/package_lib.sh"
DISTCC_HOSTS="127.0.0.1:1/5,cpp,lzo 127.0.0.1:2/7,cpp,lzo 127.0.0.1:3,cpp,lzo"
export DISTCC_HOSTS
expect_equal "two limits and a default" 16 "$("$pump" --jobs)"
expect_equal "json" '{"jobs":16,"pump_hosts":3,"remote_hosts":3}' "$("$pump" --jobs --json)"
mkdir -p "$work/build/deep" && : >"$work/build/CMakeCache.txt"
printf 'DISTCC_HOSTS=127.0.0.1:1/30,cpp,lzo 127.0.0.1:2/12,lzo\n' >"$work/build/distcc-pump.conf"
expect_equal "the environment wins" 16 "$("$pump" --jobs "$work/build")"
unset DISTCC_HOSTS
expect_equal "a build directory" 42 "$("$pump" --jobs "$work/build")"
expect_equal "below it" 42 "$(cd "$work/build" && "$pump" --jobs deep)"
: >"$DISTCC_DIR/hosts"
expect_equal "in it" 42 "$(cd "$work/build" && "$pump" --jobs)"
for wrong in "$work/nowhere" "$work/build/CMakeCache.txt"; do
  status=0; output=$("$pump" --jobs "$wrong" 2>&1) || status=$?
  expect_equal "$wrong" 1 $status
  expect_contains "$wrong" "$wrong is not a directory" "$output"
done
status=0; output=$("$pump" --jobs "$work" 2>&1) || status=$?
expect_equal "no hosts" 1 $status
status=0; output=$("$pump" --jobs "$work" "$work" 2>&1) || status=$?
expect_equal "two directories" 2 $status

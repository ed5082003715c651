# `cpack -G TGZ`: unpacked anywhere, the package works there.
source "$(dirname "$0")/package_lib.sh"
start_cluster
cpack --config "$PUMP_BUILD/CPackConfig.cmake" -G TGZ -B "$work/packed" >"$work/cpack.log" 2>&1 || fail "$(cat "$work/cpack.log")"
mkdir "$work/un packed"
tar -xzf "$work"/packed/*.tar.gz -C "$work/un packed"
prefix=$(echo "$work/un packed"/distcc-pump-native-*)
[ -L "$prefix/bin/pump-launch" ] && [ -x "$prefix/bin/pump" ] || fail "not the expected files: $(find "$prefix")"
example minimal
configure "$work/build"
build "$work/build"
expect_pump_mode 2
runs "$work/build/minimal"
expect_equal "version" "$(sed -n 's/^project(DistccPump VERSION \([0-9.]*\).*/\1/p' "$PUMP_SOURCE/CMakeLists.txt")" \
  "$("$prefix/bin/pump" --version | sed -n 's/^pump //p')"

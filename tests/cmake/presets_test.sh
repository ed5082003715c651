# Presets set hosts and job counts: `cmake --build --preset` starts as many jobs as the cluster has.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example presets
sed -i "s#server1/16,cpp,lzo server2/16,cpp,lzo#$cluster#" "$source/CMakePresets.json"
cd "$source"
printf '#!/bin/sh\necho "$*" >>%s\nexec %s "$@"\n' "$work/ninja-calls" "$(command -v ninja)" >"$work/ninja" && chmod +x "$work/ninja"
cmake --preset cluster -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_MAKE_PROGRAM="$work/ninja" >"$work/configured" 2>&1 || fail "$(cat "$work/configured")"
expect_equal "launcher calls at configure time" 0 "$(launcher_calls)"
expect_contains "status" "hosts: 1 from DISTCC_PUMP_HOSTS (4 jobs)" "$(cat "$work/configured")"
cmake --build --preset cluster --verbose >"$work/built" 2>&1 || fail "$(cat "$work/built")"
expect_contains "jobs of the preset" "-j 32" "$(cat "$work/ninja-calls")"
expect_pump_mode 2
expect_contains "the link pool of the preset" "depth = 2" "$(cat build/cluster/CMakeFiles/rules.ninja build/cluster/build.ninja)"
cmake --preset here -DCMAKE_PREFIX_PATH="$prefix" >/dev/null && cmake --build --preset here >/dev/null
expect_pump_mode 2
expect_equal "pump --jobs of the build" 4 "$("$pump" --jobs build/cluster)"

# Unity files are compiled in pump mode; a precompiled header and the sources that use it locally, because compiled from its text
# they would be others. The package says so. Without precompiled headers everything is distributed. Objects equal local ones.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example unity-pch
# Distributed: 2 unity files and main. Here: the precompiled header and its 2 users.
configure "$work/gcc"
expect_output "unity builds (unity) leave few, long translation units"
expect_output "the sources of targets with precompiled headers (pch) are compiled on this machine"
expect_equal "warnings" 2 "$(warnings)"
build "$work/gcc"
expect_pump_mode 3
runs "$work/gcc/unity_pch"
expect_equal "launcher calls with -c: units and the precompiled header" 6 "$(grep -c -- ' -c ' "$calls")"
echo "share remote: 3 of 6 compilations"
expect_settled "$work/gcc"
cp -a "$work/gcc" "$work/remote"
PUMP_LAUNCH=off cmake --build "$work/gcc" --clean-first -j4 >/dev/null
(cd "$work/remote" && find . -name '*.o') | while read -r object; do
  cmp "$work/remote/$object" "$work/gcc/$object" || fail "$object differs from a local one"
done
configure "$work/no-dev" -Wno-dev
expect_equal "warnings with -Wno-dev" 0 "$(warnings)"

configure "$work/text" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
expect_equal "warnings without precompiled headers" 1 "$(warnings)"
build "$work/text"
expect_pump_mode 8
runs "$work/text/unity_pch"

command -v clang++ >/dev/null || { echo "clang is not installed: its half was not run"; exit 0; }
configure "$work/clang" -DCMAKE_CXX_COMPILER=clang++
build "$work/clang"
expect_pump_mode 11
runs "$work/clang/unity_pch"
echo "clang: share remote: 3 of 6 compilations"

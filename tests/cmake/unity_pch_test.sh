# Unity files are compiled in pump mode; a precompiled header is compiled locally, and the sources that use it in pump mode by g++
# and locally by clang. The objects are those of a local build.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example unity-pch
# Unity: 2 files; PCH: 2 users; main: 1. Local: the header.
configure "$work/gcc"
expect_output "unity builds (unity) leave few, long translation units"
expect_equal "warnings" 1 "$(warnings)"
build "$work/gcc"
expect_pump_mode 5
runs "$work/gcc/unity_pch"
expect_equal "launcher calls with -c: units and the precompiled header" 6 "$(grep -c -- ' -c ' "$calls")"
echo "share remote: 5 of 6 compilations, 5 of 5 translation units"
expect_settled "$work/gcc"
cp -a "$work/gcc" "$work/remote"
PUMP_LAUNCH=off cmake --build "$work/gcc" --clean-first -j4 >/dev/null
(cd "$work/remote" && find . -name '*.o') | while read -r object; do
  cmp "$work/remote/$object" "$work/gcc/$object" || fail "$object differs from a local one"
done
configure "$work/no-dev" -Wno-dev
expect_equal "warnings with -Wno-dev" 0 "$(warnings)"

command -v clang++ >/dev/null || { echo "clang is not installed: its half was not run"; exit 0; }
configure "$work/clang" -DCMAKE_CXX_COMPILER=clang++
build "$work/clang"
expect_pump_mode 8
runs "$work/clang/unity_pch"
echo "clang: share remote: 3 of 5 translation units; the users of the precompiled header are compiled with it, here"

# C++20: where CMake scans for modules, units without modules are distributed and those with modules compiled locally; a warning
# names the setting for projects without modules. With older versions of CMake, everything in the same program is distributed.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example modules
scans=''
for clang in clang++-19 clang++-18 clang++-17 clang++-16; do
  # distccd must accept it, too: update-distcc-symlinks does that.
  command -v $clang >/dev/null && command -v "clang-scan-deps-${clang#clang++-}" >/dev/null &&
    [ -e "/usr/lib/distcc/$clang" ] && { scans=$clang; break; }
done
if [ "$(printf '3.28\n%s\n' "$(cmake --version | sed -n '1s/.* //p')" | sort -V | head -1)" != 3.28 ] || [ -z "$scans" ]; then
  configure "$work/build"
  build "$work/build"
  expect_pump_mode 3
  runs "$work/build/modules"
  echo "this cmake, or no compiler here, scans for modules: built without them"
  exit 0
fi
configure "$work/build" -DCMAKE_CXX_COMPILER="$(command -v $scans)"
expect_output "every C++20 source (plain) is scanned for modules"
build "$work/build"
runs "$work/build/modules"
# plain_a, plain_b and main are scanned and use no modules; answer and importer are compiled locally.
expect_pump_mode 3
expect_settled "$work/build"
configure "$work/off" -DCMAKE_CXX_COMPILER="$(command -v $scans)" -DCMAKE_CXX_SCAN_FOR_MODULES=OFF
expect_equal "warnings" 0 "$(warnings)"

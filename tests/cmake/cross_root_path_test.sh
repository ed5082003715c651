# A toolchain file with a root path for packages and a 32-bit target: the package is found by DistccPump_DIR, not by a search, and
# not refused for its own word size.
source "$(dirname "$0")/package_lib.sh"
need x86_64-linux-gnu-gcc
start_cluster
example cross
mkdir "$source/root"
! try_configure "$work/searched" -DCMAKE_TOOLCHAIN_FILE="$source/toolchain.cmake" || fail "found below a root path that does not hold it"
expect_contains "not found" "DistccPump" "$configured"
configure "$work/build" -DCMAKE_TOOLCHAIN_FILE="$source/toolchain.cmake" -DDistccPump_DIR="$prefix/share/cmake/DistccPump"
expect_contains "status" "C, hosts: 1" "$(status_line)"
build "$work/build"
expect_pump_mode 2
expect_contains "a 32-bit object" "ELF32" "$(readelf -h "$work/build/CMakeFiles/cross.dir/cross.c.o" 2>/dev/null ||
  readelf -h "$work/build/CMakeFiles/cross.dir/cross.c.obj")"
expect_settled "$work/build" -DCMAKE_TOOLCHAIN_FILE="$source/toolchain.cmake"

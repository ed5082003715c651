# A generator that ignores launchers gives one warning, and an error if distribution is REQUIRED.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
# These generators do not run here: the package sees the name, and Ninja builds.
sed -i 's/^find_package.*/set(CMAKE_GENERATOR "Xcode")\n&\nfind_package(DistccPump)/' "$source/CMakeLists.txt"
configure "$work/build"
expect_equal "warnings" 1 "$(warnings)"
expect_output 'the generator "Xcode" ignores compiler launchers'
build "$work/build"
expect_pump_mode 0
sed -i 's/1.0)/1.0 REQUIRED)/' "$source/CMakeLists.txt"
! try_configure "$work/required" || fail "REQUIRED: accepted"

# An incompatible version is not found, and the message has its name and version; without REQUIRED the project is built.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
for version in 2.0 0.9 "1.0 EXACT" "2...3"; do
  sed -i "s/^find_package.*/find_package(DistccPump $version)/" "$source/CMakeLists.txt"
  configure "$work/build $version"
  [ "$version" != "1.0 EXACT" ] || continue
  expect_output "compatible with requested version"
  expect_equal "status lines of $version" "" "$(status_line)"
done
build "$work/build 2.0"
expect_pump_mode 0
sed -i 's/^find_package.*/find_package(DistccPump 2.0 REQUIRED)/' "$source/CMakeLists.txt"
! try_configure "$work/required" || fail "2.0 REQUIRED: accepted"
for version in 1 1.0 1.0...1.5; do
  sed -i "s/^find_package.*/find_package(DistccPump $version REQUIRED)/" "$source/CMakeLists.txt"
  configure "$work/build $version"
done
build "$work/build 1.0"
expect_pump_mode 2

# DISTCC_PUMP_ENABLED=OFF: everything is compiled locally, also with find_package(REQUIRED), and one line names the reason. Switched
# on in the same build directory, it distributes.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
sed -i 's/1.0)/1.0 REQUIRED)/' "$source/CMakeLists.txt"
configure "$work/build" -DDISTCC_PUMP_ENABLED=OFF
expect_contains "status" "off: DISTCC_PUMP_ENABLED is OFF" "$(status_line)"
expect_equal "status lines" 1 "$(status_line | wc -l)"
expect_equal "warnings" 0 "$(warnings)"
build "$work/build"
runs "$work/build/minimal"
expect_equal "launcher calls" 0 "$(launcher_calls)"
expect_pump_mode 0
[ ! -e "$work/build/distcc-pump.conf" ] || fail "a configuration file though it is off"
configure "$work/build" -DDISTCC_PUMP_ENABLED=ON
build "$work/build"
expect_pump_mode 2
! try_configure "$work/contradiction" -DDISTCC_PUMP_ENABLED=OFF -DDISTCC_PUMP_REQUIRE_REMOTE=ON || fail "contradiction accepted"
expect_output "change one of them"

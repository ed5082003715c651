# distcc_pump_target distributes one target, in the given languages, where find_package alone does nothing.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example some-targets
configure "$work/build"
expect_contains "status" "CXX, hosts: 1" "$(status_line)"
build "$work/build"
expect_pump_mode 2
runs "$work/build/small"
expect_settled "$work/build"
# The user's OFF applies to explicit calls, too.
configure "$work/off" -DDISTCC_PUMP_ENABLED=OFF
expect_contains "off" "off: DISTCC_PUMP_ENABLED is OFF" "$(status_line)"
build "$work/off"
expect_pump_mode 2

# distcc_pump_status prints, or tells a project what will happen; it follows the hosts and the option.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example status
configure "$work/build"
expect_contains "lines" "CXX: $prefix/bin/pump-launch" "$configured"
expect_contains "lines" "hosts: 1 from DISTCC_PUMP_HOSTS, jobs: 4" "$configured"
expect_contains "result" "compiled elsewhere: TRUE" "$configured"
build "$work/build"
expect_pump_mode 2
configure "$work/off" -DDISTCC_PUMP_ENABLED=OFF
expect_contains "off" "compiled elsewhere: FALSE" "$configured"
configure "$work/no hosts" -DDISTCC_PUMP_HOSTS=localhost
expect_contains "no hosts" "compiled elsewhere: FALSE" "$configured"
expect_contains "no hosts" "names this machine alone" "$configured"

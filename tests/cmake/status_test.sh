# distcc_pump_status prints, or returns to the project, what will be distributed; it depends on the hosts and the option.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example status
configure "$work/build"
expect_contains "lines" "CXX: $prefix/bin/pump-launch" "$configured"
expect_contains "lines" "hosts: 1 from DISTCC_PUMP_HOSTS, jobs: 4" "$configured"
expect_contains "result" "compiled elsewhere: TRUE" "$configured"
sed -i '/^  distcc_pump_status()/d' "$source/CMakeLists.txt"
configure "$work/build"
expect_equal "lines without VERBOSE" 0 "$(grep -c 'links at once' <<<"$configured" || true)"
configure "$work/build" -DDISTCC_PUMP_VERBOSE=ON
expect_equal "lines with VERBOSE" 1 "$(grep -c 'links at once' <<<"$configured" || true)"
build "$work/build"
expect_pump_mode 2
configure "$work/off" -DDISTCC_PUMP_ENABLED=OFF
expect_contains "off" "compiled elsewhere: FALSE" "$configured"
configure "$work/no hosts" -DDISTCC_PUMP_HOSTS=localhost
expect_contains "no hosts" "compiled elsewhere: FALSE" "$configured"
expect_output "names this machine alone"

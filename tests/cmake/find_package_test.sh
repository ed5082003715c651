# find_package in a minimal project, with each generator that calls launchers: no launcher and no server at configure
# time, every unit in pump mode, a second configure and other hosts rebuild nothing.
source "$(dirname "$0")/package_lib.sh"
start_cluster 4
example minimal
for generator in Ninja "Ninja Multi-Config" "Unix Makefiles"; do
  build="$work/build $generator"
  configure "$build"
  expect_equal "$generator: status lines" 1 "$(status_line | wc -l)"
  expect_contains "$generator" "CXX, hosts: 1 from DISTCC_PUMP_HOSTS (4 jobs)" "$(status_line)"
  expect_equal "$generator: warnings" 0 "$(warnings)"
  build "$build"
  total=$((${total:-0} + 2))
  expect_pump_mode $total
  program=$build/minimal
  [ "$generator" != "Ninja Multi-Config" ] || program=$build/Debug/minimal
  runs "$program"
  expect_equal "$generator: the program" "compiled elsewhere" "$(cat "$work/ran")"
  expect_settled "$build"
  expect_settled "$build" -DDISTCC_PUMP_HOSTS="127.0.0.1:1/9,cpp,lzo"
  expect_contains "$generator, other hosts" "(9 jobs)" "$(status_line)"
  expect_contains "$generator: configuration file" "127.0.0.1:1/9" "$(cat "$build/distcc-pump.conf")"
done
expect_equal "launcher calls that were compilations" 6 "$(grep -c -- ' -c ' "$calls")"

# An existing project with subdirectories and a bundled project that calls find_package itself: the top-level call distributes
# everything. A call in a subproject alone enables nothing; its explicit call applies only to itself.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example existing-project
for generator in Ninja "Unix Makefiles"; do
  configure "$work/$generator"
  expect_equal "status lines" 1 "$(status_line | wc -l)"
  build "$work/$generator"
  total=$((${total:-0} + 4))
  expect_pump_mode $total
  runs "$work/$generator/existing"
done
generator=Ninja
configure "$work/alone" -DEXISTING_DISTRIBUTE=OFF
expect_equal "a subproject's find_package" "" "$(status_line)"
build "$work/alone"
expect_pump_mode $total
sed -i 's/^add_library/distcc_pump_enable()\n&/' "$source/bundled/CMakeLists.txt"
configure "$work/explicit" -DEXISTING_DISTRIBUTE=OFF
build "$work/explicit"
expect_pump_mode $((total + 1))

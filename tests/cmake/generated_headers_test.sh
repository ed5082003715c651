# A header is generated during the build, then in another version: the sources that include it are compiled again in pump mode,
# with the new content.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example generated-headers
for generator in Ninja "Unix Makefiles"; do
  printf '1.2.3\n' >"$source/version.txt"
  configure "$work/$generator"
  build "$work/$generator"
  expect_pump_mode $((${total:-0} + 2))
  runs "$work/$generator/generated_headers"
  expect_equal "first version" 1.2.3 "$(cat "$work/ran")"
  sleep 1  # make's clock
  printf '4.5.6\n' >"$source/version.txt"
  build "$work/$generator"
  total=$((${total:-0} + 3))
  expect_pump_mode $total
  runs "$work/$generator/generated_headers"
  expect_equal "second version" 4.5.6 "$(cat "$work/ran")"
done

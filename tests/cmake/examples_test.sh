# Every example has a test, begins with three lines that describe it, and is named in the manual.
source "$(dirname "$0")/package_lib.sh"
count=0
for directory in "$examples"/*/; do
  name=$(basename "$directory")
  count=$((count + 1))
  expect_equal "$name: comment lines at its head" 3 "$(head -n 3 "$directory/CMakeLists.txt" | grep -c '^# ')"
  grep -qx " *example $name" "$(dirname "$0")"/*_test.sh ||
    fail "no test builds examples/$name"
  grep -qF "(../examples/$name)" "$PUMP_SOURCE/docs/cmake.md" || fail "docs/cmake.md does not name examples/$name"
done
[ $count -ge 14 ] || fail "only $count examples below $examples"
# And every public function is in the manual, with an example that calls it.
for function in $(sed -n 's/^function(\(distcc_pump_[a-z]*\)).*/\1/p' "$PUMP_SOURCE/cmake-modules/DistccPump/DistccPumpFunctions.cmake"); do
  grep -q "^## $function" "$PUMP_SOURCE/docs/cmake.md" || fail "docs/cmake.md lacks $function"
  grep -rq "^ *$function(" "$examples" || fail "no example calls $function"
done

# In a try_compile, also a project's own, the package does nothing: no launcher, no server, no output, no file.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
cp -a "$examples/minimal" "$source/inner"
sed -i 's/^add_exe.*/distcc_pump_enable()\ndistcc_pump_status(RESULT on)\nmessage(STATUS "inner: ${on}")\n&/' "$source/inner/CMakeLists.txt"
cat >>"$source/CMakeLists.txt" <<'END'
try_compile(worked "${CMAKE_BINARY_DIR}/inner" "${CMAKE_SOURCE_DIR}/inner" minimal
  CMAKE_FLAGS "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}" OUTPUT_VARIABLE output)
message(STATUS "worked: ${worked}\n${output}")
END
configure "$work/build"
expect_contains "the inner project" "worked: TRUE" "$configured"
expect_equal "status lines" 1 "$(status_line | wc -l)"
[ ! -e "$work/build/inner/distcc-pump.conf" ] || fail "a configuration file in a try_compile"
build "$work/build"
expect_pump_mode 2

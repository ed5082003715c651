# An unchanged project, on a path that is not searched, gets the package through CMAKE_PROJECT_TOP_LEVEL_INCLUDES (CMake 3.24) and
# CMAKE_PROJECT_INCLUDE. Its checks run without a launcher.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example injected
chmod -R a-w "$source"
inject=$prefix/share/cmake/DistccPump/DistccPumpInject.cmake
total=0
for variable in CMAKE_PROJECT_TOP_LEVEL_INCLUDES CMAKE_PROJECT_INCLUDE; do
  if [ $variable = CMAKE_PROJECT_TOP_LEVEL_INCLUDES ] &&
    [ "$(printf '3.24\n%s\n' "$(cmake --version | sed -n '1s/.* //p')" | sort -V | head -1)" != 3.24 ]; then
    continue
  fi
  for generator in Ninja "Unix Makefiles"; do
    total=$((total + 2))
    configure "$work/$variable $generator" -DCMAKE_PREFIX_PATH= -D$variable="$inject"
    expect_equal "warnings" 0 "$(warnings)"
    expect_contains "status" "C, CXX, hosts: 1" "$(status_line)"
    expect_contains "the project's own check" "INJECTED_HAS_WALL - Success" "$configured"
    build "$work/$variable $generator"
    expect_pump_mode $total
    runs "$work/$variable $generator/injected"
    expect_settled "$work/$variable $generator" -DCMAKE_PREFIX_PATH= -D$variable="$inject"
  done
done

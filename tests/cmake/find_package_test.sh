# find_package: components, version, result variables and imported programs; the copy that is found is the one used, also after it
# was moved, also in a path with blanks.
source "$(dirname "$0")/package_lib.sh"
start_cluster
mv "$prefix" "$work/moved to here" && prefix="$work/moved to here"
example minimal
cat >>"$source/CMakeLists.txt" <<'END'
find_package(DistccPump 1.0...<2 REQUIRED COMPONENTS Launcher OPTIONAL_COMPONENTS Distcc)
foreach(name FOUND VERSION PUMP_EXECUTABLE LAUNCHER_EXECUTABLE DISTCC_EXECUTABLE Launcher_FOUND Distcc_FOUND ENABLED)
  message(STATUS "${name}=${DistccPump_${name}}")
endforeach()
foreach(tool pump pump-launch)
  get_target_property(location DistccPump::${tool} IMPORTED_LOCATION)
  message(STATUS "${tool}=${location}")
endforeach()
add_custom_target(say COMMAND DistccPump::pump --version VERBATIM)
find_package(DistccPump QUIET COMPONENTS Nonsense)
if(DistccPump_FOUND)
  message(FATAL_ERROR "found a component Nonsense")
endif()
find_package(DistccPump 1.0 REQUIRED)  # one that was not found spoils no later call
END
configure "$work/build"
for line in FOUND=1 VERSION=1. "PUMP_EXECUTABLE=$prefix/bin/pump" "LAUNCHER_EXECUTABLE=$prefix/bin/pump-launch" \
  "DISTCC_EXECUTABLE=$(command -v distcc)" Launcher_FOUND=TRUE Distcc_FOUND=TRUE ENABLED=TRUE "pump=$prefix/bin/pump" \
  "pump-launch=$prefix/bin/pump-launch"; do
  expect_contains "results" "-- $line" "$configured"
done
build "$work/build"
expect_pump_mode 2
build "$work/build" --target say
expect_contains "DistccPump::pump runs" "pump 1." "$built"
[ -z "$(grep -rlF "$PUMP_PREFIX" "$prefix/share")" ] || fail "the package names the prefix it was installed to"
expect_settled "$work/build"

# Without distcc, the component is missing, and the message has the remedy.
PATH=$work/tools:$PATH
mkdir "$work/tools" && for tool in cmake ninja cc c++ gcc g++ as ld ar ranlib sh; do ln -s "$(command -v $tool)" "$work/tools"; done
(
  sed -i 's/find_package(DistccPump 1.0)/find_package(DistccPump 1.0 REQUIRED COMPONENTS Distcc)/' "$source/CMakeLists.txt"
  PATH=$work/tools
  unset cluster
  ! try_configure "$work/no distcc" -DDistccPump_DISTCC_EXECUTABLE=DistccPump_DISTCC_EXECUTABLE-NOTFOUND \
    -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF || { PATH=/usr/bin:/bin; fail "no distcc: accepted"; }
  PATH=/usr/bin:/bin
  expect_output "distcc was not found on PATH"
)

# find_package and distcc_pump_enable before project(): the compiler checks run without a launcher, the targets with one. An
# existing CMAKE_PROJECT_INCLUDE is included as well.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
sed -i '/^find_package/d; s/^project(.*/find_package(DistccPump 1.0)\n&/' "$source/CMakeLists.txt"
configure "$work/build"
expect_contains "find_package" "CXX, hosts: 1" "$(status_line)"
build "$work/build"
expect_pump_mode 2
expect_settled "$work/build"

printf 'message(STATUS "the include of the user: [${CMAKE_PROJECT_INCLUDE}]")\nset(seen_user_include ON)\n' >"$work/user.cmake"
sed -i 's/^project(/set(DISTCC_PUMP_ENABLED OFF)\ndistcc_pump_enable(LANGUAGES CXX REQUIRED)\n&/
  $a if(NOT seen_user_include)\n  message(FATAL_ERROR "not included")\nendif()' "$source/CMakeLists.txt"
sed -i 's/^find_package.*/set(DISTCC_PUMP_ENABLED OFF)\n&/' "$source/CMakeLists.txt"
configure "$work/explicit" -DCMAKE_PROJECT_INCLUDE="$work/user.cmake"
expect_contains "explicit call" "the include of the user: [$work/user.cmake]" "$configured"
build "$work/explicit"
expect_pump_mode 4

# The arguments of an explicit call apply, although find_package is already pending.
printf 'cmake_minimum_required(VERSION 3.20)\nfind_package(DistccPump 1.0)\ndistcc_pump_enable(LANGUAGES C)\nproject(both C CXX)
add_library(both STATIC main.cc part.c)\n' >"$source/CMakeLists.txt"
echo 'int part;' >"$source/part.c"
configure "$work/arguments"
expect_contains "arguments" ": C, hosts: 1" "$(status_line)"
build "$work/arguments"
expect_pump_mode 5

# Without any language there is a message.
printf 'cmake_minimum_required(VERSION 3.20)\nfind_package(DistccPump 1.0)\nproject(none NONE)\n' >"$source/CMakeLists.txt"
configure "$work/none"
expect_output "no project() call enabled a language (C, CXX)"

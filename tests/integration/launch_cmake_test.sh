# A CMake project with pump-launch as compiler launcher, with ninja and with make: no server at configure time, every
# translation unit in pump mode, objects equal to those of a local build, and the build ends while the server lingers.
source "$(dirname "$0")/launch_lib.sh"
need cmake ninja make
start_distccd
export PUMP_LINGER=600  # longer than the local builds in between, on a slow machine
mkdir -p "$work/src" && cd "$work/src"
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.16)
project(t C CXX)
include(CheckCXXCompilerFlag)
include(CheckIncludeFileCXX)
include(CheckFunctionExists)
check_cxx_compiler_flag(-Wall HAVE_WALL)
check_cxx_compiler_flag(-Wno-such-flag-at-all HAVE_NONSENSE)
check_include_file_cxx(vector HAVE_VECTOR)
check_function_exists(strlen HAVE_STRLEN)
if(NOT HAVE_WALL OR NOT HAVE_VECTOR OR NOT HAVE_STRLEN)
  message(FATAL_ERROR "a check failed")
endif()
add_library(a STATIC a.cc b.cc c.c ${CMAKE_CURRENT_BINARY_DIR}/generated.cc)
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated.cc
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/g.in ${CMAKE_CURRENT_BINARY_DIR}/generated.cc)
target_include_directories(a PUBLIC include)
add_executable(m main.cc)
target_link_libraries(m a)
EOF
mkdir include
printf '#pragma once\nint a(); int b(); extern "C" int c(); int g();\n' >include/a.h
for f in a b; do printf '#include "a.h"\n#include <string>\nint %s() { return (int)std::string("%s").size(); }\n' $f $f >$f.cc; done
printf 'int c(void) { return 1; }\n' >c.c
printf '#include "a.h"\nint g() { return __LINE__; }\n' >g.in
printf '#include "a.h"\nint main() { return a() + b() + c() + g(); }\n' >main.cc

for generator in Ninja "Unix Makefiles"; do
  build="$work/build $generator"
  flags=(-S "$work/src" -G "$generator" -DCMAKE_BUILD_TYPE=Release)
  cmake -B "$build" "${flags[@]}" -DCMAKE_C_COMPILER_LAUNCHER="$launch" -DCMAKE_CXX_COMPILER_LAUNCHER="$launch" \
    >"$work/configure.log" 2>&1 || fail "configure: $(cat "$work/configure.log")"
  [ "$generator" != Ninja ] || expect_equal "servers at configure time" "" "$(server_pids)"
  total=$((${total:-0} + 5))
  # A server that inherited the pipe would keep it open.
  timeout 60 cmake --build "$build" -j4 2>&1 | cat >"$work/build.log" || fail "build: $(cat "$work/build.log")"
  expect_count "$generator: pump mode jobs" $total pump_mode_jobs
  [ -n "$(server_pids)" ] || fail "$generator: the server should linger"
  status=0; "$build/m" || status=$?
  expect_equal "$generator: the program's status" 5 $status
  PUMP_LAUNCH=off
  cp -a "$build" "$work/remote" && PUMP_LAUNCH=off cmake --build "$build" --clean-first -j4 >/dev/null 2>&1
  (cd "$work/remote" && find . -name '*.o') | while read -r object; do
    cmp "$work/remote/$object" "$build/$object" || fail "$generator: $object differs from a local one"
  done
  expect_equal "$generator: objects compared" 5 "$(find "$work/remote" -name '*.o' -not -path '*/CMakeScratch/*' | wc -l)"
  rm -rf "$work/remote"
  unset PUMP_LAUNCH
done
# `pump make` around launchers: no second server.
make -C "$work/build Unix Makefiles" clean >/dev/null
timeout 60 "$pump" make -C "$work/build Unix Makefiles" -j4 >"$work/build.log" 2>&1 || fail "pump make: $(cat "$work/build.log")"
expect_count "pump make: pump mode jobs" $((total + 5)) pump_mode_jobs
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"
expect_equal "servers of all builds" 1 "$(servers_started)"

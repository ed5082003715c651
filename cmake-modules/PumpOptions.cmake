# Build options of this project, and the interface target `pump_flags` with its compile flags.
set(PUMP_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(PUMP_WERROR "Treat warnings as errors (CI does)" OFF)
option(PUMP_STATIC "Link the binary statically: the launcher starts once per translation unit" ON)
option(PUMP_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

add_library(pump_flags INTERFACE)
target_compile_features(pump_flags INTERFACE cxx_std_20)
target_include_directories(pump_flags INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}")
target_compile_options(pump_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${PUMP_WERROR}>:-Werror>)
# g++ 12 gives false warnings about `"literal" + std::string` (GCC bug 105651, fixed in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(pump_flags INTERFACE -Wno-restrict)
endif()
if(PUMP_SANITIZE)
  # With instrumented code g++ 12 gives false warnings about std::regex and std::function.
  target_compile_options(pump_flags INTERFACE "-fsanitize=${PUMP_SANITIZE}" -fno-omit-frame-pointer
                         -Wno-maybe-uninitialized)
  if(NOT PUMP_SANITIZE STREQUAL "thread")
    target_compile_options(pump_flags INTERFACE -fno-sanitize-recover=all)
  endif()
  target_link_options(pump_flags INTERFACE "-fsanitize=${PUMP_SANITIZE}")
endif()
if(PUMP_FUZZ)
  # libFuzzer needs coverage of the libraries under test, too.
  target_compile_options(pump_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

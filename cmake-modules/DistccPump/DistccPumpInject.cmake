# Distribution for a project that is not prepared for it:
#
#   cmake -DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=PREFIX/share/cmake/DistccPump/DistccPumpInject.cmake ...   CMake 3.24 or later
#   cmake -DCMAKE_PROJECT_INCLUDE=PREFIX/share/cmake/DistccPump/DistccPumpInject.cmake ...              CMake 3.20 or later
#
# CMake reads this file before the project has added a target. The package is in this file's directory.
find_package(DistccPump CONFIG PATHS "${CMAKE_CURRENT_LIST_DIR}" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)

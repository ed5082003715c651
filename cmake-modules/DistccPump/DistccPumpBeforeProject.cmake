# find_package or distcc_pump_enable before project(). A launcher that is set then would run in project()'s checks of
# the compilers. So CMAKE_PROJECT_INCLUDE is set to DistccPumpAfterProject.cmake, which project() includes after its
# checks; a file that the variable named before is included after that. Rejected: CMAKE_PROJECT_<NAME>_INCLUDE (the name
# is not known yet), cmake_language(DEFER) (runs after the targets were made).
include_guard(GLOBAL)

macro(_distcc_pump_enable_after_project arguments)
  _distcc_pump_get(PENDING pending)
  if(NOT pending)
    _distcc_pump_get(PACKAGE package)
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PENDING TRUE)
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PROJECT_INCLUDE "${CMAKE_PROJECT_INCLUDE}")
    set(CMAKE_PROJECT_INCLUDE "${package}/DistccPumpAfterProject.cmake")
  endif()
  if(NOT "${arguments}" STREQUAL "")  # find_package's call has none, and an explicit one may follow.
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PENDING_ARGUMENTS "${arguments}")
  endif()
endmacro()

# find_package or distcc_pump_enable before project(): a launcher that is set there would be called by the checks of the
# compilers. project() includes the file that CMAKE_PROJECT_INCLUDE names when they are done, so that file enables
# (DistccPumpAfterProject.cmake); one that was named already is included after it. Rejected: CMAKE_PROJECT_<NAME>_INCLUDE
# (the name is not known yet), cmake_language(DEFER) (runs when the targets have been made).
include_guard(GLOBAL)

macro(_distcc_pump_enable_after_project arguments)
  _distcc_pump_get(PENDING pending)
  if(NOT pending)
    _distcc_pump_get(PACKAGE package)
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PENDING TRUE)
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PROJECT_INCLUDE "${CMAKE_PROJECT_INCLUDE}")
    set(CMAKE_PROJECT_INCLUDE "${package}/DistccPumpAfterProject.cmake")
  endif()
  if(NOT "${arguments}" STREQUAL "")  # find_package's own call has none, and an explicit one may follow it.
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_PENDING_ARGUMENTS "${arguments}")
  endif()
endmacro()

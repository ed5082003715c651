# Enables distribution that a find_package or distcc_pump_enable before project() requested. project() includes this
# file (CMAKE_PROJECT_INCLUDE) when the compilers are known. It stays in place until a project() call has enabled a
# language that is to be distributed.
get_property(_distcc_pump_previous GLOBAL PROPERTY _DISTCC_PUMP_PROJECT_INCLUDE)
_distcc_pump_enabled_languages("${DISTCC_PUMP_LANGUAGES}" _distcc_pump_languages)
if(_distcc_pump_languages)
  get_property(_distcc_pump_arguments GLOBAL PROPERTY _DISTCC_PUMP_PENDING_ARGUMENTS)
  set_property(GLOBAL PROPERTY _DISTCC_PUMP_PENDING FALSE)
  # Without the variable the user's value in the cache is visible again.
  if("${_distcc_pump_previous}" STREQUAL "$CACHE{CMAKE_PROJECT_INCLUDE}")
    unset(CMAKE_PROJECT_INCLUDE)
  else()
    set(CMAKE_PROJECT_INCLUDE "${_distcc_pump_previous}")
  endif()
  distcc_pump_enable(${_distcc_pump_arguments})
  unset(_distcc_pump_arguments)
endif()
unset(_distcc_pump_languages)
foreach(_distcc_pump_file IN LISTS _distcc_pump_previous)
  include("${_distcc_pump_file}")
endforeach()
unset(_distcc_pump_file)
unset(_distcc_pump_previous)

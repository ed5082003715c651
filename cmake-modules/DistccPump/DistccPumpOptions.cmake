# Options for the user: cache variables, all optional. A project may set normal variables of these names before
# find_package, which take precedence.
macro(_distcc_pump_option name default type text)
  # Under the policies of CMake 3.20, set(CACHE) would remove the project's variable.
  if(DEFINED CACHE{${name}} OR NOT DEFINED ${name})
    set(${name} "${default}" CACHE ${type} "${text}")
  endif()
endmacro()
_distcc_pump_option(DISTCC_PUMP_ENABLED ON BOOL "Compile on other machines through distcc's pump mode")
_distcc_pump_option(DISTCC_PUMP_REQUIRE_REMOTE OFF BOOL "Stop configuring unless a compilation on another machine works")
_distcc_pump_option(DISTCC_PUMP_VERBOSE OFF BOOL "Print how compilations will be distributed")
_distcc_pump_option(DISTCC_PUMP_LANGUAGES "C;CXX" STRING "Languages to distribute: C, CXX, OBJC, OBJCXX")
_distcc_pump_option(DISTCC_PUMP_HOSTS "" STRING
  "Hosts as in DISTCC_HOSTS: HOST[:PORT]/JOBS,cpp,lzo ... Empty: DISTCC_HOSTS when building, or distcc's hosts file")
_distcc_pump_option(DISTCC_PUMP_CCACHE AUTO STRING
  "AUTO: a ccache that is the launcher already is kept and calls pump-launch. ON: ccache runs first. OFF: never")
cmake_host_system_information(RESULT _distcc_pump_cores QUERY NUMBER_OF_LOGICAL_CORES)
_distcc_pump_option(DISTCC_PUMP_LINK_JOBS "${_distcc_pump_cores}" STRING
  "Largest number of simultaneous links with Ninja; 0: no limit")
unset(_distcc_pump_cores)
foreach(_distcc_pump_name IN ITEMS VERBOSE LANGUAGES CCACHE LINK_JOBS REQUIRE_REMOTE)
  if(DEFINED CACHE{DISTCC_PUMP_${_distcc_pump_name}})
    mark_as_advanced(DISTCC_PUMP_${_distcc_pump_name})
  endif()
endforeach()
unset(_distcc_pump_name)
if(DEFINED CACHE{DISTCC_PUMP_CCACHE})
  set_property(CACHE DISTCC_PUMP_CCACHE PROPERTY STRINGS AUTO ON OFF)
endif()

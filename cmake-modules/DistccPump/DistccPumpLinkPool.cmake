# Limits links, which run on this machine: `ninja -j200` must not start two hundred of them. The depth of a pool is not
# part of Ninja's command lines, so a change of it rebuilds nothing. Other generators have no pools.
include_guard(GLOBAL)

# The pool for CMAKE_JOB_POOL_LINK in the calling directory: the one that is set, otherwise ours. Empty: none.
function(_distcc_pump_link_pool out)
  set(pool "${CMAKE_JOB_POOL_LINK}")
  if(NOT pool AND CMAKE_GENERATOR MATCHES "Ninja" AND DISTCC_PUMP_LINK_JOBS GREATER 0)
    set(pool distcc_pump_link)
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_POOL "distcc_pump_link=${DISTCC_PUMP_LINK_JOBS}")
  endif()
  set(${out} "${pool}" PARENT_SCOPE)
endfunction()

# Runs at the end, after the project has defined its pools: the property hides CMAKE_JOB_POOLS, and a project may set it
# without APPEND.
function(_distcc_pump_define_pool)
  _distcc_pump_get(POOL pool)
  get_property(pools GLOBAL PROPERTY JOB_POOLS)
  if(NOT pool OR "${pools}" MATCHES "(^|;)distcc_pump_link=")
    return()
  endif()
  if(NOT pools)
    set(pools ${CMAKE_JOB_POOLS})
  endif()
  set_property(GLOBAL PROPERTY JOB_POOLS ${pools} ${pool})
endfunction()

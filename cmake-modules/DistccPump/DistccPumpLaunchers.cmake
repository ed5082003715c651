# Determines the launcher of a directory or target.
#
# ccache must run first (a hit must not reach distcc) and call pump-launch for its misses, as CCACHE_PREFIX makes it do.
# The launcher "pump-launch;ccache" achieves this: pump-launch, with ccache as its compiler, sets CCACHE_PREFIX to
# itself and becomes ccache. Rejected: "ccache;pump-launch" (ccache takes pump-launch as the compiler, and each miss
# runs it twice); "cmake;-E;env;CCACHE_PREFIX=...;ccache" (correct, but starts a cmake for each translation unit);
# `ccache prefix_command=...` (ccache 4.8 and later only).
#
# The launcher string has paths only, and no host, port or session: it is part of every command line, and a change of it
# rebuilds everything.
include_guard(GLOBAL)

# True if a launcher list ends in pump-launch, by any path and set by anybody.
function(_distcc_pump_has_launcher launcher out)
  set(has FALSE)
  foreach(word IN LISTS launcher)
    if(word MATCHES "(^|[/=])pump-launch$")
      set(has TRUE)
    endif()
  endforeach()
  set(${out} ${has} PARENT_SCOPE)
endfunction()

# Position of ccache in a launcher list, or -1.
function(_distcc_pump_ccache_position launcher out)
  set(position -1)
  set(at 0)
  foreach(word IN LISTS launcher)
    if(word MATCHES "(^|/)ccache$" AND position EQUAL -1)
      set(position ${at})
    endif()
    math(EXPR at "${at} + 1")
  endforeach()
  set(${out} ${position} PARENT_SCOPE)
endfunction()

# pump-launch, followed by ccache if DISTCC_PUMP_CCACHE is ON.
function(_distcc_pump_fresh_launcher out)
  _distcc_pump_get(LAUNCHER launcher)
  if(DISTCC_PUMP_CCACHE AND NOT DISTCC_PUMP_CCACHE STREQUAL "AUTO")
    find_program(DistccPump_CCACHE_EXECUTABLE ccache NO_CMAKE_FIND_ROOT_PATH DOC "The ccache of DISTCC_PUMP_CCACHE=ON")
    mark_as_advanced(DistccPump_CCACHE_EXECUTABLE)
    if(NOT DistccPump_CCACHE_EXECUTABLE)
      _distcc_pump_error("DISTCC_PUMP_CCACHE is ON, but there is no ccache on PATH: install it (apt-get install ccache), "
        "or set the option to AUTO")
    endif()
    list(APPEND launcher "${DistccPump_CCACHE_EXECUTABLE}")
  endif()
  set(${out} "${launcher}" PARENT_SCOPE)
endfunction()

# launcher(EXISTING KEEP|REPLACE OUT KEPT): OUT is the launcher to set. KEPT is empty if it distributes, otherwise the
# reason.
function(_distcc_pump_launcher existing policy out kept)
  set(${kept} "" PARENT_SCOPE)
  _distcc_pump_has_launcher("${existing}" ours)
  _distcc_pump_ccache_position("${existing}" ccache)
  if(ours)
    set(launcher "${existing}")
  elseif(NOT existing OR policy STREQUAL "REPLACE")
    _distcc_pump_fresh_launcher(launcher)
  elseif(ccache GREATER_EQUAL 0 AND (DISTCC_PUMP_CCACHE STREQUAL "AUTO" OR DISTCC_PUMP_CCACHE))
    set(launcher "${existing}")
    _distcc_pump_get(LAUNCHER word)
    list(INSERT launcher ${ccache} "${word}")
  else()
    set(launcher "${existing}")
    list(JOIN existing " " words)
    set(reason "its launcher \"${words}\" is kept")
    if(ccache GREATER_EQUAL 0)
      string(APPEND reason ", because DISTCC_PUMP_CCACHE is OFF")
    endif()
    set(${kept} "${reason}" PARENT_SCOPE)
  endif()
  _distcc_pump_ccache_position("${launcher}" ccache)
  if(ccache GREATER_EQUAL 0 AND "${launcher}" MATCHES "[ \t][^;]*pump-launch(;|$)")
    _distcc_pump_warn(WARNING BLANKS
      "ccache cannot call a pump-launch whose path holds a blank, so everything is compiled here: \"${launcher}\". "
      "Install it elsewhere, or set DISTCC_PUMP_CCACHE to OFF.")
  endif()
  set(${out} "${launcher}" PARENT_SCOPE)
endfunction()

# The launcher list without pump-launch, for compiling on this machine.
function(_distcc_pump_without_launcher launcher out)
  list(FILTER launcher EXCLUDE REGEX "(^|[/=])pump-launch$")
  set(${out} "${launcher}" PARENT_SCOPE)
endfunction()

function(_distcc_pump_set_target target languages policy)
  set_property(TARGET ${target} PROPERTY _DISTCC_PUMP_EXCLUDED FALSE)
  set(distributed "")
  foreach(language IN LISTS languages)
    get_property(existing TARGET ${target} PROPERTY ${language}_COMPILER_LAUNCHER)
    _distcc_pump_launcher("${existing}" ${policy} launcher kept)
    set_property(TARGET ${target} PROPERTY ${language}_COMPILER_LAUNCHER "${launcher}")
    set_property(GLOBAL PROPERTY _DISTCC_PUMP_KEPT_${language} "${kept}")
    if(NOT kept)
      list(APPEND distributed ${language})
      set_property(GLOBAL PROPERTY _DISTCC_PUMP_LAUNCHER_${language} "${launcher}")
    endif()
  endforeach()
  if(distributed)
    get_property(pool TARGET ${target} PROPERTY JOB_POOL_LINK)
    if(NOT pool)
      _distcc_pump_link_pool(pool)
      if(pool)
        set_property(TARGET ${target} PROPERTY JOB_POOL_LINK ${pool})
      endif()
    endif()
  endif()
  _distcc_pump_enabled_languages("${distributed}" enabled)
  _distcc_pump_remember_languages("${enabled}" "")
endfunction()

# Records languages that are distributed, and those that were requested before their compiler was known.
function(_distcc_pump_remember_languages distributed requested)
  foreach(list IN ITEMS distributed requested)
    string(TOUPPER _DISTCC_PUMP_${list} property)
    get_property(known GLOBAL PROPERTY ${property})
    list(APPEND known ${${list}})
    list(REMOVE_DUPLICATES known)
    set_property(GLOBAL PROPERTY ${property} "${known}")
  endforeach()
endfunction()

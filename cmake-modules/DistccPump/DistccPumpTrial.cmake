# DISTCC_PUMP_REQUIRE_REMOTE: compiles a tiny source as the build will do it, without distcc's fallback to this machine.
# This detects hosts that do not answer, lack the compiler or refuse this machine, before a build compiles everything
# locally. The launcher does not run otherwise while CMake configures.
include_guard(GLOBAL)

function(_distcc_pump_trial)
  _distcc_pump_get(LAUNCHER launcher)
  _distcc_pump_given_hosts(hosts)
  set(environment DISTCC_FALLBACK=0 --unset=CCACHE_PREFIX --unset=PUMP_LAUNCH)
  if("$ENV{DISTCC_HOSTS}" STREQUAL "" AND hosts)
    list(APPEND environment "DISTCC_HOSTS=${hosts}")
  endif()
  set(directory "${CMAKE_BINARY_DIR}/CMakeFiles/DistccPump")
  _distcc_pump_enabled_languages("${DISTCC_PUMP_LANGUAGES}" languages)
  foreach(language IN LISTS languages)
    string(REGEX MATCH "^OBJ" objective "${language}")
    string(TOLOWER "${language}" suffix)
    if(objective)
      continue()  # Their compilers are those of C and C++.
    endif()
    string(REPLACE "cxx" "cc" suffix "${suffix}")
    file(CONFIGURE OUTPUT "${directory}/trial.${suffix}" CONTENT "int distcc_pump_trial;\n" @ONLY)
    execute_process(
      COMMAND "${CMAKE_COMMAND}" -E env ${environment} "${launcher}" "${CMAKE_${language}_COMPILER}"
              -c "trial.${suffix}" -o "trial.${suffix}.o"
      WORKING_DIRECTORY "${directory}" RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
      _distcc_pump_error("a trial compilation (${language}) failed on the hosts:\n${output}\n"
        "DISTCC_PUMP_REQUIRE_REMOTE is ON, so this is an error. Are the hosts up (distcc avoids one for a minute after a "
        "failure), and may they run \"${CMAKE_${language}_COMPILER}\"?")
    endif()
  endforeach()
endfunction()

# `cpack -G DEB` and `cpack -G TGZ`. docs/design.md, "Beside Debian's packages", explains the names.
if(NOT CMAKE_SOURCE_DIR STREQUAL PROJECT_SOURCE_DIR)
  return()  # A project that includes this one has its own packages.
endif()
set(CPACK_PACKAGE_NAME distcc-pump-native)
set(CPACK_PACKAGE_VENDOR "DistccPump maintainers")
set(CPACK_PACKAGE_CONTACT "DistccPump maintainers <maintainers@distcc-pump.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/PumpDebianFiles.cmake")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "distcc (>= 3.3)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ccache, cmake, distcc-pump, ninja-build")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"The pump command, a compiler launcher for CMake and an include server in one
native binary, for the stock distcc client and the stock distccd: C and C++
compilations are preprocessed and compiled on other machines.
.
It does not replace Debian's distcc-pump, whose command is called distcc-pump
here, and can be installed beside it.")
set(CPACK_GENERATOR TGZ DEB)
# Nothing in the archive depends on a prefix: it works in any directory.
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY ON)
include(CPack)

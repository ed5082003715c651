# Files that are installed beside the binary: the CMake package, man pages, shell completion.
include(CMakePackageConfigHelpers)

set(_package "${CMAKE_INSTALL_DATADIR}/cmake/DistccPump")
configure_package_config_file(cmake-modules/DistccPump/DistccPumpConfig.cmake.in
  "${CMAKE_CURRENT_BINARY_DIR}/package/DistccPumpConfig.cmake"
  INSTALL_DESTINATION "${_package}" PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/package/DistccPumpConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
file(GLOB _modules CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/cmake-modules/DistccPump/*.cmake")
install(FILES ${_modules} "${CMAKE_CURRENT_BINARY_DIR}/package/DistccPumpConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/package/DistccPumpConfigVersion.cmake" DESTINATION "${_package}")

install(FILES docs/man/pump.1 docs/man/pump-launch.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
# bash-completion loads a command's file by the command's name; zsh reads all of its directory.
set(_bash "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES packaging/completion/pump.bash DESTINATION "${_bash}" RENAME pump)
install(FILES packaging/completion/pump.bash DESTINATION "${_bash}" RENAME pump-launch)
# Debian's zsh reads site-functions below /usr/local and vendor-completions below /usr, so both are installed.
install(FILES packaging/completion/_pump DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES packaging/completion/_pump DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
set(_doc "${CMAKE_INSTALL_DATADIR}/doc/distcc-pump-native")
install(FILES README.md CHANGELOG.md LICENSE docs/cmake.md DESTINATION "${_doc}")

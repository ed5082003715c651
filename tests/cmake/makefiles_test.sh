# find_package with Makefiles, whose commands run in each subdirectory: as with Ninja, and subdirectories find the configuration
# file of the top directory.
source "$(dirname "$0")/package_lib.sh"
generator_round "Unix Makefiles" minimal
example existing-project
configure "$work/deep"
build "$work/deep"
expect_pump_mode 6
runs "$work/deep/existing"

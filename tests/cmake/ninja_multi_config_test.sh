# find_package with Ninja Multi-Config: as with Ninja, and a second configuration of the same build is distributed, too.
source "$(dirname "$0")/package_lib.sh"
generator_round "Ninja Multi-Config" Debug/minimal
configure "$work/build"
build "$work/build" --config Release
expect_pump_mode 4

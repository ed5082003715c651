# distcc_pump_enable applies to later targets, in the given languages; wrong calls give an error that names them.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example enable
configure "$work/build"
build "$work/build"
expect_pump_mode 1
runs "$work/build/enable"
expect_contains "the one that travelled" "main.cc" "$(cat "$calls")"

rejects() {
  sed "s/^  distcc_pump_enable.*/  $1/" "$examples/enable/CMakeLists.txt" >"$source/CMakeLists.txt"
  ! try_configure "$work/wrong" || fail "$1: accepted"
  expect_output "$2"
}
rejects 'distcc_pump_enable(LANGUAGES Fortran)' 'distcc does not compile "Fortran"'
rejects 'distcc_pump_enable(EXISTING MAYBE)' 'EXISTING is KEEP or REPLACE, not "MAYBE"'
rejects 'distcc_pump_enable(CXX)' 'unknown argument "CXX"'
rejects 'distcc_pump_target(enable)' 'there is no target "enable" (yet)'
rejects 'distcc_pump_exclude()' 'which target?'
cp "$examples/enable/CMakeLists.txt" "$source/"
! try_configure "$work/wrong" -DDISTCC_PUMP_CCACHE=MAYBE || fail "DISTCC_PUMP_CCACHE=MAYBE: accepted"
expect_output 'DISTCC_PUMP_CCACHE is AUTO, ON or OFF, not "MAYBE"'
! try_configure "$work/wrong" -DDISTCC_PUMP_CCACHE=AUTO -DDISTCC_PUMP_LINK_JOBS=few || fail "DISTCC_PUMP_LINK_JOBS=few: accepted"
expect_output 'DISTCC_PUMP_LINK_JOBS is a number of links'
# Enabled where no target is affected: a message.
sed 's/^  distcc_pump_enable.*//; $a distcc_pump_enable()' "$examples/enable/CMakeLists.txt" >"$source/CMakeLists.txt"
configure "$work/late"
expect_output "no target uses it"

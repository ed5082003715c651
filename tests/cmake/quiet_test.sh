# QUIET prints nothing, with and without hosts, found and not found; distribution works as without it.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example unity-pch
sed -i 's/1.0)/1.0 QUIET)/' "$source/CMakeLists.txt"
configure "$work/build"
case "$configured" in *[Pp]ump\ 1*|*DistccPump*) fail "output: $configured" ;; esac
expect_equal "warnings" 0 "$(warnings)"
build "$work/build"
expect_pump_mode 3
: >"$DISTCC_DIR/hosts"
configure "$work/no hosts" -DDISTCC_PUMP_HOSTS=
expect_equal "warnings without hosts" 0 "$(warnings)"
configure "$work/none" -DCMAKE_DISABLE_FIND_PACKAGE_DistccPump=ON
case "$configured" in *DistccPump*) fail "output: $configured" ;; esac

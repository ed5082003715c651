# C, C++ and assembler in one target: C and C++ are distributed. DISTCC_PUMP_LANGUAGES restricts that, and a language that only a
# subdirectory enables is included.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example mixed-languages
configure "$work/both"
expect_contains "status" "C, CXX, hosts: 1" "$(status_line)"
build "$work/both"
expect_pump_mode 2
runs "$work/both/mixed"
expect_settled "$work/both"
configure "$work/one" -DDISTCC_PUMP_LANGUAGES=C
expect_contains "status" ": C, hosts: 1" "$(status_line)"
build "$work/one"
expect_pump_mode 3

example existing-project
sed -i 's/LANGUAGES C CXX/LANGUAGES CXX/' "$source/CMakeLists.txt"
configure "$work/late"
build "$work/late"
expect_pump_mode 7

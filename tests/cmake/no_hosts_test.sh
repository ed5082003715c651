# Without hosts a project is configured and built locally, with one warning that names the variables to set; with REQUIRED and
# DISTCC_PUMP_REQUIRE_REMOTE it is an error. Hosts from the environment or from distcc's own file count, too.
source "$(dirname "$0")/package_lib.sh"
start_cluster
real=$cluster
cluster=''
example minimal
: >"$DISTCC_DIR/hosts"
configure "$work/build"
expect_equal "warnings" 1 "$(warnings)"
expect_output "everything is compiled here:"
expect_output "-DDISTCC_PUMP_HOSTS="
build "$work/build"
runs "$work/build/minimal"
expect_pump_mode 0
configure "$work/malformed" -DDISTCC_PUMP_HOSTS="127.0.0.1:many"
expect_output "DISTCC_PUMP_HOSTS:"

! try_configure "$work/remote" -DDISTCC_PUMP_REQUIRE_REMOTE=ON || fail "REQUIRE_REMOTE: accepted without hosts"
expect_output "DISTCC_PUMP_REQUIRE_REMOTE is ON, so this is an error"
# A host that does not answer.
! try_configure "$work/dead" -DDISTCC_PUMP_REQUIRE_REMOTE=ON -DDISTCC_PUMP_HOSTS="127.0.0.1:$(free_port)/2,cpp,lzo" ||
  fail "REQUIRE_REMOTE: accepted with a dead host"
expect_output "a trial compilation (CXX) failed on the hosts"
try_configure "$work/alive" -DDISTCC_PUMP_REQUIRE_REMOTE=ON -DDISTCC_PUMP_HOSTS="$real" || fail "REQUIRE_REMOTE: $configured"
expect_pump_mode 1

sed -i 's/1.0)/1.0 REQUIRED)/' "$source/CMakeLists.txt"
! try_configure "$work/required" || fail "REQUIRED: accepted without hosts"
expect_output "-DDISTCC_PUMP_ENABLED=OFF builds without it"
echo "$real" >"$DISTCC_DIR/hosts"
try_configure "$work/file" || fail "hosts file: $configured"
expect_contains "status" "hosts: 1 from distcc's hosts file (4 jobs)" "$(status_line)"
build "$work/file"
expect_pump_mode 3
: >"$DISTCC_DIR/hosts"
# Potential hosts are checked at build time, not while CMake runs.
DISTCC_POTENTIAL_HOSTS="127.0.0.1" try_configure "$work/potential" || fail "potential hosts: $configured"
expect_contains "status" 'hosts: those of $DISTCC_POTENTIAL_HOSTS that answer' "$(status_line)"
export DISTCC_HOSTS=$real
try_configure "$work/environment" || fail "environment: $configured"
expect_contains "status" 'hosts: 1 from $DISTCC_HOSTS (4 jobs)' "$(status_line)"
build "$work/environment"
expect_pump_mode 5

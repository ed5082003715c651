# A host whose disk is full: its units go to the other host and do not fail; when there is space again, the host is used again.
source "$(dirname "$0")/hosts_lib.sh"
standin "$work/compilers" g++ "if [ -e $work/compilers/full ]; then" \
  'echo "/tmp/ccXYZ.s: fatal error: error writing to /tmp/ccXYZ.s: No space left on device" >&2; exit 1; fi'
start near --compilers "$work/compilers" && start far
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
make_units 20
: >"$work/compilers/full"
build "near is full"
expect_equal "full: units in pump mode" 20 "$(units pump)"
expect_equal "full: jobs of near" 0 "$(pump_jobs near)"
failed=$(failed_on near)
[ "$failed" -ge 1 ] && [ "$failed" -le 4 ] || fail "$failed units failed on near"
expect_contains "the fault" "No space left on device" "$("$pump" --status)"
expect_equal "the state of near" sick "$(host_state near)"
rm "$work/compilers/full"
wait_until 90 "near is used again" uses near 0
wait_until 30 "near is up" is_in_state near up

# All hosts are full: compiled here; nothing is set aside, so that the next build uses the hosts.
unset DISTCC_FALLBACK
DISTCC_HOSTS=$(cluster_host near)
: >"$work/compilers/full"
build "the only host is full"
expect_equal "the only host: units compiled here" 20 "$(units local)"
expect_here "the only host" hosts-failed
expect_equal "set aside" "" "$(find "$work/run" -path '*/set-aside/*' -type f)"
rm "$work/compilers/full"
before=$(pump_jobs near)
wait_until 90 "the only host is used again" uses near "$before"

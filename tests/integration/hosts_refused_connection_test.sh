# A host that refuses connections costs one unit one attempt. All units are compiled by the other host, and the host is used
# again soon after it is up.
source "$(dirname "$0")/hosts_lib.sh"
start near && start far
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
make_units 20
cluster_stop near
build "near is down"
expect_equal "units in pump mode" 20 "$(units pump)"
expect_equal "units that tried near" 1 "$(units_with_faults)"
expect_contains "the fault" "refused" "$(grep -o '"faults":"[^"]*"' "$XDG_STATE_HOME"/*/records.jsonl)"
expect_equal "the state of near" down "$(host_state near)"
build "the next build"
expect_equal "next build: units in pump mode" 20 "$(units pump)"
expect_equal "next build: units that tried near" 0 "$(units_with_faults)"
cluster_restart near
wait_until 90 "near is used again" uses near 0

# No host is up.
cluster_stop near && cluster_stop far
unset DISTCC_FALLBACK
build "both are down"
expect_equal "both down: units compiled here" 20 "$(units local)"
expect_here "both down" hosts-failed
# Those of the slots of both; later ones are told that the hosts are down.
[ "$(units_with_faults)" -le 8 ] || fail "$(units_with_faults) units tried hosts that are down"
export DISTCC_FALLBACK=0
rm -f u1.o
status=0; "$launch" g++ -O1 -c u1.cc -o u1.o 2>"$work/err" || status=$?
expect_equal "both down, DISTCC_FALLBACK=0: status" 103 $status
[ ! -e u1.o ] || fail "an object in spite of DISTCC_FALLBACK=0"

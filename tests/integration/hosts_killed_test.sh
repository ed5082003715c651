# A host whose distccd is killed while it compiles: its units are compiled by the other host, in pump mode, no launcher fails, and
# it is soon known that the host is down. When it is back it is used again within seconds, with the same compiler, also if it was
# away for a moment only.
source "$(dirname "$0")/hosts_lib.sh"
standin "$work/compilers" g++ "while [ -e $work/compilers/hold ]; do sleep 0.02; done"
start near --compilers "$work/compilers" && start far --compilers "$work/compilers"
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
make_units 12
# begun NAME: compilers that were started there and have not ended, or not until they were killed.
begun() { echo $(($(cluster_log "$1" | grep -c 'forking to execute') - $(cluster_log "$1" | grep -c dcc_job_summary))); }
has_begun() { [ "$(begun "$1")" -ge "$2" ]; }
# kill_near WHAT COMMAND: kills it while all its slots are in use, then runs COMMAND; all units are compiled. Its processes do not end
# at the same time: after the first one, the probe may still be accepted, so that a slot is granted once more.
kill_near() {
  local killed building faults
  killed=$(begun near)
  : >"$work/compilers/hold"
  build "$1" &
  building=$!
  wait_until 60 "$1: units run on near" has_begun near $((killed + 4))
  cluster_stop near
  $2
  rm "$work/compilers/hold"
  wait $building || fail "$1: the build"
  expect_equal "$1: units in pump mode" 12 "$(units pump)"
  faults=$(units_with_faults)
  [ "$faults" -ge 4 ] && [ "$faults" -le 8 ] || fail "$1: $faults units were on near, not the 4 of its slots, or a few more"
}
is_known() { wait_until 3 "it is known that near is down" is_in_state near down; }
kill_near "near is killed" is_known
cluster_restart near
before=$(pump_jobs near)
wait_until 8 "near is used again" uses near "$before"
is_in_state near up || fail "near is $(host_state near) after its return"
expect_equal "near is back: units in pump mode" 12 "$(units pump)"
expect_equal "near is back: faults" 0 "$(units_with_faults)"

restart() { cluster_restart near; }
kill_near "near is restarted" restart
before=$(pump_jobs near)
wait_until 8 "near is used after its restart" uses near "$before"
is_in_state near up || fail "near is $(host_state near) after its restart"

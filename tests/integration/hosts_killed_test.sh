# A host whose distccd is killed while it compiles: its units are compiled by the other host, in pump mode, and no launcher fails.
source "$(dirname "$0")/hosts_lib.sh"
standin "$work/compilers" g++ "while [ -e $work/compilers/hold ]; do sleep 0.02; done"
start near --compilers "$work/compilers" && start far --compilers "$work/compilers"
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
make_units 12
: >"$work/compilers/hold"
build "near is killed" &
building=$!
runs_on_near() { [ "$(cluster_log near | grep -c 'forking to execute')" -gt "$(cluster_log near | grep -c dcc_job_summary)" ]; }
wait_until 60 "a unit runs on near" runs_on_near
cluster_stop near
rm "$work/compilers/hold"
wait $building || fail "the build"
expect_equal "units in pump mode" 12 "$(units pump)"
[ "$(units_with_faults)" -ge 1 ] || fail "no unit was on near"
cluster_restart near
build "near is back"
expect_equal "near is back: units in pump mode" 12 "$(units pump)"

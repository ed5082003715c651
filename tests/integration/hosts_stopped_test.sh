# A host that accepts connections and never answers: its units are compiled by the other host. If there is no other, they are
# compiled here after DISTCC_IO_TIMEOUT, which only the units of its slots wait for. The host is used again when it answers.
source "$(dirname "$0")/hosts_lib.sh"
start near && start far
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)" DISTCC_IO_TIMEOUT=3
make_units 20
cluster_pause near
build "near is stopped"
expect_equal "units in pump mode" 20 "$(units pump)"
# They are moved when far is idle, which is no fault of near's that is known: it may only be slow.
tried=$(grep -cE "\"(faults|moves)\":\"$(cluster_host near)" "$XDG_STATE_HOME"/*/records.jsonl || true)
[ "$tried" -ge 1 ] && [ "$tried" -le 4 ] || fail "$tried units tried near"
moved=$(sed -n 's/.*"source":"\([^"]*\)".*"moves":"[^"]*no answer so far.*/\1/p' "$XDG_STATE_HOME"/*/records.jsonl | head -n 1)
[ -n "$moved" ] || fail "no unit was moved: $(grep -o '"faults.*' "$XDG_STATE_HOME"/*/records.jsonl)"
expect_contains "--why" "moved:  $(cluster_host near): no answer so far" "$("$pump" --why "$moved")"
case $("$pump" --why "$moved") in *failed:*) fail "--why takes the move for a failure" ;; esac
cluster_continue near
wait_until 90 "near is used again" uses near 0

# The only host is stopped.
unset DISTCC_FALLBACK
DISTCC_HOSTS=$(cluster_host far)
cluster_pause far
build "the only host is stopped"
expect_equal "the only host: units compiled here" 20 "$(units local)"
expect_here "the only host" hosts-failed
stalled=$(grep -c '"faults":"[^"]*: stalled: ' "$XDG_STATE_HOME"/*/records.jsonl || true)
[ "$stalled" -ge 1 ] && [ "$stalled" -le 4 ] || fail "$stalled units waited for the host"
expect_equal "the state of far" sick "$(host_state far)"
before=$(pump_jobs far)
cluster_continue far
wait_until 90 "the only host is used again" uses far "$before"

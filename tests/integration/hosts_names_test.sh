# Hosts by name and by IPv6 address: a name with several addresses of which the first one is dead, a name that does not resolve, one
# that stops resolving during a build, and one that gets another address. Everything is compiled on hosts.
source "$PUMP_SOURCE/tests/cluster/cluster.sh"
cluster_enter "$@"
source "$(dirname "$0")/hosts_lib.sh"
# The name service: a file for each name, with its addresses.
mkdir "$work/names" "$work/bin"
printf '#!/bin/sh\n[ "$1 $2" = "ahosts --" ] && sed "s/$/ STREAM $3/" "%s/$3" 2>/dev/null || exit 2\n' "$work/names" >"$work/bin/getent"
chmod 755 "$work/bin/getent"
export PATH=$work/bin:$PATH
start near && start far
# by_name HOST NAME: the word for DISTCC_HOSTS.
by_name() { echo "$2:${cluster[$1.port]}/4,cpp,lzo"; }
resolve() { printf '%s\n' "${@:2}" >"$work/names/$1"; }
session_log() { cat "$work"/run/*/log; }
state_of() { "$pump" --status | sed -n "s|^ *$1 *\([a-z]*\),.*|\1|p"; }
# Seconds that the units of the last build needed to connect, the most first.
connecting() { sed -n 's/.*"connecting":\([0-9.e-]*\),.*/\1/p' "$XDG_STATE_HOME"/*/records.jsonl | sort -gr; }
make_units 16

# Nothing answers at the first address: packets vanish where there is a network, else the connection is refused. One launcher
# notices that; then the second address comes first.
dead=$([ $cluster_inside = yes ] && echo 10.77.0.200 || echo 127.0.0.2)
resolve two "$dead" "${cluster[near.address]}"
DISTCC_HOSTS=$(by_name near two)
export DISTCC_HOSTS
build "the first address is dead"
expect_equal "the first address is dead: units in pump mode" 16 "$(units pump)"
expect_equal "the first address is dead: faults" 0 "$(units_with_faults)"
slow=$(connecting | awk '$1 > 0.5' | wc -l)
[ "$slow" -le 1 ] || fail "$slow units waited for the dead address: $(connecting | tr '\n' ' ')"
[ $cluster_inside = no ] || [ "$slow" = 1 ] || fail "the first address was not tried"

# The name of the only other host stops resolving, and the host dies: its last address stays in use.
resolve other "${cluster[near.address]}"
other=$(by_name near other)
DISTCC_HOSTS="$other $(cluster_host far)"
before=$(pump_jobs near)
build "both"
[ "$(pump_jobs near)" -gt "$before" ] || fail "a host by name is not used"
rm "$work/names/other"
cluster_stop near
build "near is down and its name is gone"
expect_equal "near is down: units in pump mode" 16 "$(units pump)"
is_noticed() { session_log | grep -q 'cannot resolve other: .*its last addresses stay in use'; }
wait_until 20 "the log says that the name is gone" is_noticed
cluster_restart near
before=$(pump_jobs near)
wait_until 20 "near is used at its last address" uses near "$before"
expect_equal "near is back: faults" 0 "$(units_with_faults)"

# A name that has never resolved: the other host compiles all. When it resolves, it is used.
nobody=$(by_name near nobody)
DISTCC_HOSTS="$nobody $(cluster_host far)"
build "an unknown name"
expect_equal "an unknown name: units in pump mode" 16 "$(units pump)"
expect_equal "an unknown name: its state" down "$(state_of "$nobody")"
resolve nobody "${cluster[near.address]}"
before=$(pump_jobs near)
wait_until 20 "the host is used when its name is known" uses near "$before"

# IPv6: the address itself, and a name that has such an address first, where nothing listens.
if cluster_has_ipv6; then
  start six --ipv6
  DISTCC_HOSTS=$(cluster_host six)
  build "IPv6"
  expect_equal "IPv6: jobs" 16 "$(distccd_settle <(cluster_log six); pump_jobs six)"
  resolve both "$([ $cluster_inside = yes ] && echo fd77::200 || echo ::1)" "${cluster[near.address]}"
  DISTCC_HOSTS=$(by_name near both)
  build "an IPv6 address that does not answer, and an IPv4 one"
  expect_equal "both kinds: units in pump mode" 16 "$(units pump)"
  expect_equal "both kinds: faults" 0 "$(units_with_faults)"
else
  echo "without IPv6: this machine has none"
fi

# A host that returns with another address, as with DHCP.
if [ $cluster_inside = yes ]; then
  resolve moving "${cluster[far.address]}"
  moving=$(by_name far moving)
  DISTCC_HOSTS="$moving $(cluster_host near)"
  build "before the move"
  cluster_stop far
  start again
  resolve moving "${cluster[again.address]}"
  wait_until 20 "the host is used at its new address" uses again 0
  expect_equal "after the move: state" up "$(state_of "$moving")"
fi

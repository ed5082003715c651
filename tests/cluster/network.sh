# Sourced by cluster.sh: a network of the test's own. Client and bridge are in a new network namespace, each server is in one more
# and is connected to the bridge. No packet leaves this machine, and all of it ends with the processes.
#
#   client 10.77.0.1, fd77::1          server N: 10.77.0.(N+1), fd77::(N+1)
#
# Slow links are veth pairs with tc's netem. A kernel without netem gets tap devices and a process that carries the frames
# (slow_link.c).
cluster_network='' # why there is none; empty until cluster_enter has decided
cluster_inside=no

# cluster_enter "$@": with the script's own arguments. Runs the script again in a network namespace, so it must come before anything
# is created. Without root, the servers will be on loopback.
cluster_enter() {
  if [ "${CLUSTER_ENTERED:-}" = $$ ]; then
    unset CLUSTER_ENTERED
    cluster_make_bridge && cluster_inside=yes || cluster_network="no bridges here"
  elif [ "$(id -u)" != 0 ]; then cluster_network="needs root for network namespaces"
  elif ! command -v ip >/dev/null; then cluster_network="ip is not installed (package iproute2)"
  elif ! unshare --net true 2>/dev/null; then cluster_network="no network namespaces here"
  else
    # unshare does not fork, so this script keeps its process id. A script that it starts has another one, and enters its own.
    CLUSTER_ENTERED=$$ exec unshare --net "$BASH" "$0" "$@"
  fi
  [ $cluster_inside = yes ] || echo "NO NETWORK: $cluster_network; the servers listen on loopback" >&2
}

cluster_make_bridge() {
  ip link set dev lo up && ip link add name cluster type bridge && ip link set dev cluster up &&
    ip address add 10.77.0.1/24 dev cluster || return 1
  ip address add fd77::1/64 dev cluster nodad 2>/dev/null || true
}

# cluster_has_ipv6: on the test's network, or on loopback.
cluster_has_ipv6() { ip -6 address show 2>/dev/null | grep -q "inet6 $([ $cluster_inside = yes ] && echo fd77::1 || echo ::1)/"; }

# cluster_has_netem: tried once.
cluster_has_netem() {
  if [ -z "${cluster_netem:-}" ]; then
    cluster_netem=no
    if tc qdisc add dev cluster root netem delay 1ms 2>/dev/null; then
      tc qdisc delete dev cluster root
      cluster_netem=yes
    fi
  fi
  [ $cluster_netem = yes ]
}
cluster_has_slow_links() { cluster_has_netem || [ -c /dev/net/tun ]; }

# cluster_connect NAME NUMBER: makes the server's namespace and its link.
cluster_connect() {
  local name=$1 number=$2 holder near=cluster$2 namespace
  # The namespace stays when distccd ends, so that it can start again at the same address.
  unshare --net sleep infinity &
  holder=$!
  cluster[$name.holder]=$holder cluster[$name.near]=$near
  namespace=/proc/$holder/ns/net
  until [ "$(readlink $namespace)" != "$(readlink /proc/self/ns/net)" ]; do
    if gone $holder; then
      echo "$name: no network namespace" >&2
      return 1
    fi
  done
  if [ -z "${cluster[$name.delay]}${cluster[$name.loss]}${cluster[$name.rate]}" ]; then
    ip link add name "$near" type veth peer name eth0 netns $holder || return 1
  elif cluster_has_netem; then cluster_netem_link "$name" "$near" $holder || return 1
  else cluster_carried_link "$name" "$near" $namespace || return 1
  fi
  ip link set dev "$near" master cluster up
  nsenter --net=$namespace bash -euc '
    ip link set dev lo up
    ip link set dev eth0 address "$2" up
    ip address add "10.77.0.$1/24" dev eth0
    ip address add "fd77::$1/64" dev eth0 nodad 2>/dev/null || true' - $((number + 1)) "$(cluster_mac "$number")"
}
cluster_mac() { printf '02:77:00:00:00:%02x\n' "$1"; }

# Each direction has half of the delay, so that the time of a round trip grows by all of it.
cluster_netem_link() {
  local name=$1 near=$2 holder=$3 netem
  netem=(netem limit 1000 delay "$(awk -v ms="${cluster[$name.delay]:-0}" 'BEGIN { print ms * 500 }')us"
    ${cluster[$name.loss]:+loss "${cluster[$name.loss]}%"} ${cluster[$name.rate]:+rate "${cluster[$name.rate]}mbit"})
  ip link add name "$near" type veth peer name eth0 netns "$holder" || return 1
  tc qdisc add dev "$near" root "${netem[@]}" && nsenter --net="/proc/$holder/ns/net" tc qdisc add dev eth0 root "${netem[@]}"
}

cluster_carried_link() {
  local name=$1 near=$2 namespace=$3 tool ready=''
  tool=$(cluster_tool tests/cluster/slow_link.c) || return 1
  mkfifo "$cluster_directory/$name/ready"
  "$tool" "$near" "$namespace" eth0 "${cluster[$name.delay]:-0}" "${cluster[$name.loss]:-0}" "${cluster[$name.rate]:-0}" \
    >"$cluster_directory/$name/ready" &
  cluster[$name.link]=$!
  read -r ready <"$cluster_directory/$name/ready" || true
  [ "$ready" = ready ]
}

# Packets to the server vanish, as behind a firewall: a connection attempt gets no answer, not even that there is no route.
cluster_blackhole() {
  local near=${cluster[$1.near]:?is not on a network of its own} number=${cluster[$1.number]} address
  ip link set dev "$near" nomaster
  for address in "10.77.0.$((number + 1))" "fd77::$((number + 1))"; do
    ip neighbour replace "$address" lladdr "$(cluster_mac "$number")" dev cluster nud permanent 2>/dev/null || true
  done
}

cluster_forget_neighbours() {
  local number=${cluster[$1.number]} address
  for address in "10.77.0.$((number + 1))" "fd77::$((number + 1))"; do
    ip neighbour delete "$address" dev cluster 2>/dev/null || true
  done
}

cluster_reconnect() {
  cluster_forget_neighbours "$1"
  ip link set dev "${cluster[$1.near]}" master cluster
}

cluster_disconnect() {
  local process
  for process in "${cluster[$1.link]:-}" "${cluster[$1.holder]:-}"; do
    [ -z "$process" ] || { kill "$process" && wait "$process"; } 2>/dev/null || true
  done
  [ -z "${cluster[$1.near]:-}" ] || ip link delete dev "${cluster[$1.near]}" 2>/dev/null || true
  cluster_forget_neighbours "$1"
  cluster[$1.link]='' cluster[$1.holder]='' cluster[$1.near]=''
}

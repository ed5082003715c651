# Sourced: a cluster of stock distccd servers on this machine, each as if on a machine of its own: it does not see the client's
# project, home and build directories (tests/shell/distccd.sh), and has its own TMPDIR, network, and limits.
#
#   source tests/cluster/cluster.sh
#   cluster_enter "$@"                 first, before the script creates anything (network.sh)
#   work=$(mktemp -d …)                a directory that the servers' user can reach (mode 755)
#   trap cluster_cleanup EXIT
#   cluster_start near --slots 12
#   cluster_start far --slots 12 --delay 100 --loss 1
#   export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
#
# cluster_start NAME OPTION...: returns 77 and prints "skipped: REASON" if this machine cannot do it. An option with * needs a
# network namespace, so root; without, the servers are on loopback and differ in their ports.
#   --slots N          in its word for DISTCC_HOSTS: 4
#   --jobs N           distccd's own limit: the same
#   --ipv6             its word has an IPv6 address
#   --ssh            * its word is for ssh: an sshd starts a distccd for each unit. DISTCC_SSH must be $(cluster_ssh). cluster_jobs and
#                      --jobs are not for these
#   --delay MS       * added to each round trip
#   --loss PERCENT   * of the packets in each direction
#   --rate MBIT      * of each direction
#   --blackhole      * packets to it vanish; cluster_reconnect ends that
#   --decoy            it has another version of each of the client's files ($work) at the same path
#   --compilers DIR    comes first on its PATH: for another version of the compiler
#   --standin          its compilers only wait, then write an empty object (tests/tools/standin_compiler.c)
#   --slow FACTOR      they wait FACTOR times as long
#   --cpus LIST        the processors that it may use, as for taskset
#   --full-disk SIZE   its TMPDIR is a file system of this size (e.g. 64k; cluster_fill fills a larger one)
#   --root SUITE       it runs in a bare Debian of its own, with that Debian's compiler: bookworm or trixie. Needs root, mmdebstrap
#                      or debootstrap, and 700 MB; not for CI. DISTRO_CACHE keeps it (tests/shell/bare_root.sh)
#   --env NAME=VALUE   for distccd and its compilers
#
# cluster_host NAME          its word for DISTCC_HOSTS
# cluster_ssh                the ssh that reaches servers with --ssh
# cluster_stop NAME          kills all its processes: connections are refused. cluster_restart starts it again, with the same address
# cluster_pause NAME         stops them (SIGSTOP): the kernel accepts connections, but nobody answers. cluster_continue ends that
# cluster_blackhole NAME     packets vanish; cluster_reconnect ends that
# cluster_fill NAME          its TMPDIR (--full-disk) has no space; cluster_empty ends that
# cluster_refuse NAME        its stand-in compilers say that there is no space; cluster_accept ends that
# cluster_jobs NAME          "PUMP PLAIN FAILED", its jobs so far
# cluster_sees NAME PATH     true if the path exists for it
# cluster_has NAME PATH      puts stdin into a file there, below a hidden directory
# cluster_cleanup            ends what was started here
cluster_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$cluster_top/tests/shell/distccd.sh"
source "$cluster_top/tests/shell/bare_root.sh"
source "$cluster_top/tests/cluster/network.sh"

declare -A cluster=() # NAME.PROPERTY
cluster_names=()
cluster_number=0
cluster_directory='' # $work/cluster

# cluster_tool SOURCE: the path of the program. Compiled here, so that a benchmark of an older build has today's tools.
cluster_tool() {
  local program
  program=$cluster_directory/tools/$(basename "$1" .c)
  [ -x "$program" ] || { mkdir -p "$cluster_directory/tools" && cc -O1 -o "$program" "$cluster_top/$1"; } || return 1
  echo "$program"
}

# cluster_options NAME OPTION...: fills cluster[NAME.*]
cluster_options() {
  local name=$1 option
  shift
  for option in jobs ipv6 ssh delay loss rate blackhole decoy compilers standin slow cpus full-disk root env holder link near port; do
    cluster[$name.$option]=''
  done
  cluster[$name.slots]=4
  while [ $# -gt 0 ]; do
    option=${1#--}
    case $1 in
      --ipv6 | --ssh | --blackhole | --decoy | --standin) cluster[$name.$option]=1 && shift ;;
      --env) cluster[$name.env]+="$2"$'\n' && shift 2 ;;
      --slots | --jobs | --delay | --loss | --rate | --compilers | --slow | --cpus | --full-disk | --root)
        cluster[$name.$option]=$2 && shift 2
        ;;
      *) echo "cluster_start $name: what is $1?" >&2 && return 2 ;;
    esac
  done
  cluster[$name.jobs]=${cluster[$name.jobs]:-${cluster[$name.slots]}}
}

# cluster_obstacle NAME: prints why this machine cannot do what the options want, and fails if it can.
cluster_obstacle() {
  local of=$1
  if [ -n "${cluster[$of.ssh]}${cluster[$of.delay]}${cluster[$of.loss]}${cluster[$of.rate]}${cluster[$of.blackhole]}" ] && [ $cluster_inside = no ]; then
    echo "$cluster_network"
  elif [ -n "${cluster[$of.delay]}${cluster[$of.loss]}${cluster[$of.rate]}" ] && ! cluster_has_slow_links; then
    echo "neither netem nor tap devices here"
  elif [ -n "${cluster[$of.ssh]}" ] && ! [ -x /usr/sbin/sshd ]; then echo "sshd is not installed (package openssh-server)"
  elif [ -n "${cluster[$of.ipv6]}" ] && ! cluster_has_ipv6; then echo "no IPv6 here"
  elif [ -n "${cluster[$of.decoy]}${cluster[$of.full-disk]}${cluster[$of.root]}" ] && ! can_hide; then echo "no mount namespaces here"
  elif [ -n "${cluster[$of.root]}" ]; then bare_root_obstacle
  else return 1
  fi
}

cluster_start() {
  local name=$1 reason
  shift
  cluster_directory=${work:?cluster_start needs a scratch directory in \$work}/cluster
  cluster_options "$name" "$@" || return
  if reason=$(cluster_obstacle "$name"); then
    echo "skipped: $reason"
    return 77
  fi
  cluster_number=$((cluster_number + 1))
  cluster[$name.number]=$cluster_number cluster[$name.life]=0
  cluster_names+=("$name")
  # A server of this name may have been here before.
  [ ! -e "$cluster_directory/$name" ] || remove_tree "$cluster_directory/$name" || return 1
  mkdir -p "$cluster_directory/$name"
  if [ $cluster_inside = yes ]; then
    cluster_connect "$name" $cluster_number || return 1
    cluster[$name.address]=10.77.0.$((cluster_number + 1)) cluster[$name.allow]=10.77.0.0/24
    [ -z "${cluster[$name.ipv6]}" ] || cluster[$name.address]=fd77::$((cluster_number + 1)) cluster[$name.allow]=fd77::/64
  else
    cluster[$name.address]=$([ -n "${cluster[$name.ipv6]}" ] && echo ::1 || echo 127.0.0.1)
    cluster[$name.allow]=${cluster[$name.address]}
  fi
  [ -z "${cluster[$name.standin]}" ] || cluster_standins "$name" || return 1
  cluster_restart "$name" || return 1
  [ -z "${cluster[$name.ssh]}" ] || cluster_start_sshd "$name" || return 1
  [ -z "${cluster[$name.blackhole]}" ] || cluster_blackhole "$name"
}

# cluster_standins NAME: all names that distccd allows.
cluster_standins() {
  local directory=$cluster_directory/$1/compilers standin name
  standin=$(cluster_tool tests/tools/standin_compiler.c) || return 1
  mkdir -p "$directory"
  for name in /usr/lib/distcc/*; do cp "$standin" "$directory/$(basename "$name")"; done
  cluster[$1.compilers]=$directory
}

# cluster_restart NAME: starts distccd. Each of its lives has a directory of its own, with a log.
cluster_restart() {
  local name=$1 directory status=2 tries
  [ -z "${cluster[$name.pid]:-}" ] || { echo "cluster_restart: $name runs" >&2; return 1; }
  cluster[$name.life]=$((cluster[$name.life] + 1))
  directory=$cluster_directory/$name/${cluster[$name.life]}
  mkdir "$directory"
  [ -z "${cluster[$name.root]}" ] || cluster_unpack_root "${cluster[$name.root]}" || return 1
  for tries in 1 2 3 4 5; do
    [ $cluster_inside = yes ] && cluster[$name.port]=3632 || cluster[$name.port]=${cluster[$name.port]:-$(free_port)}
    status=0
    cluster_launch "$name" "$directory" || status=$?
    [ $status = 2 ] && [ "${cluster[$name.life]}" = 1 ] && [ "$tries" != 5 ] || return $status
    cluster[$name.port]=''
  done
}

# The variables of tests/shell/distccd.sh are local here: the script may run another distccd.
cluster_launch() {
  local name=$1 directory=$2 distccd_pid distccd_log distccd_scratch distccd_tmp distccd_hidden distccd_views status=0
  local PUMP_TEST_DECOY=${cluster[$name.decoy]:-${PUMP_TEST_DECOY:-}} DISTCCD_PATH=${cluster[$name.compilers]}
  local DISTCCD_ADDRESS=${cluster[$name.address]} DISTCCD_ALLOW=${cluster[$name.allow]}
  local DISTCCD_TMP_SIZE=${cluster[$name.full-disk]} DISTCCD_ROOT=${cluster[$name.root]:+$cluster_roots/${cluster[$name.root]}}
  # A session of its own, by which all its processes are found.
  local variable DISTCCD_PREFIX=(setsid)
  [ -z "${cluster[$name.holder]:-}" ] || DISTCCD_PREFIX+=(nsenter "--net=/proc/${cluster[$name.holder]}/ns/net")
  [ -z "${cluster[$name.cpus]}" ] || DISTCCD_PREFIX+=(taskset -c "${cluster[$name.cpus]}")
  local DISTCCD_ENVIRONMENT=("STANDIN_FACTOR=${cluster[$name.slow]:-1}" "STANDIN_FULL=$directory/full")
  while IFS= read -r variable; do DISTCCD_ENVIRONMENT+=("$variable"); done < <(printf %s "${cluster[$name.env]}")
  distccd_launch "$directory" "${cluster[$name.port]}" "${cluster[$name.jobs]}" || status=$?
  # Otherwise bash reports that it was killed.
  [ -z "$distccd_pid" ] || disown "$distccd_pid"
  cluster[$name.pid]=$distccd_pid cluster[$name.scratch]=$distccd_scratch cluster[$name.tmp]=$distccd_tmp
  cluster[$name.hidden]=$(printf '%s\n' "${distccd_hidden[@]}") cluster[$name.views]=$(printf '%s\n' "${distccd_views[@]}")
  return $status
}

# Unpacked once, for all servers of this Debian.
cluster_roots=''
cluster_unpack_root() {
  [ -n "$cluster_roots" ] || cluster_roots=$(mktemp -d "${DISTRO_WORK:-/var/tmp}/pump-cluster.XXXXXX")
  chmod 755 "$cluster_roots"
  [ ! -d "$cluster_roots/$1" ] || return 0
  # The test's network has no packages; that of the process that started this script may have.
  local outside=()
  [ $cluster_inside = no ] || outside=(nsenter "--net=/proc/$PPID/ns/net")
  "${outside[@]}" bash -euc 'source "$1" && shift && bare_root "$@"' - "$cluster_top/tests/shell/bare_root.sh" \
    "$1" "$1-server" g++,distcc "$cluster_roots/$1"
}

# cluster_start_sshd NAME: an sshd that sees what the server's distccd sees, with keys of its own.
cluster_start_sshd() {
  local name=$1 directory=$cluster_directory/$1/${cluster[$1.life]} keys=$cluster_directory/ssh tries
  cluster_ssh >/dev/null || return 1
  mkdir -p /run/sshd # its empty directory without privileges
  ssh-keygen -q -t ed25519 -N '' -f "$directory/host_key" && cp "$keys/key.pub" "$directory/authorized_keys" || return 1
  printf '%s\n' "ListenAddress ${cluster[$name.address]}" "HostKey $directory/host_key" PidFile\ none UsePAM\ no StrictModes\ no \
    "AuthorizedKeysFile $directory/authorized_keys" "MaxStartups 1000" "MaxSessions 1000" PermitRootLogin\ prohibit-password \
    "SetEnv PATH=${cluster[$name.compilers]:+${cluster[$name.compilers]}:}/usr/local/bin:/usr/bin:/bin \
STANDIN_FACTOR=${cluster[$name.slow]:-1} STANDIN_FULL=$directory/full LC_ALL=C TMPDIR=${cluster[$name.tmp]}" \
    >"$directory/sshd_config"
  nsenter "--net=/proc/${cluster[$name.holder]}/ns/net" "--mount=/proc/${cluster[$name.pid]}/ns/mnt" \
    /usr/sbin/sshd -D -e -f "$directory/sshd_config" </dev/null >"$directory/sshd.log" 2>&1 &
  cluster[$name.sshd]=$!
  for tries in $(seq 100); do
    ! grep -q 'Server listening' "$directory/sshd.log" || return 0
    sleep 0.05
  done
  cat "$directory/sshd.log" >&2
  return 1
}

# The key and the program are made once. One connection serves all units of a host, as ssh's ControlMaster keeps it.
cluster_ssh() {
  local keys=$cluster_directory/ssh
  [ -d "$keys" ] || {
    mkdir "$keys" && ssh-keygen -q -t ed25519 -N '' -f "$keys/key" || return 1
    printf '%s\n' "IdentityFile $keys/key" IdentitiesOnly\ yes StrictHostKeyChecking\ no "UserKnownHostsFile /dev/null" \
      LogLevel\ ERROR BatchMode\ yes ControlMaster\ auto "ControlPath $keys/%h" ControlPersist\ 60 >"$keys/config"
    printf '#!/bin/sh\nexec ssh -F "%s" "$@"\n' "$keys/config" >"$keys/ssh" && chmod 755 "$keys/ssh"
  }
  echo "$keys/ssh"
}

cluster_host() {
  local address=${cluster[$1.address]}
  [ -z "${cluster[$1.ssh]}" ] || { echo "root@$address/${cluster[$1.slots]},cpp,lzo"; return; }
  [ -z "${cluster[$1.ipv6]}" ] || address="[$address]"
  echo "$address:${cluster[$1.port]}/${cluster[$1.slots]},cpp,lzo"
}

# cluster_processes NAME: distccd, its children and their compilers, but not those that have ended.
cluster_processes() {
  local session=${cluster[$1.pid]:-} file stat
  [ -n "$session" ] || return 0
  for file in /proc/[0-9]*/stat; do
    { read -r stat <"$file"; } 2>/dev/null || continue
    set -- ${stat##*) } # state, parent, process group, session
    case $1 in [ZX]) continue ;; esac
    [ "$4" != "$session" ] || { file=${file#/proc/} && echo "${file%/stat}"; }
  done
}

# cluster_signal NAME SIGNAL: to all of them, also to those that were started meanwhile.
cluster_signal() {
  local processes before=none
  while processes=$(cluster_processes "$1") && [ "$processes" != "$before" ]; do
    [ -z "$processes" ] || kill "-$2" $processes 2>/dev/null || true
    before=$processes
  done
}
cluster_pause() { cluster_signal "$1" STOP; }
cluster_continue() { cluster_signal "$1" CONT; }

cluster_stop() {
  [ -n "${cluster[$1.pid]:-}" ] || return 0
  while [ -n "$(cluster_processes "$1")" ]; do
    cluster_signal "$1" KILL
    sleep 0.01
  done
  cluster[$1.pid]=''
  remove_tree "${cluster[$1.scratch]}"
}

cluster_fill() {
  head -c 4G /dev/zero 2>/dev/null >"/proc/${cluster[$1.pid]}/root${cluster[$1.tmp]}/filler" && {
    echo "cluster_fill: $1 has more than 4 GB; start it with --full-disk SIZE" >&2
    return 1
  }
  return 0
}
cluster_empty() { rm -f "/proc/${cluster[$1.pid]}/root${cluster[$1.tmp]}/filler"; }

cluster_refuse() { : >"$cluster_directory/$1/${cluster[$1.life]}/full"; }
cluster_accept() { rm -f "$cluster_directory/$1/${cluster[$1.life]}/full"; }

cluster_log() { cat "$cluster_directory/$1"/*/distccd.log; }
cluster_jobs() { distccd_jobs <(cluster_log "$1"); }
cluster_sees() { [ -e "/proc/${cluster[$1.pid]}/root$2" ] || [ -L "/proc/${cluster[$1.pid]}/root$2" ]; }
cluster_has() {
  local distccd_hidden distccd_views
  mapfile -t distccd_hidden <<<"${cluster[$1.hidden]}"
  mapfile -t distccd_views <<<"${cluster[$1.views]}"
  server_has "$2"
}

cluster_cleanup() {
  local name control
  for control in "$cluster_directory"/ssh/[0-9a-f]*; do
    [ ! -S "$control" ] || ssh -F "${control%/*}/config" -O exit "${control##*/}" 2>/dev/null || true
  done
  for name in "${cluster_names[@]}"; do
    [ -z "${cluster[$name.sshd]:-}" ] || { kill "${cluster[$name.sshd]}" && wait "${cluster[$name.sshd]}"; } 2>/dev/null || true
    cluster[$name.sshd]=''
    cluster_stop "$name" || true
    cluster_disconnect "$name"
  done
  cluster_names=() cluster_number=0
  [ -z "$cluster_roots" ] || remove_tree "$cluster_roots" || true
  cluster_roots=''
}

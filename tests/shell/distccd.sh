# Sourced: runs a distccd that does not see this machine's projects, and reads its log. tests/cluster/ runs several.
#
# distccd_launch DIRECTORY PORT JOBS: starts it in the background, logging to DIRECTORY/distccd.log (level debug, which
# shows each job's protocol). Sets distccd_pid, distccd_log, distccd_scratch, and distccd_tmp, its TMPDIR. The caller stops it
# with distccd_stop. Returns 2 if another process has taken PORT meanwhile.
# As on another machine, $work, the checkout and HOME are empty for it, except DIRECTORY and DISTCCD_PATH. Otherwise it would
# find the client's own files by absolute names, whatever was sent (other_machine.sh).
#   DISTCCD_PATH        a directory that is searched for compilers first
#   DISTCCD_HIDES       further directories (a string, or an array) that it does not see
#   DISTCCD_ADDRESS     the address that it listens on: 127.0.0.1
#   DISTCCD_ALLOW       the addresses that it serves: DISTCCD_ADDRESS
#   DISTCCD_PREFIX      (array) words before its command, for example nsenter and its options
#   DISTCCD_ENVIRONMENT (array) NAME=VALUE
#   DISTCCD_TMP_SIZE    its TMPDIR is a file system of this size
#   DISTCCD_ROOT        the root directory of the system that it runs in; needs root
#   PUMP_TEST_DECOY=1   it sees another version of $work: each file of the client exists there, with #error as content
distccd_checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
distccd_home=${HOME:-}
port_is_free() { ! grep -qi ":$(printf '%04X' "$1") " /proc/net/tcp /proc/net/tcp6 2>/dev/null; }

# gone PID: the process has ended, and its descriptors and locks are closed. That includes a zombie without other threads: a
# container's process 1 may reap late or never.
gone() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  set -- ${stat##*) }
  case $1 in [ZX]) [ "${18}" -le 1 ] ;; *) return 1 ;; esac
}

# distccd_settle LOG: waits until every job that began has ended. distccd logs the end of a job after it has sent the reply.
distccd_settle() {
  local end=$((SECONDS + 30))
  until [ "$(grep -c 'got DIST0000' "$1")" -le "$(grep -c 'dcc_job_summary' "$1")" ] || [ $SECONDS -ge $end ]; do
    sleep 0.05
  done
}

free_port() {
  # Reads the kernel's table, which needs no traffic.
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    if port_is_free $port; then echo $port; return 0; fi
  done
  echo "no free TCP port found" >&2
  return 1
}

# True if a mount namespace can be made, for root or with a user namespace.
can_hide() {
  if [ "$(id -u)" = 0 ]; then unshare --mount true 2>/dev/null
  else unshare --user --map-root-user --mount mount --bind /tmp /tmp 2>/dev/null; fi
}

# remove_tree DIRECTORY: fails and removes nothing if something is mounted below it.
remove_tree() {
  if awk -v top="$1/" '{ gsub(/\\040/, " ", $2); if (index($2 "/", top) == 1) found = 1 } END { exit !found }' /proc/self/mounts
  then
    echo "$1: something is mounted below it; not removed" >&2
    return 1
  fi
  rm -rf --one-file-system "$1"
}

# distccd_hide DIRECTORY: sets hiding, words to put before a command that must not see the client's directories, and
# distccd_hidden and distccd_views, the hidden directories and those that it sees instead.
distccd_hide() {
  local directory shown=("$1" ${DISTCCD_PATH:+"$DISTCCD_PATH"}) pairs=()
  hiding=() distccd_hidden=() distccd_views=()
  can_hide || {
    [ -z "${DISTCCD_TMP_SIZE:-}${DISTCCD_ROOT:-}" ] || { echo "no mount namespace can be made here" >&2; return 1; }
    echo "NOT HIDDEN: no mount namespace can be made here; distccd sees the client's files by their absolute names" >&2
    return 0
  }
  # A directory comes before those below it; $work, which may get decoys, comes last.
  while IFS= read -r directory; do
    [ -d "$directory" ] && [ "$directory" != / ] || continue
    distccd_hidden+=("$directory")
  done < <(printf '%s\n' "${DISTCCD_HIDES[@]:-}" "$distccd_checkout" "$distccd_home" | LC_ALL=C sort -u; echo "${work:-}")
  mkdir "$distccd_scratch/store"
  [ -z "${DISTCCD_TMP_SIZE:-}" ] || pairs+=("$distccd_tmp" "tmpfs:$DISTCCD_TMP_SIZE")
  for directory in "${distccd_hidden[@]}"; do
    distccd_views+=("$distccd_scratch/view.${#distccd_views[@]}")
    mkdir "${distccd_views[-1]}"
    pairs+=("$directory" "${distccd_views[-1]}")
  done
  hiding=("$distccd_checkout/tests/shell/other_machine.sh" ${DISTCCD_ROOT:+--root "$DISTCCD_ROOT"} "$distccd_scratch/store"
    "${pairs[@]}" -- "${shown[@]}" --)
}

# server_has PATH: puts a file at this path on distccd's machine, below a hidden directory; the content comes from stdin.
server_has() {
  local i view
  for ((i = ${#distccd_hidden[@]} - 1; i >= 0; i--)); do
    case $1 in
      "${distccd_hidden[$i]}"/*)
        view=${distccd_views[$i]}${1#"${distccd_hidden[$i]}"}
        mkdir -p "$(dirname "$view")" && cat >"$view"
        return
        ;;
    esac
  done
  echo "server_has: $1 is not below a directory that is hidden from distccd" >&2
  return 1
}

# distccd_decoys DIRECTORY: makes compilers for PUMP_TEST_DECOY in DIRECTORY/decoys and puts them first on $path.
distccd_decoys() {
  local name decoys=$1/decoys
  [ ${#hiding[@]} -gt 0 ] || { echo "PUMP_TEST_DECOY needs mount namespaces" >&2; return 1; }
  mkdir "$decoys"
  ln -s "$distccd_scratch/store/original" "$decoys/.client"
  ln -s "${distccd_views[-1]}" "$decoys/.server"
  chmod 1777 "${distccd_views[-1]}" # distccd's user writes there
  for name in /usr/lib/distcc/* ${DISTCCD_PATH:+"$DISTCCD_PATH"/*}; do
    cp "$distccd_checkout/tests/shell/decoy_compiler.pl" "$decoys/$(basename "$name")"
  done
  path=$decoys:$path
}

distccd_launch() {
  local directory=$1 port=$2 jobs=$3 user=distccd as=() hiding=() address=${DISTCCD_ADDRESS:-127.0.0.1}
  local path=${DISTCCD_PATH:+$DISTCCD_PATH:}/usr/local/bin:/usr/bin:/bin
  distccd_log=$directory/distccd.log
  distccd_scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/pump-distccd.XXXXXX")
  # If root starts it, distccd runs as another user, which must be able to write both.
  distccd_tmp=$distccd_scratch/tmp
  mkdir "$distccd_tmp"
  : >"$distccd_log" && chmod 666 "$distccd_log" && chmod 1777 "$distccd_scratch" "$distccd_tmp"
  getent passwd $user >/dev/null || user=nobody
  [ "$(id -u)" != 0 ] || as=(--user "$user")
  distccd_hide "$directory" || return 1
  [ -z "${PUMP_TEST_DECOY:-}" ] || distccd_decoys "$directory"
  # distccd accepts the names in /usr/lib/distcc (links to distcc) and runs the programs that this PATH has by these names.
  # So that directory must not be on it.
  env -i PATH="$path" TMPDIR="$distccd_tmp" HOME=/ LC_ALL=C "${DISTCCD_ENVIRONMENT[@]}" "${DISTCCD_PREFIX[@]}" \
    "${hiding[@]}" distccd --daemon --no-detach "${as[@]}" --listen "$address" --allow "${DISTCCD_ALLOW:-$address}" \
    --port "$port" --jobs "$jobs" --log-file "$distccd_log" --log-level=debug </dev/null >"$directory/distccd.out" 2>&1 &
  distccd_pid=$!
  # Wait for the message in its log: another process may listen on the port.
  local tries=0
  until grep -qF "listening on $address:$port" "$distccd_log"; do
    tries=$((tries + 1))
    if [ $tries -gt 400 ] || gone "$distccd_pid"; then
      distccd_stop
      if grep -q 'Address already in use' "$distccd_log"; then return 2; fi
      echo "distccd (user $user) did not start on $address:$port (it must be able to write $distccd_log):" >&2
      tail -n 5 "$directory/distccd.out" "$distccd_log" >&2
      return 1
    fi
    sleep 0.05
  done
}

distccd_stop() {
  [ -z "${distccd_pid:-}" ] || { kill "$distccd_pid" 2>/dev/null && wait "$distccd_pid" 2>/dev/null; } || true
  [ -z "${distccd_scratch:-}" ] || remove_tree "$distccd_scratch" || true
  distccd_pid='' distccd_scratch=''
}

# Successful compilations by protocol, from a distccd log at level debug: "PUMP PLAIN FAILED".
# A worker logs the protocol of its current job, then a summary with the same pid.
distccd_jobs() {
  awk '
    match($0, /distccd\[[0-9]+\]/) { pid = substr($0, RSTART, RLENGTH) }
    match($0, /DIST0000000[0-9]/) { protocol[pid] = substr($0, RSTART + 11, 1) }
    / COMPILE_OK / { if (protocol[pid] == 3) pump++; else plain++ }
    / (COMPILE_ERROR|COMPILE_TIMEOUT|CLI_DISCONN|OTHER) / { failed++ }
    END { print pump + 0, plain + 0, failed + 0 }' "$1"
}

# The same from the client's log, written with DISTCC_VERBOSE=1, for servers whose logs cannot be read.
distcc_jobs() {
  awk '
    match($0, /distcc\[[0-9]+\]/) { pid = substr($0, RSTART, RLENGTH) }
    match($0, /send DIST0000000[0-9]/) { protocol[pid] = substr($0, RSTART + 16, 1) }
    / compile .* on .* completed ok$/ && !/ on localhost completed ok$/ { if (protocol[pid] == 3) pump++; else plain++ }
    / on .* failed/ { failed++ }
    END { print pump + 0, plain + 0, failed + 0 }' "$1"
}

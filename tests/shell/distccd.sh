# Sourced: one distccd on loopback, and what its log says.
#
# distccd_launch DIRECTORY PORT JOBS: starts it in the background, logging to DIRECTORY/distccd.log (level debug, which
# shows each job's protocol). Sets distccd_pid, distccd_log, distccd_scratch. The caller stops it with distccd_stop.
# DISTCCD_PATH: searched for compilers first. DISTCCD_HIDES: a directory that is empty for distccd, as the client's
# project is on another machine; see can_hide.
port_is_free() { ! grep -qi ":$(printf '%04X' "$1") " /proc/net/tcp /proc/net/tcp6 2>/dev/null; }
port_listens() { grep -qi ":$(printf '%04X' "$1") .* 0A " /proc/net/tcp; }

# distccd_settle LOG: distccd logs a job's end after it has answered; waits until every job that began has ended.
distccd_settle() {
  local end=$((SECONDS + 10))
  until [ "$(grep -c 'got DIST0000' "$1")" -le "$(grep -c 'dcc_job_summary' "$1")" ] || [ $SECONDS -ge $end ]; do
    sleep 0.05
  done
}

free_port() {
  # The kernel's own table is the source, so no traffic is sent.
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    if port_is_free $port; then echo $port; return 0; fi
  done
  echo "no free TCP port found" >&2
  return 1
}

# True where a mount namespace can be made: a distccd on the same machine would find the client's files by their
# absolute names, whatever has been sent.
can_hide() { unshare -m true 2>/dev/null; }

distccd_launch() {
  local directory=$1 port=$2 jobs=$3 user=distccd as=() hiding=()
  distccd_log=$directory/distccd.log
  distccd_scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/pump-distccd.XXXXXX")
  # distccd started by root works as another user, who must be able to write both.
  : >"$distccd_log" && chmod 666 "$distccd_log" && chmod 1777 "$distccd_scratch"
  getent passwd $user >/dev/null || user=nobody
  [ "$(id -u)" != 0 ] || as=(--user "$user")
  # It allows the names in /usr/lib/distcc (links to distcc) and runs what this PATH finds under them: that directory
  # itself must not be on it.
  [ -z "${DISTCCD_HIDES:-}" ] ||
    hiding=(unshare -m sh -c 'mount -t tmpfs -o mode=755 none "$0" && exec "$@"' "$DISTCCD_HIDES")
  env -i PATH="${DISTCCD_PATH:+$DISTCCD_PATH:}/usr/local/bin:/usr/bin:/bin" TMPDIR="$distccd_scratch" HOME=/ LC_ALL=C \
    "${hiding[@]}" distccd --daemon --no-detach "${as[@]}" --listen 127.0.0.1 --allow 127.0.0.1 --port "$port" \
    --jobs "$jobs" --log-file "$distccd_log" --log-level=debug </dev/null >/dev/null 2>&1 &
  distccd_pid=$!
  local tries=0
  until port_listens "$port"; do
    tries=$((tries + 1))
    if [ $tries -gt 400 ] || ! kill -0 "$distccd_pid" 2>/dev/null; then
      echo "distccd did not start on 127.0.0.1:$port:" >&2
      tail -n 5 "$distccd_log" >&2
      return 1
    fi
    sleep 0.05
  done
  [ -s "$distccd_log" ] || {
    echo "distccd (user $user) cannot write $distccd_log: let everybody pass through the directories above it" >&2
    return 1
  }
}

distccd_stop() {
  [ -z "${distccd_pid:-}" ] || { kill "$distccd_pid" 2>/dev/null && wait "$distccd_pid" 2>/dev/null; } || true
  [ -z "${distccd_scratch:-}" ] || rm -rf "$distccd_scratch"
  distccd_pid='' distccd_scratch=''
}

# Successful compilations by protocol, from a distccd log at level debug: "PUMP PLAIN FAILED".
# A worker announces the protocol of its current job and then sums the job up under the same pid.
distccd_jobs() {
  awk '
    match($0, /distccd\[[0-9]+\]/) { pid = substr($0, RSTART, RLENGTH) }
    match($0, /DIST0000000[0-9]/) { protocol[pid] = substr($0, RSTART + 11, 1) }
    / COMPILE_OK / { if (protocol[pid] == 3) pump++; else plain++ }
    / (COMPILE_ERROR|COMPILE_TIMEOUT|CLI_DISCONN|OTHER) / { failed++ }
    END { print pump + 0, plain + 0, failed + 0 }' "$1"
}

# The same from the client's side, for servers whose logs are out of reach: a distcc log written with DISTCC_VERBOSE=1.
distcc_jobs() {
  awk '
    match($0, /distcc\[[0-9]+\]/) { pid = substr($0, RSTART, RLENGTH) }
    match($0, /send DIST0000000[0-9]/) { protocol[pid] = substr($0, RSTART + 16, 1) }
    / compile .* on .* completed ok$/ && !/ on localhost completed ok$/ { if (protocol[pid] == 3) pump++; else plain++ }
    / on .* failed/ { failed++ }
    END { print pump + 0, plain + 0, failed + 0 }' "$1"
}

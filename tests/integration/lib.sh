# Sourced by every integration test: a scratch directory, a distccd on loopback, checks that name what they check.
#
#   PUMP_BIN     directory of the built pump and pump-launch
#   PUMP_SOURCE  top of the source tree
# After sourcing: $work (scratch, removed at the end unless KEEP=1), a fresh DISTCC_DIR, PUMP_RUNTIME_DIR, HOME and
# DISTCC_FALLBACK=0, so that a fallback fails instead of hiding.
set -euo pipefail

: "${PUMP_BIN:?directory of the built pump}" "${PUMP_SOURCE:?top of the source tree}"
pump=$PUMP_BIN/pump
launch=$PUMP_BIN/pump-launch
test_name=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/pump-test.XXXXXX")
children=()
cleanup() {
  local status=$?
  trap - EXIT
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  # Servers of this test's own sessions only: their command line names our runtime directory.
  pkill -TERM -f "$work" 2>/dev/null || true
  if [ $status -ne 0 ] && [ $status -ne 77 ]; then
    echo "--- $test_name failed with status $status; logs:" >&2
    find "$work" \( -name 'distccd.log' -o -name 'distcc.log' -o -path '*/run/*/log' \) -size -2000k 2>/dev/null |
      while read -r log; do echo "--- $log" >&2; tail -n 40 "$log" >&2; done
  fi
  [ -n "${KEEP:-}" ] || rm -rf "$work"
  exit $status
}
trap cleanup EXIT
trap 'exit 130' INT TERM

chmod 755 "$work"
mkdir -p "$work/home" "$work/distcc" "$work/run"
unset INCLUDE_SERVER_PORT INCLUDE_SERVER_PID INCLUDE_SERVER_DIR DISTCC_HOSTS DISTCC_POTENTIAL_HOSTS DISTCC_LOCATION \
  INCLUDE_SERVER_ARGS LSDISTCC_ARGS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH PUMP_SESSION PUMP_LINGER \
  PUMP_INCLUDE_SERVER PUMP_LAUNCH DISTCC_VERBOSE DISTCC_LOG MAKEFLAGS MFLAGS CCACHE_PREFIX 2>/dev/null || true
export HOME=$work/home DISTCC_DIR=$work/distcc PUMP_RUNTIME_DIR=$work/run DISTCC_FALLBACK=0
export XDG_STATE_HOME=$work/state

fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
need() { for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }
# expect_equal WHAT EXPECTED ACTUAL
expect_equal() { [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"; }
# expect_contains WHAT NEEDLE HAYSTACK
expect_contains() { case "$3" in *"$2"*) ;; *) fail "$1: expected '$2' in: $3" ;; esac; }
# wait_until SECONDS WHAT COMMAND...: polls, fails after SECONDS.
wait_until() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "$what: not within $seconds s"
    sleep 0.05
  done
}

free_port() {
  # A port nobody listens on; the kernel's own table is the source, so no traffic is sent.
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    grep -qi ":$(printf '%04X' $port) " /proc/net/tcp /proc/net/tcp6 2>/dev/null || { echo $port; return; }
  done
  fail "no free port"
}

# start_distccd [JOBS]: sets $distccd_port, $distccd_log and exports DISTCC_HOSTS for pump mode.
start_distccd() {
  local jobs=${1:-4} user=distccd
  need distccd distcc
  mkdir -p "$work/distccd" "$work/shm" && chmod 777 "$work/distccd"
  distccd_log=$work/distccd/distccd.log
  : >"$distccd_log" && chmod 666 "$distccd_log"
  local scratch=/dev/shm/pump-test.$$.distccd
  mkdir -p "$scratch" && chmod 777 "$scratch"
  getent passwd $user >/dev/null || user=nobody
  local as=()
  [ "$(id -u)" != 0 ] || as=(--user "$user")
  distccd_port=$(free_port)
  # A distccd that closes 0-2 itself keeps no pipe of ctest open.
  PATH=/usr/lib/distcc:/usr/local/bin:/usr/bin:/bin TMPDIR=$scratch env -u DISTCC_HOSTS -u DISTCC_DIR HOME=/ \
    distccd --daemon --no-detach "${as[@]}" --listen 127.0.0.1 --allow 127.0.0.1 --port "$distccd_port" \
    --jobs "$jobs" --log-file "$distccd_log" --log-level=debug </dev/null >/dev/null 2>&1 &
  distccd_pid=$!
  children+=("$distccd_pid")
  wait_until 20 "distccd listens" grep -qi ":$(printf '%04X' "$distccd_port") .* 0A " /proc/net/tcp
  export DISTCC_HOSTS="127.0.0.1:$distccd_port/$jobs,cpp,lzo"
}
remote_jobs() { grep -c COMPILE_OK "$distccd_log" || true; }
pump_mode_jobs() { grep -c 'DIST00000003' "$distccd_log" || true; }
plain_jobs() { grep -c 'DIST00000002' "$distccd_log" || true; }
# Servers of this test: native or Python, by the runtime directory on their command line.
server_pids() { pgrep -f "distcc-pump-server.*$work" || true; }

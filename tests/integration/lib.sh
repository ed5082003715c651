# Sourced by every integration test: a scratch directory, a distccd on loopback that does not see it, checks that name what they check.
#
#   PUMP_BIN     directory of the built pump and pump-launch
#   PUMP_SOURCE  top of the source tree
# After sourcing: $work (scratch, removed at the end unless KEEP=1), a fresh DISTCC_DIR, PUMP_RUNTIME_DIR, HOME and
# DISTCC_FALLBACK=0, so that a fallback fails instead of hiding.
set -euo pipefail

: "${PUMP_BIN:?directory of the built pump}" "${PUMP_SOURCE:?top of the source tree}"
source "$PUMP_SOURCE/tests/shell/distccd.sh"
pump=$PUMP_BIN/pump
launch=$PUMP_BIN/pump-launch
test_name=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/pump-test.XXXXXX")
children=()
cleanup() {
  local status=$?
  trap - EXIT
  distccd_stop
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  # Servers of this test's own sessions only: their command line names our runtime directory.
  pkill -TERM -f "$work" 2>/dev/null || true
  if [ $status -ne 0 ] && [ $status -ne 77 ]; then
    echo "--- $test_name failed with status $status; logs:" >&2
    find "$work" \( -name 'distccd.log' -o -name 'distcc.log' -o -path '*/run/*/log' \) -size -2000k 2>/dev/null |
      while read -r log; do echo "--- $log" >&2; tail -n 40 "$log" >&2; done
  fi
  [ -n "${KEEP:-}" ] || remove_tree "$work" || true
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

# start_distccd [JOBS]: sets $distccd_port, $distccd_log and exports DISTCC_HOSTS for pump mode.
start_distccd() {
  local jobs=${1:-4}
  need distccd distcc
  mkdir -p "$work/distccd"
  local status
  for _ in 1 2 3 4 5; do
    distccd_port=$(free_port) status=0
    distccd_launch "$work/distccd" "$distccd_port" "$jobs" || status=$?
    [ $status = 2 ] || break
  done
  [ $status = 0 ] || fail "no distccd"
  export DISTCC_HOSTS="127.0.0.1:$distccd_port/$jobs,cpp,lzo"
}
remote_jobs() { grep -c COMPILE_OK "$distccd_log" || true; }
pump_mode_jobs() { set -- $(distccd_jobs "$distccd_log"); echo "$1"; }
plain_jobs() { set -- $(distccd_jobs "$distccd_log"); echo "$2"; }
# expect_count WHAT NUMBER COUNTER: distccd logs a job's end after it has answered, so a count may come a little late.
expect_count() {
  local end=$((SECONDS + 30))
  until [ "$($3)" = "$2" ]; do
    [ $SECONDS -lt $end ] || fail "$1: expected $2, got $($3)"
    sleep 0.02
  done
}
# Servers of this test: native or Python, by the runtime directory on their command line.
server_pids() { pgrep -f "distcc-pump-server.*$work" || true; }

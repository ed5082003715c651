# Sourced by every integration test: a scratch directory, checks that name what they check, and a distccd on loopback that
# does not see this machine's projects.
#
#   PUMP_BIN     directory of the built pump and pump-launch
#   PUMP_SOURCE  top of the source tree
# After sourcing: $work is a scratch directory, removed at the end unless KEEP=1. A test defines test_cleanup for what else it
# has to undo; a trap of its own would lose the exit status. DISTCC_DIR, PUMP_RUNTIME_DIR,
# XDG_STATE_HOME and HOME are directories in it. DISTCC_FALLBACK is 0, so that a fallback of distcc's is an error.
set -euo pipefail

: "${PUMP_BIN:?directory of the built pump}" "${PUMP_SOURCE:?top of the source tree}"
source "$PUMP_SOURCE/tests/shell/distccd.sh"
source "$PUMP_SOURCE/tests/shell/processes.sh"
pump=$PUMP_BIN/pump
launch=$PUMP_BIN/pump-launch
test_name=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/pump-test.XXXXXX")
# Pids that cleanup ends: of processes that are not background jobs of this shell.
children=()
cleanup() {
  local status=$?
  trap - EXIT
  distccd_stop
  ! declare -F test_cleanup >/dev/null || test_cleanup || true
  ! declare -F cluster_cleanup >/dev/null || cluster_cleanup
  kill "${children[@]}" $(jobs -p) $(server_pids) 2>/dev/null || true
  kill -CONT "${children[@]}" $(jobs -p) $(server_pids) 2>/dev/null || true # those that are stopped
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
  PUMP_INCLUDE_SERVER PUMP_LAUNCH PUMP_LOCAL_JOBS PUMP_LOCAL_SLOT DISTCC_PAUSE_TIME_MSEC DISTCC_VERBOSE DISTCC_LOG MAKEFLAGS MFLAGS CCACHE_PREFIX 2>/dev/null || true
export HOME=$work/home DISTCC_DIR=$work/distcc PUMP_RUNTIME_DIR=$work/run DISTCC_FALLBACK=0
export XDG_STATE_HOME=$work/state

fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
need() { for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }
# expect_equal WHAT EXPECTED ACTUAL
expect_equal() { [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"; }
# expect_contains WHAT NEEDLE HAYSTACK
expect_contains() { case "$3" in *"$2"*) ;; *) fail "$1: expected '$2' in: $3" ;; esac; }
# expect_refused WHAT TEXT COMMAND...: COMMAND exits with 1, prints TEXT to stderr, and does not create $work/ran.
expect_refused() {
  local what=$1 text=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/err" || status=$?
  expect_equal "$what: exit status" 1 "$status"
  expect_contains "$what: stderr" "$text" "$(cat "$work/err")"
  [ ! -e "$work/ran" ] || fail "$what: COMMAND ran"
}
# wait_until SECONDS WHAT COMMAND...: repeats COMMAND until it succeeds; fails after SECONDS.
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
# Successful compilations in distccd's log.
remote_jobs() { grep -c COMPILE_OK "$distccd_log" || true; }
pump_mode_jobs() { set -- $(distccd_jobs "$distccd_log"); echo "$1"; }
plain_jobs() { set -- $(distccd_jobs "$distccd_log"); echo "$2"; }
failed_jobs() { set -- $(distccd_jobs "$distccd_log"); echo "$3"; }
# expect_count WHAT NUMBER COUNTER: waits for the number, because distccd logs the end of a job after it has sent the reply.
expect_count() {
  local end=$((SECONDS + 30))
  until [ "$($3)" = "$2" ]; do
    [ $SECONDS -lt $end ] || fail "$1: expected $2, got $($3)"
    sleep 0.02
  done
}

# Session servers of this test, native or Python, whose session directory is in $work.
server_pids() { session_servers_of "$work"; }
no_server() { [ -z "$(server_pids)" ]; }
# Start messages in the logs of all sessions.
servers_started() { cat "$PUMP_RUNTIME_DIR"/*/log 2>/dev/null | grep -c ': ready, backend' || true; }
# session_directory COMMAND...: the session directory that pump uses when COMMAND (env, setpriv) runs it.
session_directory() { "$@" "$pump" --status --json | sed -n 's/.*"directory": "\(.*\)".*/\1/p'; }

# replace_compiler FILE LINE: FILE becomes, in one step, a script that runs LINE.
replace_compiler() {
  printf '#!/bin/sh\n%s\n' "$2" >"$1.new"
  chmod 755 "$1.new"
  mv "$1.new" "$1"
}

# without_inotify COMMAND...: in a user namespace in which no inotify instance can be made. Fails if there can be none.
without_inotify() { with_inotify_limit max_inotify_instances 0 "$@"; }
# with_inotify_limit NAME NUMBER COMMAND...: NAME is a file in /proc/sys/user.
with_inotify_limit() {
  local limit="echo $2 >/proc/sys/user/$1"
  shift 2
  unshare -Ur sh -c "$limit" 2>/dev/null && unshare -Ur sh -c "$limit"' && exec "$@"' sh "$@"
}

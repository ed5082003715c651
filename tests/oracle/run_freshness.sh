#!/usr/bin/env bash
# Replies are fresh: files change in many ways between two requests, without a pause (freshness.cc), in environments in
# which the kernel reports all changes, some, or none.
#   run_freshness.sh [plain|load|no_watches|few_watches|overflow|coarse|fuse|halfway|halfway_no_watches]
# FRESHNESS_ROUNDS: rounds for each kind of change; by default as many as take a few seconds. A long run:
#   FRESHNESS_ROUNDS=1000 PUMP_BIN=build/release/bin PUMP_SOURCE=$PWD tests/oracle/run_freshness.sh fuse
set -e
: "${PUMP_SOURCE:?top of the source tree}"
source "$PUMP_SOURCE/tests/integration/lib.sh"
need g++
environment=${1:-plain}
socket=$work/include_server/socket
projects=$work/projects
mkdir -p "$work/include_server" "$projects"
rounds=20
options=()
server=("$PUMP_BIN/pump-include-server")

# The server gets inotify limits of its own. limited NAME NUMBER: as for with_inotify_limit.
limited() {
  with_inotify_limit "$@" true || skip "cannot lower inotify limits in a user namespace"
  server=(with_inotify_limit "$@" "$PUMP_BIN/pump-include-server")
}
# A file system on $projects; MOUNT COMMAND... makes it.
mounted() {
  [ "$(id -u)" = 0 ] || skip "needs root to mount a file system"
  test_cleanup() { umount -l "$projects" 2>/dev/null; }
  "$@" >"$work/mount.log" 2>&1 || skip "cannot mount: $(tail -1 "$work/mount.log")"
}

case $environment in
  plain) rounds=50 ;;
  load) rounds=10 options=(--load) ;;
  no_watches | halfway_no_watches) limited max_inotify_instances 0 ;;
  few_watches) limited max_inotify_watches 48 ;; # a quarter is for the server, three quarters of it for files
  overflow)
    queue=$(cat /proc/sys/fs/inotify/max_queued_events)
    [ "$queue" -le 20000 ] || skip "the kernel's queue holds $queue events"
    rounds=2 options=(--flood $((queue + 300)))
    ;;
  coarse) # time stamps of whole seconds, no inotify
    need mkfs.ext4
    limited max_inotify_instances 0
    truncate -s 64M "$work/image"
    mkfs.ext4 -q -I 128 "$work/image" >/dev/null 2>&1 || skip "mkfs.ext4 cannot make small inodes"
    mounted mount -o loop "$work/image" "$projects"
    ;;
  fuse)
    need bindfs
    mkdir "$work/behind"
    mounted bindfs -o attr_timeout=0,entry_timeout=0,negative_timeout=0 "$work/behind" "$projects"
    rounds=10 options=(--behind "$work/behind")
    ;;
  halfway) ;;
  *) fail "unknown environment: $environment" ;;
esac

"${server[@]}" --port "$socket" --pid_file "$work/include_server/pid" \
  2>"$work/include_server/log" || { cat "$work/include_server/log" >&2; fail "the include server did not start"; }
server_pid=$(cat "$work/include_server/pid")
children+=("$server_pid")
rounds=${FRESHNESS_ROUNDS:-$rounds}
case $environment in
  halfway*) "$PUMP_BIN/halfway" --socket "$socket" --scratch "$projects" --requests "$rounds" ;;
  *) "$PUMP_BIN/freshness" --socket "$socket" --scratch "$projects" --rounds "$rounds" "${options[@]}" ;;
esac

# Positive control: the server had the watches that the environment allows.
watches=$(cat /proc/"$server_pid"/fdinfo/* 2>/dev/null | grep -c '^inotify wd' || true)
echo "watches at the end: $watches"
case $environment in
  no_watches | coarse | halfway_no_watches) expect_equal "watches" 0 "$watches" ;;
  few_watches) [ "$watches" -ge 1 ] && [ "$watches" -le 12 ] || fail "$watches watches with room for 12" ;;
  *) [ "$watches" -gt 9 ] || fail "only $watches watches" ;;
esac

#!/bin/bash
# The clock was set back: sources and their directory have change times in the future. Requests are answered, and later changes
# are detected although their times are earlier.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++ mkfs.ext4 debugfs
[ "$(id -u)" = 0 ] || skip "needs root to mount a file system"
future=$work/future
mkdir "$future"
test_cleanup() { umount -l "$future" 2>/dev/null; }
truncate -s 32M "$work/image"
mkfs.ext4 -q "$work/image" >/dev/null 2>&1 || skip "mkfs.ext4 does not work here"
mount -o loop "$work/image" "$future" 2>/dev/null || skip "cannot mount a file system here"
printf '#include "x.h"\n' >"$future/main.cc"
printf '#include "y1.h"\n' >"$future/x.h"
: >"$future/y1.h"
: >"$future/y2.h"
umount "$future"
# touch(1) cannot set the change time; debugfs needs an unmounted file system.
for file in . main.cc x.h y1.h; do
  for field in ctime mtime; do echo "set_inode_field /$file $field 20370101000000"; done
done | debugfs -w -f - "$work/image" >/dev/null 2>&1
mount -o loop "$work/image" "$future"
[ "$(stat -c %Z "$future/x.h")" -gt "$(($(date +%s) + 1000000))" ] || skip "debugfs cannot set change times"

names() { requested_files "$future" g++ -c main.cc | sed 's!.*/!!' | sort | tr '\n' ' '; }
with_watches() { start_server; }
without_watches() {
  without_inotify "$include_server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log" || return 1
  server_pid=$(cat "$work/pid")
  children+=("$server_pid")
}
for server in with_watches without_watches; do
  $server || { echo "not tested: $server"; continue; }
  expect_equal "$server: files from the future" "main.cc x.h y1.h " "$(names)"
  printf '#include "y2.h"\n' >"$future/x.h"
  expect_equal "$server: changed, with an earlier time" "main.cc x.h y2.h " "$(names)"
  printf '#include "y1.h"\n' >"$future/x.h"
  touch -d '2037-01-01 00:00:00 UTC' "$future/x.h"
  expect_equal "$server: changed, with a time stamp in the future" "main.cc x.h y1.h " "$(names)"
  for round in 1 2 3 4 5 6; do
    printf '#include "y%d.h"\n' $((1 + round % 2)) >"$future/x.h"
    touch -d '2037-01-01 00:00:00 UTC' "$future/x.h"
    expect_equal "$server: round $round" "main.cc x.h y$((1 + round % 2)).h " "$(names)"
  done
  stop_server
done

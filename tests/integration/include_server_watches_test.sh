#!/bin/bash
# The include server leaves three quarters of the user's inotify watches to other programs. Files without a watch are checked at each
# request, so a change is noticed all the same.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
if [ -z "${INSIDE:-}" ]; then
  unshare --user --map-root-user true 2>/dev/null || skip "no user namespaces here"
  # Inside, this user has a limit of his own.
  INSIDE=1 exec unshare --user --map-root-user bash "$0" "$@"
fi
limit=400
echo $limit >/proc/sys/user/max_inotify_watches || skip "the limit of watches cannot be set here"
mkdir "$project/inc"
for i in $(seq 600); do echo "int h$i;" >"$project/inc/h$i.h" && echo "#include \"inc/h$i.h\""; done >"$project/many.cc"

start_server
expect_equal "files" 601 "$(requested_files "$project" g++ -c many.cc | grep -c /project/)"
watches=$(cat /proc/"$server_pid"/fdinfo/* 2>/dev/null | grep -c '^inotify')
[ "$watches" -le $((limit / 4)) ] || fail "the server has $watches of $limit watches"
[ "$watches" -ge $((limit / 8)) ] || fail "the server has only $watches watches"
expect_contains "the log" "inotify watches are in use" "$(cat "$server_log")"
expect_equal "lines in the log" 1 "$(grep -c 'inotify watches' "$server_log")"
echo "int other;" >"$project/other.h"
for i in 1 300 600; do
  echo '#include "../other.h"' >>"$project/inc/h$i.h"
  expect_equal "files after h$i.h changed" 602 "$(requested_files "$project" g++ -c many.cc | grep -c /project/)"
  sed -i '$d' "$project/inc/h$i.h"
  expect_equal "files after h$i.h changed back" 601 "$(requested_files "$project" g++ -c many.cc | grep -c /project/)"
done
stop_server

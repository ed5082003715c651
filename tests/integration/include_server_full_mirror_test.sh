#!/bin/bash
# Without space for the mirror, every request is answered with "preprocess locally", and the log reports it once. With space
# again, requests are answered normally.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to mount a small tmpfs"
mount_point=/pump-full-mirror.$$
mkdir "$mount_point"
test_cleanup() { umount -l "$mount_point" 2>/dev/null; rmdir "$mount_point" 2>/dev/null; }
mount -t tmpfs -o size=256k,mode=700 none "$mount_point" 2>/dev/null || skip "cannot mount a tmpfs here"

export DISTCC_CLIENT_TMP=$mount_point
start_server
expect_equal "files while there is space" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
dd if=/dev/zero of="$mount_point/ballast" bs=4k 2>/dev/null || true
head -c 100000 /dev/urandom | od -An -tx1 | sed 's/.*/\/\/ &/' >"$project/big.h"
printf '#include "big.h"\n' >"$project/big.cc"
for _ in 1 2 3; do expect_equal "the answer without space" "" "$(requested_mirror_files "$project" g++ -c big.cc)"; done
expect_equal "files that were sent before" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
expect_equal "lines in the log" 1 "$(grep -c 'mirror cannot be written' "$server_log")"
rm "$mount_point/ballast"
dd if=/dev/zero of="$project/big.h" bs=1 count=0 2>/dev/null
printf '// small\n' >"$project/big.h"
expect_equal "files with space again" 2 "$(requested_files "$project" g++ -c big.cc | wc -l)"
expect_contains "the log" "can be written again" "$(cat "$server_log")"
stop_server

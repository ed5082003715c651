#!/bin/bash
# Without hosts from any source: exit status 1, and a message with the variables to set. Needs a mount namespace if
# /etc/distcc/hosts exists.
source "$(dirname "$0")/lib.sh"
need distcc
hidden=()
if [ -e /etc/distcc/hosts ]; then
  hidden=(unshare --mount sh -c 'mount -t tmpfs none /etc/distcc && exec "$@"' sh)
  "${hidden[@]}" true 2>/dev/null || skip "/etc/distcc/hosts exists and cannot be hidden here"
fi
for empty in --unset=DISTCC_HOSTS DISTCC_HOSTS=; do
  status=0
  env $empty DISTCC_POTENTIAL_HOSTS= "${hidden[@]}" "$pump" touch "$work/ran" >"$work/out" 2>"$work/err" || status=$?
  expect_equal "exit status" 1 "$status"
  expect_contains "stderr" "DISTCC_HOSTS" "$(cat "$work/err")"
  expect_contains "stderr" "DISTCC_POTENTIAL_HOSTS" "$(cat "$work/err")"
  expect_contains "stderr" ".distcc/hosts" "$(cat "$work/err")"
  [ ! -e "$work/ran" ] || fail "COMMAND ran"
done

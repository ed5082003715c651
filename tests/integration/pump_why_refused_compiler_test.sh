# distccd refuses a compiler without a link in its /usr/lib/distcc; the client sees only a closed connection. `pump --why` prints
# that cause and the command that creates the links, also for later files, which are not sent to that host for a minute.
if [ "$(id -u)" = 0 ] && [ -z "${PUMP_TEST_INSIDE:-}" ] && unshare --mount true 2>/dev/null; then
  exec env PUMP_TEST_INSIDE=1 unshare --mount bash "$0"
fi
source "$(dirname "$0")/lib.sh"
[ -n "${PUMP_TEST_INSIDE:-}" ] || skip "needs root and a mount namespace, to remove links from /usr/lib/distcc"
mount -t tmpfs none /usr/lib/distcc
ln -s ../../bin/distcc /usr/lib/distcc/gcc
start_distccd
unset DISTCC_FALLBACK
export PUMP_LINGER=0
mkdir "$work/src" && cd "$work/src"
for name in first second; do
  echo "int $name;" >$name.cc
  "$launch" c++ -c $name.cc -o $name.o || fail "$name does not compile"
  report=$("$pump" --why $name.cc)
  expect_contains "$name: the cause" "update-distcc-symlinks" "$report"
  expect_contains "$name: the directory" "/usr/lib/distcc" "$report"
  expect_contains "$name: compiled here" "compiled here" "$report"
done
expect_contains "the first one's reason" "closed the connection without a reply" "$("$pump" --why first.cc)"
grep -q 'CRITICAL.* not in /usr/lib/distcc' "$distccd_log" || fail "distccd did not refuse the compiler; --why proves nothing"

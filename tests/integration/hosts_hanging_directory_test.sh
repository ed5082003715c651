# A DISTCC_DIR on a file system that does not answer: units are compiled on hosts, without lock and monitor files there. When it
# answers again, they are used.
if [ "$(id -u)" = 0 ] && [ -z "${PUMP_TEST_INSIDE:-}" ] && unshare --mount true 2>/dev/null; then
  exec env PUMP_TEST_INSIDE=1 unshare --mount bash "$0"
fi
source "$(dirname "$0")/launch_lib.sh"
[ -n "${PUMP_TEST_INSIDE:-}" ] || skip "needs root and a mount namespace, to mount a file system"
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" "$work/dead" && cd "$work/src"
# A FUSE file system whose server says nothing: each call waits, until descriptor 7 is closed.
exec 7<>/dev/fuse || skip "no FUSE"
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 dead "$work/dead" 2>/dev/null || skip "FUSE cannot be mounted"
test_cleanup() { exec 7>&- && umount -l "$work/dead" 2>/dev/null; }
timeout 1 ls "$work/dead" 7>&- && fail "the file system answers" || expect_equal "ls" 124 $?
export DISTCC_DIR=$work/dead
for i in 1 2; do echo "int u$i;" >u$i.cc && g++ -c u$i.cc -o u$i.local; done
begin=$SECONDS
for i in 1 2; do
  timeout 60 "$launch" g++ -c u$i.cc -o u$i.o 7>&- || fail "u$i.cc: status $?"
  cmp u$i.o u$i.local || fail "u$i.o differs"
done
[ $((SECONDS - begin)) -le 10 ] || fail "two units took $((SECONDS - begin)) s"
expect_equal "units in pump mode" 2 "$(grep -c '"outcome":"pump"' "$XDG_STATE_HOME"/*/records.jsonl)"
grep -q "$work/dead does not answer" "$work"/run/*/log || fail "the log does not say so"
for process in $(server_pids); do
  expect_equal "descriptors of the file system" "" "$(ls -l /proc/$process/fd | grep "$work/dead" || true)"
done

# It answers again: here, because it is gone and there is a directory in its place.
exec 7>&-
umount -l "$work/dead"
uses_it() {
  rm -f u1.o && "$launch" g++ -c u1.cc -o u1.o || fail "u1.cc"
  ls "$work"/dead/lock/cpu_tcp_127.0.0.1_"$distccd_port"_* >"$work/out" 2>&1
}
wait_until 20 "the directory is used" uses_it

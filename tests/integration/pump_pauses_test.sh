# distcc processes of a build that find all slots taken wait for milliseconds, not for seconds, and do not hold a remote slot
# while they wait for a local one. The user's own settings stay.
source "$(dirname "$0")/lib.sh"
need ninja distcc
# The server's compiler waits until a distcc has found all slots taken.
mkdir "$work/server" "$work/src"
chmod 755 "$work/server"
for name in gcc x86_64-linux-gnu-gcc; do
  printf '#!/bin/sh\nuntil [ -e %s/open ]; do sleep 0.02; done\nexec /usr/bin/gcc "$@"\n' "$work/server" >"$work/server/$name"
  chmod 755 "$work/server/$name"
done
DISTCCD_PATH=$work/server start_distccd 2
cd "$work/src"
for i in $(seq 12); do echo "int u$i;" >u$i.c; done
{ printf 'rule cc\n command = distcc gcc -c $in -o $out\n'; for i in $(seq 12); do echo "build u$i.o: cc u$i.c"; done; } >build.ninja
pauses() { grep -o 'sleeping [0-9]*ms' "$work/distcc.log" | sort -u; }
paused() { [ -n "$(pauses)" ]; }
build() { # build COMMAND...
  rm -f ./*.o .ninja_log "$work/server/open" "$work/distcc.log"
  DISTCC_VERBOSE=1 DISTCC_LOG=$work/distcc.log "$@" ninja -j12 >out 2>&1 &
  local build=$!
  wait_until 60 "a distcc waits for a slot" paused
  : >"$work/server/open"
  wait $build || fail "$*: $(cat out)"
}
build "$pump"
expect_equal "pauses" "sleeping 20ms" "$(pauses)"
expect_equal "jobs in pump mode" 12 "$(distccd_settle "$distccd_log"; pump_mode_jobs)"
build env DISTCC_PAUSE_TIME_MSEC=31 "$pump"
expect_equal "the user's pauses" "sleeping 31ms" "$(pauses)"
eval "$("$pump" --startup 2>/dev/null)"
build env
"$pump" --shutdown >out
expect_equal "pauses after --startup" "sleeping 20ms" "$(pauses)"
unset DISTCC_PAUSE_TIME_MSEC

hosts_of() { DISTCC_TESTING_INCLUDE_SERVER=1 DISTCC_HOSTS=$1 "$pump" sh -c 'echo "$DISTCC_HOSTS"'; }
expect_equal "local slots" "--localslots_cpp=28 a/12,cpp,lzo b/12,cpp,lzo # two" "$(hosts_of 'a/12,cpp,lzo b/12,cpp,lzo # two')"
expect_equal "the user's local slots" "a/12,cpp,lzo --localslots_cpp=5" "$(hosts_of 'a/12,cpp,lzo --localslots_cpp=5')"
# distcc understands both.
expect_equal "distcc reads the list" a/12,cpp,lzo \
  "$(DISTCC_TESTING_INCLUDE_SERVER=1 DISTCC_HOSTS=a/12,cpp,lzo "$pump" distcc --show-hosts)"

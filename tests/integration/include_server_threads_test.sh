#!/bin/bash
# A server that can start only some of its threads works with those. One that can start none reports it and leaves nothing
# behind. The size of its stacks does not depend on `ulimit -s`.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++

repeated() { printf '%*s' "$1" '' | tr ' ' "$2"; }
{ printf '#if '; repeated 60000 '('; printf 1; repeated 60000 ')'; printf '\n#include "x.h"\n#endif\n'; } >"$project/deep.cc"
ulimit -Ss 256
start_server
expect_contains "deep nesting with a small stack" "$project/x.h" "$(requested_files "$project" g++ -c deep.cc)"
stop_server
ulimit -Ss 8192

[ "$(id -u)" = 0 ] || skip "needs root to limit another user's processes; the rest passed"
need setpriv prlimit
chmod 777 "$work" "$project"
cp -L "$PUMP_BIN/pump" "$work/pump-include-server" # other users may not be able to read the build directory
chmod 755 "$work/pump-include-server"
cp "$PUMP_BIN/include_server_client" "$work/client"
uid=54321 # used by nothing else, so that all its processes belong to this test
with_processes() { prlimit --nproc="$1:100" setpriv --reuid=$uid --regid=$uid --clear-groups "${@:2}"; }
! grep -aqE '__[at]san_init' "$work/pump-include-server" || skip "sanitizers start threads of their own; the rest passed"

status=0
with_processes 1 "$work/pump-include-server" --foreground --jobs 4 --port "$socket" 2>"$work/err" || status=$?
expect_equal "status without a thread" 1 $status
expect_contains "the reason" "cannot start a thread" "$(cat "$work/err")"
[ ! -e "$socket" ] || fail "the socket is left"

with_processes 3 "$work/pump-include-server" --foreground --jobs 8 --port "$socket" --log_file "$work/limited.log" \
  --pid_file "$work/limited.pid" &
started=$!
wait_until 20 "the server is ready" test -s "$work/limited.pid"
server_pid=$(cat "$work/limited.pid")
children+=("$server_pid")
wait_until 20 "it reports the number of threads" grep -q "2 of 8 workers could be started" "$work/limited.log"
setpriv --reuid=$uid --regid=$uid --clear-groups prlimit --pid "$server_pid" --nproc=100:100 # it runs compilers
expect_equal "the files of a unit" 2 \
  "$(echo "request $project g++ -c main.cc" | setpriv --reuid=$uid --regid=$uid --clear-groups "$work/client" "$socket" | grep -c lzo)"
kill -TERM "$server_pid"
wait "$started" || fail "it ended with status $?"
expect_equal "mirrors left" "" "$(mirrors_of "$server_pid")"

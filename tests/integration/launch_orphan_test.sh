# A compiler that outlives its launcher does not count as a client: the server ends after the launcher.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=0
mkdir "$work/src" "$work/bin" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
# A distcc that ignores SIGTERM and has a child.
cat >"$work/bin/distcc" <<EOF
#!/bin/bash
trap '' TERM
sleep 60 &
echo \$\$ \$! >"$work/pids"
wait
EOF
chmod +x "$work/bin/distcc"
DISTCC_LOCATION=$work/bin "$launch" g++ -c a.cc -o a.o &
launcher=$!
wait_until 20 "distcc starts" test -s "$work/pids"
read -r distcc compiler <"$work/pids"
children+=("$distcc" "$compiler")
[ -n "$(server_pids)" ] || fail "no server"
sleep 0.5
[ -n "$(server_pids)" ] || fail "the server ended while it had a client"
kill -9 $launcher
wait $launcher 2>/dev/null || true
wait_until 20 "the server goes" no_server
kill -0 "$compiler" && kill -0 "$distcc" || fail "the orphans were expected to live"
kill -9 "$distcc" "$compiler"

# The same for `pump COMMAND` after kill -9, and for background processes of COMMAND.
"$pump" sh -c 'sleep 60 & echo $! >"$1"; wait' sh "$work/orphan" >/dev/null &
command=$!
wait_until 20 "COMMAND runs" test -s "$work/orphan"
children+=("$(cat "$work/orphan")")
kill -9 $command
wait $command 2>/dev/null || true
wait_until 20 "the server goes" no_server
kill -0 "$(cat "$work/orphan")" || fail "COMMAND's child was expected to live"
"$pump" sh -c 'sleep 60 >/dev/null & echo $! >"$1"' sh "$work/orphan" >/dev/null
children+=("$(cat "$work/orphan")")
wait_until 20 "the server goes" no_server
kill -0 "$(cat "$work/orphan")" || fail "COMMAND's background process was expected to live"

# A compiler that outlives its launcher does not count as a client: the server ends after the launcher.
source "$(dirname "$0")/launch_lib.sh"
hold_compilers
start_distccd
export PUMP_LINGER=0
unset DISTCC_FALLBACK
mkdir "$work/src" "$work/bin" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
ln -s "$(command -v g++)" "$work/bin/g++"
# A compiler that ignores SIGTERM and has a child.
cat >"$work/stays" <<E2
trap '' TERM
sleep 60 &
echo \$\$ \$! >"$work/pids"
wait
E2
: >"$standins/hold" && : >"$standins/broken"
PATH=$work/bin:$PATH "$launch" g++ -c a.cc -o a.o &
launcher=$!
wait_until 20 "the server's compiler starts" holds 1
# It replaces the compiler only now, because the launcher does not distribute what a script compiles.
replace_compiler "$work/bin/g++" "exec bash '$work/stays'"
rm "$standins/hold"
wait_until 20 "the compiler here starts" test -s "$work/pids"
read -r compiler child <"$work/pids"
children+=("$compiler" "$child")
[ -n "$(server_pids)" ] || fail "no server"
sleep 0.5
[ -n "$(server_pids)" ] || fail "the server ended while it had a client"
kill -9 $launcher
wait $launcher 2>/dev/null || true
wait_until 20 "the server goes" no_server
kill -0 "$compiler" && kill -0 "$child" || fail "the orphans were expected to live"
kill -9 "$compiler" "$child"
rm "$standins/broken"

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

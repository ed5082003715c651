# kill -9 while the include server starts, of the launcher that starts it and of the server, before and after it has bound its
# socket: the objects of all other launchers are right, and the session works again.
source "$(dirname "$0")/launch_lib.sh"
need strace
strace -f -o /dev/null true 2>/dev/null || skip "strace may not trace here"
start_distccd
unset DISTCC_FALLBACK
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
for i in 1 2 3 4; do printf '#include <string>\nint f%d() { return (int)std::string("%d").size(); }\n' $i $i >f$i.cc; done
for i in 1 2 3 4; do g++ -c f$i.cc -o local$i.o; done

starting() { [ -n "$(server_pids)" ] && [ -e "$(echo "$work"/run/*/alive.lock)" ]; }
bound() { [ -n "$(find "$work/run" -type s)" ]; }
for call in bind listen; do
  for victim in starter server; do
    what="$victim killed before $call"
    rm -f ./f?.o
    # The first launcher starts a server in which the call takes two seconds. The others wait for it.
    strace -f -o /dev/null -e trace=$call -e inject=$call:delay_enter=2000000 \
      sh -c 'echo $$ >starter.pid; exec "$@"' sh "$launch" g++ -c f1.cc -o f1.o >first.out 2>&1 &
    first=$!
    children+=($first)
    wait_until 30 "$what: the server starts" starting
    [ $call = bind ] || wait_until 30 "$what: the socket is bound" bound
    pids=()
    for i in 2 3 4; do "$launch" g++ -c f$i.cc -o f$i.o >out$i 2>&1 & pids+=($!); done
    sleep 0.3
    if [ $victim = server ]; then kill -9 "$(server_pids)"; else kill -9 "$(cat starter.pid)"; fi
    i=1
    for pid in "${pids[@]}"; do
      i=$((i + 1))
      wait "$pid" || fail "$what: f$i: $(cat out$i)"
      expect_equal "$what: output for f$i" "" "$(cat out$i)"
      cmp local$i.o f$i.o || fail "$what: f$i.o differs"
    done
    if [ $victim = server ]; then
      wait $first || fail "$what: the starter failed: $(cat first.out)"
      cmp local1.o f1.o || fail "$what: f1.o differs"
    fi
    # For a few seconds after a failed start there is no other; then pump mode works again.
    works_again() { local before; before=$(pump_mode_jobs); "$launch" g++ -c f1.cc -o f1.o; sleep 0.2; [ "$(pump_mode_jobs)" -gt "$before" ]; }
    wait_until 30 "$what: pump mode comes back" works_again
    cmp local1.o f1.o || fail "$what: f1.o differs afterwards"
    kill "$(server_pids)"
    wait_until 20 "$what: the server goes" no_server
  done
done

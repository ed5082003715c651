# Whatever is missing, the file is compiled, and nothing is printed.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
unset DISTCC_FALLBACK
export PUMP_LINGER=1
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
: >"$DISTCC_DIR/hosts" # hides the machine's hosts file
compiles "no hosts" env -u DISTCC_HOSTS
grep -q "no host" "$work"/run/*/log || fail "no hosts: not in the log"
compiles "no hosts again" env -u DISTCC_HOSTS
expect_equal "no hosts, lines in the log" 1 "$(cat "$work"/run/*/log | grep -c 'no host')"
compiles "no distcc" env DISTCC_LOCATION="$work/empty" # it is not needed
wait_until 20 "the server for it goes" no_server
compiles "hosts that do not answer" env DISTCC_HOSTS=127.0.0.1:1,cpp,lzo
expect_here "hosts that do not answer" hosts-failed
compiles "malformed hosts" env DISTCC_HOSTS=@@:x,,
compiles "malformed linger" env PUMP_LINGER=never
expect_here "malformed linger" no-include-server
expect_count "jobs in pump mode so far" 1 pump_mode_jobs # without distcc
touch "$work/file"
compiles "runtime directory that is a file" env PUMP_RUNTIME_DIR="$work/file"
expect_here "runtime directory that is a file" no-include-server
mkdir "$work/no-python" && ln -s "$(command -v distcc)" "$work/no-python/distcc"
compiles "server that cannot start" env PUMP_INCLUDE_SERVER=python DISTCC_LOCATION="$work/no-python" PYTHONPATH=/nowhere
expect_here "server that cannot start" no-include-server
compiles "hosts without pump mode" env DISTCC_HOSTS="127.0.0.1:$distccd_port,lzo"
expect_here "hosts without pump mode" no-pump-host 1
wait_until 20 "earlier servers go" no_server
expect_equal "servers started so far" 2 "$(servers_started)" # without distcc, and for hosts that did not answer
compiles "nothing missing" env A=b
expect_count "jobs in pump mode" 2 pump_mode_jobs

# Sourced after lib.sh by the include server's own tests: the stand-alone server, a client, and a project of two files.
include_server=$PUMP_BIN/pump-include-server
socket=$work/socket
server_log=$work/server.log

# start_server [OPTION...]: in the background on $socket; sets $server_pid. Further options may override --log_file.
start_server() {
  "$include_server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log" "$@" </dev/null
  server_pid=$(cat "$work/pid")
  children+=("$server_pid")
}
stop_server() {
  kill -TERM "$server_pid"
  wait_until 20 "the server ends" gone "$server_pid"
}

# client: reads commands from stdin; tests/tools/include_server_client.cc lists them.
client() { "$PUMP_BIN/include_server_client" "$socket"; }
# requested_mirror_files CWD ARG...: the paths of the reply, one a line.
requested_mirror_files() { echo "request $*" | client; }
# requested_files CWD ARG...: the same, as the paths that the compile server sees.
requested_files() { requested_mirror_files "$@" | sed -E 's!^/[^/]*/[^/]*/[^/]*!!; s/\.abs$//; s/\.lzo$//'; }
# status_of MEMBER: a number of the status.
status_of() { echo status | client | sed -E "s/.*\"$1\":([0-9.]+).*/\1/"; }
# mirrors_of PID: the directories that a server made.
mirrors_of() { find /dev/shm /tmp "${DISTCC_CLIENT_TMP:-/nonexistent}" -maxdepth 1 -name "*.include_server-$1-*" 2>/dev/null || true; }

mkdir -p "$work/project"
project=$work/project
printf '#include "x.h"\nint main() { return x; }\n' >"$project/main.cc"
printf 'inline int x = 0;\n' >"$project/x.h"

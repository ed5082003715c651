#!/bin/bash
# The options of include_server(1) have their documented effects: -s, -t, -w, -v, -x, -d, --jobs, --path_observation_re,
# --no_force_dirs, --unsafe_absolute_includes, and those that are accepted and ignored.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++
restart() {
  [ -z "${server_pid:-}" ] || stop_server
  : >"$server_log"
  start_server "$@"
}
log_has() { expect_contains "$1" "$2" "$(cat "$server_log")"; }

restart -stw --path_observation_re='x[.]h$'
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
log_has "-w" "include closure of main.cc: $project/main.cc $project/x.h"
log_has "-s, per request" "main.cc: 2 entries in"
log_has "--path_observation_re" "has the real path '$project/x.h'"
stop_server
log_has "-s, total" '"requests":1'
log_has "-t" "user + system"
server_pid=

restart -v -x
expect_equal "files, verified" 2 "$(requested_files "$project" g++ -MD -MF main.d -o main.o -c main.cc | wc -l)"
case "$(cat "$server_log")" in *verify*) fail "a difference: $(cat "$server_log")" ;; esac
[ ! -e "$project/main.d" ] || fail "the verification wrote the dependency file"

# A compiler whose -M lists one file more, then one less, than the analysis.
printf '#ifndef LESS\n#include "x.h"\n#endif\n' >"$project/verified.cc"
printf '// more\n' >"$project/more.h"
lying_compiler() {
  replace_compiler "$work/my-g++" 'case " $* " in *" -M "*) exec g++ "$@" '"$1"' ;; esac; exec g++ "$@"'
}
lying_compiler "-include $project/more.h"
expect_equal "-v: n = 0 for a miss" "" "$(requested_mirror_files "$project" "$work/my-g++" -c verified.cc)"
log_has "-v: the warning" "--verify: $project/more.h is missing"
log_has "-v: the reason" "1 missing, 0 surplus"
lying_compiler "-DLESS"
expect_equal "-v -x: n = 0 for a surplus" "" "$(requested_mirror_files "$project" "$work/my-g++" -c verified.cc)"
log_has "-v -x: the reason" "0 missing, 1 surplus"
restart -v
expect_equal "-v: a surplus is answered" 2 "$(requested_files "$project" "$work/my-g++" -c verified.cc | wc -l)"
log_has "-v: a surplus is reported" "--verify: $project/x.h is surplus"

threads() { ls "/proc/$server_pid/task" | wc -l; }
restart --jobs 1
one=$(threads)
restart --jobs=5
expect_equal "--jobs: threads beyond those of --jobs 1" 4 $(($(threads) - one))

mkdir -p "$project/empty"
printf '#include "empty/../x.h"\n' >"$project/through.cc"
restart
expect_contains "a directory that only occurs before \"..\"" "$project/empty/forcing_technique_271828" "$(requested_files "$project" g++ -c through.cc)"
restart --no_force_dirs
expect_equal "--no_force_dirs" 2 "$(requested_files "$project" g++ -c through.cc | wc -l)"

mkdir -p "$work/elsewhere"
echo 'int y;' >"$work/elsewhere/y.h"
printf '#define Y "%s/elsewhere/y.h"\n#include Y\n' "$work" >"$project/absolute.cc"
restart
expect_equal "an absolute include" "" "$(requested_files "$project" g++ -c absolute.cc)"
log_has "the reason" "by its absolute path"
restart --unsafe_absolute_includes
expect_equal "--unsafe_absolute_includes" "$project/absolute.cc" "$(requested_files "$project" g++ -c absolute.cc | head -1)"

restart -d2
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
log_has "-d2 traces" "2 entries"
restart -d8
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
log_has "-d8 lists the files" "include closure of main.cc: $project/main.cc $project/x.h"
restart -d16
requested_files "$project" g++ -c main.cc >/dev/null
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
expect_equal "-d16 logs each reply" 2 "$(grep -c 'reply: ARGC00000002ARGV' "$server_log")"
restart -d4
requested_files "$project" g++ -I. -c main.cc >/dev/null
log_has "-d4 lists the search path" "search path of main.cc: . (system)"
restart -d0
expect_equal "a missing source" "" "$(requested_files "$project" g++ -c missing.cc)"
expect_equal "-d0 is silent" "" "$(cat "$server_log")"
restart --stat_reset_triggers=a:b --unsafe_no_unexpanded_functions -e --email_bound 3 --no-email --debug_pattern=1
expect_equal "files" 2 "$(requested_files "$project" g++ -c main.cc | wc -l)"
stop_server

# A server with its own log does not keep the command's output open.
output=$(timeout 20 "$PUMP_BIN/pump-include-server" --port "$work/quiet" --pid_file "$work/quiet.pid" --log_file "$work/quiet.log" 2>&1) ||
  fail "the output did not end: $output"
expect_equal "output" "" "$output"
kill "$(cat "$work/quiet.pid")"
server_pid=

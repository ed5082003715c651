# Sourced in place of launch_lib.sh by tests with several hosts: two servers of tests/cluster/, near and far, on loopback, and a
# project of units. The units are compiled by ninja, all at the same time.
source "$(dirname "${BASH_SOURCE[0]}")/launch_lib.sh"
# A test that wants networks has sourced it before, for cluster_enter.
declare -F cluster_start >/dev/null || source "$PUMP_SOURCE/tests/cluster/cluster.sh"
need distccd ninja
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"

# start NAME OPTION...
start() {
  local status=0
  cluster_start "$@" >"$work/out" || status=$?
  [ $status != 77 ] || { cat "$work/out" && exit 77; }
  [ $status = 0 ] || fail "$1 does not start: $(cat "$work/out")"
}
# make_units NUMBER [COMPILER [PREFIX]]: sources PREFIX1.cc …, and build.ninja, to which further calls add.
make_units() {
  local i compiler=${2:-g++} prefix=${3:-u} rule
  rule=cc$(grep -c '^rule' build.ninja 2>/dev/null) || true
  printf 'rule %s\n  command = %s %s -O1 -c $in -o $out\n' "$rule" "$launch" "$compiler" >>build.ninja
  for i in $(seq "$1"); do
    [ "$compiler" = gcc ] && source=$prefix$i.c || source=$prefix$i.cc
    echo "int ${prefix}$i(int a) { return a + $i; }" >"$source"
    echo "build $prefix$i.o: $rule $source" >>build.ninja
    "$compiler" -O1 -c "$source" -o "$prefix$i.local"
  done
}
# build WHAT: all units; no output but ninja's; all objects are right. records: of this build only.
build() {
  local object
  rm -rf ./*.o .ninja_log "$XDG_STATE_HOME"
  timeout 200 ninja -j12 >"$work/out" 2>&1 || fail "$1: $(tail -n 30 "$work/out")"
  expect_equal "$1: output besides ninja's" "" "$(grep -v '^\[' "$work/out" || true)"
  for object in *.o; do cmp "$object" "${object%.o}.local" || fail "$1: $object"; done
}
# Units of the last build by outcome, and those that a host failed.
units() { grep -c "\"outcome\":\"$1\"" "$XDG_STATE_HOME"/*/records.jsonl || true; }
units_with_faults() { grep -c '"faults":' "$XDG_STATE_HOME"/*/records.jsonl || true; }
# pump_jobs NAME and failed_on NAME: jobs of this server so far.
pump_jobs() { set -- $(cluster_jobs "$1") && echo "$1"; }
failed_on() { set -- $(cluster_jobs "$1") && echo "$3"; }
# host_state NAME: new, up, sick or down.
host_state() { "$pump" --status | sed -n "s|^ *$(cluster_host "$1") *\([a-z]*\),.*|\1|p"; }
is_in_state() { [ "$(host_state "$1")" = "$2" ]; }
# uses NAME NUMBER: compiles everything; true if this server has had more than NUMBER jobs.
uses() {
  build "until $1 is used"
  [ "$(pump_jobs "$1")" -gt "$2" ]
}
# standin DIRECTORY NAME LINE...: DIRECTORY/NAME, and under its full name, runs LINES and then the real compiler.
standin() {
  local directory=$1 name=$2
  shift 2
  mkdir -p "$directory" && chmod 755 "$directory"
  { echo '#!/bin/sh' && printf '%s\n' "$@" && echo "exec $(command -v "$name") \"\$@\""; } >"$directory/$name"
  chmod 755 "$directory/$name" && cp "$directory/$name" "$directory/$(gcc -dumpmachine)-$name"
}

# The servers of tests/cluster/ are other machines: with a slow network, another version of the project, an IPv6 address. Objects
# from each equal local ones. What a test or benchmark does to a server happens.
source "$PUMP_SOURCE/tests/cluster/cluster.sh"
cluster_enter "$@"
source "$(dirname "$0")/launch_lib.sh"
[ -z "$cluster_network" ] || skip "$cluster_network"
need distccd cc
export PUMP_LINGER=60

mkdir -p "$work/src/include" && cd "$work/src"
printf '#include "a.h"\n#include <cstddef>\nconst char* f() { return __FILE__ NAME; }\nstd::size_t g() { return A; }\n' >a.cc
printf '#include "include/b.h"\n#define A 4\n' >a.h
printf '#define NAME "b"\n' >include/b.h
cp a.cc b.cc
g++ -g -c a.cc -o a.local.o
g++ -O1 -c "$work/src/b.cc" -o b.local.o
# start NAME OPTION...
start() {
  local status=0
  cluster_start "$@" >"$work/out" || status=$?
  [ $status != 77 ] || { cat "$work/out" && exit 77; }
  [ $status = 0 ] || fail "$1 does not start"
}
# equal NAME JOBS: this server compiles both units, and has then had JOBS jobs in pump mode and no others.
equal() {
  local output
  rm -f a.o b.o
  output=$(DISTCC_HOSTS=$(cluster_host "$1") "$launch" g++ -g -c a.cc -o a.o 2>&1) || fail "$1: $output"
  output+=$(DISTCC_HOSTS=$(cluster_host "$1") "$launch" g++ -O1 -c "$work/src/b.cc" -o b.o 2>&1) || fail "$1: $output"
  expect_equal "$1: output" "" "$output"
  cmp a.local.o a.o || fail "$1: objects differ"
  cmp b.local.o b.o || fail "$1: objects of an absolute name differ"
  jobs_of() { set -- $(cluster_jobs "$1") && echo "$1 $2"; } # without connections that sent nothing
  expect_count "$1: jobs" "$2 0" "jobs_of $1"
}
# connects NAME: its kernel accepts a connection. The time that this takes is in $connect_ms.
connects() {
  local begin=${EPOCHREALTIME/./}
  # The variables are expanded by the other bash.
  # shellcheck disable=SC2016
  timeout 20 bash -c 'exec 3<>"/dev/tcp/$1/$2"' - "${cluster[$1.address]}" "${cluster[$1.port]}" 2>/dev/null || return 1
  connect_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
}

start far --delay 10 --slots 2
start old --decoy
if cluster_has_ipv6; then start six --ipv6; else echo "without IPv6: this machine has none"; fi
equal far 2
equal old 2
[ -z "${cluster[six.pid]:-}" ] || equal six 2

# They are other machines.
for name in far old; do
  cluster_sees $name /usr/bin/g++ || fail "$name: has no files at all"
  ! cluster_sees $name "$PUMP_SOURCE/README.md" || fail "$name: sees the checkout"
  expect_equal "$name: namespaces in common" "" "$(for kind in net mnt; do
    [ "$(readlink /proc/self/ns/$kind)" != "$(readlink "/proc/${cluster[$name.pid]}/ns/$kind")" ] || echo $kind
  done)"
done
! cluster_sees far "$work/src/a.cc" || fail "far: sees the project"
cluster_sees old "$work/src/a.cc" || fail "old: has no version of the project"
expect_contains "old: another version" "#error" "$(cat "/proc/${cluster[old.pid]}/root$work/src/a.cc")"
echo "#define OTHER" | cluster_has far "$work/src/other.h"
cluster_sees far "$work/src/other.h" || fail "far: does not get a file"
[ ! -e other.h ] || fail "far: a file for the server is on the client"
connects far || fail "far: does not connect"
[ "$connect_ms" -ge 10 ] || fail "far: connects in $connect_ms ms in spite of the delay"

# A server dies and returns, stops and goes on, is cut off and is connected again.
cluster_stop old
expect_equal "old: processes after its death" "" "$(cluster_processes old)"
! connects old || fail "old: connects after its death"
cluster_restart old
equal old 4
cluster_pause far
for process in $(cluster_processes far); do
  expect_equal "far: state of process $process" T "$(sed 's/.*) \(.\).*/\1/' "/proc/$process/stat")"
done
connects far || fail "far: the kernel of a server that is stopped does not accept"
cluster_continue far
equal far 4
cluster_blackhole far
status=0
timeout 1 bash -c 'exec 3<>"/dev/tcp/$1/$2"' - "${cluster[far.address]}" "${cluster[far.port]}" 2>/dev/null || status=$?
expect_equal "far: a connection attempt into a black hole, after a second" 124 $status
cluster_reconnect far
equal far 6

# No disk space: for the stand-in of a compiler, and for distccd itself.
start full --standin --slow 2 --full-disk 1m --cpus 0
expect_equal "full: processors" 0 "$(taskset -cp "${cluster[full.pid]}" | sed 's/.*: //')"
cluster_fill full
expect_equal "full: free blocks" 0 "$(stat -f -c %f "/proc/${cluster[full.pid]}/root${cluster[full.tmp]}")"
cluster_empty full
[ "$(stat -f -c %f "/proc/${cluster[full.pid]}/root${cluster[full.tmp]}")" -gt 0 ] || fail "full: not emptied"
standin=${cluster[full.compilers]}/g++
cluster_refuse full
! STANDIN_FULL=$(echo "$work"/cluster/full/*/full) "$standin" -c a.cc -o a.o 2>"$work/err" || fail "full: compiles"
expect_contains "full: message" "No space left on device" "$(cat "$work/err")"
cluster_accept full
begin=${EPOCHREALTIME/./}
STANDIN_FACTOR=2 "$standin" -DSTANDIN_SECONDS=0.1 -c a.cc -o a.o
[ $((${EPOCHREALTIME/./} - begin)) -ge 200000 ] || fail "the stand-in does not wait"

# Nothing stays.
processes=$(for name in "${cluster_names[@]}"; do cluster_processes "$name" && echo "${cluster[$name.holder]}"; done)
[ "$(wc -w <<<"$processes")" -ge 8 ] || fail "too few processes: $processes"
cluster_cleanup
for process in $processes; do gone "$process" || fail "process $process stays"; done
expect_equal "devices that stay" "" "$(ip -o link show master cluster)"
expect_equal "directories that stay" "" "$(for scratch in "${cluster[far.scratch]}" "${cluster[full.scratch]}"; do ls -d "$scratch" 2>/dev/null; done)"

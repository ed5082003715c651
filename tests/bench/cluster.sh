#!/usr/bin/env bash
# Builds on a cluster of servers: the achieved rate, beside the ideal one, in good and bad conditions. The servers are stock
# distccd, each on a network of its own (tests/cluster/). Their compiler is a stand-in that sleeps: a machine that plays 48
# processors has only a few. The client is ninja with `pump-launch g++ -c`, and a real compiler for what is compiled locally.
#   tests/bench/cluster.sh [OPTION...] [ROW...]
#   --list         prints the rows
#   --units N      in a row, about: 480. Rounded so that all slots could end at the same time
#   --seconds S    of a unit: 2
#   --hosts N      4, at least 2
#   --slots N      of a host: 12
#   --quick        --units 192, and only a few rows: 80 s
# PUMP_BIN          the directory of the programs to be measured: build/release/bin
# PUMP_BIN_BEFORE   another one, measured first in each row
# All rows take 10 minutes, and as long again with PUMP_BIN_BEFORE. A build that takes three times as long as the ideal one, and
# 20 s, is stopped.
# Needs ninja, distcc, and cc; the rows of the network need root, network namespaces and iproute2. Two quiet processors: a busy
# machine measures itself.
#
# The ideal rate is the sum of the hosts' slots, divided by the seconds of a unit there; a host that is away for a while counts
# only while it is there. Columns: units per second; achieved divided by ideal; units that were compiled locally (a local
# compilation takes no 2 s, so it raises the rate); units that failed or were not reached.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
source "$top/tests/shell/packages.sh"
source "$top/tests/shell/processes.sh"
source "$top/tests/cluster/cluster.sh"

all_rows=(cold equal equal-2j slow slow-2j mixed silent returns full two-builds ipv6 ssh delay-10 delay-100 loss-1 rate-10)
units=480 seconds=2 hosts=4 slots=12 rows=()
arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --list) printf '%s\n' "${all_rows[@]}" && exit ;;
    --quick) units=192 && rows+=(cold equal equal-2j slow-2j full) && shift ;;
    --units | --seconds | --hosts | --slots) printf -v "${1#--}" %s "$2" && shift 2 ;;
    *)
      case " ${all_rows[*]} " in *" $1 "*) rows+=("$1") && shift ;; *) sed -n '2,/^set/{/^set/d;s/^# \?//;p}' "$0" >&2 && exit 2 ;; esac
      ;;
  esac
done
[ ${#rows[@]} -gt 0 ] || rows=("${all_rows[@]}")
# shellcheck disable=SC2086
need_packages $run_packages ninja-build iproute2 g++
cluster_enter "${arguments[@]}"

bin=${PUMP_BIN:-$top/build/release/bin}
[ -x "$bin/pump-launch" ] || { echo "no $bin/pump-launch: build the preset release, or set PUMP_BIN" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/pump-bench.XXXXXX")
chmod 755 "$work"
cleanup() {
  kill $(processes_of ninja "$work") $(session_servers_of "$work") 2>/dev/null || true
  cluster_cleanup
  wait
  remove_tree "$work" || true
}
trap cleanup EXIT
trap 'exit 130' INT TERM
unset INCLUDE_SERVER_PORT INCLUDE_SERVER_PID INCLUDE_SERVER_DIR DISTCC_POTENTIAL_HOSTS DISTCC_LOCATION DISTCC_FALLBACK CPATH \
  C_INCLUDE_PATH CPLUS_INCLUDE_PATH PUMP_SESSION PUMP_INCLUDE_SERVER PUMP_LAUNCH DISTCC_VERBOSE DISTCC_LOG MAKEFLAGS CCACHE_PREFIX
export PUMP_LINGER=60

# Units of 50 KB in 13 files, which compress to a half.
project() {
  local i
  mkdir -p "$work/project/include"
  for i in $(seq 12); do
    printf '#pragma once\n' >"$work/project/include/part$i.h"
    od -An -v -tx1 -w32 -N 1000 /dev/urandom | sed 's,^,//,' >>"$work/project/include/part$i.h"
  done
  for i in $(seq "$1"); do
    { seq -f '#include "part%g.h"' 12 && echo "int compiled_here_$i() { return $i; }"; } >"$work/project/u$i.cc"
  done
}

# seconds_of UNIT
seconds_of() {
  case $unit_times in
    equal) echo "$seconds" ;;
    mixed) awk -v i="$1" -v s="$seconds" 'BEGIN { split("0.25 0.5 1 2", f, " "); print s * f[i * 7 % 4 + 1] }' ;;
  esac
}

# build_file DIRECTORY FIRST COUNT
build_file() {
  local i
  mkdir -p "$1"
  {
    printf 'rule cc\n  command = pump-launch g++ -O1 -DSTANDIN_SECONDS=$seconds -I%s/project/include -c $in -o $out\n' "$work"
    for ((i = $2; i < $2 + $3; ++i)); do
      printf 'build u%d.o: cc %s/project/u%d.cc\n  seconds = %s\n' "$i" "$work" "$i" "$([ "$unit_times" = equal ] && echo "$seconds" || seconds_of $i)"
    done
  } >"$1/build.ninja"
}

# build DIRECTORY JOBS: in the background; DIRECTORY/seconds at the end, and DIRECTORY/others, what other builds have then.
build() {
  local directory=$1 begin=$EPOCHREALTIME other
  timeout --signal=INT --kill-after=20 "$limit" ninja -C "$directory" -k 0 -j "$2" >"$directory/log" 2>&1 || true
  awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { print end - begin }' >"$directory/seconds"
  for other in "${directory%/*}"/build.*; do [ ! -d "$other" ] || count_objects "$other"; done >"$directory/counts"
}
count_objects() { find "$1" -name 'u*.o' | wc -l; }

# A row is a function that changes these. Hosts count from 1; the last one has the fault.
defaults() {
  local i
  jobs=$((hosts * slots)) builds=1 warm=yes unit_times=equal mean=1 options='' events=''
  factors=() extra=()
  for ((i = 1; i <= hosts; ++i)); do factors[i]=1 extra[i]=''; done
  last=host$hosts
}
row_cold() { title="cold start" warm=no; }
row_equal() { title="equal hosts, -j = slots"; }
row_equal-2j() { title="equal hosts, -j = 2 x slots" jobs=$((2 * jobs)); }
row_slow() { title="one host 4 x slower, -j = slots" factors[hosts]=4; }
row_slow-2j() { title="one host 4 x slower, -j = 2 x slots" factors[hosts]=4 jobs=$((2 * jobs)); }
row_mixed() { title="units of 1/4, 1/2, 1 and 2 times that" unit_times=mixed mean=0.9375; }
row_silent() { title="one host never answers" events=silent; }
row_returns() { title="one host dies and returns" events=returns; }
row_full() { title="one host is full for a while" events=full; }
row_two-builds() { title="two builds, -j = slots and 2 x slots" builds=2; }
row_ipv6() { title="IPv6" options="--ipv6"; }
row_ssh() { title="ssh, one connection for each host" options="--ssh"; }
row_delay-10() { title="10 ms of delay" options="--delay 10"; }
row_delay-100() { title="100 ms of delay" options="--delay 100"; }
row_loss-1() { title="1 % of packets lost" options="--loss 1"; }
row_rate-10() { title="10 Mbit/s to each host" options="--rate 10"; }

# plan: from the wanted number of units to count, the units, duration, the seconds of an ideal build, ideal, its rate, and away_from
# and away_for, when the last host is away. The duration is a multiple of the longest unit's.
plan() {
  read -r count duration ideal away_from away_for < <(awk -v units="$units" -v seconds="$seconds" -v slots="$slots" -v mean="$mean" \
    -v events="$events" -v factors="${factors[*]}" '
    function multiple(t, of) { t = int(t / of + 0.5) * of; return t < of ? of : t }
    BEGIN {
      hosts = split(factors, factor, " ")
      for (i = 1; i <= hosts; ++i) {
        r[i] = events == "silent" && i == hosts ? 0 : slots / (seconds * mean * factor[i])
        rate += r[i]
        if (factor[i] > longest) longest = factor[i]
      }
      duration = multiple(units / rate, seconds * longest)
      if (events == "full") { for_ = multiple(duration / 2, seconds); if (for_ > 10) for_ = 10 }
      if (events == "returns") { from = multiple(duration / 5, seconds); for_ = multiple(duration * 0.3, seconds) }
      count = int(rate * duration - r[hosts] * for_ + 1e-6)
      print count, duration, count / duration, from + 0, for_ + 0
    }')
  limit=$(awk -v d="$duration" 'BEGIN { print int(3 * d + 20) }')
  case $events in
    full) title="one host is full for $away_for s" ;;
    returns) title="one host dies after $away_from s, returns after $((away_from + away_for))" ;;
  esac
}

# While the builds run. In this shell, because the functions change its variables.
happen() {
  case $events in
    full) sleep "$away_for" && cluster_accept "$last" ;;
    returns) sleep "$away_from" && cluster_stop "$last" && sleep "$away_for" && cluster_restart "$last" ;;
  esac
}

start_hosts() {
  local i
  DISTCC_HOSTS=
  for ((i = 1; i <= hosts; ++i)); do
    # shellcheck disable=SC2086
    cluster_start "host$i" --standin --slots "$slots" --slow "${factors[i]}" $options ${extra[i]} || return
    DISTCC_HOSTS+=" $(cluster_host "host$i")"
  done
  export DISTCC_HOSTS=${DISTCC_HOSTS# } DISTCC_SSH=
  [[ $options != *--ssh* ]] || DISTCC_SSH=$(cluster_ssh)
}

# measure BIN: prints "RATE RATIO LOCAL MISSING NOTES…"
measure() {
  local state=$work/state i directory
  [ ! -e "$state" ] || remove_tree "$state"
  mkdir -p "$state"/{home,distcc,run}
  export HOME=$state/home DISTCC_DIR=$state/distcc PUMP_RUNTIME_DIR=$state/run XDG_STATE_HOME=$state/state PATH=$1:$path
  start_hosts || return
  if [ $warm = yes ]; then
    build_file "$state/warm" 1 $((hosts * slots))
    build "$state/warm" $((hosts * slots))
  fi
  for ((i = 1; i <= builds; ++i)); do build_file "$state/build.$i" $((1 + (i - 1) * (count / builds))) $((count / builds)); done
  [ "$events" != full ] || cluster_refuse "$last"
  [ "$events" != silent ] || cluster_pause "$last"
  running=() busy_before=$(processor_time)
  for ((i = 1; i <= builds; ++i)); do build "$state/build.$i" $((jobs * i)) & running+=($!); done
  happen
  wait "${running[@]}"
  busy_after=$(processor_time)
  kill $(session_servers_of "$work") 2>/dev/null || true
  report "$state"
  cluster_cleanup
}

# processor_time: busy and idle, in the units of /proc/stat.
processor_time() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9, $5 + $6 }' /proc/stat; }
shares() { awk '{ n[NR] = $1; sum += $1 } END { for (i = 1; i <= NR; ++i) printf "%s%.0f %%", (i == 1 ? "" : ", "), 100 * n[i] / sum }' "$1"; }

report() {
  local state=$1 done_ local_ notes='' pump=0 plain=0 failed=0 name
  done_=$(count_objects "$state")
  [ ! -d "$state/warm" ] || done_=$((done_ - $(count_objects "$state/warm")))
  local_=$(find "$state"/build.* -name 'u*.o' -exec grep -l compiled_here {} + | wc -l)
  for name in "${cluster_names[@]}"; do
    set -- $(cluster_jobs "$name")
    pump=$((pump + $1)) plain=$((plain + $2)) failed=$((failed + $3))
  done
  [ $plain = 0 ] || notes+="; $plain jobs in plain mode"
  [ $failed = 0 ] || notes+="; $failed jobs failed on servers"
  [ $builds = 1 ] || notes+="; shares when the first ended: $(shares "$(ls -tr "$state"/build.*/counts | head -n 1)")"
  [ ! -e "$state/warm/log" ] || ! grep -q '^FAILED' "$state/warm/log" || notes+="; failures while warming up"
  notes+=$(awk -v was="$busy_before" -v is="$busy_after" 'BEGIN {
    split(was, a, " "); split(is, b, " "); busy = 100 * (b[1] - a[1]) / (b[1] - a[1] + b[2] - a[2])
    if (busy > 80) printf "; the processors were busy for %.0f %% of the time", busy }')
  sort -n "$state"/build.*/seconds | tail -n 1 | awk -v done_="$done_" -v ideal="$ideal" -v local_="$local_" -v count="$count" \
    -v limit="$limit" -v notes="$notes" -v builds="$builds" '{
      missing = int(count / builds) * builds - done_
      if (missing > 0 && $1 >= limit) notes = "; stopped after " limit " s" notes
      printf "%.1f %.2f %d %d %s\n", done_ / $1, done_ / $1 / ideal, local_, missing, substr(notes, 3) }' >"$work/result"
}

path=$PATH
project $((units * 3))
binaries=(${PUMP_BIN_BEFORE:+before} now)
declare -A directory_of=([before]=${PUMP_BIN_BEFORE:-} [now]=$bin)
echo "$hosts hosts x $slots slots, units of $seconds s; load of the machine before: $(cut -d ' ' -f 1 /proc/loadavg), $(nproc) processors"
printf '%-46s %6s %6s' "" units ideal/s
for binary in "${binaries[@]}"; do printf ' | %6s %5s %5s %7s' "$binary" ratio local missing; done
printf '\n'
for row in "${rows[@]}"; do
  defaults
  "row_$row"
  plan
  printf '%-46s %6d %6.1f' "$title" "$count" "$ideal"
  all_notes=()
  for binary in "${binaries[@]}"; do
    status=0
    measure "${directory_of[$binary]}" >"$work/out" || status=$?
    if [ $status != 0 ]; then
      cluster_cleanup
      printf ' | %s' "$(cat "$work/out")"
      [ $status = 77 ] || exit $status
      continue
    fi
    read -r rate ratio local_ missing notes <"$work/result"
    printf ' | %6s %5s %5s %7s' "$rate" "$ratio" "$local_" "$missing"
    [ -z "$notes" ] || all_notes+=("$binary: $notes")
  done
  printf '\n'
  [ ${#all_notes[@]} -eq 0 ] || printf '    %s\n' "${all_notes[@]}"
done
echo "load of the machine after: $(cut -d ' ' -f 1 /proc/loadavg)"

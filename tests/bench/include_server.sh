#!/usr/bin/env bash
# Compares the native include server with distcc's Python one and clang-scan-deps, as ratios within one run.
#   tests/bench/include_server.sh [compile_commands.json]       default: rocksdb, as tests/corpus/run.sh keeps it
# Each server is started and gets a request for every command of the database in a first pass, again in four repeated passes,
# then for new sources with the same headers. That happens $BENCH_ROUNDS (5) times, the servers in turn, because the speed of a
# shared machine varies. The table has medians.
# The files stay locked in the page cache. Otherwise, in a virtual machine that returns unused pages after some seconds (DAMON),
# each server would wait for the disk after the passes of the other. The amount that was read from the disk is printed.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
source tests/shell/packages.sh
source tests/shell/python_include_server.sh
bin=${PUMP_BIN:-$top/build/release/bin}
# shellcheck disable=SC2086
need_packages $build_packages $run_packages distcc-pump python3 clang-tools vmtouch
[ -x "$bin/replay" ] || { cmake --preset release >/dev/null && cmake --build --preset release --target pump replay -- --quiet; }

work=$(mktemp -d "${TMPDIR:-/tmp}/pump-bench.XXXXXX")
server=''
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ ! -e "$work/vmtouch.pid" ] || kill "$(cat "$work/vmtouch.pid")" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

database=${1:-}
if [ -z "$database" ]; then
  source=${CORPUS_DIR:-$top/build/corpus}/rocksdb
  [ -d "$source" ] || { echo "no $source; run: tests/corpus/run.sh rocksdb (or name a compile_commands.json)" >&2; exit 2; }
  # Not in /tmp: its thousands of cached names make watching it slow, which does not happen in real builds.
  cmake -S "$source" -B build/bench/rocksdb -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DWITH_TESTS=OFF -DWITH_GFLAGS=OFF -DWITH_BENCHMARK_TOOLS=OFF -DFAIL_ON_WARNINGS=OFF -DPORTABLE=ON >/dev/null
  database=$top/build/bench/rocksdb/compile_commands.json
fi

# A copy of each source beside the original: new units with cached headers.
new_sources=$top/build/bench/new_sources
rm -rf "$new_sources" && mkdir -p "$new_sources"
/usr/bin/python3 - "$database" "$new_sources" <<'PYTHON'
import json, os, shlex, shutil, sys
database, copies = sys.argv[1:]
commands, seen = [], set()
for entry in json.load(open(database)):
    source = os.path.join(entry["directory"], entry["file"])
    if source in seen:
        continue
    seen.add(source)
    copy = os.path.join(copies, f"{len(seen)}{os.path.splitext(source)[1]}")
    shutil.copyfile(source, copy)
    words = entry.get("arguments") or shlex.split(entry["command"])
    words = [copy if word in (entry["file"], source) else word for word in words]
    words[-2:-2] = ["-iquote", os.path.dirname(source)]
    commands.append({"directory": entry["directory"], "file": copy, "arguments": words})
json.dump(commands, open(os.path.join(copies, "compile_commands.json"), "w"))
PYTHON

# Debian has it only with a version in its name.
scan_deps=$(command -v clang-scan-deps clang-scan-deps-19 clang-scan-deps-16 clang-scan-deps-14 | head -n 1 || true)
[ -n "$scan_deps" ] || { echo "no clang-scan-deps in PATH; install clang-tools" >&2; exit 2; }

{
  "$scan_deps" -mode preprocess -format make -j 2 -compilation-database "$database" 2>/dev/null |
    tr -s ' \\' '\n' | grep '^/' | sort -u || true
  c++ -print-file-name=include
  for program in cc1 cc1plus; do c++ -print-prog-name=$program; done
  readlink -f "$(command -v c++)" "$bin/pump"
} >"$work/files"
vmtouch -q -l -d -w -P "$work/vmtouch.pid" -b "$work/files" ||
  echo "the files cannot be locked in memory (ulimit -l: $(ulimit -l) KiB); going on without" >&2
kib_from_disk() { awk '$1 == "pgpgin" { print $2 }' /proc/vmstat; }

start_native() {
  rm -rf "$work/native" && mkdir "$work/native"
  "$bin/pump-include-server" --port "$work/native/socket" --pid_file "$work/native/pid" >/dev/null 2>"$work/native/log"
  server=$(cat "$work/native/pid")
}
start_python() {
  rm -rf "$work/python" && mkdir "$work/python"
  python_include_server_start "$work/python"
  server=$python_server_pid
}
# Sets peak and mirror, KiB. Both servers have their pid in the names of mirror directories.
stop_server() {
  mirror=$(find /dev/shm "${TMPDIR:-/tmp}" -maxdepth 1 -name "*.include_server-$server-*" -print0 |
    du -skc --files0-from=- | awk 'END { print $1 }')
  peak=$(awk '/VmHWM/ {print $2}' "/proc/$server/status")
  kill "$server"
  while kill -0 "$server" 2>/dev/null; do sleep 0.02; done
  server=''
}
# median FILE PASS MEMBER: of all rounds; PASS "again" means all repeated passes.
median() {
  awk -v pass="$2" -v member="$3" '
    $1 == "pass" && ($2 == pass || (pass == "again" && $2 > 1)) {
      for (i = 1; i < NF; i++) if ($i == member) print $(i + 1)
    }' "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
# The mean instead of the median: the kernel counts CPU time in steps of 10 ms.
mean() {
  awk -v member="$3" '
    $1 == "pass" && $2 > 1 { for (i = 1; i < NF; i++) if ($i == member) { sum += $(i + 1); n++ } }
    END { printf "%.1f\n", sum / n }' "$1"
}
ratio() { awk "BEGIN { printf \"%.1f\", $1 / $2 }"; }

declare -A rate p50 cpu memory entries in_mirror
rounds=${BENCH_ROUNDS:-5}
for round in $(seq "$rounds"); do
  for clients in 1 2; do
    for kind in python native; do
      start_$kind
      before=$(kib_from_disk)
      "$bin/replay" "$work/$kind/socket" "$database" --passes 5 --jobs $clients --cpu-of "$server" >"$work/out"
      echo "round $round, $kind, $clients client(s), $(($(kib_from_disk) - before)) KiB read from disk:"
      sed 's/^/  /' "$work/out"
      cat "$work/out" >>"$work/$kind.$clients"
      "$bin/replay" "$work/$kind/socket" "$new_sources/compile_commands.json" --passes 1 --jobs $clients >>"$work/$kind.new.$clients"
      stop_server
      [ "${memory[$kind]:-0}" -gt "$peak" ] || memory[$kind]=$peak
      in_mirror[$kind]=$mirror
    done
  done
done
for kind in python native; do
  for clients in 1 2; do
    out=$work/$kind.$clients
    rate[$kind,$clients,first]=$(median "$out" 1 rate)
    rate[$kind,$clients,again]=$(median "$out" again rate)
    p50[$kind,$clients]=$(median "$out" again p50_ms)
    p50[$kind,$clients,first]=$(median "$out" 1 p50_ms)
    cpu[$kind,$clients]=$(mean "$out" again cpu_us)
    entries[$kind]=$(median "$out" again entries)
  done
done

for round in $(seq "$rounds"); do
  begin=$EPOCHREALTIME
  c++ -v -E -dM -x c++ /dev/null >/dev/null 2>&1
  compiled=$EPOCHREALTIME
  start_native
  started=$EPOCHREALTIME
  "$bin/replay" "$work/native/socket" "$database" --passes 1 --limit 1 |
    awk -v begin="$begin" -v compiled="$compiled" -v started="$started" '
      { for (i = 1; i < NF; i++) if ($i == "p50_ms") reply = $(i + 1) }
      END { start = (started - compiled) * 1000
            print "pass 1 compiler_ms", (compiled - begin) * 1000, "start_ms", start, "all_ms", start + reply }' >>"$work/first"
  stop_server
done

start_native
native_cpu=$("$bin/replay" "$work/native/socket" "$database" --passes 1 --jobs 1 --cpu-of "$server" |
  awk '{ for (i = 1; i < NF; i++) { if ($i == "units") n = $(i + 1); if ($i == "cpu_us") c = $(i + 1) } } END { print n * c / 1e6 }')
stop_server
scan_cpu=$( { /usr/bin/env bash -c "TIMEFORMAT='%U %S'; time $scan_deps -mode preprocess -j 2 \
  -compilation-database '$database' >/dev/null 2>&1" ; } 2>&1 | awk '{ print $1 + $2 }')

echo
printf '| %-46s | %10s | %10s | %6s |\n' measure Python native ratio
printf '|%s|%s|%s|%s|\n' "$(printf -- '-%.0s' {1..48})" -----------: -----------: -------:
row() { printf '| %-46s | %10s | %10s | %6s |\n' "$1" "$2" "$3" "$4"; }
for clients in 1 2; do
  row "first pass, $clients client(s), requests/s" "${rate[python,$clients,first]}" "${rate[native,$clients,first]}" \
    "$(ratio "${rate[native,$clients,first]}" "${rate[python,$clients,first]}")"
  row "repeated pass, $clients client(s), requests/s" "${rate[python,$clients,again]}" "${rate[native,$clients,again]}" \
    "$(ratio "${rate[native,$clients,again]}" "${rate[python,$clients,again]}")"
done
row "first pass, p50 round trip, ms" "${p50[python,1,first]}" "${p50[native,1,first]}" "$(ratio "${p50[python,1,first]}" "${p50[native,1,first]}")"
row "new unit over warm headers, p50 round trip, ms" "$(median "$work/python.new.1" 1 p50_ms)" "$(median "$work/native.new.1" 1 p50_ms)" \
  "$(ratio "$(median "$work/python.new.1" 1 p50_ms)" "$(median "$work/native.new.1" 1 p50_ms)")"
row "repeated pass, p50 round trip, ms" "${p50[python,1]}" "${p50[native,1]}" "$(ratio "${p50[python,1]}" "${p50[native,1]}")"
# With one client it counts the time that the server stays awake for the next request, too (docs/design.md).
for clients in 1 2; do
  row "repeated pass, $clients client(s), server CPU, us" "${cpu[python,$clients]}" "${cpu[native,$clients]}" \
    "$(ratio "${cpu[python,$clients]}" "${cpu[native,$clients]}")"
done
row "entries per reply" "${entries[python]}" "${entries[native]}" "$(ratio "${entries[python]}" "${entries[native]}")"
row "peak resident memory, KiB" "${memory[python]}" "${memory[native]}" "$(ratio "${memory[native]}" "${memory[python]}")"
row "mirror on a tmpfs, besides, KiB" "${in_mirror[python]}" "${in_mirror[native]}" "$(ratio "${in_mirror[native]}" "${in_mirror[python]}")"
echo "native server, ms from its start to the first answer: $(median "$work/first" 1 all_ms), of these until it listens:" \
  "$(median "$work/first" 1 start_ms); a compiler run that prints its defaults: $(median "$work/first" 1 compiler_ms)"
echo "CPU for one pass: clang-scan-deps $scan_cpu s, native $native_cpu s, ratio $(ratio "$scan_cpu" "$native_cpu")"

#!/usr/bin/env bash
# Measures the client: translation units per second and CPU time per unit, with distcc's Python include server, with the native
# one, with plain distcc (preprocessing on the client), and with pump-launch, which needs no distcc. distcc and distccd are stock;
# distccd runs on loopback with its TMPDIR in memory, and its compiler is a stand-in that only writes an object. The goal is that
# pump-launch and the session's server take at most 0.5 of distcc and the native server.
# With TMPDIR on a tmpfs the figures are steadier: where many files were deleted in the last minutes, an ext4 without a journal
# takes up to half a millisecond to make one, and pump-launch makes each object anew.
#   tests/bench/client.sh [compile_commands.json] [UNITS] [JOBS]     default: rocksdb, 200 units, 4 at once
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
source tests/shell/packages.sh
source tests/shell/distccd.sh
source tests/shell/python_include_server.sh
bin=${PUMP_BIN:-$top/build/release/bin}
# shellcheck disable=SC2086
need_packages $build_packages $run_packages distcc-pump python3
[ -x "$bin/drive" ] || { cmake --preset release >/dev/null && cmake --build --preset release -- --quiet; }

work=$(mktemp -d "${TMPDIR:-/tmp}/pump-bench.XXXXXX")
chmod 711 "$work"  # distccd runs as another user and writes its log below
server=''
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  distccd_stop
  remove_tree "$work" || true
}
trap cleanup EXIT
trap 'exit 130' INT TERM

database=${1:-} units=${2:-200} jobs=${3:-4}
if [ -z "$database" ]; then
  source=${CORPUS_DIR:-$top/build/corpus}/rocksdb
  [ -d "$source" ] || { echo "no $source; run: tests/corpus/run.sh rocksdb (or name a compile_commands.json)" >&2; exit 2; }
  cmake -S "$source" -B "$work/rocksdb" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DWITH_TESTS=OFF -DWITH_GFLAGS=OFF -DWITH_BENCHMARK_TOOLS=OFF -DFAIL_ON_WARNINGS=OFF -DPORTABLE=ON >/dev/null
  database=$work/rocksdb/compile_commands.json
fi

# Compilers by their names, without launchers, so that distccd finds the stand-in on its PATH and not the real compiler.
sed -E 's#"command": "([^ "]*/)?(ccache |distcc |pump-launch )?/usr/bin/#"command": "#' "$database" >"$work/compile_commands.json"
database=$work/compile_commands.json
mkdir -p "$work/compilers" "$work/distccd"
for name in gcc g++ cc c++ x86_64-linux-gnu-gcc x86_64-linux-gnu-g++; do cp "$bin/standin_compiler" "$work/compilers/$name"; done
chmod 755 "$work" "$work/compilers"
port=$(free_port)
DISTCCD_PATH=$work/compilers distccd_launch "$work/distccd" "$port" "$jobs"

# measure KIND HOSTS [CLIENT]
measure() {
  local kind=$1 hosts=$2 client=${3:-distcc} before=0 after=0 out
  export DISTCC_HOSTS=$hosts DISTCC_DIR=$work/$kind.distcc DISTCC_FALLBACK=0
  mkdir -p "$DISTCC_DIR"
  # One pass fills caches and the mirror, the next is measured. Plain distcc needs only the page cache, so a few units are
  # enough: it preprocesses each one in full, a second of CPU in large projects.
  local warm=$units
  [ -n "$server" ] || [ "$client" != distcc ] || warm=$jobs
  echo "== $kind" >&2
  "$bin/drive" "$client" "$database" "$work/$kind.out" "$jobs" "$warm" >/dev/null
  [ "$client" = distcc ] || server=$("$installed/pump" --status --json | sed -nE 's/.*"pid": ?([0-9]+).*/\1/p' | head -n 1)
  [ -z "$server" ] || before=$(awk '{ print $14 + $15 }' "/proc/$server/stat")
  out=$("$bin/drive" "$client" "$database" "$work/$kind.out" "$jobs" "$units")
  [ -z "$server" ] || after=$(awk '{ print $14 + $15 }' "/proc/$server/stat")
  # The client's CPU time: of the processes that drive started, and of the include server (USER_HZ: 10 ms).
  awk -v kind="$kind" -v ticks=$((after - before)) '{
    for (i = 1; i < NF; i++) value[$i] = $(i + 1)
    server = ticks * 10 / value["units"]
    printf "%-8s %8.1f units/s  client CPU %7.2f ms/unit (client %.2f, include server %.2f)\n", kind,
      value["units_per_second"], value["cpu_ms_per_unit"] + server, value["cpu_ms_per_unit"], server }' <<<"$out"
}

# A copy, as an installation makes it: Linux maps a file that the linker has just written in smaller pieces, and then each start
# takes 0.1 ms longer.
installed=$work/bin
mkdir "$installed"
cp "$bin/pump" "$installed/pump"
ln -s pump "$installed/pump-launch"
ln -s pump "$installed/pump-include-server"

pump_hosts="127.0.0.1:$port/$jobs,cpp,lzo"
measure plain "127.0.0.1:$port/$jobs,lzo"
mkdir "$work/python"
python_include_server_start "$work/python"
server=$python_server_pid
INCLUDE_SERVER_PORT=$work/python/socket measure python "$pump_hosts"
kill "$server"; server=''
mkdir "$work/native"
"$installed/pump-include-server" --port "$work/native/socket" --pid_file "$work/native/pid" >/dev/null 2>"$work/native/log"
server=$(cat "$work/native/pid")
INCLUDE_SERVER_PORT=$work/native/socket measure native "$pump_hosts" >"$work/out"
tail -n 1 "$work/out"
kill "$server"; server=''
mkdir -m 700 "$work/run"
export PUMP_RUNTIME_DIR=$work/run XDG_STATE_HOME=$work/state PUMP_LINGER=30
measure launch "$pump_hosts" "$installed/pump-launch" >>"$work/out"
kill "$server"; server=''
tail -n 1 "$work/out"
awk '{ cpu[$1] = $6 } END { printf "pump-launch / distcc with the native server: %.2f of the CPU (goal 0.5)\n", cpu["launch"] / cpu["native"] }' \
  "$work/out"
read -r pump_mode plain failed < <(distccd_jobs "$distccd_log")
echo "distccd: $pump_mode jobs in pump mode, $plain plain, $failed failed"

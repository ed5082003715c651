#!/usr/bin/env bash
# Builds this project's release, starts a distccd on loopback (or uses DISTCC_HOSTS), compiles googletest and a part of this
# project through `pump-launch`, and counts in distccd's log where each file was compiled. Ends with "remote N of N", or exits
# with 1 and prints why. Takes a few minutes on two cores. Needs Debian or Ubuntu with apt; leaves only build/ behind.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
source tests/shell/packages.sh
source tests/shell/distccd.sh
source tests/shell/processes.sh

work=''
cleanup() {
  local status=$?
  trap - EXIT
  distccd_stop
  # The session server ends after its last client. Its directory must exist until then.
  [ -z "$work" ] || { wait_for_server; remove_tree "$work" || true; }
  exit $status
}
wait_for_server() {
  for _ in $(seq 100); do
    servers=$(session_servers_of "$work")
    [ -n "$servers" ] || return 0
    sleep 0.05
  done
  # shellcheck disable=SC2086
  kill $servers 2>/dev/null || true
}
trap cleanup EXIT
trap 'echo "interrupted" >&2; exit 130' INT TERM

# shellcheck disable=SC2086
need_packages $build_packages $run_packages
googletest=/usr/src/googletest
[ -f $googletest/CMakeLists.txt ] || {
  echo "quickstart: $googletest is missing; apt-get install --reinstall googletest" >&2
  exit 1
}

# Shows ninja's status line on a terminal, otherwise every tenth step and the messages of compilers.
build() {
  if [ -t 1 ]; then
    cmake --build "$@"
  else
    cmake --build "$@" | { grep --line-buffered -vE '^\[[0-9]*[1-9]/[0-9]+\] ' || true; }
  fi
}
echo "== building pump (release)"
jobs=$(nproc)
cmake --preset release >/dev/null
build build/release -j "$jobs" --target pump
bin=$top/build/release/bin

work=$(mktemp -d "${TMPDIR:-/tmp}/pump-quickstart.XXXXXX")
chmod 711 "$work"  # distccd runs as another user and writes its log below
export DISTCC_DIR=$work/distcc PUMP_RUNTIME_DIR=$work/run PUMP_LINGER=1
# The records of pump-launch, which `pump --why` reads.
export XDG_STATE_HOME=$work/state
mkdir -p "$DISTCC_DIR" "$work/distccd"
own_distccd=''
if [ -z "${DISTCC_HOSTS:-}" ]; then
  port=$(free_port)
  DISTCCD_HIDES=$googletest distccd_launch "$work/distccd" "$port" $((2 * jobs))
  export DISTCC_HOSTS="127.0.0.1:$port/$((2 * jobs)),cpp,lzo"
  own_distccd=1
  echo "== distccd listens on 127.0.0.1:$port until this script ends; it does not see the projects"
else
  # The servers' logs cannot be read: the counts come from distcc's log.
  export DISTCC_VERBOSE=1 DISTCC_LOG=$work/distcc.log
fi
echo "== hosts: $DISTCC_HOSTS"
parallel=$("$bin/pump" --jobs)

units=0
# build_through_pump NAME SOURCE TARGET [CMAKE-ARGUMENT...]
build_through_pump() {
  local name=$1 source=$2 target=$3
  shift 3
  echo "== building $name through pump-launch"
  cmake -S "$source" -B "$work/$name" -G Ninja \
    -DCMAKE_C_COMPILER_LAUNCHER="$bin/pump-launch" -DCMAKE_CXX_COMPILER_LAUNCHER="$bin/pump-launch" "$@" >/dev/null
  build "$work/$name" -j "$parallel" --target "$target"
  units=$((units + $(find "$work/$name" -name '*.o' -not -path '*/CMakeScratch/*' -printf . | wc -c)))
}
start=$(date +%s)
build_through_pump googletest $googletest all
build_through_pump this-project "$top" pump_session -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF
seconds=$(($(date +%s) - start))

if [ -n "$own_distccd" ]; then
  distccd_settle "$distccd_log"
  read -r pump_mode plain failed < <(distccd_jobs "$distccd_log")
  source_of_counts="distccd's log"
else
  read -r pump_mode plain failed < <(distcc_jobs "$DISTCC_LOG")
  source_of_counts="distcc's log"
fi
local_jobs=$((units - pump_mode - plain))
echo "== $units translation units in $seconds s; by $source_of_counts:"
printf '   %-34s %5d\n' "compiled remotely in pump mode" "$pump_mode" "compiled remotely in plain mode" "$plain" \
  "compiled locally" "$local_jobs" "failed remotely" "$failed"
echo "remote $pump_mode of $units"
if [ "$pump_mode" -ne "$units" ]; then
  echo "quickstart: not everything was compiled remotely in pump mode. \`pump --why\` reports:" >&2
  "$bin/pump" --why | tail -n 40 >&2
  if [ -n "$own_distccd" ]; then
    grep -hE 'CRITICAL|ERROR' "$distccd_log" | sed 's/^distccd\[[0-9]*\] /distccd: /' | sort | uniq -c | sort -rn | head -5 >&2 || true
  else
    grep -hE 'failed|gave up|include server|Warning' "$DISTCC_LOG" | sort | uniq -c | sort -rn | head -20 >&2 || true
  fi
  exit 1
fi

#!/usr/bin/env bash
# Counts the instructions of the include server for a fixed workload (the sources of Debian's googletest package) with
# callgrind. Unlike times, they do not depend on the load, so a change of some percent is visible.
#   tests/bench/instructions.sh [--record]
# Compares with tests/bench/instructions.txt and exits with 1 if a count grew by more than 5 %; --record writes that file.
# The counts are for the compiler and libraries of Debian 12, without system calls.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
source tests/shell/packages.sh
bin=${PUMP_BIN:-$top/build/release/bin}
# shellcheck disable=SC2086
need_packages $build_packages valgrind
[ -x "$bin/replay" ] || { cmake --preset release >/dev/null && cmake --build --preset release --target pump replay -- --quiet; }

work=$(mktemp -d "${TMPDIR:-/tmp}/pump-bench.XXXXXX")
server=''
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

sources=/usr/src/googletest
flags="-std=c++17"
for part in googletest googlemock; do flags+=" -I$sources/$part/include -I$sources/$part"; done
find "$sources" -name '*.cc' | sort | awk -v flags="$flags" -v dir="$sources" '
  BEGIN { print "[" }
  { printf "%s{\"directory\": \"%s\", \"file\": \"%s\", \"command\": \"g++ %s -c %s -o x.o\"}\n", (NR > 1 ? "," : ""), dir, $0, flags, $0 }
  END { print "]" }' >"$work/compile_commands.json"
units=$(find "$sources" -name '*.cc' | wc -l)

# instructions PASSES: of a server's whole run.
instructions() {
  local run=$work/$1
  mkdir "$run"
  # --foreground, because valgrind does not follow the server into another process. --jobs 1, because the work of idle
  # workers differs from run to run.
  valgrind --tool=callgrind --callgrind-out-file="$run/callgrind" "$bin/pump-include-server" --foreground --jobs 1 \
    --port "$run/socket" --pid_file "$run/pid" >/dev/null 2>"$run/log" &
  server=$!
  for _ in $(seq 300); do [ -S "$run/socket" ] && break; sleep 0.1; done
  "$bin/replay" "$run/socket" "$work/compile_commands.json" --passes "$1" >"$run/replay"
  kill "$server"
  wait "$server" || true
  server=''
  if grep -q 'gave_up [1-9]' "$run/replay"; then echo "the server gave up:" >&2; cat "$run/replay" "$run/log" >&2; return 1; fi
  awk '/^(summary|totals):/ { print $2; exit }' "$run/callgrind"
}
repeats=200  # so that a percent of the first pass, which varies with the order of threads, does not show in them
once=$(instructions 1)
often=$(instructions $((repeats + 1)))
first=$((once / units))
again=$(((often - once) / (repeats * units)))

file=tests/bench/instructions.txt
if [ "${1:-}" = --record ]; then
  printf '%s %s\n' first "$first" repeated "$again" >"$file"
fi
worse=0
printf '%-28s %12s %12s %7s\n' "instructions per request" recorded now ratio
while read -r name recorded; do
  now=$first
  [ "$name" = first ] || now=$again
  printf '%-28s %12s %12s %7s\n' "$name pass, $units units" "$recorded" "$now" "$(awk "BEGIN { printf \"%.3f\", $now / $recorded }")"
  awk "BEGIN { exit !($now > 1.05 * $recorded) }" && worse=1
done <"$file"
exit $worse

#!/usr/bin/env bash
# Installs missing packages, builds, and runs the whole suite: unit tests and integration tests (real distcc and distccd).
# The README's second command. Ends with ctest's summary. Fails if a test fails, or is skipped for a reason that
# tests/expected_skips.txt does not list.
#   tests/run.sh [PRESET] [CTEST-ARGUMENT...]     PRESET: release (default), debug, asan, tsan
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
[ $# -eq 0 ] || shift
source tests/shell/packages.sh
# shellcheck disable=SC2086
need_packages $build_packages $run_packages $test_packages
want_packages $format_packages

jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
# Many tests mostly wait: for a lingering server, or for a clock.
tests=$((2 * jobs))
options=()
[ -z "${CI:-}" ] || options+=(-DPUMP_WERROR=ON)
start=$SECONDS
echo "== configuring preset $preset"
cmake --preset "$preset" "${options[@]}" >/dev/null
echo "== building with $jobs jobs"
cmake --build --preset "$preset" -j "$jobs" -- --quiet
echo "== testing with $tests at once; configuring and building took $((SECONDS - start)) s"
start=$SECONDS
# A reported data race fails the run, even if its test passes. Other reports of ThreadSanitizer do not: some tests kill
# processes by SIGSEGV on purpose, and any other crash fails its test.
reports=$PWD/build/$preset/races
rm -rf "$reports" && mkdir "$reports"
export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}log_path=$reports/race"
status=0
results=$PWD/build/$preset/results.xml
rm -f "$results"
ctest --test-dir "build/$preset" --output-on-failure -j "$tests" --output-junit "$results" "$@" || status=$?
echo "== testing took $((SECONDS - start)) s"
# A skipped test counts as success only for a listed reason.
perl tests/shell/skips.pl "$results" tests/expected_skips.txt || status=1
if grep -rq 'WARNING: ThreadSanitizer' "$reports"; then
  echo "ThreadSanitizer reported:" >&2
  cat "$reports"/* >&2
  exit 1
fi
exit $status

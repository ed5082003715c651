#!/usr/bin/env bash
# Runs the tests of the CMake package with another cmake, from an existing build.
#   tests/cmake/run_with.sh CMAKE [CTEST-ARGUMENT...]      CMAKE: path of a cmake, 3.20 or later
#   PUMP_BUILD: the build directory (default build/release)
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
PUMP_CMAKE=$(readlink -f "$(command -v "$1")") || { echo "run_with: there is no cmake \"$1\"" >&2; exit 2; }
shift
export PUMP_CMAKE
echo "== the CMake package's tests with $("$PUMP_CMAKE" --version | head -1)"
# The ctest of the build runs the tests; PUMP_CMAKE configures and builds the projects in them.
exec ctest --test-dir "${PUMP_BUILD:-$top/build/release}" -R '^cmake\.' --output-on-failure "$@"

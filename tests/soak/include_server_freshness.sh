#!/usr/bin/env bash
# Row 19 of the include server's case table at length: ROUNDS changes of each kind, each right before a request, in every
# surroundings of tests/oracle/run_freshness.sh. ctest runs the same with fewer rounds.
#   tests/soak/include_server_freshness.sh [ROUNDS [SURROUNDINGS...]]      default: 1000 rounds, all; some 90 minutes
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top FRESHNESS_ROUNDS=${1:-1000}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- plain load no_watches few_watches overflow coarse fuse halfway halfway_no_watches
[ -x "$PUMP_BIN/freshness" ] || { cmake --preset release >/dev/null && cmake --build --preset release -- --quiet; }
status=0
for surroundings in "$@"; do
  echo "== $surroundings, $FRESHNESS_ROUNDS rounds of each kind"
  "$top/tests/oracle/run_freshness.sh" "$surroundings" || { [ $? -eq 77 ] || status=1; }
done
exit $status

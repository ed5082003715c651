#!/usr/bin/env bash
# Freshness of the include server's replies, long: ROUNDS changes of each kind, each right before a request, in every
# environment of tests/oracle/run_freshness.sh. ctest runs the same with fewer rounds.
#   tests/soak/include_server_freshness.sh [ROUNDS [ENVIRONMENT...]]      default: 1000 rounds, all; about 90 minutes
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top FRESHNESS_ROUNDS=${1:-1000}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- plain load no_watches few_watches overflow coarse fuse halfway halfway_no_watches
[ -x "$PUMP_BIN/freshness" ] || { cmake --preset release >/dev/null && cmake --build --preset release -- --quiet; }
status=0
for environment in "$@"; do
  echo "== $environment, $FRESHNESS_ROUNDS rounds of each kind"
  "$top/tests/oracle/run_freshness.sh" "$environment" || { [ $? -eq 77 ] || status=1; }
done
exit $status

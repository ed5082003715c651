#!/usr/bin/env bash
# The integration test launch_freshness with many more edits.
#   tests/soak/freshness.sh [ROUNDS]      default 200
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top FRESHNESS_ROUNDS=${1:-200}
bash "$top/tests/integration/launch_freshness_test.sh"
echo "$FRESHNESS_ROUNDS rounds, 0 stale"

#!/usr/bin/env bash
# The integration test launch_remote_waiting with more launchers: none of them polls or sleeps, however many wait for a slot.
#   tests/soak/remote_waiting.sh [LAUNCHERS]      default 1000; about a minute on two cores
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
export PUMP_BIN=${PUMP_BIN:-$top/build/release/bin} PUMP_SOURCE=$top REMOTE_WAITING_LAUNCHERS=${1:-1000}
exec bash "$top/tests/integration/launch_remote_waiting_test.sh"

#!/usr/bin/env bash
# Clients join and leave a session whose server retires, with pauses at random moments in every process: each client must find
# a server each time.
#   tests/soak/retirement.sh [ROUNDS]      default 10000; about 10 minutes on two cores
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-10000}
program=${PUMP_BUILD:-$top/build/release}/tests/unit/unit_session
[ -x "$program" ] || program=$(find "${PUMP_BUILD:-$top/build/release}" -name unit_session -type f | head -n 1)
[ -x "$program" ] || { echo "no unit_session: build first (tests/run.sh)" >&2; exit 2; }
start=$SECONDS
PUMP_FUZZ_ROUNDS=$rounds "$program" --gtest_filter='SessionServe.ClientsThatArriveDuringRetirement*' --gtest_brief=1
echo "$rounds rounds, no failure, $((SECONDS - start)) s"

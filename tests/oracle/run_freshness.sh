#!/usr/bin/env bash
# Answers are fresh: files change in every way between two requests, without a pause (freshness.cc).
source "$PUMP_SOURCE/tests/integration/lib.sh"
need g++
mkdir -p "$work/include_server" "$work/projects"
socket=$work/include_server/socket
"$PUMP_BIN/pump-include-server" --port "$socket" --pid_file "$work/include_server/pid" \
  2>"$work/include_server/log" || { cat "$work/include_server/log" >&2; fail "the include server did not start"; }
children+=("$(cat "$work/include_server/pid")")
"$PUMP_BIN/freshness" --socket "$socket" --scratch "$work/projects" --rounds "${FRESHNESS_ROUNDS:-100}"

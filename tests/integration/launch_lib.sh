# Sourced by the launcher's tests, in place of lib.sh.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Jobs that distccd has begun, whatever became of them: logged before the answer, so 0 is 0.
begun_jobs() { grep -c 'got DIST0000' "$distccd_log" || true; }
begun_plain_jobs() { grep -c 'got DIST00000002' "$distccd_log" || true; }
servers_started() { cat "$PUMP_RUNTIME_DIR"/*/log 2>/dev/null | grep -c ': ready, backend' || true; }
no_server() { [ -z "$(server_pids)" ]; }

#!/bin/bash
# COMMAND inherits pump's stdin, open descriptors (make's job server) and ignored signals, and none of pump's own descriptors. A
# child that outlives COMMAND does not block pump.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1

expect_equal "stdin" "line 1,line 2" "$(printf 'line 1\nline 2\n' | "$pump" sh -c 'read a; read b; echo "$a,$b"')"

exec 7<"$0" 9>"$work/nine"
list='echo jobserver >&9; ls /proc/self/fd'
expect_equal "descriptors, as without pump" "$(sh -c "$list")" "$("$pump" sh -c "$list")"
expect_equal "descriptor 9" jobserver "$(tail -n 1 "$work/nine")"
exec 7<&- 9>&-

# The server has none of them, nor stdout: the pipe of $(…) ends with pump.
server=$("$pump" sh -c 'echo $INCLUDE_SERVER_PID')
[ -n "$(readlink "/proc/$server/fd/0")" ] || fail "the server's descriptors cannot be read"
for fd in /proc/"$server"/fd/*; do
  case $(readlink "$fd" || true) in *nine* | *pump-test*_test.sh) fail "the server holds $(readlink "$fd")" ;; esac
done

"$pump" sh -c 'sleep 30 & echo $! >"$1"' sh "$work/sleeper"
kill "$(cat "$work/sleeper")" || fail "pump waited for a child of COMMAND"

# Nested builds share a server and have a directory each.
nested=$("$pump" sh -c 'echo "$INCLUDE_SERVER_PID $INCLUDE_SERVER_DIR"; "$1" sh -c '\''echo "$INCLUDE_SERVER_PID $INCLUDE_SERVER_DIR"'\''' sh "$pump")
expect_equal "one server" 1 "$(echo "$nested" | cut -d' ' -f1 | sort -u | wc -l)"
expect_equal "a directory each" 2 "$(echo "$nested" | cut -d' ' -f2 | sort -u | wc -l)"
expect_equal "directories left" 0 "$(find "$PUMP_RUNTIME_DIR" -path '*/builds/*/socket' | wc -l)"

# Progress goes to stdout, and can be turned off.
out=$(DISTCC_TESTING_INCLUDE_SERVER=0 "$pump" true)
expect_contains "progress" "__________Using distcc from " "$out"
expect_equal "each line has the underscores" "" "$(echo "$out" | grep -v '^__________[A-Z]' || true)"
expect_equal "no progress" "" "$("$pump" true 2>&1)"

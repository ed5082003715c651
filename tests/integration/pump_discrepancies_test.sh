#!/bin/bash
# Compilations that failed remotely but succeeded locally are counted per build and reported at its end. They never put the rest
# of the build, or the next one, into plain mode.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1

# distcc appends a byte to this file after such a compilation.
note='printf @ >>"${INCLUDE_SERVER_PORT%/socket}/discrepancy_counter"'
"$pump" sh -c "$note; $note" 2>"$work/err"
expect_contains "two" "Warning: 2 compilations failed on the remote host" "$(cat "$work/err")"
"$pump" true 2>"$work/err"
[ ! -s "$work/err" ] || fail "the next build reports them, too: $(cat "$work/err")"
"$pump" sh -c "$note" 2>"$work/err"
expect_contains "one" "Warning: 1 compilation failed on the remote host" "$(cat "$work/err")"

expect_equal "distcc's limit" high "$("$pump" sh -c '[ "$DISTCC_MAX_DISCREPANCY" -gt 1000000 ] && echo high')"
expect_equal "the user's own limit" 3 "$(DISTCC_MAX_DISCREPANCY=3 "$pump" sh -c 'echo $DISTCC_MAX_DISCREPANCY')"

eval "$("$pump" --startup)"
eval "$note"
"$pump" --shutdown 2>"$work/err"
expect_contains "--shutdown" "Warning: 1 compilation" "$(cat "$work/err")"

#!/bin/bash
# eval "$(pump --startup)" … pump --shutdown, in every installed POSIX shell.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo

"$pump" --startup >"$work/exports" 2>"$work/err"
while IFS= read -r line; do
  case $line in "export "[A-Z]*"='"*"'") ;; *) fail "--startup prints: $line" ;; esac
done <"$work/exports"
for name in INCLUDE_SERVER_PORT INCLUDE_SERVER_DIR INCLUDE_SERVER_PID DISTCC_HOSTS PATH; do
  grep -q "^export $name=" "$work/exports" || fail "--startup does not export $name"
done
(eval "$(cat "$work/exports")" && "$pump" --shutdown) >"$work/out"
expect_contains "the output of --shutdown" "__________Shut down the include server" "$(cat "$work/out")"

cat >"$work/use" <<'SCRIPT'
eval "$("$PUMP" --startup 2>/dev/null)" || exit 11
kill -0 "$INCLUDE_SERVER_PID" || exit 12
case $INCLUDE_SERVER_PORT in */socket) ;; *) exit 13 ;; esac
[ -S "$INCLUDE_SERVER_PORT" ] || exit 14
[ "$INCLUDE_SERVER_DIR/socket" = "$INCLUDE_SERVER_PORT" ] || exit 15
sleep 0.5
kill -0 "$INCLUDE_SERVER_PID" || exit 16
"$PUMP" --shutdown >/dev/null || exit 17
[ ! -e "$INCLUDE_SERVER_DIR" ] || exit 18
i=0
while case $(cat "/proc/$INCLUDE_SERVER_PID/stat" 2>/dev/null) in "" | *") Z"*) false ;; esac; do # ended, perhaps not reaped
  i=$((i + 1)); [ $i -lt 200 ] || exit 19
  sleep 0.05
done
"$PUMP" --shutdown 2>"$ERRORS" || exit 20
[ -s "$ERRORS" ] || exit 21
SCRIPT
for shell in dash bash zsh ksh sh; do
  command -v $shell >/dev/null || { echo "$shell is not installed, left out"; continue; }
  status=0
  # No linger: PUMP_LINGER=0 must not end a server that a --startup holds.
  PUMP=$pump ERRORS=$work/err PUMP_LINGER=0 $shell "$work/use" || status=$?
  expect_equal "--startup and --shutdown in $shell (exit status names the step)" 0 $status
done
expect_contains "the second --shutdown" "already" "$(cat "$work/err")"

# Without the variables, and with a directory that --startup did not create.
status=0
"$pump" --shutdown >"$work/out" 2>"$work/err" || status=$?
expect_equal "--shutdown without --startup" 1 $status
expect_contains "--shutdown without --startup" INCLUDE_SERVER_DIR "$(cat "$work/err")"
status=0
mkdir "$work/other" && touch "$work/other/file"
INCLUDE_SERVER_DIR=$work/other INCLUDE_SERVER_PID=$$ "$pump" --shutdown >"$work/out" 2>"$work/err" || status=$?
expect_equal "--shutdown of a foreign directory" 1 $status
[ -e "$work/other/file" ] || fail "--shutdown removed a foreign directory"

# Two --startups, one server; the first --shutdown leaves it to the second.
eval "$("$pump" --startup 2>/dev/null)"
first=$INCLUDE_SERVER_DIR server=$INCLUDE_SERVER_PID
eval "$("$pump" --startup 2>/dev/null)"
expect_equal "one server" "$server" "$INCLUDE_SERVER_PID"
[ "$first" != "$INCLUDE_SERVER_DIR" ] || fail "two builds share a directory"
expect_contains "the first --shutdown" "Left the include server to 1 other" \
  "$(INCLUDE_SERVER_DIR=$first "$pump" --shutdown)"
kill -0 "$server" || fail "the first --shutdown ended the server"
expect_contains "the second --shutdown" "Shut down" "$("$pump" --shutdown)"
wait_until 20 "the server's process ends" gone "$server"

# It cannot start: exit 1, nothing exported.
status=0
INCLUDE_SERVER_ARGS='--no-such-option' "$pump" --startup >"$work/out" 2>"$work/err" || status=$?
expect_equal "--startup that fails" 1 $status
[ ! -s "$work/out" ] || fail "--startup that fails exports: $(cat "$work/out")"
expect_contains "--startup that fails" "--no-such-option" "$(cat "$work/err")"

# If the output cannot be written, no pin is left.
status=0
"$pump" --startup 2>"$work/err" >/dev/full || status=$?
expect_equal "--startup into a full device" 1 $status
expect_equal "pins left" 0 "$(find "$PUMP_RUNTIME_DIR" -path '*/pins/*' | wc -l)"

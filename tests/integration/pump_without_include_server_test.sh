#!/bin/bash
# The include server cannot start: pump prints the reason to stderr, and COMMAND runs without pump mode.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo

runs() {
  local what=$1 named=$2 status=0
  shift 2
  env "$@" "$pump" sh -c 'echo "ran ${INCLUDE_SERVER_PORT-unset}"; exit 4' >"$work/out" 2>"$work/err" || status=$?
  expect_equal "$what: exit status" 4 "$status"
  expect_contains "$what: COMMAND" "ran unset" "$(cat "$work/out")"
  expect_contains "$what: why" "$named" "$(cat "$work/err")"
}
runs "unknown argument" --no-such-option INCLUDE_SERVER_ARGS=--no-such-option
runs "unterminated quote" INCLUDE_SERVER_ARGS INCLUDE_SERVER_ARGS="--email_bound='3"
runs "unknown kind" perl PUMP_INCLUDE_SERVER=perl
touch "$work/file"
runs "no place for its state" "$work/file" PUMP_RUNTIME_DIR="$work/file"
mkdir -p "$work/prefix/bin" && cp "$(readlink -f "$(command -v distcc)")" "$work/prefix/bin/distcc"
runs "no Python server" distcc-pump DISTCC_LOCATION="$work/prefix/bin" PUMP_INCLUDE_SERVER=python

# Arguments are unquoted like a shell's, and nothing in them is executed.
server=$(INCLUDE_SERVER_ARGS="--path_observation_re='a  b\$(touch $work/executed)' \"--stat_reset_triggers=*\"" \
  DISTCC_TESTING_INCLUDE_SERVER=1 "$pump" sh -c 'tr "\0" "\n" </proc/$INCLUDE_SERVER_PID/cmdline')
expect_contains "quoted blanks" "--path_observation_re=a  b\$(touch $work/executed)" "$server"
expect_contains "a lone asterisk" "--stat_reset_triggers=*" "$server"
[ ! -e "$work/executed" ] || fail "INCLUDE_SERVER_ARGS was executed"

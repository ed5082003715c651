#!/bin/bash
# `pump` alone prints its usage to stdout with exit status 0; wrong arguments are named on stderr with exit status 2.
source "$(dirname "$0")/lib.sh"

for form in '' -h --help '--help ninja'; do
  # shellcheck disable=SC2086
  out=$("$pump" $form 2>"$work/err") || fail "pump $form: exit status $?"
  expect_contains "pump $form" "Usage:" "$out"
  expect_contains "pump $form" "--startup" "$out"
  [ ! -s "$work/err" ] || fail "pump $form writes to stderr: $(cat "$work/err")"
done

wrong() {
  local named=$1 status=0
  shift
  "$pump" "$@" >"$work/out" 2>"$work/err" || status=$?
  expect_equal "exit status of pump $*" 2 "$status"
  expect_contains "stderr of pump $*" "$named" "$(cat "$work/err")"
  [ ! -s "$work/out" ] || fail "pump $* writes to stdout"
}
wrong --frobnicate --frobnicate
wrong --frobnicate --frobnicate make --frobnicate
wrong --startupp --startupp
wrong -x -x make
wrong perl --include-server=perl true
wrong --shutdown --startup --shutdown
wrong COMMAND --startup make
wrong COMMAND --
wrong --json --json make
[ -z "$(server_pids)" ] || fail "a wrong option starts a server"

need distcc
version=$("$pump" --version)
expect_contains "--version" "pump " "$version"
expect_contains "--version" "$(distcc --version | head -n 1)" "$version"

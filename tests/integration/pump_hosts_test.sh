#!/bin/bash
# What pump prints about hosts before a build: none, none in pump mode, some in pump mode, a malformed one.
source "$(dirname "$0")/lib.sh"
need distcc

expect_output() {
  local what=$1 text=$2
  shift 2
  "$@" "$pump" true >"$work/out" 2>"$work/err" || fail "$what: exit status $?: $(cat "$work/err")"
  expect_contains "$what" "$text" "$(cat "$work/out")"
}

expect_refused "no ,cpp" ",cpp" env DISTCC_HOSTS="alpha/4,lzo beta/2" "$pump" touch "$work/ran"
expect_refused "only this machine" ",cpp" env DISTCC_HOSTS=localhost/4 "$pump" touch "$work/ran"
expect_refused "comments only" DISTCC_HOSTS env DISTCC_HOSTS="# alpha,cpp,lzo" "$pump" touch "$work/ran"
expect_refused "cpp without lzo" "alpha,cpp" env DISTCC_HOSTS="alpha,cpp" "$pump" touch "$work/ran"
expect_refused "unknown option" "fast" env DISTCC_HOSTS="alpha,cpp,lzo,fast" "$pump" touch "$work/ran"
expect_refused "no number" "beta/x" env DISTCC_HOSTS="alpha,cpp,lzo beta/x,cpp,lzo" "$pump" touch "$work/ran"

expect_output "all in pump mode" "__________Using 2 distcc hosts in pump mode" \
  env DISTCC_HOSTS="--randomize alpha/4,cpp,lzo beta,lzo,cpp"
expect_output "one host" "__________Using 1 distcc host in pump mode" env DISTCC_HOSTS="alpha,cpp,lzo localhost/2"
expect_output "some in pump mode" "only 1 of them" env DISTCC_HOSTS="alpha,cpp,lzo beta gamma,lzo"

# Without both variables: distcc's hosts file. An empty DISTCC_HOSTS counts as unset, also for the distcc of COMMAND.
printf '# the lab\nalpha/4,cpp,lzo\nbeta/2,cpp,lzo # slow\n' >"$DISTCC_DIR/hosts"
expect_output "hosts file" "Using 2 distcc hosts in pump mode" env
listed=$(DISTCC_HOSTS='' DISTCC_TESTING_INCLUDE_SERVER=1 "$pump" distcc --show-hosts)
expect_equal "COMMAND reads the hosts file" $'alpha/4,cpp,lzo\nbeta/2,cpp,lzo' "$listed"
echo 'alpha/4' >"$DISTCC_DIR/hosts"
expect_refused "hosts file without ,cpp" ",cpp" env "$pump" touch "$work/ran"
: >"$DISTCC_DIR/hosts"
expect_refused "empty hosts file" "hosts" env "$pump" touch "$work/ran"
rm "$DISTCC_DIR/hosts"

expect_equal "--jobs" 7 "$(DISTCC_HOSTS='alpha/4,cpp,lzo beta/3,cpp,lzo localhost/9' "$pump" --jobs)"

for bad in 0 -1 x 1x 99999999999; do
  expect_refused "DISTCC_MAX_DISCREPANCY=$bad" "DISTCC_MAX_DISCREPANCY" \
    env DISTCC_HOSTS=alpha,cpp,lzo DISTCC_MAX_DISCREPANCY="$bad" "$pump" touch "$work/ran"
done

#!/bin/bash
# pump's exit status is COMMAND's; 128+N for signal N; 127 not found; 126 not executable. Options after COMMAND are
# COMMAND's, and "--" lets a COMMAND have any name.
source "$(dirname "$0")/lib.sh"
need distcc
export DISTCC_HOSTS=127.0.0.1:9/1,cpp,lzo DISTCC_TESTING_INCLUDE_SERVER=1

expect_status() {
  local expected=$1 status=0
  shift
  "$pump" "$@" >"$work/out" 2>"$work/err" || status=$?
  expect_equal "exit status of pump $*" "$expected" "$status"
}
expect_status 0 true
expect_status 1 false
expect_status 3 sh -c 'exit 3'
expect_status 255 sh -c 'exit 255'
expect_status 137 sh -c 'kill -KILL $$'
expect_status 143 sh -c 'kill -TERM $$'
expect_status 127 no-such-command-here
expect_contains "not found" no-such-command-here "$(cat "$work/err")"
expect_status 127 "$work/no such file"
expect_status 127 ''
echo 'exit 5' >"$work/plain-script"
expect_status 126 "$work/plain-script"
expect_contains "not executable" "$work/plain-script" "$(cat "$work/err")"
expect_status 126 "$work"
PATH=$work:$PATH expect_status 126 plain-script
chmod 755 "$work/plain-script"
expect_status 5 "$work/plain-script"    # without "#!": sh runs it, as shells do

expect_equal "options after COMMAND" "-h --help --startup -- --json" \
  "$("$pump" echo -h --help --startup -- --json)"
expect_equal "options after COMMAND, -- before it" "--version --" "$("$pump" -- echo --version --)"
mkdir "$work/bin"
for name in --startup --help -x --; do
  printf '#!/bin/sh\necho "this is $0: $*"\n' >"$work/bin/$name" && chmod 755 "$work/bin/$name"
  expect_equal "COMMAND called $name" "this is $work/bin/$name: --shutdown a b" \
    "$(PATH=$work/bin:$PATH "$pump" -- "$name" --shutdown 'a b')"
done
expect_equal "words stay words" $'<a  b><><*><$x>' "$("$pump" printf '<%s>' 'a  b' '' '*' '$x')"

#!/bin/bash
# Blanks, quotes, newlines and `$` in every path and value: the build runs, and --startup's lines bring back each byte.
source "$(dirname "$0")/lib.sh"
need distcc
odd="it's \"odd\" \$HOME \`id\` \\ *
two"
mkdir -p "$work/$odd/distcc" "$work/$odd/tmp" "$work/$odd/home/.distcc"
distcc_dir="$work/$odd/distcc"
ln -s "$(readlink -f "$(command -v distcc)")" "$distcc_dir/distcc"
export HOME="$work/$odd/home" TMPDIR="$work/$odd/tmp" PUMP_RUNTIME_DIR="$work/$odd/run" DISTCC_LOCATION="$distcc_dir"
export DISTCC_TESTING_INCLUDE_SERVER=1 PUMP_LINGER=0 XDG_RUNTIME_DIR="$work/$odd/run"
export DISTCC_HOSTS="127.0.0.1:9/1,cpp,lzo # it's \$HOME
127.0.0.1:8/1,lzo,cpp"

show='printf "%s|" "$DISTCC_HOSTS" "${PATH%%:/*}" "$1"; kill -0 "$INCLUDE_SERVER_PID" && [ -S "$INCLUDE_SERVER_PORT" ] && echo alive'
word="a'b\$c"
expected="$DISTCC_HOSTS|$distcc_dir|$word|alive"
expect_equal "pump COMMAND" "$expected" "$("$pump" sh -c "$show" sh "$word")"
expect_equal "INCLUDE_SERVER_DIR" yes "$("$pump" sh -c '[ "$INCLUDE_SERVER_DIR/socket" = "$INCLUDE_SERVER_PORT" ] && echo yes')"
length=$("$pump" sh -c 'printf %s "$INCLUDE_SERVER_PORT" | wc -c')
[ "$length" -lt 107 ] || fail "a socket path of $length bytes"

for shell in dash bash zsh ksh; do
  command -v $shell >/dev/null || { echo "$shell is not installed, left out"; continue; }
  found=$("$shell" -c 'eval "$("$1" --startup)" && eval "$2" && "$1" --shutdown' "$shell" "$pump" "set -- '${word//\'/\'\\\'\'}'; $show; set -- '$pump'")
  expect_equal "--startup in $shell" "$expected" "$found"
done
[ -z "$(ls -A "$work/$odd/tmp")" ] || fail "something stays in TMPDIR: $(ls -A "$work/$odd/tmp")"

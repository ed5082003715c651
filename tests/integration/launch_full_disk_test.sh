# The session's directory is full or read-only: every file is compiled, here if there can be no server, and nothing is printed.
source "$(dirname "$0")/launch_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to mount a file system"
need unshare
unshare --mount true 2>/dev/null || skip "no mount namespaces here"
start_distccd
export PUMP_LINGER=0
mkdir "$work/src" && cd "$work/src"
printf '#include "a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h
g++ -c a.cc -o local.o

# compiles WHAT OUTCOME OPTIONS PREPARE: in a mount namespace whose session directory is a tmpfs with OPTIONS.
compiles() {
  local what=$1 expected=$2 options=$3 prepare=$4 output
  rm -f a.o
  output=$(unshare --mount bash -c '
    set -e
    mount -t tmpfs -o "$1" none "$PUMP_RUNTIME_DIR"
    eval "$2"
    "$3" g++ -c a.cc -o a.o
    "$4" sh -c "echo ran" >"$5" 2>&1' - "$options" "$prepare" "$launch" "$pump" "$work/pump.out" 2>&1) || fail "$what: $output"
  expect_equal "$what: output" "" "$output"
  cmp local.o a.o || fail "$what: objects differ"
  expect_contains "$what: outcome" "$expected" "$(recorded_outcome none) $(recorded reason)"
  expect_contains "$what: pump COMMAND" ran "$(cat "$work/pump.out")"
}
fill='head -c 1M /dev/zero >"$PUMP_RUNTIME_DIR/filler" 2>/dev/null && exit 9; true'
compiles "enough space" pump mode=700,size=1m true
expect_count "jobs in pump mode with enough space" 1 pump_mode_jobs
compiles "no space" "local no-include-server" mode=700,size=16k "$fill"
expect_contains "no space: pump's reason" "o space left on device" "$(cat "$work/pump.out")"
compiles "no inodes" "local no-include-server" mode=700,nr_inodes=2 'touch "$PUMP_RUNTIME_DIR/one"'
expect_contains "no inodes: pump's reason" "o space left on device" "$(cat "$work/pump.out")"
compiles "read-only" "local no-include-server" mode=700 'mount -o remount,ro "$PUMP_RUNTIME_DIR"'
expect_contains "read-only: pump's reason" "ead-only file system" "$(cat "$work/pump.out")"
compiles "read-only during the session" "local no-include-server" mode=700,size=1m \
  '"$3" g++ -c a.cc -o first.o; mount -o remount,ro "$PUMP_RUNTIME_DIR" 2>/dev/null || mount -r -t tmpfs none "$PUMP_RUNTIME_DIR"'
expect_count "jobs in pump mode: with enough space, and before the directory was read-only" 2 pump_mode_jobs

# Sourced by the launcher's tests in place of lib.sh.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Jobs that distccd has received, whatever their result. It logs them before it replies, so these counts are exact at once.
begun_jobs() { grep -c 'got DIST0000' "$distccd_log" || true; }
begun_plain_jobs() { grep -c 'got DIST00000002' "$distccd_log" || true; }

# compiles WHAT PREFIX...: the launcher, run by PREFIX (env, unshare, setpriv…), compiles a.cc to a.o without output, and
# a.o equals local.o.
compiles() {
  local what=$1 output
  shift
  rm -f a.o
  output=$("$@" "$launch" g++ -c a.cc -o a.o 2>&1) || fail "$what: $output"
  expect_equal "$what: output" "" "$output"
  cmp local.o a.o || fail "$what: objects differ"
}

# recorded_outcome [DEFAULT]: outcome of the last recorded compilation: pump, plain, local or failed. DEFAULT, or local, if
# nothing is recorded.
recorded_outcome() {
  local outcome
  outcome=$(sed -nE 's/.*"outcome":"([a-z]+)".*/\1/p' "$XDG_STATE_HOME"/*/records.jsonl 2>/dev/null | tail -n 1) || true
  echo "${outcome:-${1:-local}}"
}

# make_is_older_than VERSION
make_is_older_than() {
  [ "$(printf '%s\n' "$1" "$(make --version | sed -n '1s/.* //p')" | sort -V | head -n 1)" != "$1" ]
}

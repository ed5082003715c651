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

# recorded_outcome [DEFAULT]: outcome of the last recorded compilation: pump, local or failed. DEFAULT, or local, if nothing is
# recorded.
recorded_outcome() {
  local outcome
  outcome=$(sed -nE 's/.*"outcome":"([a-z]+)".*/\1/p' "$XDG_STATE_HOME"/*/records.jsonl 2>/dev/null | tail -n 1) || true
  echo "${outcome:-${1:-local}}"
}

# recorded NAME: a text of the last record, for example reason; nothing if it has none.
recorded() {
  tail -q -n 1 "$XDG_STATE_HOME"/*/records.jsonl | sed -nE "s/.*\"$1\":\"(([^\"\\\\]|\\\\.)*)\".*/\\1/p"
}

# expect_here WHAT REASON [JOBS]: the last compilation succeeded here, for this reason (or several with |). If JOBS is given,
# distccd has received so many jobs.
expect_here() {
  expect_equal "$1: outcome" local "$(recorded_outcome none)"
  case "|$2|" in *"|$(recorded reason)|"*) ;; *) fail "$1: reason: expected $2, got $(recorded reason): $(recorded detail)" ;; esac
  [ -z "${3:-}" ] || expect_equal "$1: jobs" "$3" "$(begun_jobs)"
}

# hold_compilers: makes compilers in $standins, and lets the next distccd use them. While $standins/hold exists, they write
# $standins/held.PID and wait. If $standins/broken exists, they print a message and fail.
hold_compilers() {
  local name
  standins=$work/server
  mkdir -m 1777 "$standins"
  for name in gcc g++; do
    cat >"$standins/$name" <<STANDIN
#!/bin/sh
if [ -e $standins/hold ]; then
  : >$standins/held.\$\$
  while [ -e $standins/hold ]; do sleep 0.02; done
  rm -f $standins/held.\$\$
fi
[ ! -e $standins/broken ] || { echo "the server's compiler is broken" >&2; exit 1; }
exec $(command -v $name) "\$@"
STANDIN
    chmod 755 "$standins/$name"
    cp "$standins/$name" "$standins/$(gcc -dumpmachine)-$name"
  done
  DISTCCD_PATH=$standins
}
# Pids of the compilers that wait, or were killed while they waited.
held_compilers() { find "$standins" -name "held.*" -printf "%f\n" | sed s/held.//; }
holds() { [ "$(held_compilers | wc -l)" = "$1" ]; }
none_held() {
  local pid
  for pid in $(held_compilers); do gone "$pid" || return 1; done
}

# scheduler_shows NAME NUMBER: in the status of the session's scheduler, for example running 0.
scheduler_shows() { "$pump" --status --json | grep -q "\"$1\": $2,\?\$"; }

# make_is_older_than VERSION
make_is_older_than() {
  [ "$(printf '%s\n' "$1" "$(make --version | sed -n '1s/.* //p')" | sort -V | head -n 1)" != "$1" ]
}

# same WORD...: a compiler's command without -o. Compiles here and through the launcher; object, messages, dependency file and
# exit code must be equal. Sets $same_jobs to the number of jobs on the host: expect_equal it, or use same_on_host and same_here.
same() {
  local words=("$@" -MD -MF same.d -o same.o) local_code=0 code=0 begun file
  begun=$(begun_jobs)
  rm -rf same.o same.d same.local && mkdir same.local
  "${words[@]}" 2>same.local/err || local_code=$?
  for file in same.o same.d; do [ ! -e $file ] || mv $file same.local/; done
  "$launch" "${words[@]}" 2>same.err || code=$?
  same_jobs=$(($(begun_jobs) - begun))
  expect_equal "$*: exit code" $local_code $code
  diff same.local/err same.err || fail "$*: messages"
  for file in same.o same.d; do
    if [ -e same.local/$file ]; then cmp same.local/$file $file || fail "$*: $file"
    else [ ! -e $file ] || fail "$*: $file exists"; fi
  done
}
same_on_host() { same "$@" && expect_equal "$*: jobs" 1 $same_jobs; expect_equal "$*: outcome" pump "$(recorded_outcome)"; }
# same_here REASON JOBS WORD...
same_here() { local reason=$1 jobs=$2; shift 2; DISTCC_FALLBACK=1 same "$@"; expect_equal "$*: jobs" "$jobs" $same_jobs; expect_here "$*" "$reason"; }

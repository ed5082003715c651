# No caller waits for the lingering server: ninja returns at once, `ninja | tee` and $(make) see the end of the pipe.
source "$(dirname "$0")/launch_lib.sh"
need ninja make
start_distccd
export PUMP_LINGER=300
mkdir "$work/src" && cd "$work/src"
printf 'rule cc\n  command = %s g++ -c $in -o $out\nbuild a.o: cc a.cc\nbuild b.o: cc b.cc\n' "$launch" >build.ninja
printf 'all: a.o b.o\n%%.o: %%.cc\n\t%s g++ -c $< -o $@\n' "$launch" >Makefile
for f in a b; do printf '#warning "from %s"\nint %s() { return 1; }\n' $f $f >$f.cc; done
# ends WHAT COMMAND...: COMMAND starts a server, in a new session.
ends() {
  local what=$1
  shift
  export PUMP_SESSION=$what
  rm -f ./*.o .ninja_log .ninja_deps
  "$@" || fail "$what"
  [ -s a.o ] && [ -s b.o ] || fail "$what: no objects"
  [ -n "$(server_pids)" ] || fail "$what: the server should linger"
  expect_contains "$what: the warnings" "from a" "$(cat "$work/out")"
  kill $(server_pids)
  wait_until 20 "$what: the server goes" no_server
}
plain() { timeout 100 ninja >"$work/out" 2>&1; }
tee_pipe() { timeout 100 bash -c 'set -o pipefail; ninja 2>&1 | tee "$1" >/dev/null' - "$work/out"; }
substitution() { timeout 100 bash -c 'out=$(make -j2 2>&1) && printf "%s\n" "$out" >"$1"' - "$work/out"; }
single() { timeout 100 bash -c 'out=$("$2" g++ -c a.cc -o a.o 2>&1; "$2" g++ -c b.cc -o b.o 2>&1) && echo "$out" >"$1"' - "$work/out" "$launch"; }
ends "ninja" plain
ends "ninja | tee" tee_pipe
ends "make in a command substitution" substitution
ends "launchers in a command substitution" single
expect_equal "plain jobs" 0 "$(begun_plain_jobs)"

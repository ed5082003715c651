# A ninja console pool on a terminal: output of compilers is as without a launcher, ninja returns at once, and the lingering
# server has no terminal. Ctrl-C ends the build and its compilers, in ninja and in make, but not the server.
source "$(dirname "$0")/launch_lib.sh"
need ninja make script
hold_compilers
start_distccd
export PUMP_LINGER=60 LC_ALL=C
mkdir "$work/src" && cd "$work/src"
printf 'int f(int unused) { return 1; }\n' >a.cc
printf 'rule cc\n  command = %s g++ -Wall -Wextra -c $in -o $out\n  pool = console\nbuild a.o: cc a.cc\n' "$launch" >build.ninja
timeout 40 script -qec "ninja" /dev/null </dev/null >"$work/out" || fail "ninja on a terminal: $(cat "$work/out")"
expect_contains "the compiler's warning" "unused parameter" "$(cat "$work/out")"
expect_contains "the progress" "[0/1]" "$(cat "$work/out")"
g++ -c a.cc -o local.o && cmp local.o a.o || fail "objects differ"
server=$(server_pids)
[ -n "$server" ] || fail "no server lingers"
expect_equal "the server's terminal" 0 "$(awk '{ sub(/.*\) /, ""); print $5 }' "/proc/$server/stat")"
for fd in /proc/"$server"/fd/*; do
  case $(readlink "$fd" || true) in */pts/* | /dev/tty*) fail "the server holds $(readlink "$fd")" ;; esac
done

printf 'a.o:\n\t%s g++ -c a.cc -o a.o\n' "$launch" >Makefile
for tool in ninja "make"; do
  rm -f a.o "$standins"/held.*
  : >"$standins/hold"
  mkfifo "$work/keys"
  # script copies its input to the terminal, where ^C sends SIGINT to the foreground processes.
  # The shell starts it with SIGINT ignored, and newer versions of script keep that.
  timeout 50 env --default-signal=INT,QUIT script -qec "$tool" /dev/null <"$work/keys" >"$work/out" 2>&1 &
  terminal=$!
  exec 8>"$work/keys"
  wait_until 20 "$tool: the server's compiler starts" holds 1
  printf '\003' >&8
  status=0; wait $terminal || status=$?
  exec 8>&-
  rm "$work/keys"
  [ $status -ne 0 ] && [ $status -ne 124 ] || fail "$tool after ^C: status $status (124: not received): $(cat "$work/out")"
  wait_until 10 "$tool: the server's compiler ends" none_held
  wait_until 20 "$tool: the slot is free" scheduler_shows running 0
  kill -0 "$server" || fail "$tool: ^C ended the server"
  expect_equal "$tool: objects" "" "$(find . -name "a.*o*")"
done
expect_equal "the server afterwards" "$server" "$(server_pids)"

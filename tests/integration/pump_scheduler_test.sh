#!/bin/bash
# The scheduler of a session and stock distcc share the slots of a host, and distccmon-text shows the units of both. The launcher
# is a stand-in that stays at each step for as long as the test needs.
source "$(dirname "$0")/lib.sh"
need distcc distccd distccmon-text gcc perl
start_distccd 1
export DISTCC_HOSTS="127.0.0.1:$distccd_port/1,lzo"
host=127.0.0.1:$distccd_port/1,cpp,lzo
cd "$work"
echo 'int x;' >stock.c
cat >launcher.pl <<'E2'
# Asks for a host and prints the answer; then sends the messages that stdin names.
use strict;
use warnings;
use Socket;
my ($socket, $hosts, $directory) = @ARGV;
sub fields { join '', map { "$_\0" } @_ }
$| = 1;
socket my $scheduler, AF_UNIX, SOCK_SEQPACKET, 0 or die "socket: $!\n";
connect $scheduler, pack_sockaddr_un($socket) or die "connect: $!\n";
send $scheduler, fields('want', $hosts, 'gcc', 'unit', 1000, 'build', $directory, 'src/unit.c'), 0 or die "send: $!\n";
recv $scheduler, my $answer, 65536, 0;
print join(' ', split /\0/, $answer), "\n";
while (my $message = <STDIN>) {
  chomp $message;
  send $scheduler, fields($message, ''), 0;
}
E2
# start_launcher: sets $launcher_pid, its input 8 and its output 9.
start_launcher() {
  rm -f to from
  mkfifo to from
  perl launcher.pl "$session/scheduler" "$host" "$DISTCC_DIR" <to >from &
  launcher_pid=$!
  exec 8>to 9<from
}
end_launcher() { exec 8>&- 9<&-; wait "$launcher_pid" || fail "the launcher failed"; }
# scheduler_shows NAME NUMBER: in the status of the scheduler.
scheduler_shows() { "$pump" --status --json | grep -q "\"$1\": $2,\?\$"; }
monitor_shows() { distccmon-text | grep -q "$@"; }

eval "$(DISTCC_HOSTS=$host "$pump" --startup)"
export DISTCC_HOSTS="127.0.0.1:$distccd_port/1,lzo"
session=$(session_directory env)

# A launcher has the only slot: distcc waits for it.
start_launcher
read -r answer <&9
expect_contains "the answer" "host $host 0 " "$answer"
expect_contains "the answer" " 127.0.0.1" "$answer"
wait_until 30 "the monitor shows the launcher" monitor_shows "^ *$launcher_pid  Connect  *unit.c  *127.0.0.1\[0\]"
echo connected >&8
wait_until 30 "the monitor shows the phase" monitor_shows "^ *$launcher_pid  Compile  *unit.c"
expect_contains "--status" "$host  up, 1 of 1 slots in use" "$("$pump" --status)"
DISTCC_VERBOSE=1 DISTCC_LOG=$work/stock.log distcc gcc -c stock.c -o stock.o 8>&- 9<&- &
stock=$!
wait_until 30 "distcc waits for the slot" grep -q 'nothing available, sleeping' stock.log
expect_equal "jobs of distcc while the launcher has the slot" 0 "$(remote_jobs)"
end_launcher
wait "$stock" || fail "distcc fails after the launcher has ended"
expect_count "jobs of distcc" 1 remote_jobs
! monitor_shows unit.c || fail "the monitor still shows the launcher"

# distcc has the only slot, while its preprocessor waits: a launcher waits for it.
mkdir bin
mkfifo go
printf '#!/bin/sh\ncase "$*" in *-E*) echo $$ >%s/preprocesses; read go <%s/go ;; esac\nexec %s "$@"\n' \
  "$work" "$work" "$(command -v gcc)" >bin/gcc
chmod 755 bin/gcc
ln -s gcc "bin/$(gcc -dumpmachine)-gcc"  # the name by which distcc may call it
PATH=$work/bin:$PATH distcc gcc -c stock.c -o stock.o &
stock=$!
wait_until 30 "distcc has the slot and preprocesses" test -s preprocesses
children+=("$(cat preprocesses)")
start_launcher
wait_until 30 "the launcher waits" scheduler_shows queued 1
wait_until 30 "the slot is another process's" scheduler_shows taken 1
expect_contains "--status" "(1 by other distcc processes)" "$("$pump" --status)"
echo >go
wait "$stock" || fail "distcc fails"
read -r answer <&9
expect_contains "the answer after distcc" "host $host 0 " "$answer"
end_launcher
wait_until 30 "nothing is taken" scheduler_shows running 0
"$pump" --shutdown
[ ! -e "$session/scheduler" ] || fail "the scheduler's socket stays after its server"

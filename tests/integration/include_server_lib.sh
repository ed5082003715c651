# Sourced after lib.sh by the include server's own tests: the stand-alone server, and a client that speaks its wire.
include_server=$PUMP_BIN/pump-include-server
socket=$work/socket
server_log=$work/server.log
need perl

# start_server [OPTION...]: in the background on $socket; sets $server_pid. Further options may override --log_file.
start_server() {
  "$include_server" --port "$socket" --pid_file "$work/pid" --log_file "$server_log" "$@" </dev/null
  server_pid=$(cat "$work/pid")
  children+=("$server_pid")
}
stop_server() {
  kill -TERM "$server_pid"
  wait_until 20 "the server ends" gone "$server_pid"
}

# The client, as a perl program: reads commands from stdin, one a line.
#   ask CWD ARG...      prints the reply's paths, one a line; "(closed)" where the server closed without a reply
#   status              prints the status JSON
#   raw HEX             sends these bytes, then prints what comes back
#   hold N [HEX]        opens N connections, sends them these bytes, and keeps them until the end
#   half CWD ARG...     sends half of the request and goes away
#   deaf CWD ARG...     sends a request and goes away without reading
cat >"$work/client.pl" <<'PERL'
use strict; use warnings; use Socket;
$SIG{PIPE} = 'IGNORE'; $| = 1;
my $path = shift; my @held;
sub dial { socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!"; connect($s, sockaddr_un($path)) or die "connect: $!\n"; $s }
sub put { my ($s, $data) = @_; while (length $data) { my $n = syswrite($s, $data); last unless $n; substr($data, 0, $n) = ''; } }
sub get { my ($s) = @_; my $all = ''; while (sysread($s, my $part, 65536)) { $all .= $part } $all }
sub token { sprintf "%s%08x", @_ }
sub request { my ($cwd, @argv) = @_; join '', token('CDIR', length $cwd), $cwd, token('ARGC', scalar @argv), map { token('ARGV', length $_) . $_ } @argv }
sub show { my ($reply) = @_;
  return print "(closed)\n" if $reply eq '';
  die "no reply: $reply\n" unless $reply =~ s/^ARGC([0-9a-f]{8})//; my $n = hex $1;
  while ($n--) { $reply =~ s/^ARGV([0-9a-f]{8})// or die "bad reply\n"; print substr($reply, 0, hex $1, ''), "\n" }
  die "trailing bytes\n" if length $reply }
while (<STDIN>) {
  chomp; my ($what, @rest) = split / /;
  if ($what eq 'ask') { my $s = dial(); put($s, request(@rest)); show(get($s)) }
  elsif ($what eq 'status') { my $s = dial(); put($s, token('STAT', 0)); print get($s) }
  elsif ($what eq 'raw') { my $s = dial(); put($s, pack 'H*', $rest[0] // ''); shutdown($s, 1); print get($s), "\n" }
  elsif ($what eq 'hold') { for (1 .. $rest[0]) { my $s = dial(); put($s, pack 'H*', $rest[1] // ''); push @held, $s } print "held\n" }
  elsif ($what eq 'half') { my $s = dial(); my $r = request(@rest); put($s, substr($r, 0, length($r) / 2)) }
  elsif ($what eq 'deaf') { my $s = dial(); put($s, request(@rest)) }
  else { die "what? $what\n" }
}
PERL
client() { perl "$work/client.pl" "$socket"; }
# ask CWD ARG...: the names of the reply as the compile server will see them, one a line.
ask() { echo "ask $*" | client | sed -E 's!^/[^/]*/[^/]*/[^/]*!!; s/\.abs$//; s/\.lzo$//'; }
raw_ask() { echo "ask $*" | client; }
# status_of MEMBER: a number of the status.
status_of() { echo status | client | sed -E "s/.*\"$1\":([0-9.]+).*/\1/"; }
mirrors_of() { find /dev/shm /tmp "${DISTCC_CLIENT_TMP:-/nonexistent}" -maxdepth 1 -name "*.include_server-$1-*" 2>/dev/null || true; }

mkdir -p "$work/project"
project=$work/project
printf '#include "x.h"\nint main() { return x; }\n' >"$project/main.cc"
printf 'inline int x = 0;\n' >"$project/x.h"

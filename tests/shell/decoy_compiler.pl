#!/usr/bin/perl
# A wrapper around a compiler on distccd's PATH, for PUMP_TEST_DECOY. Makes sure that the server has another version of every file
# of the client's project, then runs the next compiler of its name on PATH.
# Its directory has two links: .client to the client's project, .server to the directory that the server sees there.
# It runs when the server's compiler starts, because the client's files appear while a test runs. Files that the client deletes
# stay on the server, as in any old version.
use strict;
use warnings;
no warnings 'recursion';

my ($directory, $name) = $0 =~ m{^(.*)/([^/]+)$} or die "$0: called without its directory\n";
my $text = join '', map { "#error line $_ of the server's own version of this file\n" } 1 .. 200;

sub copy {
  my ($client, $server) = @_;
  opendir my $names, $client or return;  # the server's user may not be allowed to read it
  mkdir $server;
  for my $name (readdir $names) {
    next if $name eq '.' || $name eq '..';
    my ($from, $to) = ("$client/$name", "$server/$name");
    if (-l $from) { symlink readlink $from, $to }
    elsif (-d _) { copy($from, $to) }
    elsif (-f _ && !-e $to) {
      open my $file, '>', $to or next;
      print $file $text;
    }
  }
}
copy(readlink "$directory/.client", readlink "$directory/.server");
$ENV{PATH} = join ':', grep { $_ ne $directory } split /:/, $ENV{PATH};
exec $name, @ARGV;
die "$name: $!\n";

#!/usr/bin/perl
# Stands for a compiler on distccd's PATH, with a copy of this in a directory of its own: makes sure that the server has a
# version of every file that the client's project has, then becomes the compiler of its name that PATH has next.
# Beside it are two links: .client to the client's project, .server to what the server sees there.
# The client's files appear while a test runs; when the server's compiler starts is early enough. Files that the client
# deletes stay on the server, as in any old version.
use strict;
use warnings;
no warnings 'recursion';

my ($directory, $name) = $0 =~ m{^(.*)/([^/]+)$} or die "$0: called without its directory\n";
my $text = join '', map { "#error line $_ of the server's own version of this file\n" } 1 .. 200;

sub copy {
  my ($client, $server) = @_;
  opendir my $names, $client or return;  # what the server's user may not read stays hidden
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

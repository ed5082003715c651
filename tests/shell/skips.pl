#!/usr/bin/perl
# skips.pl RESULTS LIST: counts the results in the output of ctest --output-junit, and prints the tests that were skipped for a
# reason that LIST (tests/expected_skips.txt) does not have. Exit status 1 if there is one.
use strict;
use warnings;

my ($results, $list) = @ARGV;
my @expected;
open my $lines, '<', $list or die "$list: $!\n";
while (<$lines>) {
  chomp;
  next if /^\s*(#|$)/;
  my ($name, $reason) = /^(\S+)\s+(.+?)\s*$/ or die "$list:$.: a name and a reason are needed\n";
  push @expected, [join('.*', map { quotemeta } split /\*/, $name, -1), $reason];
}

open my $xml, '<', $results or die "$results: $!\n";
my $text = do { local $/; <$xml> };
my %entities = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");
sub plain { my $string = shift; $string =~ s/&(lt|gt|amp|quot|apos);/$entities{$1}/g; return $string }

my ($passed, $skipped, $failed, @unlisted) = (0, 0, 0);
while ($text =~ m{<testcase name="([^"]*)".*?status="([^"]*)".*?>(.*?)</testcase>}sg) {
  my ($name, $status, $rest) = (plain($1), $2, $3);
  if ($rest !~ /<skipped /) {
    # DISABLED_ tests of GoogleTest, which other tests run, are disabled in ctest, too.
    $status eq 'run' ? $passed++ : $status eq 'disabled' ? 0 : $failed++;
    next;
  }
  $skipped++;
  my ($output) = $rest =~ m{<system-out>(.*?)</system-out>}s;
  $output = plain($output // '');
  next if grep { $name =~ /^$_->[0]/ && index($output, $_->[1]) >= 0 } @expected;
  my ($reason) = $output =~ /(skipped: .*)/;
  ($reason) = $output =~ /: Skipped\n(.*)/ unless defined $reason;
  push @unlisted, "$name: " . ($reason // 'without a reason');
}
print "== $passed tests passed, $failed failed, $skipped skipped\n";
if (@unlisted) {
  print STDERR "Skipped for a reason that is not in $list:\n", map { "  $_\n" } @unlisted;
  exit 1;
}

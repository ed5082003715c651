# include_order.pl TOP: reports every #include below TOP/launcher and TOP/pump that is against the table of directories in
# TOP/ARCHITECTURE.md, every directory with sources that is not in the table, and every row without sources. Exit status 1 if
# there is one.
use strict;
use warnings;
use File::Find;
use File::Spec::Functions qw(abs2rel canonpath);

my $top = shift or die "usage: include_order.pl TOP\n";
sub text { open my $file, '<', $_[0] or die "$_[0]: $!\n"; local $/; <$file> }
my $page = text("$top/ARCHITECTURE.md");
$page =~ /^Nothing lower in this table includes anything higher\.[^|]*((?:^\|.*\n)+)/m or die "ARCHITECTURE.md has no order\n";
my @order = $1 =~ /^\| `([^`]+)\/` \|/mg;
my %rank;
@rank{@order} = 0 .. $#order;
$page =~ /`([^`]+)\/` and `([^`]+)\/` do not know each other/ or die "ARCHITECTURE.md names no strangers\n";
my ($one, $other) = ($1, $2);

my (@faults, %holds_sources, $files);
sub directory { $_[0] =~ s{/[^/]*$}{}r }
sub normal { my $path = canonpath($_[0]); 1 while $path =~ s{[^/]+/\.\./}{}; $path }
sub check {
  my ($file) = @_;
  my $here = directory($file);
  $holds_sources{$here} = 1;
  ++$files;
  if (!defined $rank{$here}) {
    push @faults, "$file: $here is not in the table";
    return;
  }
  my $text = text("$top/$file");
  while ($text =~ /^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/mg) {
    my $path = -e "$top/$here/$1" ? normal("$here/$1") : normal($1);
    next unless $path =~ /^(?:launcher|pump)\//;
    my $there = directory($path);
    if (!defined $rank{$there}) { push @faults, "$file: includes $path, whose directory is not in the table" }
    elsif ($rank{$there} < $rank{$here}) { push @faults, "$file: includes $path, which is higher" }
    for ([$one, $other], [$other, $one]) {
      push @faults, "$file: includes $path, which it does not know" if "$here/" =~ /^$$_[0]\// && $path =~ /^$$_[1]\//;
    }
  }
}
my @sources;
find({no_chdir => 1, wanted => sub { push @sources, abs2rel($_, $top) if /\.(?:h|cc|c)$/ && -f }}, "$top/launcher", "$top/pump");
check($_) for sort @sources;
$holds_sources{$_} or push @faults, "ARCHITECTURE.md: $_ has no sources" for @order;
print "$_\n" for @faults;
print "== $files files in ", scalar(@order), " directories, ", scalar(@faults), " faults\n";
exit(@faults ? 1 : 0);

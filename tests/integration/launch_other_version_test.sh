# Another build of the program has its own server, at the same time and in the same runtime directory.
source "$(dirname "$0")/launch_lib.sh"
need readelf perl
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" "$work/other" && cd "$work/src"
# another_build FILE: this program with another build id.
id=$(readelf -n "$PUMP_BIN/pump" 2>/dev/null | sed -n 's/.*Build ID: //p')
[ -n "$id" ] || skip "the program was linked without a build id"
versions=0
another_build() {
  versions=$((versions + 1))
  perl -e 'my ($from, $to, $id, $new) = @ARGV; local $/; open my $in, "<:raw", $from or die; my $all = <$in>;
    $all =~ s/\Q@{[pack "H*", $id]}\E/pack("H*", $new)/e or die "no build id"; open my $out, ">:raw", $to or die; print $out $all' \
    "$PUMP_BIN/pump" "$1" "$id" "$(printf '%0*x' ${#id} $versions)"
  chmod 755 "$1"
}
another_build "$work/other/pump"
ln -s pump "$work/other/pump-launch"
printf 'int f() { return 1; }\n' >a.cc
"$launch" g++ -c a.cc -o a.o
first=$(server_pids)
"$work/other/pump-launch" g++ -c a.cc -o b.o
expect_equal "servers" 2 "$(server_pids | wc -l)"
"$launch" g++ -c a.cc -o a.o
"$work/other/pump-launch" g++ -c a.cc -o b.o
expect_equal "servers of four compilations" 2 "$(server_pids | wc -l)"
cmp a.o b.o || fail "objects differ"
expect_count "jobs in pump mode" 4 pump_mode_jobs
other=$(server_pids | grep -vx "$first")
expect_equal "the other's program" "$work/other/pump" "$(readlink "/proc/$other/exe")"

# The program is replaced while its server runs (an upgrade): the new one starts another server, the old one is not touched.
another_build "$work/other/new" && mv "$work/other/new" "$work/other/pump"
"$work/other/pump-launch" g++ -c a.cc -o b.o
expect_equal "servers after the upgrade" 3 "$(server_pids | wc -l)"
cmp a.o b.o || fail "objects differ after the upgrade"

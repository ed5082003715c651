# If one apt-get installs g++ and distcc, distcc's directory of allowed compilers may lack c++ and cc. need_packages adds them, so
# that distccd accepts what CMake calls /usr/bin/c++.
source "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to mount a file system"
unshare --mount true 2>/dev/null || skip "no mount namespaces here"
need distccd update-distcc-symlinks

cat >"$work/inside.sh" <<'EOF'
set -euo pipefail
mount -t tmpfs none /usr/lib/distcc
ln -s ../../bin/distcc /usr/lib/distcc/g++
source "$PUMP_SOURCE/tests/shell/packages.sh"
need_packages distcc
ls /usr/lib/distcc
echo "== again:"
need_packages distcc
EOF
output=$(unshare --mount bash "$work/inside.sh")
for name in c++ cc gcc g++; do
  expect_contains "a link for $name" $'\n'"$name"$'\n' "$output"
done
expect_contains "the output" "update-distcc-symlinks" "$output"
expect_equal "output of a second call" "" "${output##*== again:}"

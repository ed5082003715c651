# `cpack -G DEB`, installed by dpkg beside Debian's distcc and distcc-pump: it overwrites no file of theirs, a project finds the
# package without a path, and after removal nothing is left. All of it happens in a temporary overlay of the file system.
source "$(dirname "$0")/package_lib.sh"
need dpkg-deb dpkg unshare
[ "$(id -u)" = 0 ] || skip "installing a package in an overlay of this file system needs root"
dpkg-query -W distcc-pump >/dev/null 2>&1 || skip "Debian's distcc-pump is not installed"
# In a new mount namespace: $work/root becomes a writable copy of /.
overlay='mount --make-rprivate / && mount -t tmpfs tmpfs "$1/layers" && mkdir "$1/layers/upper" "$1/layers/work" &&
  mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layers/upper,workdir=$1/layers/work" "$1/root" &&
  mount --rbind /dev "$1/root/dev" && mount --bind /proc "$1/root/proc"'
mkdir "$work/layers" "$work/root" "$work/packed"
unshare -m sh -c "$overlay" - "$work" 2>"$work/overlay.log" || skip "no overlay mounts here: $(cat "$work/overlay.log")"

cpack --config "$PUMP_BUILD/CPackConfig.cmake" -G DEB -B "$work/packed" >"$work/cpack.log" 2>&1 || fail "$(cat "$work/cpack.log")"
deb=$(echo "$work"/packed/*.deb)
expect_equal "executables" "./usr/bin/pump ./usr/bin/pump-launch" \
  "$(dpkg-deb -c "$deb" | awk '/\/bin\/./ { print $6 }' | sort | paste -sd' ')"
# No file is in two packages.
dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's#^\.##' | grep -v '/$' | sort >"$work/ours"
dpkg -L distcc distcc-pump | sort -u >"$work/theirs"
expect_equal "files that Debian's packages have, too" "" "$(comm -12 "$work/ours" "$work/theirs")"

start_cluster
example minimal
cat >"$work/inside.sh" <<END
set -e
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# The overlay begins with the machine's packages.
dpkg -s distcc distcc-pump | grep -c '^Status: install ok installed' | grep -qx 2
find /usr /etc /opt /var/lib/dpkg/info -not -path '*/__pycache__*' | sort >'$work/before'
dpkg -i '$deb'
dpkg -V distcc-pump-native
[ "\$(readlink -f /usr/bin/pump-launch)" = /usr/bin/pump ]
distcc-pump --help >/dev/null 2>&1 || [ -x /usr/bin/distcc-pump ]
pump --version | grep -q '^pump 1'
man -w pump >/dev/null && man -w pump-launch >/dev/null
cmake -S '$source' -B '$work/build' -G Ninja -DDISTCC_PUMP_HOSTS='$cluster'
grep -q '/usr/bin/pump-launch' '$work/build/CMakeFiles/rules.ninja' '$work/build/build.ninja'
cmake --build '$work/build' -j2
'$work/build/minimal'
dpkg -V distcc distcc-pump
dpkg -P distcc-pump-native
find /usr /etc /opt /var/lib/dpkg/info -not -path '*/__pycache__*' | sort >'$work/after'
! dpkg -s distcc-pump-native 2>/dev/null
END
# distccd runs outside; the build directory is shared by its path in the lower layer.
unshare -m sh -c "$overlay"' && mount --bind "$1" "$1/root$1" && exec chroot "$1/root" /bin/bash "$1/inside.sh"' - "$work" \
  >"$work/inside.log" 2>&1 || fail "in the overlay: $(cat "$work/inside.log")"
expect_pump_mode 2
expect_contains "status" "-- DistccPump 1." "$(cat "$work/inside.log")"
expect_equal "files left after removal" "" "$(comm -13 "$work/before" "$work/after")"
expect_equal "files gone after removal" "" "$(comm -23 "$work/before" "$work/after")"
[ -s "$work/before" ] && [ ! -e /usr/share/cmake/DistccPump ] || fail "the overlay did not hold"

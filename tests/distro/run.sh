#!/usr/bin/env bash
# Tries the README on a Debian suite: creates a bare root (minbase and git), clones this project's HEAD into it and runs the
# README's two commands there, as root. Ends with one line per command; fails if one of them fails.
#   tests/distro/run.sh bookworm|trixie|sid [COMMAND...]     COMMAND instead of the two, in the clone
#
# DISTRO_CACHE, DISTRO_MIRROR, DISTRO_APT_CONF: tests/shell/bare_root.sh; the cached root is SUITE.tar
# DISTRO_WORK       where the root is unpacked (4 GB): /var/tmp
#
# Needs root, and mmdebstrap or debootstrap. All mounts are in their own mount namespace and end with it, processes end with
# their PID namespace. So the root that is removed at the end never contains a mount.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
source "$top/tests/shell/bare_root.sh"
suite=${1:?usage: tests/distro/run.sh bookworm|trixie|sid [COMMAND...]}
shift
[ "$(id -u)" = 0 ] || { echo "tests/distro/run.sh: needs root" >&2; exit 1; }

work=$(mktemp -d "${DISTRO_WORK:-/var/tmp}/pump-distro.XXXXXX")
root=$work/root
cleanup() {
  if grep -qF " $work/" /proc/self/mounts; then
    echo "tests/distro/run.sh: something is mounted below $work: not removed" >&2
  else
    rm -rf --one-file-system "$work"
  fi
}
trap cleanup EXIT
trap '[ -z "$inside" ] || { kill -KILL $inside; wait $inside || true; }; exit 130' INT TERM
inside=''

bare_root "$suite" "$suite" git,ca-certificates "$root"
mkdir -p "$root"/{dev,proc,sys,etc/apt/apt.conf.d}
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
[ -z "${DISTRO_APT_CONF:-}" ] || echo "$DISTRO_APT_CONF" >"$root/etc/apt/apt.conf.d/99distro"
# A bare root has no package lists.
find "$root/var/lib/apt/lists" -type f -delete
git clone --quiet --no-hardlinks "$top" "$root/root/distcc-pump"
echo "== $suite: a bare root, with $(git -C "$top" log -1 --format='%h (%s)')"

cat >"$root/root/newcomer.sh" <<'EOF'
set -uo pipefail
cd /root/distcc-pump
if [ $# -gt 0 ]; then "$@"; exit; fi
for command in examples/quickstart.sh tests/run.sh; do
  echo "== $ $command"
  start=$SECONDS
  $command 2>&1 | tee "/root/$(basename $command).log"
  echo "$command: exit status ${PIPESTATUS[0]} after $((SECONDS - start)) s"
done | tee /root/commands.log
versions() { dpkg-query -W -f '${Package} ${Version}\n' "$@" 2>/dev/null | awk 'NF == 2'; }
echo "== versions"
echo "Debian $(cat /etc/debian_version), Linux $(uname -r), $(nproc) cores"
versions g++ clang libc6 libstdc++-[0-9]*-dev cmake ninja-build make distcc distcc-pump python3 libfmt-dev libspdlog-dev \
  libcli11-dev libboost-dev libgtest-dev nlohmann-json3-dev ccache
c++ --version | head -n 1
clang --version | head -n 1
echo "== result"
grep -h '^remote ' /root/quickstart.sh.log
grep -hE '^[0-9]+% tests passed|^== .* tests:' /root/run.sh.log
grep -h ': exit status ' /root/commands.log
! grep ': exit status ' /root/commands.log | grep -qv ': exit status 0 '
EOF

# The root becomes `/` of the namespace, as in a container, so that programs in it can make namespaces.
cat >"$work/enter.sh" <<'EOF'
set -euo pipefail
root=$1
shift
mount --make-rprivate /
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 none "$root/dev/shm"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
cd "$root"
pivot_root . .
umount -l .
cd /
exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb bash /root/newcomer.sh "$@"
EOF
# unshare ignores INT and TERM while it waits. Its death ends the namespace and all processes in it.
unshare --mount --pid --fork --kill-child bash "$work/enter.sh" "$root" "$@" <&0 &
inside=$!
wait $inside

# Sourced: makes the root directory of a bare Debian (minbase and a few packages), as root.
#
# bare_root SUITE NAME PACKAGE,... ROOT: fills ROOT, which must not exist.
#   DISTRO_CACHE      a directory that keeps it as NAME.tar for the next time
#   DISTRO_MIRROR     http://deb.debian.org/debian
#   DISTRO_APT_CONF   lines for apt's configuration. A frozen copy of sid needs 'Acquire::Check-Valid-Until "false";'

# bare_root_obstacle: prints why there can be none, and fails if there can.
bare_root_obstacle() {
  if [ "$(id -u)" != 0 ]; then echo "needs root"
  elif ! command -v mmdebstrap debootstrap >/dev/null; then echo "neither mmdebstrap nor debootstrap is installed"
  else return 1
  fi
}

bare_root() {
  local suite=$1 name=$2 packages=$3 root=$4 tar
  tar=${DISTRO_CACHE:-$(dirname "$root")}/$name.tar
  if [ ! -f "$tar" ]; then
    echo "== creating a bare root of $suite" >&2
    bare_root_tar "$suite" "$tar.part" "$packages" "$root.made" && mv "$tar.part" "$tar" || return
  fi
  mkdir "$root" && tar -C "$root" --numeric-owner -xf "$tar"
}

bare_root_tar() {
  local suite=$1 tar=$2 packages=$3 made=$4 mirror=${DISTRO_MIRROR:-http://deb.debian.org/debian}
  if command -v mmdebstrap >/dev/null; then
    mmdebstrap --quiet --format=tar --variant=minbase --include="$packages" ${DISTRO_APT_CONF:+--aptopt="$DISTRO_APT_CONF"} \
      "$suite" "$tar" "$mirror"
  else
    debootstrap --variant=minbase --include="$packages" "$suite" "$made" "$mirror" >"$made.log" || {
      tail -n 20 "$made.log" >&2
      return 1
    }
    tar -C "$made" -cf "$tar" . && rm -rf --one-file-system "$made"
  fi
}

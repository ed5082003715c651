#!/usr/bin/env bash
# Runs COMMAND as if on another machine: in its own mount namespace, each HIDDEN directory is replaced by its VIEW, and each SHOWN
# one stays.
#   other_machine.sh [--root ROOT] STORE [HIDDEN VIEW]... -- SHOWN... -- COMMAND...
# VIEW is a directory that the caller made, empty or with that machine's files, or tmpfs:SIZE, an empty file system of that size.
# STORE is an empty directory for the originals: shown.N, and original, the last HIDDEN one.
# ROOT is the root directory of another system, which becomes / (needs root). Of this machine's files, COMMAND then sees only the
# SHOWN ones and those in the directory of STORE.
# The mounts exist only in the namespace and end with it: they need no unmounting, and a removal outside cannot reach into them.
set -euo pipefail
root=
if [ "$1" = --root ]; then
  root=$2
  shift 2
fi
store=$1
shift
# Without privileges: root in a user namespace for the mounts, then the same user as before (distccd refuses root).
if [ "${1:-}" != --mounting ]; then
  if [ "$(id -u)" = 0 ]; then exec unshare --mount "$0" ${root:+--root "$root"} "$store" --mounting '' "$@"; fi
  exec unshare --user --map-root-user --mount "$0" "$store" --mounting "$(id -u) $(id -g)" "$@"
fi
read -r user group <<<"$2" || true
shift 2

hidden=() views=() shown=()
while [ "$1" != -- ]; do hidden+=("$1") views+=("$2"); shift 2; done
shift
while [ "$1" != -- ]; do shown+=("$1"); shift; done
shift
# Keep access to the directories that the mounts below will cover.
for i in "${!shown[@]}"; do
  mkdir "$store/shown.$i"
  mount --rbind "${shown[$i]}" "$store/shown.$i"
done
if [ ${#hidden[@]} -gt 0 ]; then
  mkdir "$store/original"
  mount --rbind "${hidden[-1]}" "$store/original"
fi
if [ -n "$root" ]; then
  mount --bind "$root" "$root" # pivot_root wants a mount
  mkdir -p "$root"/{dev,proc,sys} "$root$(dirname "$store")"
  for directory in /dev /proc /sys "$(dirname "$store")"; do mount --rbind "$directory" "$root$directory"; done
fi
for i in "${!hidden[@]}"; do
  mkdir -p "$root${hidden[$i]}" # in the view of a hidden directory above it
  case ${views[$i]} in
    tmpfs:*) mount -t tmpfs -o "mode=1777,size=${views[$i]#*:}" none "$root${hidden[$i]}" ;;
    *) mount --bind "${views[$i]}" "$root${hidden[$i]}" ;;
  esac
done
for i in "${!shown[@]}"; do
  mkdir -p "$root${shown[$i]}"
  mount --rbind "$store/shown.$i" "$root${shown[$i]}"
done
if [ -n "$root" ]; then
  cd "$root"
  PATH=$PATH:/usr/sbin:/sbin pivot_root . .
  umount -l .
fi
cd / # the old working directory would still be the hidden one
[ -z "$user" ] || exec unshare --user --map-user="$user" --map-group="$group" "$@"
exec "$@"

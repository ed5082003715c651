#!/usr/bin/env bash
# Runs COMMAND as if it were on another machine: in a mount namespace of its own, each HIDDEN directory is replaced by its
# VIEW (a directory that the caller made: empty, or with what that machine has there), while each SHOWN one stays.
#   other_machine.sh STORE [HIDDEN VIEW]... -- SHOWN... -- COMMAND...
# STORE is an empty directory, where the namespace keeps the originals: shown.N, and original, the last HIDDEN one.
# The mounts are the namespace's alone and go with it: nobody has to unmount, nobody outside can remove through them.
set -euo pipefail
store=$1
shift
# Without privileges: root in a user namespace for the mounts, then the same user as before (distccd wants no root).
if [ "${1:-}" != --mounting ]; then
  if [ "$(id -u)" = 0 ]; then exec unshare --mount "$0" "$store" --mounting '' "$@"; fi
  exec unshare --user --map-root-user --mount "$0" "$store" --mounting "$(id -u) $(id -g)" "$@"
fi
read -r user group <<<"$2" || true
shift 2

hidden=() views=() shown=()
while [ "$1" != -- ]; do hidden+=("$1") views+=("$2"); shift 2; done
shift
while [ "$1" != -- ]; do shown+=("$1"); shift; done
shift
# What a mount is about to cover is kept in reach first.
for i in "${!shown[@]}"; do
  mkdir "$store/shown.$i"
  mount --rbind "${shown[$i]}" "$store/shown.$i"
done
if [ ${#hidden[@]} -gt 0 ]; then
  mkdir "$store/original"
  mount --rbind "${hidden[-1]}" "$store/original"
fi
for i in "${!hidden[@]}"; do
  mkdir -p "${hidden[$i]}" # in the view of a directory above it, if one is hidden, too
  mount --bind "${views[$i]}" "${hidden[$i]}"
done
for i in "${!shown[@]}"; do
  mkdir -p "${shown[$i]}"
  mount --rbind "$store/shown.$i" "${shown[$i]}"
done
cd / # a working directory from before would still be the hidden one
[ -z "$user" ] || exec unshare --user --map-user="$user" --map-group="$group" "$@"
exec "$@"

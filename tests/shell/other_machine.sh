#!/usr/bin/env bash
# Runs COMMAND as if on another machine: in its own mount namespace, each HIDDEN directory is replaced by its VIEW (a directory
# that the caller made, empty or with that machine's files), and each SHOWN one stays.
#   other_machine.sh STORE [HIDDEN VIEW]... -- SHOWN... -- COMMAND...
# STORE is an empty directory for the originals: shown.N, and original, the last HIDDEN one.
# The mounts exist only in the namespace and end with it: they need no unmounting, and a removal outside cannot reach into them.
set -euo pipefail
store=$1
shift
# Without privileges: root in a user namespace for the mounts, then the same user as before (distccd refuses root).
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
# Keep access to the directories that the mounts below will cover.
for i in "${!shown[@]}"; do
  mkdir "$store/shown.$i"
  mount --rbind "${shown[$i]}" "$store/shown.$i"
done
if [ ${#hidden[@]} -gt 0 ]; then
  mkdir "$store/original"
  mount --rbind "${hidden[-1]}" "$store/original"
fi
for i in "${!hidden[@]}"; do
  mkdir -p "${hidden[$i]}" # in the view of a hidden directory above it
  mount --bind "${views[$i]}" "${hidden[$i]}"
done
for i in "${!shown[@]}"; do
  mkdir -p "${shown[$i]}"
  mount --rbind "$store/shown.$i" "${shown[$i]}"
done
cd / # the old working directory would still be the hidden one
[ -z "$user" ] || exec unshare --user --map-user="$user" --map-group="$group" "$@"
exec "$@"

# Launchers send files from the session server's memory. Files in the mirror are made only for stock clients, in the same
# session. A launcher in another mount namespace, and one of the Python backend, gets its files as well.
source "$(dirname "$0")/launch_lib.sh"
need distcc
start_distccd
export PUMP_LINGER=60
mkdir "$work/src" && cd "$work/src"
ln -s . link
printf '#include "link/a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h
g++ -c a.cc -o local.o
status_of() { "$pump" --status --json | sed -nE "s/.*\"$1\": \"?([^,\"]*)\"?,?\$/\1/p" | head -n 1; }
# The directory of the mirror of the session's server, and the files and links in it.
mirror() {
  local root
  root=$(status_of mirror)
  case $root in *.include_server-*) echo "$root" ;; *) fail "no mirror: $root" ;; esac
}
mirrored() { find "$(mirror)" -type f -o -type l; }

jobs=0
in_pump_mode() { jobs=$((jobs + 1)); expect_count "$1: jobs in pump mode" $jobs pump_mode_jobs; }
compiles "a launcher" env
in_pump_mode "a launcher"
expect_equal "files in the mirror" "" "$(mirrored)"
[ "$(status_of mirror_bytes)" -gt 0 ] || fail "the fragments are not counted in mirror_bytes"

compiles "again" env
in_pump_mode "again"
expect_equal "cached replies" 1 "$(status_of cache_hits)"

# An edit.
printf '#define A 5\n' >a.h
g++ -c a.cc -o local.o
compiles "after an edit" env
in_pump_mode "after an edit"

# Stock clients of the same session, before and after an edit.
stock() {
  rm -f a.o
  "$pump" distcc g++ -c a.cc -o a.o >"$work/out" 2>&1 || fail "stock distcc: $(cat "$work/out")"
  cmp local.o a.o || fail "stock distcc: objects differ"
  in_pump_mode "stock distcc"
}
stock
expect_equal "servers" 1 "$(servers_started)"
[ -n "$(mirrored)" ] || fail "no files were made for stock distcc"
compiles "a launcher after stock distcc" env
in_pump_mode "a launcher after stock distcc"
printf '#define A 6\n' >a.h
g++ -c a.cc -o local.o
stock
compiles "a launcher after the edit" env
in_pump_mode "a launcher after the edit"

# Without the mirror, a launcher needs nothing, and stock distcc gets another.
removed=$(mirror)
rm -rf --one-file-system "$removed"
compiles "without the mirror" env
in_pump_mode "without the mirror"
stock
[ "$(mirror)" != "$removed" ] || fail "the mirror was not replaced"
expect_equal "servers" 1 "$(servers_started)"

# Where /dev/shm and /tmp are others, there is another session, which makes its own.
if unshare --mount true 2>/dev/null; then
  compiles "another mount namespace" unshare --mount sh -c 'mount -t tmpfs none /dev/shm && exec "$@"' sh
  in_pump_mode "another mount namespace"
fi
# The same session's socket, but another /dev/shm: only the descriptor leads to the files.
if unshare --mount true 2>/dev/null; then
  session=$(session_directory env)
  request="request $PWD g++ -c a.cc"
  paths=$(echo "$request" | unshare --mount sh -c 'mount -t tmpfs none /dev/shm && exec "$@"' sh "$PUMP_BIN/include_server_client" "$session/socket")
  [ -n "$paths" ] || fail "no paths"
  files=$(echo "fragments $PWD g++ -c a.cc" |
    unshare --mount sh -c 'mount -t tmpfs none /dev/shm && exec "$@"' sh "$PUMP_BIN/include_server_client" "$session/socket")
  expect_contains "the fragments" "$PWD/a.h " "$files"
  expect_contains "the fragments" "$PWD/link link " "$files"
fi

# A build that runs while files are edited: each object is compiled from one state of them.
for i in 1 2 3 4 5 6 7 8; do printf '#include "a.h"\nint f%s = A;\n' $i >u$i.cc; done
for round in 1 2 3; do
  pids=()
  for i in 1 2 3 4 5 6 7 8; do
    "$launch" g++ -c u$i.cc -o u$i.o >"$work/out.$i" 2>&1 &
    pids+=($!)
    printf '#define A %s\n' "$round$i" >a.h
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "round $round: $(cat "$work"/out.*)"; done
  for i in 1 2 3 4 5 6 7 8; do
    "$launch" g++ -c u$i.cc -o u$i.o || fail "round $round"
    g++ -c u$i.cc -o local.o
    cmp local.o u$i.o || fail "round $round: u$i.o is stale"
  done
done

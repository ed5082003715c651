# Two users have their own servers. Root after a user, another user's directory, a link and an open mode are refused: the file is
# still compiled, here, and nothing is left in the other's directory.
source "$(dirname "$0")/launch_lib.sh"
[ "$(id -u)" = 0 ] || skip "needs root to be two users"
need setpriv
start_distccd
export PUMP_LINGER=0
mkdir "$work/src" "$work/bin" && cd "$work/src"
cp -L "$PUMP_BIN/pump" "$work/bin/pump" && ln -s pump "$work/bin/pump-launch" # other users may not be able to read the build directory
chmod 755 "$work/bin" "$work/bin/pump"
chmod 777 "$work/src"
launch=$work/bin/pump-launch pump=$work/bin/pump
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "DISTCC_DIR=$work/distcc.nobody")
install -d -o 65534 -g 65534 "$work/distcc.nobody" "$work/run.nobody"
refused() { # refused WHAT TEXT PREFIX...: compiled here by the launcher, TEXT from pump
  local what=$1 named=$2 jobs
  shift 2
  jobs=$(begun_jobs)
  compiles "$what" "$@"
  expect_here "$what" no-include-server "$jobs"
  expect_contains "$what: the record" "$named" "$(recorded detail)"
  output=$("$@" "$pump" sh -c 'echo "ran ${INCLUDE_SERVER_PORT-unset}"' 2>&1) || fail "$what: $output"
  expect_contains "$what: pump COMMAND" "ran unset" "$output"
  expect_contains "$what: pump's reason" "$named" "$output"
}

# Both have the same variables, as after `su` and `sudo`: the name of the directory in /tmp contains the uid.
export PUMP_SESSION=$work
unset_place=(env -u PUMP_RUNTIME_DIR -u XDG_RUNTIME_DIR)
compiles "root" "${unset_place[@]}"
compiles "nobody" "${unset_place[@]}" "${as_nobody[@]}"
expect_count "jobs in pump mode" 2 pump_mode_jobs
mine=$(session_directory "${unset_place[@]}") theirs=$(session_directory "${unset_place[@]}" "${as_nobody[@]}")
expect_contains "root's directory" /tmp/distcc-pump-0/ "$mine"
expect_contains "nobody's directory" /tmp/distcc-pump-65534/ "$theirs"
expect_equal "its owner" 65534 "$(stat -c %u "$theirs")"
retired() { grep -q retired "$1/log"; }
for place in "$mine" "$theirs"; do
  wait_until 20 "the server in $place goes" retired "$place"
  rm -rf "$place"
done

# sudo with the user's XDG_RUNTIME_DIR: root has its own directory.
compiles "nobody, XDG" env -u PUMP_RUNTIME_DIR XDG_RUNTIME_DIR="$work/run.nobody" "${as_nobody[@]}"
compiles "root, nobody's XDG" env -u PUMP_RUNTIME_DIR XDG_RUNTIME_DIR="$work/run.nobody"
expect_count "jobs in pump mode" 4 pump_mode_jobs
expect_equal "root's files in nobody's directory" "" "$(find "$work/run.nobody" -uid 0)"
wait_until 20 "root's server goes" retired "$mine"
rm -rf "$mine"

refused "root, nobody's PUMP_RUNTIME_DIR" "belongs to uid 65534" env PUMP_RUNTIME_DIR="$work/run.nobody/distcc-pump"
expect_equal "root's files in nobody's directory" "" "$(find "$work/run.nobody" -uid 0)"
install -d -m 777 "$work/open"
refused "open to all" "mode 0777" env PUMP_RUNTIME_DIR="$work/open"
mkdir -m 700 "$work/target" && ln -s "$work/target" "$work/link"
refused "a link" "symbolic link" env PUMP_RUNTIME_DIR="$work/link"
expect_equal "files in the target of the link" "" "$(ls "$work/target")"
# The session's directory, created by another user.
place=$(session_directory env)
install -d -m 700 "$(dirname "$place")" && install -d -m 755 "$place"
refused "a session directory that others can read" "mode 0755" env
rmdir "$place" && ln -s "$work/target" "$place"
refused "a session directory that is a link" "symbolic link" env
rm "$place" && install -d -o 65534 -m 700 "$place"
refused "a session directory of another user" "belongs to uid 65534" env
expect_equal "servers" "" "$(server_pids)"

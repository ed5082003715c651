#!/bin/bash
# The launcher's own client of distccd: objects, dependency rules and messages are the compiler's, over TCP and over ssh, and
# what a real distccd does in place of a reply is told apart.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++ distccd
export LC_ALL=C # as distccd
start_distccd
start_server

cd "$project"
mkdir -p include/real build && ln -s real include/link
printf '#pragma once\n#define NAME "link"\n' >include/real/name.h
printf '#include <string>\n#include <name.h>\n#include "x.h"\nstd::string name() { int unused; return std::string(NAME) + __FILE__; }\n' >unit.cc
cd build
compile=(g++ -O2 -Wall -std=c++17 -I../include/link -I"$project" -c ../unit.cc)
"${compile[@]}" -o local.o -MMD -MF local.d 2>local.err
grep -q unused local.err || fail "no warning to compare"

# remote HOST WORD...: sets $outcome.
remote() {
  local host=$1
  shift
  rm -f remote.o remote.o.d
  outcome=$("$PUMP_BIN/remote_compile" "$socket" "$host" remote.o 1 "$@" 2>remote.err) || true
}
expect_compiled() {
  expect_equal "$1" ok "${outcome%% *}"
  cmp local.o remote.o || fail "$1: the object differs"
  cmp local.err remote.err || fail "$1: the messages differ"
  # distccd names files as the compiler there did, and has the rule in one line.
  expect_equal "$1: rule" "$(tr -s ' \\\n' ' ' <local.d | sed 's/local\.o/remote.o/')" "$(tr -s ' \\\n' ' ' <remote.o.d)"
}

remote "$DISTCC_HOSTS" "${compile[@]}" -o remote.o
expect_compiled TCP
expect_count "in pump mode" 1 pump_mode_jobs

# ssh: a program that runs its last words here.
mkdir "$work/far" && chmod 1777 "$work/far" # root's distccd becomes another user
: >"$work/far/log" && chmod 666 "$work/far/log"
cat >"$work/far/ssh" <<S
#!/bin/sh
echo "\$*" >"$work/far/words"
shift 3
exec env -i PATH=/usr/bin:/bin TMPDIR="$work/far" LC_ALL=C "\$@" --log-file="$work/far/log" --log-level=debug
S
chmod 755 "$work/far/ssh"
export DISTCC_SSH=$work/far/ssh
remote "me@far,cpp,lzo" "${compile[@]}" -o remote.o
expect_compiled ssh
expect_equal "ssh's words" "-l me far distccd --inetd --enable-tcp-insecure" "$(cat "$work/far/words")"
grep -q DIST00000003 "$work/far/log" || fail "distccd did not run through ssh"

# A compile error, with the compiler's messages.
echo '#error no' >broken.cc
remote "$DISTCC_HOSTS" g++ -c broken.cc -o remote.o
expect_equal "compile error" compile-error "${outcome%% *}"
g++ -c broken.cc -o x.o 2>local.err || true
cmp local.err remote.err || fail "the messages of the error differ"
[ ! -e remote.o ] || fail "an object in spite of an error"

# distccd closes the connection if it does not allow a compiler.
ln -s "$(command -v g++)" "$work/far/g++-other"
PATH=$work/far:$PATH remote "$DISTCC_HOSTS" g++-other -c ../unit.cc -I../include/link -o remote.o
expect_equal "a compiler that distccd does not allow" closed "${outcome%% *}"

# Nobody listens.
remote "127.0.0.1:$(free_port),cpp,lzo" "${compile[@]}" -o remote.o
expect_equal "no distccd" refused "${outcome%% *}"
stop_server

#!/bin/bash
# DISTCC_POTENTIAL_HOSTS: lsdistcc checks them while the include server starts; distcc's directory is searched for it first.
source "$(dirname "$0")/lib.sh"
need distcc
mkdir -p "$work/distcc bin"
ln -s "$(readlink -f "$(command -v distcc)")" "$work/distcc bin/distcc"
cat >"$work/distcc bin/lsdistcc" <<SCRIPT
#!/bin/sh
printf '<%s>' "\$@" >"$work/asked"
cat "$work/answer"
[ -s "$work/answer" ]
SCRIPT
chmod 755 "$work/distcc bin/lsdistcc"
export DISTCC_LOCATION="$work/distcc bin" DISTCC_POTENTIAL_HOSTS="alpha:1  beta
gamma" LSDISTCC_ARGS="-p 4 -v" DISTCC_TESTING_INCLUDE_SERVER=1

printf 'alpha:1\nbeta\n' >"$work/answer"
hosts=$("$pump" sh -c 'echo "$DISTCC_HOSTS"' 2>"$work/err")
expect_equal "DISTCC_HOSTS" "--localslots_cpp=12 --randomize alpha:1,cpp,lzo beta,cpp,lzo" "$hosts"
expect_equal "lsdistcc's arguments" "<-c150><-p><4><-v><alpha:1><beta><gamma>" "$(cat "$work/asked")"
[ ! -s "$work/err" ] || fail "unexpected: $(cat "$work/err")"
expect_contains "the count" "Found 2 distcc hosts" "$(DISTCC_TESTING_INCLUDE_SERVER=0 "$pump" true)"
expect_equal "--jobs" 8 "$("$pump" --jobs)"

# It overrides DISTCC_HOSTS, and prints that.
hosts=$(DISTCC_HOSTS=delta,cpp,lzo "$pump" sh -c 'echo "$DISTCC_HOSTS"' 2>"$work/err")
expect_equal "DISTCC_HOSTS, both set" "--localslots_cpp=12 --randomize alpha:1,cpp,lzo beta,cpp,lzo" "$hosts"
expect_contains "both set" "DISTCC_HOSTS is ignored" "$(cat "$work/err")"

# --startup exports the hosts.
eval "$("$pump" --startup)"
expect_equal "exported" "--localslots_cpp=12 --randomize alpha:1,cpp,lzo beta,cpp,lzo" "$DISTCC_HOSTS"
"$pump" --shutdown
unset DISTCC_HOSTS INCLUDE_SERVER_PORT INCLUDE_SERVER_DIR INCLUDE_SERVER_PID

# The include server cannot start: hosts without ,cpp, and COMMAND runs.
hosts=$(INCLUDE_SERVER_ARGS=--no-such-option "$pump" sh -c 'echo "$DISTCC_HOSTS/${INCLUDE_SERVER_PORT-unset}"' 2>"$work/err")
expect_equal "unpumped" "--randomize alpha:1,lzo beta,lzo/unset" "$hosts"
expect_contains "why" "--no-such-option" "$(cat "$work/err")"

# No host answers: pump prints that, and COMMAND compiles locally.
: >"$work/answer"
echo 'int main() { return 0; }' >"$work/main.c"
"$pump" distcc gcc -c "$work/main.c" -o "$work/main.o" 2>"$work/err" || fail "no host answers: $(cat "$work/err")"
expect_contains "no host answers" "DISTCC_POTENTIAL_HOSTS" "$(cat "$work/err")"
[ -s "$work/main.o" ] || fail "nothing was compiled"

# No lsdistcc at all.
mkdir "$work/alone" && ln -s "$(readlink -f "$(command -v distcc)")" "$work/alone/distcc"
status=0
PATH=/nonexistent DISTCC_LOCATION="$work/alone" "$pump" /bin/true 2>"$work/err" || status=$?
expect_equal "no lsdistcc: exit status" 1 "$status"
expect_contains "no lsdistcc" "$work/alone" "$(cat "$work/err")"

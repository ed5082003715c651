# A clang that records its command line by default (Debian's 18) gives other objects on a server. The first unit with -g detects
# that and is compiled locally; later units with -g are compiled locally at once, those without -g on the server.
source "$(dirname "$0")/launch_lib.sh"
need clang++
mkdir -p "$work/standin" "$work/src" && cd "$work/src"
clang++ -g -grecord-command-line -c -x c++ /dev/null -o a.o 2>/dev/null || skip "this clang does not record its command line"
cat >"$work/standin/clang++" <<S
#!/bin/sh
exec $(command -v clang++) -grecord-command-line "\$@"
S
chmod 755 "$work/standin/clang++"
DISTCCD_PATH=$work/standin start_distccd
export PUMP_LINGER=2
for name in a b c d; do echo "int $name;" >$name.cc; done
compile() {
  clang++ "$@" -o local.o
  "$launch" clang++ "$@" -o a.o
  cmp local.o a.o || fail "$*: not the local object"
}
compile -g -c a.cc
expect_equal "the first unit: jobs" 1 "$(begun_jobs)"
compile -g -gz -c "$PWD/b.cc"
compile -gline-tables-only -c c.cc
expect_equal "units with -g after it: jobs" 1 "$(begun_jobs)"
expect_contains "--why" "the object records the command line" "$("$pump" --why)"
compile -c d.cc
expect_equal "without -g: jobs" 2 "$(begun_jobs)"

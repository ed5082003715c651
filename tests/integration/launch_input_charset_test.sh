# With -finput-charset the include server cannot read the source. Such a unit is compiled here unless its charset is UTF-8.
source "$(dirname "$0")/launch_lib.sh"
mkdir "$work/src" && cd "$work/src"
can_hide && DISTCCD_HIDES=$work/src
start_distccd
export PUMP_LINGER=2
printf 'const char* s = "caf\351";\n' >a.c
pump_hosts=$DISTCC_HOSTS
for DISTCC_HOSTS in "$pump_hosts" "${pump_hosts/,cpp/}"; do
  for flags in -finput-charset=latin1 "-flto=auto -ffat-lto-objects -finput-charset=ISO-8859-1" -Wp,-finput-charset=latin1; do
    # shellcheck disable=SC2086
    gcc $flags -c a.c -o local.o && "$launch" gcc $flags -c a.c -o a.o
    expect_equal "$flags: the text" "$(strings -e S local.o | grep caf)" "$(strings -e S a.o | grep caf)"
    expect_equal "$flags: jobs" 0 "$(begun_jobs)"
  done
done
DISTCC_HOSTS=$pump_hosts
gcc -finput-charset=utf-8 -c a.c -o local.o
"$launch" gcc -finput-charset=utf-8 -c a.c -o a.o
cmp local.o a.o || fail "UTF-8: objects differ"
expect_equal "UTF-8: jobs" 1 "$(begun_jobs)"

# The launcher runs before the program's other initialisers: it makes no use of what they prepare, and a compilation here
# costs it a handful of system calls.
source "$(dirname "$0")/launch_lib.sh"
need strace nm objdump readelf
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
program=$(readlink -f "$PUMP_BIN/pump")
[ "$(nm "$program" | grep -cE '__(a|t)san_init')" = 0 ] || skip "sanitizers initialise themselves first, so main dispatches"
build=$(dirname "$PUMP_BIN")
for library in launcher/libpump_launcher{,_run,_report,_decide}.a pump/session/libpump_session.a pump/hosts/libpump_hosts.a \
  pump/distcc/libpump_distcc.a pump/compilation/libpump_compilation.a pump/insight/libpump_insight.a pump/os/libpump_os.a; do
  [ -f "$build/$library" ] || skip "the libraries of the build are not at hand"
  # What is initialised when a program starts; Boost's number of cores is read by nobody here, and 0 is a fit value; so it is
  # for the number that fmt 10 and later give their locale facet.
  others=$(objdump -dr "$build/$library" 2>/dev/null | awk '/^[0-9a-f]+ </ { inside = /<_GLOBAL__sub_I/ } inside && /R_[A-Z0-9_]+\t/ { print $3 }' |
    c++filt | grep -vE 'num_core_holder|fmt::v[0-9]+::format_facet<std::locale>::id|^sysconf|^\.(text|bss|data)' || true)
  expect_equal "dynamically initialised globals in $library" "" "$others"
done
# Where the C library is one that quick_start.cc knows, the program begins there, and any other name goes on from there.
entry=$(readelf -h "$program" | awk '/Entry point/ { print $NF }')
quick=$(nm "$program" | awk '$3 == "pump_start" { print "0x" $1 }')
[ -z "$quick" ] || expect_equal "entry" "$((quick))" "$((entry))"
ln -s "$program" "$work/some-other-name"
expect_contains "by another name" "pump 1" "$("$work/some-other-name" --version)"
mkdir "$work/src" && cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc
strace -o "$work/trace" "$launch" g++ -fsyntax-only a.cc
# Between the launcher's own execve and the compiler's.
calls=$(awk '/^execve/ { ++programs; if (programs == 2) exit; next } programs == 1' "$work/trace")
! grep -q '/sys/devices/system/cpu' <<<"$calls" || fail "other initialisers ran first"
# The C library's start takes about 15; looking the compiler up takes one for each directory of PATH, in execve.
[ "$(grep -vc '^execve' <<<"$calls")" -le 30 ] || fail "more than 30 system calls: $calls"
# Tunables are for the C library's own start; it takes a few calls more, and the launcher does the same.
expect_equal "with GLIBC_TUNABLES" "" "$(GLIBC_TUNABLES=glibc.malloc.check=0 "$launch" g++ -fsyntax-only a.cc 2>&1)"
expect_contains "its own words" "pump-launch (distcc-pump)" "$("$launch" --version)"

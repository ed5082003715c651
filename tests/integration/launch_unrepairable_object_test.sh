# An object that names the server's directory where no repair reaches is compiled here, at once; from then on its file
# goes in plain mode.
source "$(dirname "$0")/launch_lib.sh"
need clang++
start_distccd
export PUMP_LINGER=2
mkdir -p "$work/src/inc" && cd "$work/src"
printf '#define VALUE 1\n' >inc/h.h
printf '#include "h.h"\nint a() { return VALUE; }\n' >a.cc
words=(clang++ -g -grecord-command-line "-I$PWD/inc" -c a.cc -o a.o)
"${words[@]}" 2>/dev/null || skip "this clang does not record its command line"
mv a.o local.o
"$launch" "${words[@]}"
cmp local.o a.o || fail "not the local object"
expect_count "jobs in pump mode" 1 pump_mode_jobs
expect_contains "--why" "names a directory of the server's that could not be replaced" "$("$pump" --why)"
rm a.o
"$launch" "${words[@]}"
if grep -q distccd_ a.o; then grep -ao '[^ ]*distccd_[^ ]*' a.o | head -3; fi
expect_equal "second time: jobs" 2 "$(begun_jobs)"
expect_equal "second time: plain" 1 "$(begun_plain_jobs)"

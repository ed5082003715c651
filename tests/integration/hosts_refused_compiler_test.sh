# A compiler that one host cannot run: its units go to the other host and do not fail; units of other compilers still use both. A
# compiler that no host has costs nobody else anything.
source "$(dirname "$0")/hosts_lib.sh"
standin "$work/no-c++" g++ "echo \"g++: fatal error: cannot execute 'cc1plus': execvp: No such file or directory\" >&2; exit 1"
start near --compilers "$work/no-c++" && start far
export DISTCC_HOSTS="$(cluster_host near) $(cluster_host far)"
make_units 16
build "C++"
expect_equal "C++: units in pump mode" 16 "$(units pump)"
expect_equal "C++: jobs of far" 16 "$(distccd_settle <(cluster_log far); pump_jobs far)"
expect_equal "near, with C++" 0 "$(pump_jobs near)"
# Units that were sent to near before the first answer came.
failed=$(failed_on near)
[ "$failed" -ge 1 ] && [ "$failed" -le 4 ] || fail "$failed units failed on near"
build "C++ again"
expect_equal "C++ again: units in pump mode" 16 "$(units pump)"
expect_equal "C++ again: failures on near" "$failed" "$(failed_on near)"
rm build.ninja
make_units 16 gcc c
build "C"
expect_equal "C: units in pump mode" 16 "$(units pump)"
[ "$(pump_jobs near)" -gt 0 ] || fail "near is not used for C"

# A name that distccd does not allow.
mkdir "$work/bin" && ln -s "$(command -v g++)" "$work/bin/mpicxx"
export PATH=$work/bin:$PATH
unset DISTCC_FALLBACK
rm build.ninja
make_units 8 mpicxx m && make_units 8 g++ x
build "with mpicxx"
expect_equal "with mpicxx: units in pump mode" 8 "$(units pump)"
expect_equal "with mpicxx: units compiled here" 8 "$(units local)"
grep '"outcome":"local"' "$XDG_STATE_HOME"/*/records.jsonl | grep -vc '"source":"m[0-9]*.cc"' >"$work/others" || true
expect_equal "other units compiled here" 0 "$(cat "$work/others")"
rm -f m1.o && "$launch" mpicxx -O1 -c m1.cc -o m1.o
expect_here "mpicxx" compiler-refused
expect_contains "mpicxx" 'mpicxx' "$(recorded detail)"

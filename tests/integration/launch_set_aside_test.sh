# A file that fails remotely and compiles locally is set aside: the next build compiles it here at once;
# all others stay in pump mode; an edit of a file that it includes ends that. An error in the source sets nothing
# aside.
source "$(dirname "$0")/launch_lib.sh"
# The server's compiler fails by the name of the source or an option.
mkdir -p "$work/server" "$work/src/inc"
chmod 755 "$work/server"
for name in g++ x86_64-linux-gnu-g++; do
  cat >"$work/server/$name" <<C
#!/bin/sh
case "\$*" in
*distccd_*bad.cc* | *bad.cc* | *-fno-common*) echo "the server's compiler does not like it" >&2; exit 1 ;;
esac
exec /usr/bin/g++ "\$@"
C
  chmod 755 "$work/server/$name"
done
DISTCCD_PATH=$work/server start_distccd
unset DISTCC_FALLBACK
export PUMP_LINGER=2
cd "$work/src"
printf '#pragma once\n#define VALUE 1\n' >inc/h.h
printf '#include "inc/h.h"\nint bad() { return VALUE; }\n' >bad.cc
printf '#include "inc/h.h"\nint good() { return VALUE; }\n' >good.cc
entries() { find "$work/run" -path '*/set-aside/*' -type f | wc -l; }
# build WHAT PUMP FAILED: compiles both files, with these numbers of new jobs.
pump_before=0 failed_before=0
build() {
  local output
  rm -f ./*.o
  for file in bad good; do
    output=$("$launch" g++ $flags -c $file.cc -o $file.o 2>&1) || fail "$1: $file.cc: $output"
    expect_equal "$1: output of $file.cc" "" "$output"
    g++ $flags -c $file.cc -o local.o
    cmp local.o $file.o || fail "$1: $file.o"
  done
  pump_before=$((pump_before + $2)) failed_before=$((failed_before + $3))
  expect_count "$1: jobs in pump mode" $pump_before pump_mode_jobs
  expect_count "$1: failed jobs" $failed_before failed_jobs
}
flags=
build "first build" 2 1 # one asks the host for its compiler's version
expect_equal "first build: set aside" 1 "$(entries)"
build "second build" 1 0
build "third build" 1 0
printf '#pragma once\n#define VALUE 2\n' >inc/h.h
build "after an edit of the header" 1 1
build "the build after that" 1 0

# The same file with other flags is another unit.
ln -f good.cc ok.cc
compile_bad() { "$launch" g++ -fno-common -c good.cc -o good.o; }
failed_before=$(failed_jobs) jobs=$(begun_jobs)
compile_bad
expect_here "with an option that the server does not like" remote-failed $((jobs + 1))
expect_contains "the server's words" "does not like it" "$(recorded detail)"
expect_count "it failed" $((failed_before + 1)) failed_jobs
compile_bad
expect_here "none after that" set-aside $((jobs + 1))
"$launch" g++ -c good.cc -o good.o
expect_equal "without the option" pump "$(recorded_outcome)"

# An error in the source fails remotely and locally. The host stays in use.
set_aside=$(entries)
printf 'int wrong() { return undeclared; }\n' >wrong.cc
if "$launch" g++ -c wrong.cc -o wrong.o 2>"$work/err"; then fail "an error compiles"; fi
expect_contains "the error" "undeclared" "$(cat "$work/err")"
expect_equal "set aside after an error" "$set_aside" "$(entries)"
jobs=$(begun_jobs)
"$launch" g++ -c ok.cc -o ok.o
expect_equal "jobs after an error" $((jobs + 1)) "$(begun_jobs)"

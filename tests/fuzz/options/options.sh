# Compares remote with local compilation over the options of compilers (options.cc has the arguments):
#   PUMP_BIN=build/release/bin PUMP_SOURCE=$PWD bash tests/fuzz/options/options.sh --alone --pairs 2000 --seed 7
# Without arguments, the part that the test suite runs: the options that once failed, and a sample of the others.
# Starts a distccd that does not see the project. distccd's log is in the directory that KEEP=1 keeps.
set -eu
source "$PUMP_SOURCE/tests/integration/lib.sh"
can_hide || skip "no mount namespaces here: the server would see the project"
start_distccd
unset DISTCC_FALLBACK
# The session's server starts here and not in a directory for temporary files that is watched (project.h).
export PUMP_LINGER=60
echo 'int x;' >"$work/first.c"
"$launch" gcc -c "$work/first.c" -o "$work/first.o"
compilers=()
for compiler in gcc clang; do
  command -v $compiler >/dev/null && compilers+=(--compiler $compiler)
done
[ $# -gt 0 ] || set -- "${compilers[@]}" --faults --alone --stride 240
mkdir "$work/options"
status=0
"$PUMP_BIN/differential_options" --launcher "$launch" --scratch "$work/options" "$@" || status=$?
# Cleanup prints logs after a failure; here they say nothing.
[ $status = 0 ] || rm -f "$distccd_log"
exit $status

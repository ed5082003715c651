#!/usr/bin/env bash
# Runs every case of case files against an include server and a distccd that it starts.
#   run_cases.sh [--gcc GCC] [--clang CLANG] FILE...    with PUMP_BIN and PUMP_SOURCE as for the integration tests
# GCC and CLANG (also: ORACLE_GCC, ORACLE_CLANG) are the C drivers of two compilers; gcc-16 stands for g++-16, too.
# ORACLE_ONLY: runs whose label contains this text. ORACLE_JOBS: runs at once (2). ORACLE_VERBOSE=1, KEEP=1.
# All files with other compilers: ORACLE_GCC=gcc-16 ORACLE_CLANG=clang-23 ctest --test-dir build/release -R oracle
source "$PUMP_SOURCE/tests/integration/lib.sh"
gcc=${ORACLE_GCC:-gcc} clang=${ORACLE_CLANG:-clang}
while :; do
  case ${1:-} in
    --gcc) gcc=$2 ;;
    --clang) clang=$2 ;;
    *) break ;;
  esac
  shift 2
done
need strace "$gcc" distcc distccd
strace -qq -e trace=none true 2>/dev/null || skip "strace may not trace here"
mkdir -p "$work/include_server" "$work/cases"
start_distccd 8
socket=$work/include_server/socket
"$PUMP_BIN/pump-include-server" --port "$socket" --pid_file "$work/include_server/pid" \
  2>"$work/include_server/log" || { cat "$work/include_server/log" >&2; fail "the include server did not start"; }
children+=("$(cat "$work/include_server/pid")")
"$PUMP_BIN/case_runner" --socket "$socket" --gcc "$gcc" --clang "$clang" --scratch "$work/cases" --jobs "${ORACLE_JOBS:-2}" ${KEEP:+--keep} \
  ${ORACLE_ONLY:+--only "$ORACLE_ONLY"} ${ORACLE_VERBOSE:+--verbose} "$@"
command -v "$clang" >/dev/null || skip "$clang is not installed; only gcc ran"

#!/usr/bin/env bash
# Compiles every run of case files here and through pump-launch, and compares object, messages, dependency file and exit code.
# distccd does not see the projects.
#   run_same.sh [--gcc GCC] [--clang CLANG] [--absolute] [--add WORD]... FILE...    with PUMP_BIN and PUMP_SOURCE
# --absolute: with absolute names of the source and of header directories. ORACLE_ONLY, ORACLE_JOBS, ORACLE_VERBOSE, KEEP: as
# for run_cases.sh. SAME_LOCALE: the locale here (C.UTF-8); distccd's is C.
source "$PUMP_SOURCE/tests/integration/lib.sh"
options=(--gcc "${ORACLE_GCC:-gcc}" --clang "${ORACLE_CLANG:-clang}")
while :; do
  case ${1:-} in
    --gcc | --clang | --add) options+=("$1" "$2") && shift 2 ;;
    --absolute) options+=("$1") && shift ;;
    *) break ;;
  esac
done
mkdir "$work/cases"
start_distccd 8
export DISTCC_FALLBACK=1 PUMP_LINGER=2 LC_ALL=${SAME_LOCALE:-C.UTF-8}
status=0
"$PUMP_BIN/case_runner" --launcher "$launch" --scratch "$work/cases" --jobs "${ORACLE_JOBS:-2}" "${options[@]}" ${KEEP:+--keep} \
  ${ORACLE_ONLY:+--only "$ORACLE_ONLY"} ${ORACLE_VERBOSE:+--verbose} "$@" || status=$?
# The outcomes: how many were compiled on the host, and why others were not.
sed -E 's/.*"outcome":"([a-z]+)".*/\1/' "$XDG_STATE_HOME"/*/records.jsonl | sort | uniq -c
"$pump" --why | grep -E '^ +[0-9]+ ' || true
exit $status

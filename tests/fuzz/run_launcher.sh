#!/usr/bin/env bash
# Random projects, compiled here and through pump-launch on a distccd that does not see them: object, messages, dependency file
# and exit code are compared.
#   PUMP_BIN=build/release/bin PUMP_SOURCE=. tests/fuzz/run_launcher.sh [WORD...]      WORDs: for differential, for example
#     --seeds 1-300 --absolute --add -Wall --add -Wextra --add -g
# SAME_LOCALE: the locale here (C.UTF-8); distccd's is C.
source "$PUMP_SOURCE/tests/integration/lib.sh"
mkdir "$work/projects"
start_distccd 8
export DISTCC_FALLBACK=1 PUMP_LINGER=2 LC_ALL=${SAME_LOCALE:-C.UTF-8}
status=0
"$PUMP_BIN/differential" --launcher "$launch" --scratch "$work/projects" "$@" || status=$?
sed -E 's/.*"outcome":"([a-z]+)".*/\1/' "$XDG_STATE_HOME"/*/records.jsonl | sort | uniq -c
"$pump" --why | grep -E '^ +[0-9]+ ' || true
exit $status

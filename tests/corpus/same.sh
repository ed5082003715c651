#!/usr/bin/env bash
# Compiles the units of a real project here and through pump-launch, on a distccd that does not see the project: objects,
# messages, dependency files and exit codes are compared. Says how many were compiled on the host, and why others were not.
#   PUMP_BIN=build/release/bin PUMP_SOURCE=. tests/corpus/same.sh SOURCE [WORD...] [-- CMAKE_OPTION...]
# SOURCE: a directory with a CMakeLists.txt, or a compile_commands.json. WORDs: for same_units, for example
#   --sample 40 --add -Wall --add -Wextra
# SAME_LOCALE: the locale here (C.UTF-8); distccd's is C.
source "$PUMP_SOURCE/tests/integration/lib.sh"
project=$(realpath "$1")
shift
words=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do words+=("$1") && shift; done
[ $# -eq 0 ] || shift
commands=$project
if [ -d "$project" ]; then
  commands=$work/build/compile_commands.json
  cmake -S "$project" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" \
    >"$work/configure" 2>&1 || fail "$(tail -n 30 "$work/configure")"
  DISTCCD_HIDES=("$project")
else
  mapfile -t DISTCCD_HIDES < <(sed -nE 's/^ *"directory": "(.*)",$/\1/p; s/^ *"file": "(.*)\/[^/]*",?$/\1/p' "$commands" | sort -u)
fi
start_distccd 8
export DISTCC_FALLBACK=1 PUMP_LINGER=2 LC_ALL=${SAME_LOCALE:-C.UTF-8}
status=0
"$PUMP_BIN/same_units" "$launch" "$commands" "$work/outputs" "${words[@]}" || status=$?
sed -E 's/.*"outcome":"([a-z]+)".*/\1/' "$XDG_STATE_HOME"/*/records.jsonl | sort | uniq -c
"$pump" --why | grep -E '^ +[0-9]+ ' || true
exit $status

# Every source is formatted as clang-format 14 formats it. Other versions of clang-format give other results.
source "$(dirname "$0")/lib.sh"
formatter=
for program in clang-format-14 clang-format; do
  case $("$program" --version 2>/dev/null || true) in *"version 14."*) formatter=$program && break ;; esac
done
[ -n "$formatter" ] || skip "clang-format 14 is not installed"

# badly_formatted TOP: the sources below TOP that clang-format would change, one a line.
badly_formatted() {
  (cd "$1" && find launcher pump tests -path tests/corpus -prune -o -type f \( -name '*.cc' -o -name '*.h' \) -print0 |
    xargs -0 -n 50 "$formatter" --dry-run -Werror 2>&1 || true) | sed -nE 's/^([^:]+):[0-9]+:[0-9]+: error: .*-Wclang-format.*/\1/p' | sort -u
}
found=$(badly_formatted "$PUMP_SOURCE")
[ -z "$found" ] || fail "to be formatted with $formatter -i:"$'\n'"$found"

# Positive control: faults in a source and in a header are found.
mkdir -p "$work/top/launcher" "$work/top/pump/os" "$work/top/tests/corpus"
cp "$PUMP_SOURCE/.clang-format" "$work/top"
printf 'int  f( ) {return 1 ;}\n' | tee "$work/top/pump/os/bad.cc" "$work/top/launcher/bad.h" >"$work/top/tests/corpus/ignored.cc"
printf 'int x = 1;\n' >"$work/top/tests/good.cc"
expect_equal "planted faults" $'launcher/bad.h\npump/os/bad.cc' "$(badly_formatted "$work/top")"

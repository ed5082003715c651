# tests/run.sh fails if a test is skipped for a reason that tests/expected_skips.txt does not list.
source "$(dirname "$0")/lib.sh"
need perl
testcase() { printf '<testcase name="%s" classname="x" time="0" status="%s">%s<system-out>%s\n</system-out></testcase>\n' "$@"; }
{
  testcase unit.a run '' ok
  testcase integration.as_root notrun '<skipped message="SKIP_RETURN_CODE=77"/>' 'skipped: needs root &amp; more'
  testcase 'unit.b  # GetParam() = &quot;g++&quot;' notrun '<skipped message="x"/>' 'b.cc:1: Skipped&#10;'
} >"$work/results.xml"
printf '# why\n\n* needs root & more\nunit.b b.cc:1\n' >"$work/all"
printf 'integration.as_root needs root & less\nunit.c b.cc\nunit.b b.cc\n' >"$work/other_reason"
printf 'unit.*  needs root\nunit.b b.cc\n' >"$work/other_test"
skips() { perl "$PUMP_SOURCE/tests/shell/skips.pl" "$work/results.xml" "$1" 2>&1; }
expect_equal "all are listed" "== 1 tests passed, 0 failed, 2 skipped" "$(skips "$work/all")"
for list in other_reason other_test; do
  ! skips "$work/$list" >"$work/report" || fail "$list: passes"
  expect_contains "$list: names the test" "integration.as_root: skipped: needs root" "$(cat "$work/report")"
done

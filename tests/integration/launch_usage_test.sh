# pump-launch without a compiler prints its usage; exit statuses distinguish errors.
source "$(dirname "$0")/launch_lib.sh"
status=0; "$launch" >"$work/out" 2>"$work/err" || status=$?
expect_equal "status without arguments" 2 $status
expect_equal "stdout without arguments" "" "$(cat "$work/out")"
expect_contains "stderr without arguments" "Usage: pump-launch COMPILER" "$(cat "$work/err")"
expect_contains "--help" "Usage: pump-launch COMPILER" "$("$launch" --help 2>&1)"
expect_contains "--version" "pump-launch" "$("$launch" --version)"
status=0; "$launch" --nonsense 2>"$work/err" || status=$?
expect_equal "status of an unknown option" 2 $status
expect_contains "unknown option" "--nonsense" "$(cat "$work/err")"
status=0; "$launch" no-such-compiler -c x.cc 2>"$work/err" || status=$?
expect_equal "status of a missing compiler" 127 $status
expect_contains "missing compiler" "no-such-compiler" "$(cat "$work/err")"
touch "$work/not-executable"
status=0; "$launch" "$work/not-executable" 2>/dev/null || status=$?
expect_equal "status of a file that is not executable" 126 $status

# Another launcher is never overridden: it is kept, and a message names it; EXISTING REPLACE replaces it; with REQUIRED a kept one
# is an error. A pump-launch that the user set by -D is used unchanged.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
printf '#!/bin/sh\necho called >>%s\nexec "$@"\n' "$work/other-calls" >"$work/other" && chmod +x "$work/other"
: >"$work/other-calls"
configure "$work/keep" -DCMAKE_CXX_COMPILER_LAUNCHER="$work/other"
expect_contains "kept" "CXX: its launcher \"$work/other\" is kept" "$(status_line)"
build "$work/keep"
expect_pump_mode 0
expect_equal "calls of the user's launcher" 2 "$(wc -l <"$work/other-calls")"

sed -i 's/^find_package.*/&\ndistcc_pump_enable(EXISTING REPLACE)/' "$source/CMakeLists.txt"
configure "$work/replace" -DCMAKE_CXX_COMPILER_LAUNCHER="$work/other"
build "$work/replace"
expect_pump_mode 2
expect_equal "calls of the replaced launcher" 2 "$(wc -l <"$work/other-calls")"

sed -i 's/^distcc_pump_enable.*/distcc_pump_enable(REQUIRED)/' "$source/CMakeLists.txt"
! try_configure "$work/required" -DCMAKE_CXX_COMPILER_LAUNCHER="$work/other" || fail "REQUIRED: accepted"
expect_output "is kept (distcc_pump_enable(EXISTING REPLACE) takes its place)"

cp "$examples/minimal/CMakeLists.txt" "$source/"
PATH=$prefix/bin:$PATH configure "$work/ours" -DCMAKE_CXX_COMPILER_LAUNCHER=pump-launch
PATH=$prefix/bin:$PATH build "$work/ours"
expect_pump_mode 4
# The launcher is part of every command line, so it must stay as the user wrote it, or everything would be rebuilt.
grep -qE '(^|[ =])pump-launch ' "$work/ours/CMakeFiles/rules.ninja" "$work/ours/build.ninja" || fail "the launcher's spelling was changed"

# The man pages are installed, without warnings from mandoc and groff, and name every option and variable that --help names.
source "$(dirname "$0")/package_lib.sh"
need mandoc man groff
for page in pump pump-launch; do
  file=$PUMP_PREFIX/share/man/man1/$page.1
  [ -r "$file" ] || fail "$page(1) is not installed"
  # Whether a referenced page exists depends on the machine.
  output=$(mandoc -T lint -W all "$file" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db' || true)
  expect_equal "mandoc on $page(1)" "" "$output"
  expect_equal "groff on $page(1)" "" "$(man --warnings -E UTF-8 -l -Tutf8 -Z "$file" 2>&1 >/dev/null)"
done
text=$(mandoc -T ascii "$PUMP_PREFIX/share/man/man1/pump.1" | col -bx)
words=$("$pump" --help | grep -oE -- '^  (-h, )?--[a-z-]+|^  [A-Z_]{6,}(, [A-Z_]+)?' | tr -d ',' | sort -u)
for word in $words; do expect_contains "pump(1)" "$word" "$text"; done
[ "$(wc -w <<<"$words")" -gt 15 ] || fail "--help was not understood: $words"

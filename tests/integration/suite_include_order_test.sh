# No source includes a header against the order of directories in ARCHITECTURE.md.
source "$(dirname "$0")/lib.sh"
need perl
order() { perl "$PUMP_SOURCE/tests/shell/include_order.pl" "$1" 2>&1; }
order "$PUMP_SOURCE" >"$work/faults" || fail "$(cat "$work/faults")"
# Positive control: planted faults are found.
planted() { # FILE LINE FAULT
  rm -rf "$work/tree" && mkdir "$work/tree"
  cp -r "$PUMP_SOURCE/ARCHITECTURE.md" "$PUMP_SOURCE/launcher" "$PUMP_SOURCE/pump" "$work/tree"
  mkdir -p "$work/tree/$(dirname "$1")"
  printf '%s\n' "$2" >>"$work/tree/$1"
  ! order "$work/tree" >"$work/faults" || fail "$1 with $2: passes"
  expect_equal "$1 with $2" "$3" "$(grep -v '^==' "$work/faults")"
}
lexer=pump/include_server/lexer/token.h
unit=pump/include_server/unit/translation_unit.h
planted "$lexer" "#include \"$unit\"" "$lexer: includes $unit, which is higher"
planted "$lexer" '# include "../unit/translation_unit.h"' "$lexer: includes $unit, which is higher"
planted pump/os/error.h '#include <launcher/launcher.h>' 'pump/os/error.h: includes launcher/launcher.h, which is higher'
planted launcher/launcher.cc '#include "pump/include_server/support/log.h"' \
  'launcher/launcher.cc: includes pump/include_server/support/log.h, which it does not know'
planted pump/new/x.h '' 'pump/new/x.h: pump/new is not in the table'

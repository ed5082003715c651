#!/usr/bin/env bash
# Runs clang-tidy 14 on every source below launcher/ and pump/, and fails if it finds something.
#   tests/lint.sh [--all] [SOURCE...]
# .clang-tidy lists the checks. The slowest of them run only with --all: CI has two cores and about six minutes.
# Needs build/release/compile_commands.json: configure the preset release first (tests/run.sh does).
# Debian 13 and later have no clang-tidy 14, and other versions find other things: there, nothing is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/shell/packages.sh
# shellcheck disable=SC2086
want_packages $lint_packages
# Of 17 s of CPU for a source that includes much, the static analyzer takes 11 and the three others take 2.
slow_checks=-clang-analyzer-*,-bugprone-reserved-identifier,-bugprone-use-after-move,-bugprone-stringview-nullptr
checks=$slow_checks
if [ "${1:-}" = --all ]; then
  checks=
  shift
fi
linter=
for program in clang-tidy-14 clang-tidy; do
  case $("$program" --version 2>/dev/null || true) in *"version 14."*) linter=$program && break ;; esac
done
[ -n "$linter" ] || { echo "lint: clang-tidy 14 is not installed; nothing was checked"; exit 0; }
[ -f build/release/compile_commands.json ] || { echo "lint: run first: cmake --preset release" >&2; exit 2; }
lint() { "$linter" --quiet --warnings-as-errors='*' --checks="$checks" "$@" 2>/dev/null; }

# Positive control: a planted fault is found with this configuration.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
printf '#include <string>\nbool empty(const std::string& text) { return text.size() == 0; }\n' >"$planted/planted.cc"
case $(lint --config-file=.clang-tidy "$planted/planted.cc" -- -std=c++20 || true) in
  *readability-container-size-empty*) ;;
  *) echo "lint: a planted fault was not found; does $linter run?" >&2; exit 2 ;;
esac

sources=("$@")
[ ${#sources[@]} -gt 0 ] || mapfile -t sources < <(find launcher pump -name '*.cc' | LC_ALL=C sort)
export linter checks
export -f lint
status=0
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'lint -p build/release "$1"' lint || status=1
echo "== clang-tidy: ${#sources[@]} sources checked"
exit $status

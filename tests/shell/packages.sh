# Sourced: installs missing Debian packages and prints their names.
#
# need_packages PACKAGE...   as root, or through sudo. An error names the command to run as root.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" || return
  complete_compiler_links
}

install_packages() {
  local missing=("$@")
  echo "== installing: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "Missing packages, and neither root nor sudo. Run as root: apt-get install ${missing[*]}" >&2
      return 1
    }
    as_root=(sudo)
  fi
  # The package list is refreshed only if the first attempt fails: most machines do not need it.
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
    -o Acquire::Retries=3 --no-install-recommends)
  "${apt[@]}" install "${missing[@]}" >/dev/null 2>&1 || {
    "${apt[@]}" update >/dev/null
    "${apt[@]}" install "${missing[@]}" >/dev/null
  } || {
    echo "Could not install: ${missing[*]}. Try: apt-get update && apt-get install ${missing[*]}" >&2
    return 1
  }
}

# distccd runs only compilers that have a link in /usr/lib/distcc. The package creates the links when it is configured. If one
# apt-get installs it together with g++, that may be before cc and c++ exist: then they have no links, and distccd refuses
# CMake's /usr/bin/c++.
complete_compiler_links() {
  local name missing=() as_root=()
  [ -d /usr/lib/distcc ] && [ -x /usr/sbin/update-distcc-symlinks ] || return 0
  for name in cc c++ gcc g++ clang clang++; do
    [ ! -x "/usr/bin/$name" ] || [ -e "/usr/lib/distcc/$name" ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "== update-distcc-symlinks: no links for ${missing[*]}"
  [ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null || as_root=(sudo)
  "${as_root[@]}" /usr/sbin/update-distcc-symlinks ||
    echo "distccd on this machine will refuse ${missing[*]}. Run as root: update-distcc-symlinks" >&2
}

# want_packages PACKAGE...   installs those of them that this distribution has. The others are no error: the tests that
# need them are skipped.
want_packages() {
  local available=() package
  for package in "$@"; do
    apt-cache show --no-all-versions "$package" >/dev/null 2>&1 && available+=("$package")
  done
  need_packages "${available[@]}"
}

# What the project is built with, and what it runs with.
build_packages="g++ cmake ninja-build make libboost-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev
  robin-map-dev libxxhash-dev libexpected-dev liblzo2-dev zlib1g-dev libzstd-dev libgtest-dev libgmock-dev googletest"
run_packages="distcc"
# What the tests use in addition. A test whose tool is missing skips and prints the tool's name.
test_packages="distcc-pump clang strace zsh ksh ccache gdb lsof procps python3 libc-bin
  mandoc man-db bsdextrautils bash-completion bindfs e2fsprogs iproute2"
# For want_packages: Debian 12 has this version, Debian 13 and sid do not. Other versions format differently.
format_packages="clang-format-14"
lint_packages="clang-tidy-14"

# Sourced: installs Debian packages that are missing, and says so. Nothing to do where all are present.
#
# need_packages PACKAGE...   as root, or through sudo; an error names the line to run by hand.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "== installing: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "Missing packages, and neither root nor sudo. Run as root: apt-get install ${missing[*]}" >&2
      return 1
    }
    as_root=(sudo)
  fi
  # An old package list is refreshed only when the first try fails: most machines need no refresh.
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

# What the project is built with, and what it runs with.
build_packages="g++ cmake ninja-build make libboost-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev
  robin-map-dev libxxhash-dev libexpected-dev liblzo2-dev zlib1g-dev libgtest-dev libgmock-dev googletest"
run_packages="distcc"
# What the test suite uses beside that; a test whose tool is missing skips and says so.
test_packages="distcc-pump clang strace zsh ksh ccache gdb lsof procps python3 libc-bin
  mandoc man-db bsdextrautils bash-completion bindfs e2fsprogs"

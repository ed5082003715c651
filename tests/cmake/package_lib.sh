# Sourced by the tests of the CMake package in place of lib.sh: projects that use the *installed* package, with a distccd on
# loopback. PUMP_CMAKE (default: the cmake on PATH) configures and builds everything.
#
#   PUMP_PREFIX  the prefix of the installed package; each test uses a copy of it, whose pump-launch counts its calls
source "$(dirname "${BASH_SOURCE[0]}")/../integration/launch_lib.sh"
: "${PUMP_PREFIX:?prefix of the installed package}"
need cmake ninja make distccd distcc
if [ -n "${PUMP_CMAKE:-}" ]; then
  PATH=$(dirname "$PUMP_CMAKE"):$PATH
fi
unset CMAKE_PREFIX_PATH CMAKE_GENERATOR CMAKE_BUILD_PARALLEL_LEVEL CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER \
  CC CXX CFLAGS CXXFLAGS LDFLAGS NINJA_STATUS CMAKE_BUILD_TYPE DistccPump_DIR DistccPump_ROOT
export PUMP_LINGER=5
examples=$PUMP_SOURCE/examples

# The relocated package with a wrapped launcher.
prefix=$work/prefix
calls=$work/launcher-calls
cp -a "$PUMP_PREFIX" "$prefix"
rm "$prefix/bin/pump-launch"
printf '#!/bin/sh\necho "$*" >>%s\nexec %s "$@"\n' "$calls" "$PUMP_PREFIX/bin/pump-launch" >"$prefix/bin/pump-launch"
chmod +x "$prefix/bin/pump-launch"
: >"$calls"
launcher_calls() { wc -l <"$calls"; }

# start_cluster [JOBS]: a distccd; sets $cluster, and no environment variable, so that the package has to provide the host.
start_cluster() {
  start_distccd "$@"
  cluster=$DISTCC_HOSTS
  unset DISTCC_HOSTS
}

# example NAME: copies an example to $source.
example() {
  source=$work/$1
  cp -a "$examples/$1" "$source"
}

# configure BUILD [ARGUMENT...]: configures $source with the package on CMAKE_PREFIX_PATH, the cluster as hosts and $generator
# (Ninja). The output is in $configured. Fails if the launcher was called or a server started.
generator=Ninja
configure() {
  local build=$1 before
  shift
  before=$(launcher_calls)
  try_configure "$build" "$@" || fail "configure: $configured"
  expect_equal "launcher calls at configure time" "$before" "$(launcher_calls)"
  [ "$before" -gt 0 ] || expect_equal "servers at configure time" "" "$(server_pids)"
}
try_configure() {
  local build=$1 status=0
  shift
  configured=$(cmake -S "$source" -B "$build" -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" \
    ${cluster:+"-DDISTCC_PUMP_HOSTS=$cluster"} "$@" 2>&1) || status=$?
  return $status
}
# build BUILD [ARGUMENT...]: sets $built to the output.
build() {
  local directory=$1
  shift
  built=$(timeout 120 cmake --build "$directory" -j4 "$@" 2>&1) || fail "build: $built"
}

# expect_pump_mode NUMBER: the number of compilations on the server so far, all in pump mode.
expect_pump_mode() {
  expect_count "compilations in pump mode" "$1" pump_mode_jobs
  expect_equal "compilations in plain mode" 0 "$(begun_plain_jobs)"
  expect_equal "compilations begun on the server" "$1" "$(begun_jobs)"
}

# expect_settled BUILD [ARGUMENT...]: after another configure, a build has nothing to do.
expect_settled() {
  local before directory=$1
  before=$(launcher_calls)
  configure "$@"
  build "$directory"
  expect_equal "launcher calls of a build after a second configure" "$before" "$(launcher_calls)"
}

# runs PROGRAM...: fails unless it exits with 0.
runs() { "$@" >"$work/ran" || fail "$* failed: $(cat "$work/ran")"; }

# status_line: the package's line of output.
status_line() { grep -- '^-- DistccPump' <<<"$configured" || true; }
# expect_output TEXT: the output contains TEXT, however cmake has wrapped it.
expect_output() { expect_contains "cmake's output" "$1" "$(tr -s ' \n' ' ' <<<"$configured")"; }
warnings() { grep -c 'CMake Warning' <<<"$configured" || true; }

# generator_round GENERATOR PROGRAM: builds the minimal example until there is nothing to do, also after a change of hosts.
generator_round() {
  local build="$work/build"
  generator=$1
  start_cluster 4
  example minimal
  configure "$build"
  expect_equal "status lines" 1 "$(status_line | wc -l)"
  expect_contains "status" "CXX, hosts: 1 from DISTCC_PUMP_HOSTS (4 jobs)" "$(status_line)"
  expect_equal "warnings" 0 "$(warnings)"
  build "$build"
  expect_pump_mode 2
  runs "$build/$2"
  expect_equal "the program" "compiled elsewhere" "$(cat "$work/ran")"
  expect_settled "$build"
  expect_settled "$build" -DDISTCC_PUMP_HOSTS="127.0.0.1:1/9,cpp,lzo"
  expect_contains "other hosts" "(9 jobs)" "$(status_line)"
  expect_contains "other hosts' file" "127.0.0.1:1/9" "$(cat "$build/distcc-pump.conf")"
  expect_equal "compilations through the launcher" 2 "$(grep -c -- ' -c ' "$calls")"
}

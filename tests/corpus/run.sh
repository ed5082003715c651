#!/usr/bin/env bash
# Builds real projects through pump: every translation unit is compiled remotely in pump mode, every file that the compiler's
# -M names is in the include server's reply, and objects equal local ones.
#   tests/corpus/run.sh [--gcc GCC | --clang CLANG] [PROJECT...]
# The compiler is cc, or the one with the given C driver; gcc-16 stands for g++-16, too.
# Projects: googletest fmtlib leveldb re2 boost (the default); also: protobuf rocksdb
# Sources come from `apt-get source` (the original tarballs) and stay in $CORPUS_DIR (default build/corpus).
# SAMPLE=N compiles only N units of each, spread over the project; the closures of all units are checked.
# Not part of CI: it downloads, and protobuf and rocksdb take long. Exits with 1 if a project fails.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
source tests/shell/packages.sh
source tests/shell/distccd.sh
source tests/shell/processes.sh
compiler=()
while :; do
  case ${1:-} in
    --gcc) compiler=(-DCMAKE_C_COMPILER="$2" -DCMAKE_CXX_COMPILER="${2/gcc/g++}") ;;
    --clang) compiler=(-DCMAKE_C_COMPILER="$2" -DCMAKE_CXX_COMPILER="${2/clang/clang++}") ;;
    *) break ;;
  esac
  shift 2
done
projects=("$@")
[ $# -gt 0 ] || projects=(googletest fmtlib leveldb re2 boost)
store=${CORPUS_DIR:-$top/build/corpus}
bin=${PUMP_BIN:-$top/build/release/bin}
mkdir -p "$store"
DISTCCD_HIDES=("$store" /usr/src/googletest)

# shellcheck disable=SC2086
need_packages $build_packages $run_packages dpkg-dev libboost-dev
if [ ! -x "$bin/closure_check" ] || [ ! -x "$bin/drive" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target pump closure_check drive -- --quiet
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/pump-corpus.XXXXXX")
chmod 711 "$work"  # distccd runs as another user and writes its log below
cleanup() {
  local status=$?
  trap - EXIT
  kill ${server_pid:-} $(session_servers_of "$work") 2>/dev/null || true
  distccd_stop
  [ -n "${KEEP:-}" ] || remove_tree "$work" || true
  exit $status
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# apt with the machine's package sources, "deb" replaced by "deb-src", in $work: the machine is not changed.
apt_source() {
  local lists=$work/apt
  local apt_options=(-qq -o "Dir::Etc::sourcelist=$lists/sources.list" -o "Dir::Etc::sourceparts=$lists/parts"
    -o "Dir::State::lists=$lists/lists" -o APT::Sandbox::User=root)
  if [ ! -d "$lists" ]; then
    mkdir -p "$lists/parts" "$lists/lists"
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list 2>/dev/null >"$lists/sources.list" || true
    for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources; do
      [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/parts/$(basename "$file")"
    done
    apt-get "${apt_options[@]}" update
  fi
  (cd "$store" && apt-get "${apt_options[@]}" source --download-only --tar-only "$1" >/dev/null)
}

# Adds parts that Debian's tarballs lack: fmtlib's bundled googletest (replaced by the system's), re2's generated tables.
prepare() {
  case $1 in
    fmtlib)
      [ ! -d "$2/test/gtest" ] || return 0
      mkdir "$2/test/gtest"
      printf '%s\n' 'find_package(GTest REQUIRED)' 'add_library(gtest INTERFACE)' \
        'target_link_libraries(gtest INTERFACE GTest::gmock GTest::gtest)' >"$2/test/gtest/CMakeLists.txt"
      ;;
    re2)
      [ ! -f "$2/re2/perl_groups.cc" ] || return 0
      need_packages unicode-data python3 python3-six >&2
      sed -i 's!^_UNICODE_DIR = .*!_UNICODE_DIR = "/usr/share/unicode"!' "$2/re2/unicode.py"
      (cd "$2/re2" && perl make_perl_groups.pl >perl_groups.part && mv perl_groups.part perl_groups.cc &&
        for table in casefold groups; do
          /usr/bin/python3 make_unicode_$table.py >unicode_$table.part && mv unicode_$table.part unicode_$table.cc
        done)
      ;;
  esac
}

# source_of PROJECT: prints its source directory; downloads it the first time.
source_of() {
  local project=$1 tarball
  case $project in
    googletest) echo /usr/src/googletest; return ;;
    boost) boost_project; echo "$store/boost"; return ;;
  esac
  if [ ! -d "$store/$project" ]; then
    apt_source "$project" >&2
    tarball=$(ls "$store/$project"_*.orig.tar.* | head -1)
    mkdir "$store/$project.part" && tar -xf "$tarball" -C "$store/$project.part" --strip-components=1
    mv "$store/$project.part" "$store/$project"
  fi
  prepare "$project" "$store/$project"
  echo "$store/$project"
}

# A project with thirty of Boost's largest headers. All of Boost is copied into it, so that nothing is a system header.
boost_project() {
  [ ! -d "$store/boost" ] || return 0
  local part=$store/boost.part header name
  rm -rf "$part" && mkdir -p "$part/include" && cp -rL /usr/include/boost "$part/include/"
  local headers=(spirit/include/qi.hpp spirit/include/karma.hpp spirit/include/lex.hpp spirit/include/phoenix.hpp
    phoenix.hpp fusion/include/all.hpp fusion/include/vector.hpp mpl/vector.hpp mpl/map.hpp mpl/list/list50.hpp
    asio.hpp multi_index_container.hpp graph/adjacency_list.hpp graph/dijkstra_shortest_paths.hpp
    numeric/ublas/matrix.hpp geometry.hpp proto/proto.hpp xpressive/xpressive.hpp msm/back/state_machine.hpp
    variant.hpp function.hpp bind/bind.hpp signals2.hpp property_tree/ptree.hpp
    date_time/posix_time/posix_time.hpp regex.hpp hana.hpp intrusive/list.hpp interprocess/managed_shared_memory.hpp
    typeof/typeof.hpp)
  {
    echo 'cmake_minimum_required(VERSION 3.20)'
    echo 'project(BoostCorpus CXX)'
    echo 'set(CMAKE_CXX_STANDARD 17)'
    echo 'add_library(corpus OBJECT'
    for header in "${headers[@]}"; do
      [ -f "$part/include/boost/$header" ] || { echo "boost/$header is not there: choose another one" >&2; return 1; }
      name=$(echo "${header%.hpp}" | tr / _).cc
      printf '#include <boost/%s>\nint boost_corpus_%s() { return 0; }\n' "$header" "${name%.cc}" >"$part/$name"
      echo "  $name"
    done
    echo ')'
    echo 'target_include_directories(corpus PRIVATE include)'
  } >"$part/CMakeLists.txt"
  mv "$part" "$store/boost"
}

cmake_options() {
  case $1 in
    fmtlib) echo -DFMT_DOC=OFF ;;
    leveldb) echo -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF ;;
    re2) echo -DRE2_BUILD_TESTING=ON ;;
    protobuf) echo -Dprotobuf_BUILD_TESTS=OFF ;;
    rocksdb) echo -DWITH_TESTS=OFF -DWITH_GFLAGS=OFF -DWITH_BENCHMARK_TOOLS=OFF -DFAIL_ON_WARNINGS=OFF -DPORTABLE=ON ;;
  esac
}

# compile_all BUILD OBJECTS LAUNCHER: builds everything and copies the objects to OBJECTS; LAUNCHER "-" means none.
compile_all() {
  local build=$1 objects=$2 launch=on
  [ "$3" != - ] || launch=off
  find "$build" -name '*.o' -delete
  PUMP_LAUNCH=$launch cmake --build "$build" -j $((2 * $(nproc))) -- --quiet -k 0 >"$build.log" 2>&1 ||
    { tail -n 30 "$build.log" >&2; return 1; }
  mkdir -p "$objects"
  (cd "$build" && find . -name '*.o' -exec cp --parents -t "$objects" {} +)
}

# sample BUILD N: writes N of the commands, evenly spread, to BUILD/sample.json.
sample() {
  perl -MJSON::PP -e 'my ($in, $n, $out) = @ARGV; local $/; open my $f, "<", $in or die; my $all = decode_json(<$f>);
    my $step = @$all / $n; $step = 1 if $step < 1; my @some = map { $all->[int($_ * $step)] } 0 .. (@$all < $n ? @$all : $n) - 1;
    open my $o, ">", $out or die; print $o JSON::PP->new->pretty->encode(\@some)' "$1/compile_commands.json" "$2" "$1/sample.json"
}
# compile_sample BUILD OBJECTS LAUNCHER: compiles the sample, always in the same directory: its name may be in the objects.
compile_sample() {
  rm -rf "$1.sampled"
  "$bin/drive" "$3" "$1/sample.json" "$1.sampled" $((2 * $(nproc))) >"$1.log" 2>&1 || { tail -n 30 "$1.log" >&2; return 1; }
  mv "$1.sampled" "$2"
}

check_project() {
  local project=$1 source build objects units port report
  source=$(source_of "$project")
  [ "$project" != protobuf ] || [ ! -d "$source/cmake" ] || [ -f "$source/CMakeLists.txt" ] || source=$source/cmake
  build=$work/$project
  # shellcheck disable=SC2046
  cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_C_COMPILER_LAUNCHER="$bin/pump-launch" -DCMAKE_CXX_COMPILER_LAUNCHER="$bin/pump-launch" \
    "${compiler[@]}" $(cmake_options "$project") >/dev/null 2>"$build.configure" || { cat "$build.configure" >&2; return 1; }
  units=$(grep -c '"file":' "$build/compile_commands.json")

  # A distccd per project, for its counts.
  mkdir -p "$work/$project.distccd" "$work/$project.distcc"
  port=$(free_port)
  distccd_launch "$work/$project.distccd" "$port" $((2 * $(nproc)))
  export DISTCC_HOSTS="127.0.0.1:$port/$((2 * $(nproc))),cpp,lzo" DISTCC_DIR=$work/$project.distcc
  # Without distcc's fallback, a unit that cannot be distributed fails the build.
  objects=$work/$project.objects
  local compile=compile_all sampled=$units
  [ -z "${SAMPLE:-}" ] || { compile=compile_sample; sample "$build" "$SAMPLE"; sampled=$(grep -c '"file"' "$build/sample.json"); }
  DISTCC_FALLBACK=0 $compile "$build" "$objects" "$bin/pump-launch" || { echo "$project: build failed" >&2; return 1; }
  distccd_settle "$distccd_log"
  read -r pump_mode plain failed < <(distccd_jobs "$distccd_log")
  distccd_stop

  report=$("$bin/closure_check" "$socket" "$build/compile_commands.json") || { echo "$report" >&2; return 1; }
  echo "$report" | sed '$d; s/^/  /'

  local differing='not compared'
  if [ -z "${SKIP_LOCAL:-}" ]; then
    $compile "$build" "$objects.local" - || return 1
    differing=0
    while IFS= read -r -d '' object; do
      cmp -s "$objects/$object" "$objects.local/$object" || { differing=$((differing + 1)); echo "  differs: $object" >&2; }
    done < <(cd "$objects" && find . -name '*.o' -print0)
  fi
  units=$sampled
  printf '%-11s remote %d of %d, plain %d, failed %d; objects differing: %s; %s\n' \
    "$project" "$pump_mode" "$units" "$plain" "$failed" "$differing" "$(echo "$report" | tail -1)"
  [ "$pump_mode" -eq "$units" ] && { [ "$differing" = 0 ] || [ -n "${SKIP_LOCAL:-}" ]; }
}

export PUMP_RUNTIME_DIR=$work/run PUMP_LINGER=2
socket=$work/include_server/socket
mkdir -p "$work/include_server"
"$bin/pump-include-server" --port "$socket" --pid_file "$work/include_server/pid" >/dev/null 2>"$work/include_server/log"
server_pid=$(cat "$work/include_server/pid")

status=0
for project in "${projects[@]}"; do
  check_project "$project" || { echo "$project: FAILED"; status=1; }
  distccd_stop
done
exit $status

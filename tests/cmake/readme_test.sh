# The three ways to start in README.md, extracted from it and run with only the names of the servers replaced. Each compiles
# everything in pump mode.
source "$(dirname "$0")/package_lib.sh"
start_cluster 16
export PATH=$prefix/bin:$PATH
# Block N in LANGUAGE of "Three ways to start".
block() {
  awk -v language="$1" -v wanted="$2" '
    /^## / { inside = ($0 == "## Three ways to start") }
    inside && $0 == "```" { printing = 0 }
    printing
    inside && $0 == "```" language { printing = (++seen == wanted) }' "$PUMP_SOURCE/README.md" |
    sed "s#server[0-9]/16#127.0.0.1:$distccd_port/16#g"
}
# follow NUMBER EXPECTED: runs block NUMBER in the project in the working directory, in a new shell.
follow() {
  local text
  text=$(block sh "$1")
  expect_contains "block $1" "127.0.0.1:$distccd_port/16,cpp,lzo" "$text"
  printf 'set -eu\n%s\n' "$text" >"$work/block$1.sh"
  (unset DISTCC_HOSTS; timeout 120 bash "$work/block$1.sh") >"$work/block$1.log" 2>&1 || fail "block $1: $(cat "$work/block$1.log")"
  expect_pump_mode "$2"
  ./build/hello || ./hello || fail "block $1 built no program"
}
expect_equal "blocks" "" "$(block sh 4)$(block cmake 2)"

mkdir "$work/launcher" "$work/wrapper" "$work/package"
for way in launcher wrapper package; do printf 'int main() { return 0; }\n' >"$work/$way/hello.cc"; done
printf 'int c(void) { return 0; }\n' >"$work/launcher/c.c"
printf 'cmake_minimum_required(VERSION 3.20)\nproject(p C CXX)\nadd_executable(hello hello.cc c.c)\n' >"$work/launcher/CMakeLists.txt"
cd "$work/launcher" && follow 1 2

# Both commands of the second block build: remove the results of the first.
printf 'hello: hello.o\n\t$(CXX) -o $@ $^\n\trm hello.o\n.PHONY: hello\n' >"$work/wrapper/Makefile"
cd "$work/wrapper" && mkdir build && ln -s ../hello build/hello
follow 2 4

block cmake 1 >"$work/package/CMakeLists.txt"
export CMAKE_PREFIX_PATH=$prefix
cd "$work/package" && follow 3 5
expect_contains "the package" "-- DistccPump 1." "$(cat "$work/block3.log")"

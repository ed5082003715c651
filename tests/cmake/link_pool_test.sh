# 64 compilations at once, and never more links than DISTCC_PUMP_LINK_JOBS, counted by a linker that notes concurrent links.
# Without the pool there are more. A project's own pools are kept.
source "$(dirname "$0")/package_lib.sh"
start_cluster 64
source=$work/source
mkdir "$source"
{
  printf 'cmake_minimum_required(VERSION 3.20)\nproject(links C)\nfind_package(DistccPump 1.0)\n'
  for i in $(seq 64); do
    printf 'int main(void) { return 0; }\n' >"$source/m$i.c"
    printf 'add_executable(m%d m%d.c)\n' "$i" "$i"
  done
} >"$source/CMakeLists.txt"

# here DIRECTORY: registers the caller in DIRECTORY for its lifetime, and notes the number of those registered.
mkdir "$work/tools" "$work/compiling" "$work/linking"
cat >"$work/tools/ld" <<END
#!/bin/sh
: >"$work/linking/\$\$"
ls "$work/linking" | wc -l >>"$work/links"
sleep 0.05
"$(command -v ld)" "\$@"
status=\$?
rm "$work/linking/\$\$"
exit \$status
END
chmod +x "$work/tools/ld"
# A launcher that waits until 64 of it run at once.
cat >"$prefix/bin/pump-launch" <<END
#!/bin/bash
echo "\$*" >>"$calls"
: >"$work/compiling/\$\$"
for try in {1..1200}; do
  waiting=("$work/compiling"/*)
  [ "\${#waiting[@]}" -lt 64 ] || { : >"$work/together"; break; }
  sleep 0.05
done
exec "$PUMP_PREFIX/bin/pump-launch" "\$@"
END
configure "$work/build" -DDISTCC_PUMP_LINK_JOBS=2 -DCMAKE_EXE_LINKER_FLAGS="-B$work/tools"
: >"$work/links"  # project() links, too
timeout 200 cmake --build "$work/build" -j64 >"$work/built" 2>&1 || fail "build: $(cat "$work/built")"
[ -e "$work/together" ] || fail "64 compilations were never in flight together"
expect_pump_mode 64
expect_equal "links" 64 "$(wc -l <"$work/links")"
expect_equal "most links at once" 2 "$(sort -n "$work/links" | tail -1)"

# Positive control: without the pool there are more links at once.
configure "$work/no pool" -DDISTCC_PUMP_LINK_JOBS=0 -DCMAKE_EXE_LINKER_FLAGS="-B$work/tools"
: >"$work/links"
timeout 200 cmake --build "$work/no pool" -j64 >"$work/built" 2>&1 || fail "build: $(cat "$work/built")"
[ "$(sort -n "$work/links" | tail -1)" -gt 2 ] || fail "without a pool there were no more links at once than with it"

# A changed number rebuilds nothing.
before=$(begun_jobs)
configure "$work/build" -DDISTCC_PUMP_LINK_JOBS=3
build "$work/build"
expect_contains "nothing to do" "no work to do" "$built"

printf 'cmake_minimum_required(VERSION 3.20)\nproject(own C)\nset(CMAKE_JOB_POOLS from_variable=7 late=5)\nfind_package(DistccPump 1.0)
add_executable(a m1.c)\nset(CMAKE_JOB_POOL_LINK late)\nadd_executable(b m2.c)\n' >"$source/CMakeLists.txt"
configure "$work/variable" -DCMAKE_JOB_POOLS="late=5"
pools=$(cat "$work/variable/build.ninja" "$work/variable/CMakeFiles/rules.ninja")
for pool in from_variable distcc_pump_link; do expect_contains "pools" "pool $pool" "$pools"; done
printf 'cmake_minimum_required(VERSION 3.20)\nproject(own C)\nset(CMAKE_JOB_POOL_LINK own)\nfind_package(DistccPump 1.0)
add_executable(a m1.c)\nset_property(GLOBAL PROPERTY JOB_POOLS own=5)\n' >"$source/CMakeLists.txt"
configure "$work/own"
pools=$(cat "$work/own/build.ninja" "$work/own/CMakeFiles/rules.ninja")
expect_contains "own pool" "pool = own" "$pools"
case "$pools" in *"pool = distcc_pump_link"*) fail "a project's own link pool was replaced" ;; esac

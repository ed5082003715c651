#!/bin/bash
# One translation unit through stock distcc and distccd with the stand-alone server: compiled and preprocessed on the server,
# and the object equals the local one.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++
start_distccd
start_server
export INCLUDE_SERVER_PORT=$socket

cd "$project"
mkdir -p include/real build && ln -s real include/link
printf '#pragma once\n#define NAME "link"\n' >include/real/name.h
printf '#include <string>\n#include <name.h>\n#include "x.h"\nstd::string name() { return std::string(NAME) + __FILE__; }\n' >unit.cc
cd build
compile=(g++ -O2 -std=c++17 -I../include/link -I"$project" -c ../unit.cc)
distcc "${compile[@]}" -o remote.o 2>"$work/err" || fail "distcc: $(cat "$work/err")"
"${compile[@]}" -o local.o
cmp remote.o local.o || fail "the object differs from the local one"
expect_equal "compiled on the server" 1 "$(remote_jobs)"
expect_count "in pump mode" 1 pump_mode_jobs
expect_equal "in plain mode" 0 "$(plain_jobs)"

# Again, from the reply cache.
distcc "${compile[@]}" -o remote.o
cmp remote.o local.o || fail "the second object differs"
expect_equal "cached replies" 1 "$(status_of cache_hits)"
stop_server

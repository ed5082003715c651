#!/bin/bash
# pump ninja, pump make, and a shell after --startup: every translation unit is compiled remotely in pump mode.
source "$(dirname "$0")/lib.sh"
need ninja make g++
start_distccd 4

mkdir -p "$work/project/include" && cd "$work/project"
for unit in one two three; do
  printf '#include "%s.h"\nint %s() { return VALUE; }\n' $unit $unit >$unit.cc
  printf '#pragma once\n#include "common.h"\n' >include/$unit.h
done
printf '#pragma once\n#include <vector>\n#define VALUE 42\n' >include/common.h
cat >Makefile <<'MAKE'
all: one.o two.o three.o
%.o: %.cc
	distcc g++ -Iinclude -c $< -o $@
clean:
	rm -f *.o
MAKE
cat >build.ninja <<'NINJA'
rule cxx
  command = distcc g++ -Iinclude -c $in -o $out
build one.o: cxx one.cc
build two.o: cxx two.cc
build three.o: cxx three.cc
NINJA

builds() {
  local what=$1 before
  shift
  rm -f ./*.o .ninja_log .ninja_deps
  before=$(pump_mode_jobs)
  "$@" >"$work/out" 2>&1 || fail "$what: exit status $?: $(cat "$work/out")"
  expect_count "$what: translation units in pump mode" $((before + 3)) pump_mode_jobs
  for unit in one two three; do nm -C $unit.o | grep -q "T $unit()" || fail "$what: $unit.o is wrong"; done
}
builds "pump ninja" "$pump" ninja
builds "pump ninja -j1" "$pump" ninja -j1
builds "pump make" "$pump" make -j3
eval "$("$pump" --startup 2>/dev/null)"
builds "--startup, make" make -j3
builds "--startup, pump ninja inside" "$pump" ninja
"$pump" --shutdown
expect_equal "in plain mode" 0 "$(plain_jobs)"

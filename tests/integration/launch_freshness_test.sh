# One lingering server, and edits between builds: of a header, a source, a generated header, a flag, and a new header that
# shadows another. Every object is compiled from the current content. FRESHNESS_ROUNDS (default 12): edits, of each kind in turn.
source "$(dirname "$0")/launch_lib.sh"
need ninja
start_distccd
export PUMP_LINGER=60
mkdir -p "$work/src/first" "$work/src/second" && cd "$work/src"
rounds=${FRESHNESS_ROUNDS:-12}
cat >build.ninja <<EOF
include flags.ninja
rule cc
  command = $launch g++ -MD -MF \$out.d -Ifirst -Isecond -I. \$flags -c \$in -o \$out
  depfile = \$out.d
rule generate
  command = sed 's/.*/#define GENERATED &/' \$in >\$out
build generated.h: generate generated.in
build a.o: cc a.cc || generated.h
EOF
source_text() { printf '#include "h.h"\n#include "generated.h"\n#include <s.h>\nint f() { return %s; }\nint all[] = {HEADER, GENERATED, SHADOW, FLAG};\n' "$1"; }
source_text 0 >a.cc
echo '#define HEADER 0' >h.h
echo 0 >generated.in
echo 'flags = -DFLAG=0' >flags.ninja
echo '#define SHADOW 0' >second/s.h
stale=0
for round in $(seq "$rounds"); do
  case $((round % 6)) in
    # Same size and usually the same second: only content and nanoseconds differ.
    0) source_text $((round % 10)) >a.cc ;;
    1) echo "#define HEADER $((round % 10))" >h.h ;;
    2) echo $((round % 10)) >generated.in ;;
    3) echo "flags = -DFLAG=$((round % 10))" >flags.ninja ;;
    4) echo "#define SHADOW $((round % 10))" >first/s.h ;;
    5) rm first/s.h; echo "#define SHADOW $((round % 7))" >second/s.h ;;
  esac
  # ninja compares file times, which may be equal right after a build. This test is not about ninja's decision.
  rm -f a.o
  ninja >"$work/out" 2>&1 || fail "round $round: $(cat "$work/out")"
  # shellcheck disable=SC2046
  g++ -Ifirst -Isecond -I. $(sed 's/flags = //' flags.ninja) -c a.cc -o local.o
  cmp -s local.o a.o || { stale=$((stale + 1)); echo "stale object in round $round (kind $((round % 6)))" >&2; }
done
expect_equal "stale objects of $rounds" 0 $stale
expect_count "jobs in pump mode" "$rounds" pump_mode_jobs
expect_equal "servers" 1 "$(servers_started)"

# The comparison of files (launch_audit_test.sh) raises no false alarm, however a unit names and finds its files.
source "$(dirname "$0")/launch_lib.sh"
need clang++ distccd
start_distccd
mkdir -p "$work/p/inc/sub" "$work/p/sys" "$work/p/src" "$work/p/more dir" && cd "$work/p"
echo '#include "beside.h"
#include <below.h>' >sys/system.h
echo '#define BESIDE 1' | tee sys/beside.h inc/sub/beside.h >/dev/null
echo '#pragma once' | tee sys/below.h inc/below.h inc/once_a.h inc/sub/once_b.h inc/import.h >/dev/null
echo '#pragma GCC system_header
#include "sub/user.h"' >inc/pragma.h
echo '#ifndef U
#define U
#include "beside.h"
#endif' >inc/sub/user.h
printf '#include_next <below.h>\n' >inc/sub/below.h
echo 'int spaced;' >"more dir/a b.h" && echo '#define D 1' >'inc/$dollar#.h' && echo '#define PROBED' >inc/probed.h
ln -s inc link && ln -s sub/user.h inc/link.h
echo '#define FORCED 1' >inc/forced.h
echo '#include <vector>
#include <cstdint>
#include <stdint.h>
std::vector<int> v;' >src/std.cc
echo '#include "system.h"
#include "../inc/pragma.h"
#include "below.h"
#include "a b.h"
#include "$dollar#.h"
#include "once_a.h"
#include "./sub/../sub//once_b.h"
#include "link.h"
#include "../link/sub/user.h"
#import "import.h"
#define COMPUTED <sub/below.h>
#include COMPUTED
#if __has_include("probed.h") && __has_include(<sys/mman.h>) && !__has_include("nothing.h")
int probed;
#endif
#include <string>
std::string text;' >src/shapes.cc
sed '/link/d; /pragma.h/d' src/shapes.cc >src/no_links.cc
echo "#include \"$work/p/inc/once_a.h\"
int absolute;" >src/absolute.cc
printf '#include "%s"\n#include ".//.//dots.h"\nint i;\n' "$work/p/inc/sub/user.h" >src/absolute_names.cc && : >src/dots.h
echo '#include <stdio.h>
int main(void) { return puts("") + SIZE; }' >src/c.c
export DISTCC_FALLBACK=0 PUMP_LINGER=60
shapes=0
# shape WORD...: with each kind of rule.
shape() {
  local rule
  for rule in "" "-MD -MF x.d" "-MMD -MF x.d"; do
    rm -f x.o
    "$launch" "$@" $rule -c -o x.o >"$work/out" 2>&1 || fail "$* $rule: $(cat "$work/out")"
    [ "$(recorded_outcome none)" = pump ] || echo "$* $rule: $(recorded reason): $(recorded detail)" >>"$work/alarms"
    shapes=$((shapes + 1))
  done
}
for compiler in g++ clang++; do
  include=(-Iinc -Iinc/sub "-Imore dir")
  shape $compiler src/std.cc
  shape $compiler -I/usr/include src/std.cc
  shape $compiler -isystem /usr/include/x86_64-linux-gnu src/std.cc
  shape $compiler "${include[@]}" -isystem sys -w src/shapes.cc
  shape $compiler "${include[@]}" -Isys -w src/shapes.cc
  shape $compiler "${include[@]}" -idirafter sys -w src/shapes.cc
  shape $compiler "${include[@]}" -isystem sys -I./sys -w src/shapes.cc
  shape $compiler -I./sys "${include[@]}" -isystem "$PWD/sys" -w src/shapes.cc
  shape $compiler "-I$PWD/inc" "-I$PWD/inc/sub" "-I$PWD/more dir" -isystem "$PWD/sys" -w "$PWD/src/no_links.cc"
  shape $compiler "${include[@]}" -iquote sys -isystem sys -include forced.h -imacros inc/probed.h -w src/shapes.cc
  shape $compiler -I./inc/../inc/ -I.//inc/sub -Ilink "-I./more dir" -Isys -w ./src/../src/shapes.cc
  shape $compiler -Iinc src/absolute.cc
  c_compiler=${compiler/clang++/clang}
  shape "${c_compiler/g++/gcc}" -DSIZE=1 -x c src/c.c
  shape $compiler -O2 -S "${include[@]}" -Isys -w src/shapes.cc
  shape $compiler -fsanitize=address "${include[@]}" -Isys -w src/shapes.cc
  [ $compiler = g++ ] || shape $compiler -fsanitize=memory "${include[@]}" -Isys -w src/shapes.cc
  shape $compiler "-I$PWD/inc" "-I$PWD/inc/sub" -w "$PWD/src/absolute_names.cc"
  shape $compiler -nostdinc++ -Iinc src/absolute.cc
  [ $compiler = clang++ ] || shape $compiler -fno-canonical-system-headers -isystem sys/../sys "${include[@]}" -w src/shapes.cc
done
[ ! -e "$work/alarms" ] || fail "$(wc -l <"$work/alarms") of $shapes: $(cat "$work/alarms")"

# A unit that uses a precompiled header is compiled here: from the text of the header, the object and the dependency file would be
# others. Without a precompiled header in the right place, the unit is compiled on the host.
source "$(dirname "$0")/launch_lib.sh"
need clang++
start_distccd
mkdir -p "$work/p/inc" "$work/p/first"
cd "$work/p"
cat >inc/x.h <<'X'
#include <string>
#include <vector>
inline std::string x(const std::vector<int>& v) { int unused; return std::to_string(v.at(0)); }
struct S { virtual ~S() = default; };
X
echo '#pragma once' >other.h
printf '#include "inc/x.h"\nint a(const std::vector<int>& v) { S s; (void)s; return x(v).size(); }\n' >first.cc
printf '#include "other.h"\n#include "inc/x.h"\nint a(const std::vector<int>& v) { return x(v).size(); }\n' >second.cc
printf '#include <x.h>\nint a(const std::vector<int>& v) { S s; (void)s; return x(v).size(); }\n' >searched.cc
printf 'int a(const std::vector<int>& v) { S s; (void)s; return x(v).size(); }\n' >forced.cc

same_on_host g++ -Wall -c first.cc
for flags in -O0 -g "-O2 -g" -O2; do
  g++ $flags -x c++-header inc/x.h -o inc/x.h.gch
  same_here pch-use 0 g++ -Wall $flags -c first.cc
  expect_equal "detail" inc/x.h.gch "$(recorded detail)"
  same_here pch-use 0 g++ -Wall $flags -Iinc -c searched.cc
  same_here pch-use 0 g++ -Wall $flags -include inc/x.h -c forced.cc
  same_here pch-use 0 g++ -Wall $flags -include "$PWD/inc/x.h" -c "$PWD/forced.cc"
  same_here pch-use 0 g++ -Wall $flags -Iinc -include x.h -c forced.cc
done
# It does not fit these commands, and gcc reads the text; but it reports that, and only gcc can tell.
same_here pch-use 0 g++ -O2 -DCHANGED -Winvalid-pch -include inc/x.h -c forced.cc
# gcc uses it for the first header only.
same_on_host g++ -Wall -c second.cc
same_on_host g++ -Wall -include other.h -c first.cc
# In a directory that is searched earlier, or later.
mv inc/x.h.gch first/x.h.gch
same_here pch-use 0 g++ -O2 -Ifirst -Iinc -c searched.cc
expect_equal "detail" first/x.h.gch "$(recorded detail)"
same_on_host g++ -O2 -Iinc -Ifirst -c searched.cc
# Several of them in a directory.
mkdir inc/x.h.gch && mv first/x.h.gch inc/x.h.gch/one.gch
same_here pch-use 0 g++ -O2 -c first.cc
rm -r inc/x.h.gch
same_on_host g++ -O2 -c first.cc

for flags in -O0 -g; do
  clang++ $flags -x c++-header inc/x.h -o inc/x.h.pch
  same_here pch-use 0 clang++ -Wall $flags -include inc/x.h -c forced.cc
  same_here pch-use 0 clang++ -Wall $flags -include-pch inc/x.h.pch -c forced.cc
  same_on_host clang++ -Wall $flags -c first.cc
done
for text in "uses a precompiled header" CMAKE_DISABLE_PRECOMPILE_HEADERS; do
  expect_contains "--why" "$text" "$("$pump" --why forced.cc)"
done

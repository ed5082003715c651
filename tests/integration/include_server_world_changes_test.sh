#!/bin/bash
# The environment of the sources changes between two requests: the compiler is replaced, the project is deleted and created
# again, the mirror is removed, times are set back. Each reply reflects the new state.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/include_server_lib.sh"
need g++
start_server
files() { requested_files "$project" "$@" | wc -l; }

# The compiler, replaced by one that predefines another macro.
mkdir -p "$work/bin"
compiler() { replace_compiler "$work/bin/my-g++" "exec g++ $1 \"\$@\""; }
printf '#ifdef EXTRA\n#include "extra.h"\n#endif\n#include "x.h"\n' >"$project/macro.cc"
printf '// extra\n' >"$project/extra.h"
compiler ""
expect_equal "files with the first compiler" 2 "$(files "$work/bin/my-g++" -c macro.cc)"
compiler "-DEXTRA"
expect_equal "files with the second compiler" 3 "$(files "$work/bin/my-g++" -c macro.cc)"
rm "$work/bin/my-g++"
expect_equal "files without a compiler" 0 "$(files "$work/bin/my-g++" -c macro.cc)"
compiler ""
expect_equal "files with the first one again" 2 "$(files "$work/bin/my-g++" -c macro.cc)"

# The project's directory is replaced.
mv "$project" "$work/away"
expect_equal "files of a project that is gone" 0 "$(files g++ -c main.cc)"
mkdir "$project"
printf 'int main() {}\n' >"$project/main.cc"
expect_equal "files of its replacement" 1 "$(files g++ -c main.cc)"
rm -r "$project"
mv "$work/away" "$project"
expect_equal "files of the first one again" 2 "$(files g++ -c main.cc)"

# A change with an old time is detected.
touch -d '2001-01-01' "$project/x.h"
expect_equal "files" 2 "$(files g++ -c main.cc)"
printf '#include "extra.h"' >"$project/x.h"
truncate -s 22 "$project/x.h"
touch -d '2001-01-01' "$project/x.h"
expect_equal "files, after a change with an old time stamp" 3 "$(files g++ -c main.cc)"

# A FIFO instead of a header blocks a compiler, but not the server, included or only probed.
mkfifo "$project/fifo.h"
printf '#include "fifo.h"\n' >"$project/waits.cc"
printf '#if __has_include("fifo.h")\n#include "x.h"\n#endif\n' >"$project/probes.cc"
requested_files "$project" g++ -c waits.cc >"$work/waits" & waiting=$!
requested_files "$project" g++ -c probes.cc >"$work/probes" & probing=$!
over() { gone "$1"; }
wait_until 20 "an answer about a FIFO" over $waiting
wait_until 20 "an answer about a FIFO that is probed" over $probing
expect_contains "the answer about a FIFO that is probed" "$project/x.h" "$(cat "$work/probes")"
case $(cat "$work/waits" "$work/probes") in *fifo*) fail "a FIFO was sent" ;; esac
expect_equal "files, after the FIFOs" 3 "$(files g++ -c main.cc)"

# The mirror is removed by a cleaner.
mirror=$(mirrors_of "$server_pid" | head -1)
rm -r "$mirror"
requested_mirror_files "$project" g++ -c main.cc >"$work/reply"
expect_equal "files" 3 "$(wc -l <"$work/reply")"
while read -r file; do [ -f "$file" ] || fail "$file is not there"; done <"$work/reply"

# A name that is too long for the mirror is not reported as a failure of the mirror.
long=$(printf 'x%.0s' $(seq 253))
printf 'int x;\n' >"$project/$long"
printf '#include "%s"\n' "$long" >"$project/long.cc"
expect_equal "files, one with a name too long for the mirror" 0 "$(files g++ -c long.cc)"
case $(cat "$server_log") in *"cannot be written"*) fail "reported as a failure of the mirror: $(cat "$server_log")" ;; esac

# One file of the mirror is removed, then a directory.
for part in "" "dirname"; do
  gone=$(grep extra.h "$work/reply")
  rm -r "$(${part:-echo} "$gone")"
  requested_mirror_files "$project" g++ -c main.cc >"$work/reply"
  expect_equal "files, after $gone was removed" 3 "$(wc -l <"$work/reply")"
  while read -r file; do [ -f "$file" ] || fail "$file is not there"; done <"$work/reply"
done
stop_server
expect_equal "mirrors left" "" "$(mirrors_of "$server_pid")"

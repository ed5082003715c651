# An object that names the server's directory where it cannot be repaired is compiled again here; later compilations of the file
# begin here.
source "$(dirname "$0")/launch_lib.sh"
need g++
# The server's compiler puts its directory into a string.
mkdir -p "$work/standin"
cat >"$work/standin/g++" <<S
#!/bin/sh
exec $(command -v g++) "-DDIRECTORY=\"\$PWD\"" "\$@"
S
chmod 755 "$work/standin/g++" && cp "$work/standin/g++" "$work/standin/x86_64-linux-gnu-g++"
DISTCCD_PATH=$work/standin start_distccd
export PUMP_LINGER=2
mkdir -p "$work/src/inc" && cd "$work/src"
printf '#ifndef DIRECTORY\n#define DIRECTORY "here"\n#endif\n' >inc/h.h
printf '#include "h.h"\nconst char* a() { return DIRECTORY; }\n' >a.cc
words=(g++ -g -Iinc -c a.cc -o a.o)
"${words[@]}" && mv a.o local.o
"$launch" "${words[@]}"
cmp local.o a.o || fail "not the local object"
expect_count "jobs in pump mode" 1 pump_mode_jobs
expect_contains "--why" "names a directory of the server that could not be replaced" "$("$pump" --why)"
rm a.o
"$launch" "${words[@]}"
! grep -ao "[^ ]*distccd_[^ ]*" a.o || fail "second time: the server's directory is in the object"
expect_here "second time" set-aside 1
cmp local.o a.o || fail "second time: not the local object"

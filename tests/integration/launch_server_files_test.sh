# A server has files of its own at the paths that a command or a source names: those of another checkout. None of them gets
# into an object: the result is that of a local compilation, be it a failure.
source "$(dirname "$0")/launch_lib.sh"
need gcc g++ unshare nsenter
can_hide || skip "cannot make a mount namespace for distccd"
mkdir -p "$work/project/src"
start_distccd
export PUMP_LINGER=10 DISTCC_FALLBACK=1
root=$work/project
on_server() { nsenter -t "$distccd_pid" -m sh -c "$1"; }
server_has "$root/blob.bin" <<<OLD
server_has "$root/bytes.s" <<<'.byte 9'
for header in there/x.h there/sys/usr/include/x.h there/only.h inc/x.h; do server_has "$root/$header" <<<'int wrong;'; done
cd "$root"
mkdir inc
echo NEW >blob.bin
echo '.byte 1' >bytes.s
echo 'int right;' >inc/x.h
printf 'int sys;\n' >src/empty.c

# equal WHAT WORDS...: the object or failure that WORDS -o OBJECT make here is what comes of it through the launcher.
equal() {
  local what=$1 here=0 there=0
  shift
  rm -f "$work"/*.o
  "$@" -o "$work/here.o" 2>"$work/here.err" || here=1
  "$launch" "$@" -o "$work/there.o" 2>"$work/there.err" || there=1
  expect_equal "$what: failures" $here $there
  [ $here = 1 ] || cmp "$work/here.o" "$work/there.o" || fail "$what: the object is not the local one"
}

# The server's decoys are really found by names that nobody checks: or nothing below would prove anything.
on_server "cat '$root/blob.bin'" | grep -qx OLD || fail "the server has no decoy"

number=0
assembler() {
  number=$((number + 1))
  cat >a$number.c
  equal "assembler $number: $(cat a$number.c)" gcc -c a$number.c
}
for word in .incbin .INCBIN .IncBin; do
  assembler <<<"__asm__(\".data\n$word \\\"$root/blob.bin\\\"\");"
done
assembler <<<"__asm__(\".data\\n.incbin\" \" \\\"$root/blob.bin\\\"\");"
assembler <<<"__asm__(\".data\\n.inc\" \"bin \\\"$root/blob.bin\\\"\");"
assembler <<<"__asm__(\".data\\n\" \".\" \"incbin \\\"$root/blob.bin\\\"\");"
assembler <<<"__asm__(\".data\\n\\x2eincbin \\\"$root/blob.bin\\\"\");"
assembler <<<"__asm__(\".data\\n.include \\\"$root/bytes.s\\\"\");"
assembler <<<"__asm__(\".data\\n.macro open f\\n.incbin \\\"\\\\f\\\"\\n.endm\\nopen $root/blob.bin\\n\");"
assembler <<E2
#define NAME "$root/blob.bin"
__asm__(".data\n.incbin \"" NAME "\"\n");
E2
assembler <<E2
#define TEXT(x) #x
#define ASM(x) __asm__(".data\n" TEXT(x) "\n")
ASM(.incbin "$root/blob.bin");
E2
echo ".incbin \"$root/blob.bin\"" >indirect.s
assembler <<<'__asm__(".data\n.include \"indirect.s\"");'
echo 'BLOB;' >macro.c
equal "a macro of the command line" gcc "-DBLOB=__asm__(\".data\\n.incbin '$root/blob.bin'\")" -c macro.c
equal "a macro of the command line, quoted" gcc "-DBLOB=__asm__(\".data\\n.incbin \\\"$root/blob.bin\\\"\")" -c macro.c
[ "$number" = 12 ] || fail "$number assembler texts"
expect_equal "records of assembler texts that came from elsewhere" 0 \
  "$(grep -c '"outcome":"\(pump\|plain\)"' "$XDG_STATE_HOME/distcc-pump/records.jsonl" || true)"

cat >probe.cc <<E2
#if __has_include("$root/there/only.h")
int there;
#else
int not_there;
#endif
E2
equal "__has_include of a file that only the server has" g++ -c probe.cc
printf '#include "%s/there/only.h"\n' "$root" >taken.cc
equal "#include of a file that only the server has" g++ -c taken.cc
printf '#if __COUNTER__\n#include "%s/there/only.h"\n#endif\n#if __COUNTER__\n#include "%s/there/only.h"\n#endif\n' "$root" "$root" >maybe.cc
equal "the same where it is not certain that it is included" g++ -c maybe.cc
up=../../../../../../../../../../../../..
printf '#if __has_include("%s%s/there/only.h")\nint there;\n#endif\nint m;\n' $up "$root" >climbs.cc
equal "__has_include of a file beyond /" g++ -c climbs.cc
printf '#include <x.h>\n' >search.cc
equal "a search directory beyond /" g++ -I$up$root/there -Iinc -c search.cc
equal "a search directory that distccd does not rewrite" g++ "--include-directory=$root/there" -Iinc -c search.cc
equal "the same in two parts" g++ "--include-prefix=$root/" -iwithprefixbefore there -Iinc -c search.cc
equal "a sysroot that only the server has" gcc "--sysroot=$root/there/sys" -Iinc -c src/empty.c
equal "a forced file that only the server has" g++ "--include=$root/there/only.h" -c search.cc -Iinc

before=$(pump_mode_jobs)
equal "control: all of it is here" g++ "-I$root/inc" -c "$root/search.cc"
expect_count "control in pump mode" $((before + 1)) pump_mode_jobs

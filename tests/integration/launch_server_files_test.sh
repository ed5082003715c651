# A server has its own files at the paths that a command or a source names: those of another checkout. None of them gets into an
# object: the result is that of a local compilation, also if that fails.
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

# equal WHAT WORDS...: WORDS -o OBJECT has the same object or failure with and without the launcher.
equal() {
  local what=$1 here=0 there=0
  shift
  rm -f "$work"/*.o
  "$@" -o "$work/here.o" 2>"$work/here.err" || here=1
  "$launch" "$@" -o "$work/there.o" 2>"$work/there.err" || there=1
  expect_equal "$what: failures" $here $there
  [ $here = 1 ] || cmp "$work/here.o" "$work/there.o" || fail "$what: the object is not the local one"
}

# Positive control: the server's files exist at these paths.
on_server "cat '$root/blob.bin'" | grep -qx OLD || fail "the server has no other file"

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
expect_equal "assembler texts that were compiled on the server" 0 \
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
equal "#include of a file that only the server has, in a branch with an unknown condition" g++ -c maybe.cc
up=../../../../../../../../../../../../..
printf '#if __has_include("%s%s/there/only.h")\nint there;\n#endif\nint m;\n' $up "$root" >climbs.cc
equal "__has_include of a file with more \"..\" than directories" g++ -c climbs.cc
printf '#include <x.h>\n' >search.cc
equal "a search directory with more \"..\" than directories" g++ -I$up$root/there -Iinc -c search.cc
equal "a search directory that distccd does not rewrite" g++ "--include-directory=$root/there" -Iinc -c search.cc
equal "a search directory in two parts that distccd does not rewrite" g++ "--include-prefix=$root/" -iwithprefixbefore there -Iinc -c search.cc
equal "a sysroot that only the server has" gcc "--sysroot=$root/there/sys" -Iinc -c src/empty.c
equal "a forced file that only the server has" g++ "--include=$root/there/only.h" -c search.cc -Iinc

before=$(pump_mode_jobs)
equal "control: only local files" g++ "-I$root/inc" -c "$root/search.cc"
expect_count "control in pump mode" $((before + 1)) pump_mode_jobs

# Values that an option passes to another program stay together with it, although distcc removes words that look like
# preprocessor options: no later option is lost.
source "$(dirname "$0")/launch_lib.sh"
mkdir "$work/src" && cd "$work/src"
can_hide && DISTCCD_HIDES=$work/src
start_distccd
export PUMP_LINGER=2
printf '#ifndef X\n#error no X\n#endif\nint f(int n) { int s = 0; for (int i = 0; i < n; i++) s += i * X; return s; }\n' >a.c
echo '#define X 3' >x.h
# With -flto, objects contain random names: only the code is compared.
code() { objcopy -O binary -j .text "$1" "$1.text" && cksum <"$1.text"; }
compare() { # compare OUTCOME COMPILER WORD...
  local expected=$1
  shift
  command -v "$1" >/dev/null || return 0
  "$@" -c a.c -o local.o || fail "$*: does not compile"
  rm -rf "$XDG_STATE_HOME" a.o
  "$launch" "$@" -c a.c -o a.o
  cmp local.o a.o || { [[ "$*" == *-flto* ]] && [ "$(code local.o)" = "$(code a.o)" ]; } || fail "$*: another object"
  place=remote
  [ "$(recorded_outcome)" != local ] || place=local
  expect_equal "$*: compiled" "$expected" $place
}
compare remote gcc -Xpreprocessor -DX=3 -O2
compare remote gcc -Xpreprocessor -include -Xpreprocessor x.h -O2 -fPIC
compare remote gcc -Wp,-DX=3 -O2
compare remote clang -Xpreprocessor -DX=3 -O2
compare remote clang -Xclang -DX=3 -O2
compare remote clang -Xclang -include -Xclang x.h -O2
compare remote gcc -DX=3 -Xlinker -Lfoo -O2
compare local gcc -DX=3 -Xassembler -I. -O2
compare remote gcc -DX=3 --param max-inline-insns-single=5 -O2
compare local gcc -flto=auto -ffat-lto-objects -Xpreprocessor -DX=3 -O2

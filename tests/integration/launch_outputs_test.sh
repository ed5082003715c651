# Outputs behave as with the compiler: missing directories are an error, and a link, a pipe, a device, a directory or a file with
# a second name at an output's path is not replaced.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=2
mkdir "$work/box"
cd "$work/box"
# -o never names a file in /dev: as root, the assembler would replace it.
set_up() {
  find . -mindepth 1 -delete
  printf '#include "a.h"\nint f(void) { return A; }\n' >a.c
  echo '#define A 1' >a.h
  mkdir directory
  echo old >old.o && echo old >old.d
  echo kept >kept && ln kept second.o && ln kept second.d
  echo target >target && ln -s target link.o && ln -s target link.d
  ln -s directory/none dangling.o && ln -s directory/none.d dangling.d
  ln -s /dev/null null.o && ln -s /dev/null null.d
  mkfifo pipe
  chmod 640 old.o old.d
}
# Exit status, output, and for all files: type, mode, name, links, content.
after() {
  echo "exit $1"
  cat "$work/out" "$work/piped"
  find . -printf '%y %n %l %p\n' | sort
  find . -type f -exec sha256sum {} + | sort
}
run() { # run COMMAND...: with a reader of the pipe
  local status=0 reader
  timeout 20 cat pipe >"$work/piped" & reader=$!
  "$@" >"$work/out" 2>/dev/null || status=$?
  # If the command did not open the pipe, the reader waits in open(2), now or soon. Opening the pipe ends it.
  while kill -0 $reader 2>/dev/null; do
    if [ -p pipe ]; then : <>pipe; else kill $reader 2>/dev/null; fi
    sleep 0.01
  done
  wait $reader || true
  after $status
}
compare() {
  set_up
  run "$@" >"$work/local"
  set_up
  run "$launch" "$@" >"$work/launched"
  diff "$work/local" "$work/launched" || fail "${DISTCC_HOSTS#*/}: $* differs"
}
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  for hosts in "$DISTCC_HOSTS" "${DISTCC_HOSTS/,cpp/}"; do
    export DISTCC_HOSTS=$hosts
    before=$(begun_jobs)
    for output in none/a.o none/ directory directory/ link.o dangling.o null.o second.o pipe ''; do
      compare $compiler -c a.c -o "$output"
      expect_equal "$compiler -o '$output': jobs" "$before" "$(begun_jobs)"
    done
    for output in none/a.d directory link.d dangling.d null.d second.d pipe /dev/null - ''; do
      compare $compiler -c a.c -o a.o -MD -MF "$output"
      expect_equal "$compiler -MF '$output': jobs" "$before" "$(begun_jobs)"
    done
    compare $compiler -c a.c -o old.o -MMD -MF old.d
    compare $compiler -c a.c -o directory/a.o -MD
    case $hosts in *,cpp*) before=$((before + 2)) ;; esac
    expect_equal "plain files: jobs" $before "$(begun_jobs)"
  done
done

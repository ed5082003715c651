# A command that the launcher leaves to the compiler costs one exec: no other process, no other file opened. The compiler
# gets its arguments, environment, descriptors and signal settings as the launcher got them.
# A launcher with planted faults shows that each of these checks can fail.
source "$(dirname "$0")/launch_lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
mkdir "$work/bin" "$work/src"
# Reports what it was started with.
cat >"$work/bin/g++" <<'E'
#!/bin/bash
exec >"$REPORT"
printf 'argument: %s\n' "$@"
tr '\0' '\n' </proc/$$/environ | grep -v '^_=' | sort | sed 's/^/variable: /'
# 255 is the script itself.
for fd in /proc/$$/fd/*; do
  [ "${fd##*/}" = 255 ] || echo "descriptor: ${fd##*/} $(readlink "$fd" | sed 's/^pipe:.*/pipe/')"
done
grep -E '^Sig(Blk|Ign):' /proc/$$/status
E
# Does what a launcher should not do.
cat >"$work/faulty-launcher" <<'E'
#!/bin/bash
cat "$PUMP_SOURCE/README.md" >/dev/null
trap '' USR1
export PLANTED=1
exec 9</dev/null "$LAUNCH" "$@" -DPLANTED
E
chmod 755 "$work/bin/g++" "$work/faulty-launcher"
export LAUNCH=$launch REPORT=$work/report PATH=$work/bin:$PATH
cd "$work/src"
printf 'int f() { return 1; }\n' >a.cc

# report_of COMMAND...: what the compiler was started with.
report_of() { rm -f "$REPORT"; "$@" <a.cc >"$work/out" 2>"$work/err"; cat "$REPORT"; }
# calls_of COMMAND...: "opened FILE" and "process" for each one until the compiler is executed. The C library, sanitizers and
# the dynamic loader open files of their own when a program starts.
calls_of() {
  strace -f -e trace=open,openat,execve,clone,clone3,fork,vfork -o "$work/trace" "$@" >/dev/null
  awk -v compiler="$work/bin/g++" '
    index($0, "execve(\"" compiler "\"") && / = 0$/ { exit }
    / (clone|clone3|fork|vfork)\(/ { print "process" }
    / open(at)?\(.* = [0-9]+$/ { split($0, part, "\""); print "opened " part[2] }' "$work/trace" |
    grep -vE '^opened (/proc/|/sys/|.*\.so(\.|$)|/etc/ld\.so\.)' || true
}

for command in "g++ -fsyntax-only a.cc" "g++ a.cc -o program" "g++ --version"; do
  read -ra words <<<"$command"
  report_of "${words[@]}" >"$work/bare"
  expect_equal "what the compiler gets: $command" "" "$(report_of "$launch" "${words[@]}" | diff "$work/bare" - || true)"
  expect_equal "files and processes: $command" "" "$(calls_of "$launch" "${words[@]}")"
done

# The same checks, with the faults.
report_of g++ -fsyntax-only a.cc >"$work/bare"
added=$(report_of "$work/faulty-launcher" g++ -fsyntax-only a.cc | diff "$work/bare" - || true)
for fault in "argument: -DPLANTED" "variable: PLANTED=1" "descriptor: 9 /dev/null" "SigIgn:"; do
  expect_contains "a planted fault is reported" "> $fault" "$added"
done
calls=$(calls_of "$work/faulty-launcher" g++ -fsyntax-only a.cc)
expect_contains "a planted process is reported" "process" "$calls"
expect_contains "a planted open file is reported" "opened $PUMP_SOURCE/README.md" "$calls"

# The name of the program decides what it is.
ln -s "$(readlink -f "$pump")" "$work/some-other-name"
expect_contains "by another name" "pump 1" "$("$work/some-other-name" --version)"
expect_contains "by the launcher's name" "pump-launch (distcc-pump)" "$("$launch" --version)"

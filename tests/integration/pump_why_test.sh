# `pump --why` lists every unit that was not compiled remotely in pump mode, with the flag or line at fault and the remedy, also
# after the server has ended. `pump --status` counts them. PUMP_RECORD=0 and --no-record turn recording off.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=5
records=$XDG_STATE_HOME/distcc-pump/records.jsonl
mkdir "$work/src" && cd "$work/src"
printf 'int a() { return 1; }\n' >a.cc
printf '// __TIMESTAMP__\nconst char* t = __TIMESTAMP__;\n' >t.cc
printf 'int wrong() { return undeclared; }\n' >wrong.cc
expect_contains "before" "Nothing is recorded yet" "$("$pump" --why)"

PUMP_RECORD=0 "$launch" g++ -c a.cc -o a.o
"$pump" --no-record "$launch" g++ -c a.cc -o a.o >/dev/null
[ ! -e "$records" ] || fail "recorded although it was turned off: $(cat "$records")"

"$launch" g++ -c a.cc -o a.o
"$launch" g++ -g -gsplit-dwarf -c a.cc -o split.o
"$launch" g++ -c t.cc -o t.o

# The include server, not the launcher, finds that this cannot be sent.
printf '#define H "%s"\n#include H\nint i = h;\n' "$work/src/h.h" >i.cc
echo 'inline int h = 1;' >h.h
"$launch" g++ -c i.cc -o i.o
DISTCC_HOSTS=127.0.0.1:$distccd_port,lzo "$launch" g++ -c a.cc -o other.o
"$launch" g++ a.o -shared -o a.so
"$launch" g++ --version >/dev/null
if DISTCC_FALLBACK=1 "$launch" g++ -c wrong.cc -o wrong.o 2>/dev/null; then fail "an error compiles"; fi
expect_equal "records" 6 "$(wc -l <"$records")"

status=$("$pump" --status)
expect_contains "--status" "1 in pump mode, 0 in plain mode, 4 here, 1 failed" "$status"
expect_contains "--status --json" '"pump": 1' "$("$pump" --status --json)"

wait_until 20 "the server goes" no_server
report=$("$pump" --why)
expect_contains "split" "-gsplit-dwarf" "$report"
expect_contains "split: remedy" "leave out -gsplit-dwarf" "$report"
expect_contains "timestamp" "t.cc:2" "$report"
expect_contains "include server" "included by its absolute path: $work/src/h.h, named in i.cc:2" "$report"
expect_contains "no host in pump mode" "no host is marked for pump mode: 127.0.0.1:$distccd_port,lzo" "$report"
expect_contains "no host in pump mode: remedy" "append ,cpp,lzo" "$report"
expect_contains "failed" "wrong.cc: did not compile" "$report"
expect_contains "all" "1 of 6 units were compiled remotely in pump mode" "$report"
case "$report" in *"preprocessed there"*) fail "--why lists a unit in pump mode: $report" ;; esac
# The launcher became the compiler, so the duration comes from the time of the object.
echo "$report" | grep -qE 't.cc: compiled here, [0-9.]+ s' || fail "no time for t.cc: $report"

expect_contains "--why FILE" "preprocessed there" "$("$pump" --why a.o)"
expect_contains "--why FILE" "t.cc: compiled here" "$(cd / && "$pump" --why "$work/src/t.cc")"
expect_contains "--why of nothing" "Nothing is recorded about none.cc" "$("$pump" --why none.cc)"
status=0; "$pump" --why a b 2>/dev/null || status=$?
expect_equal "--why with two files" 2 $status

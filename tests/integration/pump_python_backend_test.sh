#!/bin/bash
# --include-server=python: distcc's own include server, found relative to distcc. If it is broken (Debian 12's dies at its first
# request), pump prints the reason and runs COMMAND without it. A working one answers.
source "$(dirname "$0")/lib.sh"
need python3
package=/usr/lib/python3/dist-packages/include_server
[ -f "$package/include_server.py" ] || skip "distcc-pump is not installed"
[ -n "$(ldconfig -p 2>/dev/null | grep liblzo2.so.2)" ] || skip "liblzo2.so.2 is not installed"
start_distccd 2
printf '#include "a.h"\nint f() { return A; }\n' >"$work/a.c"
printf '#define A 1\n' >"$work/a.h"

# A prefix with distcc, the packaged Python files, and a replacement of their C extension.
prefix=$work/prefix
mkdir -p "$prefix/bin" "$prefix/lib/python3/dist-packages/include_server"
cp "$(readlink -f "$(command -v distcc)")" "$prefix/bin/distcc"
python=$prefix/lib/python3/dist-packages/include_server
cp "$package"/*.py "$python/"
export DISTCC_LOCATION=$prefix/bin

# Broken like Debian's: functions that take a buffer raise. The server starts.
cat >"$python/distcc_pump_c_extensions.py" <<'PYTHON'
import os
OsPathExists, OsPathIsFile, Realpath = os.path.exists, os.path.isfile, os.path.realpath
def CompressLzo1xAlloc(text):
    raise SystemError("PY_SSIZE_T_CLEAN macro must be defined for '#' formats")
PYTHON
status=0
"$pump" --include-server=python sh -c 'echo "port ${INCLUDE_SERVER_PORT-unset}"; exit 6' >"$work/out" 2>"$work/err" || status=$?
expect_equal "broken: COMMAND's exit status" 6 "$status"
expect_contains "broken: unpumped" "port unset" "$(cat "$work/out")"
expect_contains "broken: the reason" "PY_SSIZE_T_CLEAN" "$(cat "$work/err")"
expect_contains "broken: the remedy" "unset PUMP_INCLUDE_SERVER" "$(tr '\n' ' ' <"$work/err")"
python_servers() { processes_of --pid_file "$work"; }
no_python_server() { [ -z "$(python_servers)" ]; }
no_python_server || fail "the broken server still runs"

# A working replacement of the extension, with ctypes.
cat >"$python/distcc_pump_c_extensions.py" <<'PYTHON'
import ctypes, os
lzo = ctypes.CDLL("liblzo2.so.2")
scratch = ctypes.create_string_buffer(1 << 20)
OsPathExists, OsPathIsFile, Realpath = os.path.exists, os.path.isfile, os.path.realpath
def take(fd, size):
    data = b""
    while len(data) < size:
        part = os.read(fd, size - len(data))
        if not part: raise OSError("request ends early")
        data += part
    return data
def token(fd, name):
    head = take(fd, 12)
    if head[:4] != name: raise OSError("unexpected token %r" % head)
    return int(head[4:], 16)
def RCwd(fd): return take(fd, token(fd, b"CDIR")).decode()
def RArgv(fd): return [take(fd, token(fd, b"ARGV")).decode() for _ in range(token(fd, b"ARGC"))]
def XArgv(fd, words):
    data = b"ARGC%08x" % len(words) + b"".join(b"ARGV%08x" % len(w.encode()) + w.encode() for w in words)
    while data: data = data[os.write(fd, data):]
def CompressLzo1xAlloc(text):
    data = text.encode("latin-1")  # as the caller read it
    out = ctypes.create_string_buffer(len(data) + len(data) // 16 + 67)
    size = ctypes.c_size_t()
    lzo.lzo1x_1_compress(data, ctypes.c_size_t(len(data)), out, ctypes.byref(size), scratch)
    return out.raw[:size.value]
PYTHON
cd "$work"
# Another session: the failed one is not started again for some seconds.
export PUMP_SESSION=repaired PUMP_LINGER=0 PYTHONPATH=$work/elsewhere
"$pump" --include-server=python sh -c '
  echo "$INCLUDE_SERVER_PORT $INCLUDE_SERVER_PID $PUMP_INCLUDE_SERVER" >ids
  pid=$(cat "$PUMP_RUNTIME_DIR"/*/python.pid) && tr "\0" "\n" </proc/$pid/environ >python_environment
  tr "\0" " " </proc/$pid/cmdline >python_command
  kill -0 "$INCLUDE_SERVER_PID" && distcc gcc -c a.c -o a.o' >"$work/out" 2>"$work/err" ||
  fail "repaired: $(cat "$work/err")"
expect_count "compiled in pump mode" 1 pump_mode_jobs
[ -s a.o ] || fail "no object"
grep -q "^PYTHONOPTIMIZE=1$" python_environment || fail "PYTHONOPTIMIZE is not 1"
grep -q "^PYTHONPATH=$python:$work/elsewhere$" python_environment || fail "PYTHONPATH: $(grep PYTHONPATH python_environment)"
expect_contains "its arguments" "-d1" "$(cat python_command)"
expect_contains "the backend for launchers in COMMAND" " python" "$(cat ids)"
wait_until 20 "the Python server ends with the session" no_python_server

# An empty PYTHONOPTIMIZE stays empty; arguments are passed on; after the death of the session server, the next start ends the
# Python process.
PUMP_LINGER=30 PYTHONOPTIMIZE='' INCLUDE_SERVER_ARGS="--path_observation_re='a b'" PUMP_INCLUDE_SERVER=python "$pump" sh -c '
  pid=$(cat "$PUMP_RUNTIME_DIR"/*/python.pid) && tr "\0" "\n" </proc/$pid/environ >python_environment
  tr "\0" "\n" </proc/$pid/cmdline >python_command; echo "$pid $INCLUDE_SERVER_PID" >ids' >"$work/out" 2>"$work/err" ||
  fail "arguments: $(cat "$work/err")"
grep -q "^PYTHONOPTIMIZE=$" python_environment || fail "an empty PYTHONOPTIMIZE is not kept"
grep -q "^--path_observation_re=a b$" python_command || fail "INCLUDE_SERVER_ARGS are lost"
read -r old server <ids
expect_equal "control: the Python server that lingers" "$old" "$(python_servers)"
kill -KILL "$server"
wait_until 20 "the killed server's locks go" gone "$server"
kill -0 "$old" || fail "the Python process ended with the session server; the next start proves nothing"
INCLUDE_SERVER_ARGS="--path_observation_re='a b'" PUMP_INCLUDE_SERVER=python "$pump" true >"$work/out" 2>"$work/err"
wait_until 20 "the leftover is ended" gone "$old"

"""Replaces the C extension of distcc's Python include server.

Debian 12's extension was built without PY_SSIZE_T_CLEAN, so Python 3.10 and later raise an error at the first request. With
this module before it on the path, the packaged server runs, about as fast as with a repaired extension. For tests and
benchmarks only; not installed.
"""
import ctypes
import os
from os.path import exists as OsPathExists
from os.path import isfile as OsPathIsFile
from os.path import realpath as Realpath

_library = ctypes.CDLL("liblzo2.so.2")
# LZO1X_1_MEM_COMPRESS of lzo1x.h: 16384 pointers.
_memory = (ctypes.c_void_p * 16384)()


def CompressLzo1xAlloc(data):
    # The server reads sources as latin-1 text; ctypes would pass wide characters.
    if isinstance(data, str):
        data = data.encode("latin-1")
    # The worst case that LZO's documentation gives for incompressible input.
    room = ctypes.create_string_buffer(len(data) + len(data) // 16 + 64 + 3)
    used = ctypes.c_ulong()
    _library.lzo1x_1_compress(data, ctypes.c_ulong(len(data)), room, ctypes.byref(used), _memory)
    return ctypes.string_at(room, used.value)


def _take(descriptor, count):
    parts = []
    while count > 0:
        part = os.read(descriptor, count)
        if not part:
            raise OSError("the client disconnected")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _token_value(descriptor, expected):
    token = _take(descriptor, 12)
    if token[:4].decode("ascii", "replace") != expected:
        raise OSError("expected token %s, received %r" % (expected, token))
    return int(token[4:], 16)


def RTokenString(descriptor, name):
    return os.fsdecode(_take(descriptor, _token_value(descriptor, name)))


def RCwd(descriptor):
    return RTokenString(descriptor, "CDIR")


def RArgv(descriptor):
    words = _token_value(descriptor, "ARGC")
    return [RTokenString(descriptor, "ARGV") for _ in range(words)]


def XArgv(descriptor, words):
    encoded = [os.fsencode(word) for word in words]
    message = b"ARGC%08x" % len(encoded) + b"".join(b"ARGV%08x%s" % (len(word), word) for word in encoded)
    view = memoryview(message)
    while view:
        view = view[os.write(descriptor, view):]

"""What a process may still do that reads a stranger's file with a library in C++: reckon, and answer.

It gives up, for good and before it looks at the file: memory and time beyond a bound, every file that gets
written, the network, other programs and processes (seccomp), and, where the kernel knows Landlock, the files
of the disk, the hub's keys among them, but for those that the library has to read. What it has open stays
open: the file it was handed, and the pipe to its parent. Source: security.md, threats 22 and 24; seccomp(2),
landlock(7). For Linux on x86-64, where the library runs.
"""

import ctypes
import errno
import os
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

MEMORY_BYTES = 768 * 1024**2
SECONDS = 15

_X86_64 = 0xC000003E
_FORBIDDEN = {
    "socket": 41,
    "connect": 42,
    "socketpair": 53,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "truncate": 76,
    "rename": 82,
    "unlink": 87,
    "ptrace": 101,
    "unlinkat": 263,
    "renameat": 264,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "renameat2": 316,
    "execveat": 322,
    "io_uring_setup": 425,
}
_LOAD, _EQUAL, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_MACHINE, _AT_FIRST_WORD = 0, 4, 16
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_CLONE, _CLONE3, _AS_THREAD = 56, 435, 0x00010000
"""A thread is made by the same call as a process, or by a newer one that tells less: then by the older."""
_OTHER_NUMBERS = 0x40000000
"""From here on calls of x32, another set with the same meanings."""
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LANDLOCK_CREATE, _LANDLOCK_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
_TELL_VERSION, _BELOW, _READ_FILE = 1, 1, 4
_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
"""What each version of Landlock can forbid about files; later ones also commands to devices."""
_ALL_RIGHTS = 0xFFFF

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def stay_small() -> None:
    """Give up memory and time; a process that needs more ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def stay_alone() -> None:
    """Give up the network, other programs and processes; refused calls fail, they do not end the process."""
    known = [_step(_LOAD, _AT_MACHINE), _step(_EQUAL, _X86_64, yes=1), _step(_RETURN, _KILL)]
    newest = [_step(_EQUAL, _CLONE3, no=1), _step(_RETURN, _UNKNOWN)]
    threads = [
        *(_step(_EQUAL, _CLONE, no=3), _step(_LOAD, _AT_FIRST_WORD)),
        *(_step(_HAS, _AS_THREAD, no=len(_FORBIDDEN) + 3), _step(_RETURN, _ALLOW)),
    ]
    left = len(_FORBIDDEN)
    forbidden = [_step(_EQUAL, number, yes=left - at + 1) for at, number in enumerate(_FORBIDDEN.values())]
    last = [_step(_AT_LEAST, _OTHER_NUMBERS, yes=1), _step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    steps = [*known, _step(_LOAD, _AT_NUMBER), *newest, *threads, *forbidden, *last]
    program = _Program(len(steps), b"".join(steps))
    _say(_libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _say(_libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0))


def let_go_of_files(but: Iterable[Path]) -> None:
    """Give up to open any file but to read those in a few folders; after this nothing more can be loaded."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    version = _libc.syscall(_LANDLOCK_CREATE, None, 0, _TELL_VERSION)
    if version < 1:
        return
    rights = struct.pack("=Q", _RIGHTS.get(version, _ALL_RIGHTS))
    rules = _libc.syscall(_LANDLOCK_CREATE, rights, len(rights), 0)
    _say(rules)
    for folder in but:
        place = os.open(folder, os.O_PATH)
        _say(_libc.syscall(_LANDLOCK_RULE, rules, _BELOW, struct.pack("=Qi", _READ_FILE, place), 0))
        os.close(place)
    _say(_libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _say(_libc.syscall(_LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)
    return


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction of the filter: where it compares, so many are skipped if it is so, or is not."""
    return struct.pack("=HBBI", code, yes, no, value)


def _say(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

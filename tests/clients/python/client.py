# SPDX-License-Identifier: LGPL-2.1-only
"""A client of libseccomp's Python interface, which Debian's python3-seccomp and
pyseccomp share: everything is asked for once, then a filter is loaded and tried.

    client.py MODULE
"""

import ctypes
import errno
import importlib
import os
import re
import struct
import sys
import tempfile

s = importlib.import_module(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def exported(filter_, method):
    with tempfile.TemporaryFile() as file:
        getattr(filter_, method)(file)
        file.seek(0)
        return file.read()


def failure(call, *args):
    try:
        call(*args)
    except OSError as error:
        return error.errno
    except RuntimeError as error:
        return int(re.search(r"-(\d+)\)", str(error)).group(1))
    return 0


# Names, numbers, architectures
native = getattr(s.Arch, {"i686": "X86"}.get(os.uname().machine, os.uname().machine.upper()))
assert (native ^ s.system_arch()) & 0xFFFFFFFF == 0
assert s.resolve_syscall(native, "read") >= 0
assert text(s.resolve_syscall(native, s.resolve_syscall(native, "openat"))) == "openat"
assert s.resolve_syscall(s.Arch.X86, "socket") != s.resolve_syscall(s.Arch.X86_64, "socket")
assert s.get_api() >= 3

# A filter for two architectures
f = s.SyscallFilter(s.ALLOW)
f.set_attr(s.Attr.CTL_NNP, 1)
assert f.get_attr(s.Attr.CTL_NNP) == 1
f.add_rule_exactly(s.ERRNO(errno.ENOANO), "personality", s.Arg(0, s.NE, 0xFFFFFFFF))
other = s.Arch.X86 if native == s.Arch.X86_64 else s.Arch.X86_64
assert not f.exist_arch(other)
f.add_arch(other)
assert f.exist_arch(other)

f.add_rule(s.ERRNO(errno.EDOM), "getpriority", s.Arg(0, s.EQ, 0), s.Arg(1, s.GT, 7))
f.add_rule(s.ERRNO(errno.EXDEV), "lseek", s.Arg(1, s.MASKED_EQ, 0xFF, 0x42))
f.add_rule(s.TRAP, "ptrace")
f.syscall_priority("getpriority", 200)

pfc = exported(f, "export_pfc").decode()
assert "getpriority" in pfc and "TRAP" in pfc, pfc
bpf = exported(f, "export_bpf")
assert len(bpf) % 8 == 0 and len(bpf) > 20 * 8
# It begins with loading the architecture, and ends with a return.
assert struct.unpack("=HBBI", bpf[:8]) == (0x20, 0, 0, 4)
assert struct.unpack("=HBBI", bpf[-8:])[0] == 0x06

# Merging: another filter with another architecture
g = s.SyscallFilter(s.ALLOW)
g.add_arch(s.Arch.ARM)
g.remove_arch(native)
g.add_rule(s.KILL, "uselib" if native == s.Arch.ARM else "reboot")
f.merge(g)
assert f.exist_arch(s.Arch.ARM)

# Errors are the library's
fresh = s.SyscallFilter(s.ALLOW)
assert failure(fresh.add_rule, s.ALLOW, "read") == errno.EACCES
assert failure(fresh.add_arch, native) == errno.EEXIST
assert failure(fresh.set_attr, s.Attr.ACT_DEFAULT, s.KILL) == errno.EACCES

# In force
libc.syscall.restype = ctypes.c_long


def call(name, *args):
    ctypes.set_errno(0)
    number = s.resolve_syscall(native, name)
    result = libc.syscall(*[ctypes.c_long(a) for a in (number, *args)])
    return ctypes.get_errno() if result == -1 else 0


zero = os.open("/dev/zero", os.O_RDONLY)
assert call("lseek", zero, 0x42, 0) == 0
f.load()
assert call("getpriority", 0, 8) == errno.EDOM
assert call("getpriority", 0, 0) == 0
assert call("getpriority", 1, 8) in (0, errno.ESRCH)
assert call("lseek", zero, 0x142, 0) == errno.EXDEV
assert call("lseek", zero, 0x143, 0) == 0
assert call("personality", 0xFFFFFFFF) == 0
assert call("personality", 0x20000) == errno.ENOANO
child = os.fork()
if child == 0:
    call("ptrace", -1, 0, 0, 0)
    os._exit(0)
assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 31, "ptrace was not trapped"

# A notification: a child asks, its parent answers
n = s.SyscallFilter(s.ALLOW)
n.add_rule(s.NOTIFY, "getpgid", s.Arg(0, s.EQ, 12345))
n.load()
child = os.fork()
if child == 0:
    os._exit(0 if call("getpgid", 12345) == errno.EBADE else 1)
notification = n.receive_notify()
assert notification.syscall_args[0] == 12345
# The one thing in which the two interfaces differ
if sys.argv[1] == "seccomp":
    response = s.NotificationResponse(notification, 0, -errno.EBADE, 0)
else:
    response = s.NotificationResponse(error=-errno.EBADE, flags=0, id=notification.id, val=0)
n.respond_notify(response)
assert os.waitpid(child, 0)[1] == 0
print("worked:", len(bpf) // 8, "instructions exported, one notification answered")

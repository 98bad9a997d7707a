#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only
"""first-kernel.py SYSCALLS MANUAL HEADERS...: prints the Linux release that each call came with.

SYSCALLS is crates/scmp/data/syscalls.csv, MANUAL an unpacked package of manual pages. Each of
HEADERS is VERSION:KIND:FOLDER: what the headers of a release have. KIND is `debian`
(unpacked packages of headers) or `crate` (of linux-raw-sys, in the folder of a release).

The manual and the release history below say when a call came. Headers check that, and say on
which ABIs it came later: if no release is given below for that, it is the first one at hand
whose headers have the number.
"""
import csv
import re
import gzip
import subprocess
import sys
from pathlib import Path

SYSCALLS, MANUAL = map(Path, sys.argv[1:3])

# Where the headers of an ABI are in Debian's packages: of linux-libc-dev since 6.12, of a
# cross compiler's or the machine's own before; the file and what its compiler defines.
LP64 = ["__LP64__", "__SIZEOF_LONG__=8", "__SIZEOF_POINTER__=8"]
DEBIAN = {
    "x86": ("x86", ["x86_64-linux-gnu"], "unistd_32.h", []),
    "x86_64": ("x86", ["x86_64-linux-gnu"], "unistd_64.h", []),
    "x32": ("x86", ["x86_64-linux-gnu"], "unistd_x32.h", ["__X32_SYSCALL_BIT=0"]),
    "arm": ("arm", ["arm-linux-gnueabihf"], "unistd.h", ["__ARM_EABI__"]),
    "aarch64": ("arm64", ["aarch64-linux-gnu"], "unistd.h", LP64),
    "loongarch64": ("loongarch", [], "unistd.h", LP64),
    "m68k": ("m68k", ["m68k-linux-gnu"], "unistd_32.h", []),
    "mips": ("mips", ["mips-linux-gnu"], "unistd_o32.h", ["__NR_Linux=0"]),
    "mips64": ("mips", ["mips-linux-gnu"], "unistd_n64.h", ["__NR_Linux=0"]),
    "mips64n32": ("mips", ["mips-linux-gnu"], "unistd_n32.h", ["__NR_Linux=0"]),
    "parisc": ("parisc", ["hppa-linux-gnu"], "unistd_32.h", []),
    "parisc64": ("parisc", ["hppa-linux-gnu"], "unistd_64.h", []),
    "ppc": ("powerpc", ["powerpc-linux-gnu", "powerpc64le-linux-gnu"], "unistd_32.h", []),
    "ppc64": ("powerpc", ["powerpc-linux-gnu", "powerpc64le-linux-gnu"], "unistd_64.h", []),
    "riscv64": ("riscv", ["riscv64-linux-gnu"], "unistd.h", LP64),
    "s390": ("s390", ["s390x-linux-gnu"], "unistd_32.h", []),
    "s390x": ("s390", ["s390x-linux-gnu"], "unistd_64.h", []),
    "sh": ("sh", ["sh4-linux-gnu"], "unistd_32.h", []),
}
CRATE = {
    "x86": "x86", "x86_64": "x86_64", "x32": "x32", "arm": "arm", "aarch64": "aarch64",
    "loongarch64": "loongarch64", "m68k": "m68k", "mips": "mips", "mips64": "mips64",
    "ppc": "powerpc", "ppc64": "powerpc64", "riscv64": "riscv64", "s390x": "s390x",
}  # fmt: skip

# What a header calls otherwise than the table.
NAMES = {"arm_fadvise64_64": "fadvise64_64", "arm_sync_file_range": "sync_file_range2"}

# From here on, the numbers of the kernel's release history, from memory; headers check them.
# The first release of an ABI that Linux 2.6.0 did not have.
BIRTH = {"x32": "3.4", "aarch64": "3.7", "riscv64": "4.15", "loongarch64": "5.19"}
# Calls that the manual does not date, or that syscalls(2) dates wrongly: membarrier and
# pkey_*, as their own pages say.
HISTORY = dict(
    item.split("=")
    for item in """
afs_syscall=2.6 arm_fadvise64_64=2.6 arm_sync_file_range=2.6 break=2.6 cachectl=2.6
epoll_ctl_old=2.6 epoll_wait_old=2.6 ftime=2.6 getpmsg=2.6 gtty=2.6 idle=2.6 lock=2.6 mpx=2.6
multiplexer=2.6 prof=2.6 profil=2.6 putpmsg=2.6 security=2.6 stty=2.6 timerfd=2.6 tuxcall=2.6
ulimit=2.6 vserver=2.6 pread64=2.6 pwrite64=2.6
clock_adjtime64=5.1 clock_getres_time64=5.1 clock_gettime64=5.1 clock_nanosleep_time64=5.1
clock_settime64=5.1 futex_time64=5.1 io_pgetevents_time64=5.1 mq_timedreceive_time64=5.1
mq_timedsend_time64=5.1 ppoll_time64=5.1 pselect6_time64=5.1 recvmmsg_time64=5.1
rt_sigtimedwait_time64=5.1 sched_rr_get_interval_time64=5.1 semtimedop_time64=5.1
timer_gettime64=5.1 timer_settime64=5.1 timerfd_gettime64=5.1 timerfd_settime64=5.1
utimensat_time64=5.1 mount_setattr=5.12 process_mrelease=5.15 futex_waitv=5.16
set_mempolicy_home_node=5.17 riscv_hwprobe=6.4 cachestat=6.5 fchmodat2=6.6 map_shadow_stack=6.6
futex_wake=6.7 futex_wait=6.7 futex_requeue=6.7 statmount=6.8 listmount=6.8 lsm_get_self_attr=6.8
lsm_set_self_attr=6.8 lsm_list_modules=6.8 mseal=6.10 uretprobe=6.11 setxattrat=6.13
getxattrat=6.13 listxattrat=6.13 removexattrat=6.13 open_tree_attr=6.15 file_getattr=6.17
membarrier=4.3 pkey_alloc=4.9 pkey_free=4.9 pkey_mprotect=4.9
file_setattr=6.17 uprobe=6.18 listns=6.19 rseq_slice_yield=7.0
""".split()
)
# When other ABIs got a call, where that was later than the first.
LATER = {}
for abis, version, calls in (
    # Direct calls beside socketcall(2).
    ("x86 m68k s390 s390x", "4.3", "socket socketpair bind connect listen accept4 getsockopt setsockopt"
     " getsockname getpeername sendto sendmsg recvfrom recvmsg shutdown"),
    # Direct calls beside ipc(2).
    ("x86 m68k mips ppc ppc64 s390 s390x sh", "5.1", "semget semctl shmget shmctl shmat shmdt msgget msgsnd"
     " msgrcv msgctl"),
    ("ppc ppc64 s390 s390x", "5.1", "semtimedop"),
    ("x86", "4.12", "arch_prctl"),
    ("ppc ppc64", "2.6.37", "socket socketpair bind connect listen accept accept4 getsockopt setsockopt"
     " getsockname getpeername send sendto sendmsg recv recvfrom recvmsg shutdown"),
    ("x86_64", "3.1", "getcpu"),
    ("sh", "4.8", "sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create bpf execveat"
     " userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2"),
    ("ppc ppc64", "4.16", "pkey_mprotect pkey_alloc pkey_free"),
    ("s390 s390x", "5.1", "pkey_mprotect pkey_alloc pkey_free"),
    ("parisc parisc64", "6.5", "cacheflush"),
    ("loongarch64", "6.11", "fstat newfstatat"),
    ("arm", "5.0", "migrate_pages kexec_file_load"),
    ("aarch64 riscv64", "5.0", "kexec_file_load"),
    ("ppc ppc64", "4.10", "kexec_file_load"),
    ("s390 s390x", "4.17", "kexec_file_load"),
    ("parisc parisc64", "5.4", "kexec_file_load"),
):  # fmt: skip
    for abi in abis.split():
        for call in calls.split():
            LATER[call, abi] = version

# Calls that a kernel had before its headers for programs had the number.
SERVED_EARLIER = {("clone3", "aarch64"), ("memfd_secret", "riscv64")}


def number(version):
    """Releases in order."""
    return tuple(int(part) for part in version.split("."))


def release(version):
    """2.6.32 as 2.6: the table does not tell these apart."""
    return ".".join(version.split(".")[:2])


def manual():
    """Releases that the manual gives, with the page."""
    folder = MANUAL / "usr/share/man/man2"
    text = gzip.open(folder / "syscalls.2.gz", "rt").read()
    text = re.sub(r'^\.\\".*\n', "", text, flags=re.M)
    text = re.sub(r"T\{\n\.BR (\w+) \(2\)\nT\}", r"\1", text)
    text = re.sub(r"\\f\[B\](\w+)\\f\[\]\(2\)", r"\1", text)
    found = {}
    for call, version in re.findall(r"^(\w+)\t([\d.]+)", text, re.M):
        found[call] = (max(version, "2.6", key=number), "syscalls(2)")
    for path in sorted(folder.glob("*.2.gz")):
        call = path.name.removesuffix(".2.gz")
        page = gzip.open(path, "rt", errors="replace").read()
        history = re.search(r"^\.SH HISTORY\n(?:\.\w+.*\n)*Linux ([0-9]+\.[0-9]+)[.\s,]", page, re.M)
        if history and call not in found:
            found[call] = (max(history.group(1), "2.6", key=number), f"{call}(2)")
    return found


def of_debian(folder, abi):
    arch, triplets, header, defines = DEBIAN[abi]
    roots = [folder / "usr/lib/linux/uapi" / arch]
    for triplet in triplets:
        roots += [folder / f"usr/{triplet}/include", folder / "usr/include" / triplet]
    root = next((r for r in roots if (r / "asm" / header).exists()), None)
    if root is None:
        return None
    command = ["cc", "-E", "-dM", "-undef", "-nostdinc", f"-I{root}", f"-I{folder}/usr/include"]
    command += [f"-D{define}" for define in defines]
    result = subprocess.run(
        [*command, "-x", "c", "-"], input=f"#include <asm/{header}>", capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^#define __(?:ARM_)?NR_(\w+) ", result.stdout, re.M))


def of_crate(folder, abi):
    if abi not in CRATE or not (folder / CRATE[abi]).is_dir():
        return None
    text = "".join(path.read_text() for path in (folder / CRATE[abi]).glob("*.rs"))
    return set(re.findall(r"const __(?:ARM_)?NR_(\w+)", text)) or None


def main():
    seen = {}
    for argument in sys.argv[3:]:
        version, kind, folder = argument.split(":", 2)
        for abi in DEBIAN:
            calls = (of_debian if kind == "debian" else of_crate)(Path(folder), abi)
            if calls:
                seen.setdefault(abi, []).append((number(version), version, calls))
    for abi, releases in seen.items():
        releases.sort(key=lambda release: release[0])
        print(f"{abi}: {' '.join(version for _, version, _ in releases)}", file=sys.stderr)

    known, problems = manual(), []
    print("call,version,exceptions,source")
    print(f"*,2.6,{';'.join(f'{abi}={version}' for abi, version in BIRTH.items())},history")
    rows = [line for line in SYSCALLS.read_text().splitlines() if not line.startswith("#")]
    for row in csv.DictReader(rows):
        call = row["name"]
        version, source = (HISTORY[call], "history") if call in HISTORY else known.get(call, (None, None))
        if version is None:
            problems.append(f"{call}: no release known")
            continue
        own, sources = {}, {source}
        for abi in DEBIAN:
            if row[abi] == "-":
                continue
            expected = max(LATER.get((call, abi), version), BIRTH.get(abi, "2.6"), key=number)
            releases = seen[abi]
            with_it = [n for n, _, calls in releases if call in calls or NAMES.get(call) in calls]
            if not with_it and number(expected) <= releases[-1][0]:
                problems.append(f"{abi}: {call} is in no header")
            if not with_it:
                continue
            before = [n for n, _, _ in releases if n < with_it[0]]
            if with_it[0] < number(expected):
                problems.append(f"{abi}: {call} is in {with_it[0]}, but said to be of {expected}")
            elif before and before[-1] >= number(expected) and (call, abi) not in SERVED_EARLIER:
                own[abi] = ".".join(map(str, with_it[0][:2]))
                sources.add("headers")
            elif release(expected) != release(version) and expected != BIRTH.get(abi):
                own[abi] = release(expected)
                sources.add("history")
        # The kernel has one table for both.
        if own.get("s390", own.get("s390x")) != own.get("s390x"):
            own["s390"] = own["s390x"]
        by_version = {}
        for abi, later in own.items():
            by_version.setdefault(later, []).append(abi)
        exceptions = ";".join(f"{' '.join(abis)}={v}" for v, abis in by_version.items())
        print(f"{call},{release(version)},{exceptions},{' '.join(sorted(sources))}")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(bool(problems))


main()

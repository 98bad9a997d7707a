#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only
"""arguments.py SOURCE MANUAL SYSCALLS: prints the names and types of system calls' arguments.

SOURCE is an unpacked linux-source, MANUAL an unpacked package of manual pages, SYSCALLS is
crates/scmp/data/syscalls.csv. The kernel's tables tell which function serves a call on an
architecture; the function's definition tells its arguments. Their names are those of the
manual, where it has the same arguments, otherwise the kernel's. On 32-bit architectures that 64-bit kernels run too, the function for
those ("compat") counts: its arguments are the registers, one by one.
"""
import csv
import gzip
import re
import sys
from pathlib import Path

SOURCE, MANUAL, SYSCALLS = map(Path, sys.argv[1:4])

X86, S390 = "arch/x86/entry/syscalls/syscall_{}.tbl", "arch/s390/kernel/syscalls/syscall.tbl"
MIPS, POWERPC = "arch/mips/kernel/syscalls/syscall_{}.tbl", "arch/powerpc/kernel/syscalls/syscall.tbl"
GENERIC, PARISC = "scripts/syscall.tbl", "arch/parisc/kernel/syscalls/syscall.tbl"
# ABI: the kernel's table, the rows of it that count, folders with the architecture's own
# functions, the order of the words in which 64-bit arguments come (32-bit registers only),
# and whether these start at an even register.
ABIS = {
    "x86": (X86.format(32), "i386", ["x86"], "le", False),
    "x86_64": (X86.format(64), "common 64", ["x86"], None, False),
    "x32": (X86.format(64), "common x32", ["x86"], None, False),
    "arm": ("arch/arm64/tools/syscall_32.tbl", "common", ["arm64", "arm"], "le", True),
    "aarch64": ("arch/arm64/tools/syscall_64.tbl", "common 64 renameat rlimit memfd_secret", ["arm64"], None, False),
    "loongarch64": (GENERIC, "common 64 memfd_secret", ["loongarch"], None, False),
    "m68k": ("arch/m68k/kernel/syscalls/syscall.tbl", "common", ["m68k"], "be", False),
    "mips": (MIPS.format("o32"), "o32", ["mips"], "be", True),
    "mips64": (MIPS.format("n64"), "n64", ["mips"], None, False),
    "mips64n32": (MIPS.format("n32"), "n32", ["mips"], None, False),
    "parisc": (PARISC, "common 32", ["parisc"], "be", True),
    "parisc64": (PARISC, "common 64", ["parisc"], None, False),
    "ppc": (POWERPC, "common nospu 32", ["powerpc"], "be", True),
    "ppc64": (POWERPC, "common nospu 64", ["powerpc"], None, False),
    "riscv64": (GENERIC, "common 64 riscv rlimit memfd_secret", ["riscv"], None, False),
    # The source has no 31-bit table any more: the others' rows, in big-endian words.
    "s390": (None, "", ["s390"], "be", False),
    "s390x": (S390, "common 64", ["s390"], None, False),
    "sh": ("arch/sh/kernel/syscalls/syscall.tbl", "common", ["sh"], "le", False),
}
# Where the general definition is looked for.
REFERENCE = ["x86_64", "aarch64", "riscv64", "ppc64", "s390x", "mips64", "parisc64", "loongarch64", "x32"]
CLONE = {"x86_64": 3, "x32": 3, "m68k": 3, "loongarch64": 3, "sh": 3, "s390": 1, "s390x": 1}

# Functions in assembly, or without the usual macro: what they take.
BY_HAND = {
    ("arm", "breakpoint"): "",
    ("arm", "cacheflush"): "unsigned long start, unsigned long end, int flags",
    ("arm", "usr26"): "",
    ("arm", "usr32"): "",
    ("arm", "set_tls"): "unsigned long value",
    ("arm", "get_tls"): "",
    ("s390", "mmap"): "struct s390_mmap_arg_struct *arg",
    ("s390", "mmap2"): "struct s390_mmap_arg_struct *arg",
    ("mips", "syscall"): "long number, long arg1, long arg2, long arg3, long arg4, long arg5",
    # Gone from this source.
    ("*", "_sysctl"): "struct __sysctl_args *args",
    ("*", "uselib"): "const char *library",
    ("*", "lookup_dcookie"): "u64 cookie64, char *buf, size_t len",
    ("*", "sysfs"): "int option, unsigned long arg1, unsigned long arg2",
    ("*", "ustat"): "unsigned dev, struct ustat *ubuf",
    ("*", "nfsservctl"): "int cmd, struct nfsctl_arg *arg, void *res",
    ("*", "bdflush"): "int func, long data",
    ("*", "create_module"): "const char *name, size_t size",
    ("*", "get_kernel_syms"): "struct kernel_sym *table",
    ("*", "query_module"): "const char *name, int which, void *buf, size_t bufsize, size_t *ret",
    ("*", "s390_runtime_instr"): "int command, int signum",
}

DEFINE = re.compile(r"^\s*(COMPAT_|PPC32_)?SYSCALL(32)?_DEFINE([0-6])\(\s*(\w+)\s*(?:,([^{;]*?))?\)\s*(?:$|\{|\n)", re.M)
# Two registers for one argument, as these macros have it.
PAIR = re.compile(r"(?:arg_u32p|(?:compat_)?arg_u64(?:_dual)?|SC_ARG64)\((\w+)\)")
ASMLINKAGE = re.compile(r"^(?:asmlinkage\s+)?(?:unsigned long|long|int|void \*|off_t|ssize_t)\s+((?:compat_)?(?:sys_|sys32_|old_|parisc_|sysm_|arm_|s390_|sys64_)\w+)\s*\(([^{;]*?)\)\s*\{", re.M)


def tidy(text):
    return re.sub(r"\s+", " ", re.sub(r"\b(__user|__force)\b", "", text)).replace("* ", "*").strip()


def split_parameters(text):
    """`int fd, char *buf` as (type, name) pairs."""
    out = []
    for part in tidy(text).split(","):
        match = re.fullmatch(r"\s*(.*?)(\w+)\s*", part)
        if part.strip() not in ("", "void"):
            out.append((match.group(1).replace(" *", "*").strip(), match.group(2)))
    return out


def definitions():
    """Arguments by function; with each the folder of the architecture, if only it has it."""
    found = {}
    for path in sorted(SOURCE.rglob("*.[ch]")):
        relative = path.relative_to(SOURCE).parts
        if relative[0] in ("tools", "Documentation", "scripts", "samples"):
            continue
        text = path.read_text(errors="replace")
        if "SYSCALL" not in text and "asmlinkage" not in text and relative[0] != "arch":
            continue
        arch = relative[1] if relative[0] == "arch" else None
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
        for prefix, old32, count, name, rest in DEFINE.findall(text):
            rest = PAIR.sub(r"pair, \1", rest)
            words = [tidy(w) for w in rest.split(",")] if rest else []
            if len(words) + 2 * words.count("pair") != 2 * int(count):
                sys.exit(f"{path}: {name} has not {count} arguments: {words}")
            pairs = [(t.replace(" *", "*"), n) for t, n in zip(words[::2], words[1::2])]
            start = {"COMPAT_": ["compat_sys_"], "PPC32_": ["sys_", "compat_sys_"]}.get(
                prefix, ["sys32_" if old32 else "sys_"]
            )
            for s in start:
                found.setdefault(s + name, []).append((arch, pairs))
        for name, rest in ASMLINKAGE.findall(text):
            if arch and "r26" not in rest:  # parisc's placeholder
                found.setdefault(name, []).append((arch, split_parameters(rest)))
    return found


def manual():
    """The prototypes in the manual's synopses: name and whether it is a pointer."""
    found = {}
    for path in sorted((MANUAL / "usr/share/man/man2").glob("*.2.gz")):
        text = gzip.open(path, "rt", errors="replace").read()
        synopsis = re.search(r"^\.SH SYNOPSIS\n(.*?)^\.SH ", text, re.M | re.S)
        if not synopsis:
            continue
        plain = re.sub(r"\\f\[\w*\]|\\f\w|\\\n|\\[c&]", "", synopsis.group(1))
        plain = re.sub(r"^\.[A-Z]+ ?|[\"\\]", "", plain, flags=re.M)
        plain = re.sub(r"^#.*$", "", plain, flags=re.M)
        plain = re.sub(r"/\*|\*/|\.\.\.", " ", plain)
        for function, inner in re.findall(r"(\w+)\s*\(([^()]*)\)", plain):
            parts = [p.strip() for p in inner.split(",") if p.strip()]
            if function == "syscall" and parts and parts[0].startswith("SYS_"):
                function, parts = parts[0].removeprefix("SYS_"), parts[1:]
            names = [re.search(r"([a-z]\w*)(\[.*\])?$", p) for p in parts]
            if all(names) and function not in found and parts != ["void"]:
                found[function] = [
                    (m.group(1), "*" in p or "[" in p or "handler" in p) for m, p in zip(names, parts)
                ]
    return found


def named_as_in(manual_arguments, parameters):
    """The parameters with the manual's names, if these are the same arguments."""
    if len(manual_arguments) > len(parameters):
        return parameters
    for (_, pointer), (c_type, _) in zip(manual_arguments, parameters):
        if not pointer and kind(c_type) == "P" or pointer and kind(c_type) not in "PW":
            return parameters
    names = [name for name, _ in manual_arguments]
    named = [(t, names[i] if i < len(names) else n) for i, (t, n) in enumerate(parameters)]
    return named if len({n for _, n in named}) == len(named) else parameters


def table(abi):
    """The function that serves each call; for 32-bit registers that of a 64-bit kernel."""
    path, kinds, _, words, _ = ABIS[abi]
    out = {}
    for line in (SOURCE / path).read_text().splitlines() if path else []:
        cells = line.split()
        if len(cells) >= 4 and cells[0].isdigit() and cells[1] in kinds.split():
            functions = cells[3:5]
            out[cells[2]] = functions[::-1] if words else functions[:1]
    return out


POINTERS = {"compat_uptr_t", "uintptr_t", "cap_user_header_t", "cap_user_data_t", "__sighandler_t"}
WORDS = {
    "long", "unsigned long", "size_t", "off_t", "aio_context_t", "old_sigset_t", "compat_ulong_t",
    "compat_long_t", "compat_size_t", "compat_off_t", "compat_aio_context_t",
    "compat_old_sigset_t", "compat_ssize_t", "ssize_t", "__kernel_ulong_t",
}
LONG = {"pair", "loff_t", "u64", "__u64", "compat_loff_t", "s64", "compat_u64", "unsigned long long"}
SIGNED = {
    "int", "pid_t", "compat_pid_t", "clockid_t", "timer_t", "key_t", "mqd_t", "key_serial_t", "rwf_t",
    "__s32", "s32", "compat_int_t", "compat_clockid_t", "compat_timer_t",
    "compat_key_t", "compat_mqd_t", "landlock_rule_type",
}
UNSIGNED = {
    "unsigned", "unsigned int", "uint", "u32", "__u32", "uint32_t", "uid_t", "gid_t", "mode_t", "qid_t",
    "compat_uint_t", "compat_mode_t", "dev_t",
}
SHORT = {"umode_t", "old_uid_t", "old_gid_t", "unsigned short", "u8", "u16", "uint8_t", "unsigned char", "compat_ushort_t"}


def kind(c_type):
    """P(ointer), W(ord), L(ong long), I(nt), U(nsigned), S(hort)."""
    c_type = c_type.removeprefix("const ").removeprefix("enum ")
    if "*" in c_type or "[]" in c_type or c_type in POINTERS:
        return "P"
    for letter, types in (("W", WORDS), ("L", LONG), ("I", SIGNED), ("U", UNSIGNED), ("S", SHORT)):
        if c_type in types:
            return letter
    sys.exit(f"what is a {c_type}?")


KINDS = {"P": "pointer", "W": "word", "L": "u64", "I": "i32", "U": "u32", "S": "u16"}


def registers(abi, parameters):
    """Arguments as 32-bit registers hold them: the 64-bit ones take two."""
    words, even = ABIS[abi][3:5]
    if words is None:
        return parameters
    out = []
    for c_type, name in parameters:
        if kind(c_type) != "L":
            out.append((c_type, name))
            continue
        if even and len(out) % 2 and c_type != "pair":
            out.append(("u32", "unused"))
        halves = [("u32", name + "_low"), ("u32", name + "_high")]
        out += halves if words == "le" else halves[::-1]
    return out


def shape(abi, parameters):
    """What must agree for two ABIs to share a row."""
    kinds = [kind(c_type) for c_type, _ in parameters]
    if ABIS[abi][3] is not None:
        kinds = ["P" if k == "P" else "x" for k in kinds]
    return kinds



def main():
    functions, prototypes = definitions(), manual()

    def find(abi, call, names):
        for key in ((abi, call), ("*", call)):
            if key in BY_HAND:
                return registers(abi, split_parameters(BY_HAND[key]))
        for name in names:
            for variant in (name, name.removesuffix("_wrapper"), name.removeprefix("__")):
                known = functions.get(variant, []) if variant != "sys_ni_syscall" else []
                own = [p for arch, p in known if arch in ABIS[abi][2]]
                general = [p for arch, p in known if arch is None]
                if call == "clone" and general and not own:
                    return registers(abi, general[CLONE.get(abi, 0)])
                if own and abi in ("x86", "mips", "parisc", "ppc"):
                    return own[-1]  # of a 64-bit kernel: a register each
                if own or general:
                    return registers(abi, (own or general)[-1 if own else 0])
        return None

    tables = {abi: table(abi) for abi in ABIS}
    rows = [r for r in SYSCALLS.read_text().splitlines() if not r.startswith("#")]
    missing = []
    print("call,abis,arguments")
    for row in csv.DictReader(rows):
        call = row["name"]
        served = {}
        for abi in ABIS:
            if row[abi] != "-":
                parameters = find(abi, call, tables[abi].get(call, []))
                if parameters is not None:
                    served[abi] = parameters
        if not served:
            missing.append(call)
            continue
        reference = next((a for a in [*REFERENCE, *ABIS] if a in served))
        general = served[reference]
        own = {}
        for abi, parameters in served.items():
            wanted = registers(abi, general) if ABIS[reference][3] is None else general
            other_order = (
                {n for _, n in wanted} == {n for _, n in parameters}
                and [n for _, n in wanted] != [n for _, n in parameters]
            )
            plain = wanted == general
            if not plain or shape(abi, wanted) != shape(abi, parameters) or other_order:
                own.setdefault(tuple(parameters), []).append(abi)
        if row["s390"] != "-" and "s390" not in served:
            parameters = registers("s390", general)
            if parameters != general:
                own.setdefault(tuple(parameters), []).append("s390")
        renamed = {}
        if call not in ("clone", "signalfd"):  # whose functions in libc have others
            named = named_as_in(prototypes.get(call, []), general)
            renamed = {old: new for (_, old), (_, new) in zip(general, named)}
        for abis, parameters in [(["*"], general), *((a, p) for p, a in own.items())]:
            cells = ";".join(f"{renamed.get(n, n)}:{t}:{KINDS[kind(t)]}" for t, n in parameters)
            print(f"{call},{' '.join(abis)},{cells}")
    print(f"no definition: {' '.join(missing)}", file=sys.stderr)


main()


// SPDX-License-Identifier: LGPL-2.1-only
//! One descriptor per architecture. `data/README.md` lists what adding one takes.

use super::Arch;
use crate::rule::{Endian, WordSize};
use crate::syscalls::Abi;

/// `__X32_SYSCALL_BIT` of asm/unistd.h.
pub const X32_SYSCALL_BIT: u32 = 0x4000_0000;

/// An inline name: a pointer would need a relocation whenever the library is loaded.
pub(crate) struct Name {
    bytes: [u8; Name::LONGEST],
    length: u8,
}

impl Name {
    const LONGEST: usize = "loongarch64".len();

    const fn new(name: &str) -> Name {
        let mut bytes = [0; Name::LONGEST];
        let mut length = 0;
        while length < name.len() {
            bytes[length] = name.as_bytes()[length];
            length += 1;
        }
        Name {
            bytes,
            length: length as u8,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

pub(crate) struct Descriptor {
    pub(crate) arch: Arch,
    pub(crate) name: Name,
    /// The token that identifies the architecture to callers.
    pub(crate) token: u32,
    /// The value in `seccomp_data.arch` (linux/audit.h).
    pub(crate) audit_token: u32,
    pub(crate) word_size: WordSize,
    pub(crate) endian: Endian,
    pub(crate) abi: Abi,
    /// Added to the table's number to give the kernel's: bit 30 on x32
    /// (`__X32_SYSCALL_BIT`), on MIPS the first number (asm/unistd.h).
    pub(crate) base: u32,
    /// Has `socketcall` and `ipc`, so that a rule on `socket` means both
    /// the direct call and the multiplexer's first argument.
    pub(crate) multiplexed: bool,
}

// ELF machine numbers (linux/elf-em.h) and audit flags (linux/audit.h).
const EM_386: u32 = 3;
const EM_68K: u32 = 4;
const EM_MIPS: u32 = 8;
const EM_PARISC: u32 = 15;
const EM_PPC: u32 = 20;
const EM_PPC64: u32 = 21;
const EM_S390: u32 = 22;
const EM_ARM: u32 = 40;
const EM_SH: u32 = 42;
const EM_X86_64: u32 = 62;
const EM_AARCH64: u32 = 183;
const EM_RISCV: u32 = 243;
const EM_LOONGARCH: u32 = 258;
const IS_64BIT: u32 = 0x8000_0000;
const IS_LE: u32 = 0x4000_0000;
const IS_N32: u32 = 0x2000_0000;

const fn plain(arch: Arch, name: &str, token: u32, word_size: WordSize, abi: Abi) -> Descriptor {
    Descriptor {
        arch,
        name: Name::new(name),
        token,
        audit_token: token,
        word_size,
        endian: if token & IS_LE == 0 {
            Endian::Big
        } else {
            Endian::Little
        },
        abi,
        base: 0,
        multiplexed: false,
    }
}

const fn multiplexed(mut descriptor: Descriptor) -> Descriptor {
    descriptor.multiplexed = true;
    descriptor
}

const fn from(base: u32, mut descriptor: Descriptor) -> Descriptor {
    descriptor.base = base;
    descriptor
}

const fn x32() -> Descriptor {
    // The kernel reports x32 calls as x86_64 ones with bit 30 set, so the
    // caller's token has to differ from the audit token.
    let mut descriptor = plain(
        Arch::X32,
        "x32",
        EM_X86_64 | IS_LE,
        WordSize::Bits32,
        Abi::X32,
    );
    descriptor.audit_token = EM_X86_64 | IS_64BIT | IS_LE;
    descriptor.base = X32_SYSCALL_BIT;
    descriptor
}

use WordSize::{Bits32, Bits64};

/// In the order of the variants of [`Arch`].
pub(crate) static DESCRIPTORS: [Descriptor; Arch::COUNT] = [
    multiplexed(plain(Arch::X86, "x86", EM_386 | IS_LE, Bits32, Abi::X86)),
    plain(
        Arch::X86_64,
        "x86_64",
        EM_X86_64 | IS_64BIT | IS_LE,
        Bits64,
        Abi::X8664,
    ),
    x32(),
    plain(Arch::Arm, "arm", EM_ARM | IS_LE, Bits32, Abi::Arm),
    plain(
        Arch::Aarch64,
        "aarch64",
        EM_AARCH64 | IS_64BIT | IS_LE,
        Bits64,
        Abi::Aarch64,
    ),
    plain(
        Arch::Loongarch64,
        "loongarch64",
        EM_LOONGARCH | IS_64BIT | IS_LE,
        Bits64,
        Abi::Loongarch64,
    ),
    multiplexed(plain(Arch::M68k, "m68k", EM_68K, Bits32, Abi::M68k)),
    multiplexed(from(
        4000,
        plain(Arch::Mips, "mips", EM_MIPS, Bits32, Abi::Mips),
    )),
    from(
        5000,
        plain(
            Arch::Mips64,
            "mips64",
            EM_MIPS | IS_64BIT,
            Bits64,
            Abi::Mips64,
        ),
    ),
    from(
        6000,
        plain(
            Arch::Mips64n32,
            "mips64n32",
            EM_MIPS | IS_64BIT | IS_N32,
            Bits32,
            Abi::Mips64n32,
        ),
    ),
    multiplexed(from(
        4000,
        plain(Arch::Mipsel, "mipsel", EM_MIPS | IS_LE, Bits32, Abi::Mips),
    )),
    from(
        5000,
        plain(
            Arch::Mipsel64,
            "mipsel64",
            EM_MIPS | IS_64BIT | IS_LE,
            Bits64,
            Abi::Mips64,
        ),
    ),
    from(
        6000,
        plain(
            Arch::Mipsel64n32,
            "mipsel64n32",
            EM_MIPS | IS_64BIT | IS_LE | IS_N32,
            Bits32,
            Abi::Mips64n32,
        ),
    ),
    plain(Arch::Parisc, "parisc", EM_PARISC, Bits32, Abi::Parisc),
    plain(
        Arch::Parisc64,
        "parisc64",
        EM_PARISC | IS_64BIT,
        Bits64,
        Abi::Parisc64,
    ),
    multiplexed(plain(Arch::Ppc, "ppc", EM_PPC, Bits32, Abi::Ppc)),
    multiplexed(plain(
        Arch::Ppc64,
        "ppc64",
        EM_PPC64 | IS_64BIT,
        Bits64,
        Abi::Ppc64,
    )),
    multiplexed(plain(
        Arch::Ppc64le,
        "ppc64le",
        EM_PPC64 | IS_64BIT | IS_LE,
        Bits64,
        Abi::Ppc64,
    )),
    plain(
        Arch::Riscv64,
        "riscv64",
        EM_RISCV | IS_64BIT | IS_LE,
        Bits64,
        Abi::Riscv64,
    ),
    multiplexed(plain(Arch::S390, "s390", EM_S390, Bits32, Abi::S390)),
    multiplexed(plain(
        Arch::S390x,
        "s390x",
        EM_S390 | IS_64BIT,
        Bits64,
        Abi::S390x,
    )),
    multiplexed(plain(Arch::Sheb, "sheb", EM_SH, Bits32, Abi::Sh)),
    multiplexed(plain(Arch::Sh, "sh", EM_SH | IS_LE, Bits32, Abi::Sh)),
];

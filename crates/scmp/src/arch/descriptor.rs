// SPDX-License-Identifier: LGPL-2.1-only
//! One descriptor per architecture. `data/README.md` lists what adding one takes.

use super::Arch;
use crate::rule::{Endian, WordSize};
use crate::syscalls::Abi;

/// `__X32_SYSCALL_BIT` of asm/unistd.h.
pub const X32_SYSCALL_BIT: u32 = 0x4000_0000;

pub(crate) struct Descriptor {
    pub(crate) arch: Arch,
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

impl Descriptor {
    const fn new(arch: Arch, token: u32, abi: Abi, base: u32, multiplexed: bool) -> Descriptor {
        Descriptor {
            arch,
            token,
            // The kernel reports x32 calls as x86_64 ones with bit 30 set, so the
            // caller's token has to differ from the audit token.
            audit_token: if base == X32_SYSCALL_BIT {
                token | IS_64BIT
            } else {
                token
            },
            word_size: match token & (IS_64BIT | IS_N32) {
                IS_64BIT => WordSize::Bits64,
                _ => WordSize::Bits32,
            },
            endian: match token & IS_LE {
                0 => Endian::Big,
                _ => Endian::Little,
            },
            abi,
            base,
            multiplexed,
        }
    }
}

/// Makes the descriptors and names of the rows, which are in the order of the variants of
/// [`Arch`].
macro_rules! arches {
    ($($arch:ident $name:literal $token:expr, $abi:ident, $base:expr, $multiplexed:ident;)+) => {
        impl Arch {
            pub(crate) const COUNT: usize = [$(Arch::$arch),+].len();
        }

        pub(crate) static DESCRIPTORS: [Descriptor; Arch::COUNT] =
            [$(Descriptor::new(Arch::$arch, $token, Abi::$abi, $base, $multiplexed)),+];

        /// The names, each followed by a space: one pointer for the loader to relocate.
        const NAMES: &[u8] = concat!($($name, " "),+).as_bytes();
    };
}

/// The name of each architecture, in the order of the variants.
pub(super) fn names() -> impl Iterator<Item = &'static [u8]> {
    NAMES.split(|&byte| byte == b' ')
}

const MULTIPLEXED: bool = true;
const DIRECT: bool = false;

arches! {
    X86         "x86"         EM_386 | IS_LE,                      X86,         0,       MULTIPLEXED;
    X86_64      "x86_64"      EM_X86_64 | IS_64BIT | IS_LE,        X8664,       0,       DIRECT;
    X32         "x32"         EM_X86_64 | IS_LE,                   X32,         X32_SYSCALL_BIT, DIRECT;
    Arm         "arm"         EM_ARM | IS_LE,                      Arm,         0,       DIRECT;
    Aarch64     "aarch64"     EM_AARCH64 | IS_64BIT | IS_LE,       Aarch64,     0,       DIRECT;
    Loongarch64 "loongarch64" EM_LOONGARCH | IS_64BIT | IS_LE,     Loongarch64, 0,       DIRECT;
    M68k        "m68k"        EM_68K,                              M68k,        0,       MULTIPLEXED;
    Mips        "mips"        EM_MIPS,                             Mips,        4000,    MULTIPLEXED;
    Mips64      "mips64"      EM_MIPS | IS_64BIT,                  Mips64,      5000,    DIRECT;
    Mips64n32   "mips64n32"   EM_MIPS | IS_64BIT | IS_N32,         Mips64n32,   6000,    DIRECT;
    Mipsel      "mipsel"      EM_MIPS | IS_LE,                     Mips,        4000,    MULTIPLEXED;
    Mipsel64    "mipsel64"    EM_MIPS | IS_64BIT | IS_LE,          Mips64,      5000,    DIRECT;
    Mipsel64n32 "mipsel64n32" EM_MIPS | IS_64BIT | IS_LE | IS_N32, Mips64n32,   6000,    DIRECT;
    Parisc      "parisc"      EM_PARISC,                           Parisc,      0,       DIRECT;
    Parisc64    "parisc64"    EM_PARISC | IS_64BIT,                Parisc64,    0,       DIRECT;
    Ppc         "ppc"         EM_PPC,                              Ppc,         0,       MULTIPLEXED;
    Ppc64       "ppc64"       EM_PPC64 | IS_64BIT,                 Ppc64,       0,       MULTIPLEXED;
    Ppc64le     "ppc64le"     EM_PPC64 | IS_64BIT | IS_LE,         Ppc64,       0,       MULTIPLEXED;
    Riscv64     "riscv64"     EM_RISCV | IS_64BIT | IS_LE,         Riscv64,     0,       DIRECT;
    S390        "s390"        EM_S390,                             S390,        0,       MULTIPLEXED;
    S390x       "s390x"       EM_S390 | IS_64BIT,                  S390x,       0,       MULTIPLEXED;
    Sheb        "sheb"        EM_SH,                               Sh,          0,       MULTIPLEXED;
    Sh          "sh"          EM_SH | IS_LE,                       Sh,          0,       MULTIPLEXED;
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Architectures: tokens, word sizes, byte order and system call numbering.

mod descriptor;
mod multiplex;
mod naming;
mod token;

pub use descriptor::X32_SYSCALL_BIT;
use descriptor::{DESCRIPTORS, Descriptor};
pub use multiplex::{Multiplexed, Targets};
pub(crate) use naming::{Call, Scope};

use std::fmt;
use std::str::FromStr;

use crate::error::ParseError;
use crate::rule::{ARGUMENTS, Endian, WordSize};
use crate::syscalls::Abi;

/// An architecture that a filter can cover. Its text is its name.
///
/// The token of each is its `AUDIT_ARCH_*` value of linux/audit.h, except for
/// x32, which the kernel reports as x86_64 with bit 30 set in the number.
///
/// ```
/// use scmp::{Arch, ParseError};
///
/// assert_eq!("aarch64".parse(), Ok(Arch::Aarch64));
/// assert_eq!(Arch::Aarch64.to_string(), "aarch64");
/// assert_eq!("arm64".parse::<Arch>(), Err(ParseError::Arch));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Arch {
    /// Intel and AMD, 32 bits (i386).
    X86,
    /// Intel and AMD, 64 bits.
    X86_64,
    /// x86_64 with 32-bit pointers.
    X32,
    /// Arm, 32 bits (EABI).
    Arm,
    /// Arm, 64 bits.
    Aarch64,
    /// LoongArch, 64 bits.
    Loongarch64,
    /// Motorola 68000.
    M68k,
    /// MIPS o32, big-endian.
    Mips,
    /// MIPS n64, big-endian.
    Mips64,
    /// MIPS n32, big-endian.
    Mips64n32,
    /// MIPS o32, little-endian.
    Mipsel,
    /// MIPS n64, little-endian.
    Mipsel64,
    /// MIPS n32, little-endian.
    Mipsel64n32,
    /// PA-RISC, 32 bits.
    Parisc,
    /// PA-RISC, 64 bits.
    Parisc64,
    /// PowerPC, 32 bits.
    Ppc,
    /// PowerPC, 64 bits, big-endian.
    Ppc64,
    /// PowerPC, 64 bits, little-endian.
    Ppc64le,
    /// RISC-V, 64 bits.
    Riscv64,
    /// IBM S/390, 31 bits.
    S390,
    /// IBM Z, 64 bits.
    S390x,
    /// SuperH, big-endian.
    Sheb,
    /// SuperH, little-endian.
    Sh,
}

impl Arch {
    /// All architectures.
    ///
    /// ```
    /// use scmp::{Arch, Endian};
    ///
    /// let big = Arch::all().filter(|arch| arch.endian() == Endian::Big);
    /// assert_eq!(big.count(), 11);
    /// ```
    pub fn all() -> impl Iterator<Item = Arch> {
        DESCRIPTORS.iter().map(|descriptor| descriptor.arch)
    }

    /// The architecture that this code was compiled for.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// assert!(Filter::new(Action::Allow)?.has_arch(Arch::native()));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub const fn native() -> Arch {
        NATIVE
    }

    /// The architecture with this token; `None` if there is none.
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// let x86_64 = Arch::from_token(0xc000_003e); // AUDIT_ARCH_X86_64
    /// assert_eq!(x86_64, Some(Arch::X86_64));
    /// assert_eq!(Arch::X86_64.token(), 0xc000_003e);
    /// assert_eq!(Arch::from_token(1), None);
    /// ```
    pub fn from_token(token: u32) -> Option<Arch> {
        let arch = token::candidate(token);
        (arch.token() == token).then_some(arch)
    }

    /// The architecture with this name, such as `x86_64`; `None` if there is
    /// none. Names are those of seccomp_arch_resolve_name(3).
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// assert_eq!(Arch::from_name("s390x"), Some(Arch::S390x));
    /// assert_eq!(Arch::from_name(b"s390\xff"), None);
    /// ```
    pub fn from_name(name: impl AsRef<[u8]>) -> Option<Arch> {
        let mut named = Arch::all().zip(descriptor::names());
        let named = named.find(|(_, its)| *its == name.as_ref());
        named.map(|(arch, _)| arch)
    }

    fn descriptor(self) -> &'static Descriptor {
        &DESCRIPTORS[self as usize]
    }

    /// The name, such as `x86_64`.
    ///
    /// ```
    /// assert_eq!(scmp::Arch::Ppc64le.name(), "ppc64le");
    /// ```
    pub fn name(self) -> &'static str {
        let name = descriptor::names().nth(self as usize).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// The token that C callers use (`SCMP_ARCH_*`).
    ///
    /// ```
    /// assert_eq!(scmp::Arch::X86.token(), 0x4000_0003);
    /// ```
    pub fn token(self) -> u32 {
        self.descriptor().token
    }

    /// The value that the kernel puts in `seccomp_data.arch`.
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// // x32 calls look like those of x86_64 with bit 30 in their number.
    /// assert_eq!(Arch::X32.audit_token(), Arch::X86_64.audit_token());
    /// ```
    pub fn audit_token(self) -> u32 {
        self.descriptor().audit_token
    }

    /// The architecture of a call, by what the kernel has in `struct seccomp_data`; `None` if
    /// no architecture has this audit token.
    ///
    /// ```
    /// use scmp::{Arch, arch::X32_SYSCALL_BIT};
    ///
    /// let token = Arch::X86_64.audit_token();
    /// assert_eq!(Arch::of_call(token, 1), Some(Arch::X86_64));
    /// assert_eq!(Arch::of_call(token, X32_SYSCALL_BIT | 1), Some(Arch::X32));
    /// // -1, by which a tracer skips a call, is no x32 call though it has the bit.
    /// assert_eq!(Arch::of_call(token, u32::MAX), Some(Arch::X86_64));
    /// assert_eq!(Arch::of_call(token, 1 << 31), Some(Arch::X32));
    /// assert_eq!(Arch::of_call(7, 1), None);
    /// ```
    pub fn of_call(audit_token: u32, number: u32) -> Option<Arch> {
        let is_x32 = (X32_SYSCALL_BIT..u32::MAX).contains(&number);
        match Arch::from_token(audit_token)? {
            Arch::X86_64 if is_x32 => Some(Arch::X32),
            arch => (arch.audit_token() == audit_token).then_some(arch),
        }
    }

    /// The ABI by which the architecture numbers its calls; byte orders share one.
    ///
    /// ```
    /// use scmp::{Arch, syscalls::Abi};
    ///
    /// assert_eq!(Arch::Mipsel.abi(), Abi::Mips);
    /// ```
    pub fn abi(self) -> Abi {
        self.descriptor().abi
    }

    /// How much of an argument counts.
    ///
    /// ```
    /// use scmp::{Arch, WordSize};
    ///
    /// assert_eq!(Arch::X32.word_size(), WordSize::Bits32);
    /// ```
    pub fn word_size(self) -> WordSize {
        self.descriptor().word_size
    }

    /// The byte order of the architecture.
    ///
    /// ```
    /// use scmp::{Arch, Endian};
    ///
    /// assert_eq!(Arch::native().endian(), Endian::HOST);
    /// ```
    pub fn endian(self) -> Endian {
        self.descriptor().endian
    }

    /// Whether it has `socketcall` and `ipc`.
    pub(crate) fn is_multiplexed(self) -> bool {
        self.descriptor().multiplexed
    }

    /// The offset in `struct seccomp_data` (linux/seccomp.h) of the low or high
    /// half of an argument, 0 to 5. Arguments that do not exist have none: debug builds panic.
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// assert_eq!(Arch::X86_64.argument_offset(1, true), 28);
    /// assert_eq!(Arch::S390x.argument_offset(1, true), 24);
    /// ```
    pub fn argument_offset(self, argument: u8, high: bool) -> u8 {
        debug_assert!(usize::from(argument) < ARGUMENTS);
        let is_second = high == (self.endian() == Endian::Little);
        16 + 8 * argument + 4 * u8::from(is_second)
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Arch {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Arch, ParseError> {
        Arch::from_name(text).ok_or(ParseError::Arch)
    }
}

const NATIVE: Arch = {
    // x32 and n32 have the processor's 64-bit registers and 32-bit pointers.
    let wide = cfg!(target_pointer_width = "64");
    let big = cfg!(target_endian = "big");
    if cfg!(target_arch = "x86") {
        Arch::X86
    } else if cfg!(target_arch = "x86_64") {
        if wide { Arch::X86_64 } else { Arch::X32 }
    } else if cfg!(target_arch = "arm") && !big {
        Arch::Arm
    } else if cfg!(target_arch = "aarch64") && !big {
        Arch::Aarch64
    } else if cfg!(target_arch = "loongarch64") {
        Arch::Loongarch64
    } else if cfg!(target_arch = "m68k") {
        Arch::M68k
    } else if cfg!(target_arch = "mips") {
        if big { Arch::Mips } else { Arch::Mipsel }
    } else if cfg!(target_arch = "mips64") {
        match (big, wide) {
            (true, true) => Arch::Mips64,
            (true, false) => Arch::Mips64n32,
            (false, true) => Arch::Mipsel64,
            (false, false) => Arch::Mipsel64n32,
        }
    } else if cfg!(target_arch = "powerpc") {
        Arch::Ppc
    } else if cfg!(target_arch = "powerpc64") {
        if big { Arch::Ppc64 } else { Arch::Ppc64le }
    } else if cfg!(target_arch = "riscv64") {
        Arch::Riscv64
    } else if cfg!(target_arch = "s390x") {
        Arch::S390x
    } else {
        panic!("libseccomp has no architecture for this host")
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_in_the_order_of_the_variants() {
        for (index, arch) in Arch::all().enumerate() {
            assert_eq!(arch as usize, index, "{arch}");
        }
    }

    #[test]
    fn tokens_and_names_are_unique_and_found() {
        for arch in Arch::all() {
            assert_eq!(Arch::from_token(arch.token()), Some(arch));
            assert_eq!(arch.to_string().parse(), Ok(arch));
        }
        assert_eq!(Arch::from_token(0), None);
        assert_eq!("x86_65".parse::<Arch>(), Err(ParseError::Arch));
    }
}

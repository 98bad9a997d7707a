// SPDX-License-Identifier: LGPL-2.1-only
//! How wide an argument is, and the order of its bytes.

/// Width of a system call argument, as the filter sees it.
///
/// ```
/// use scmp::{Arch, WordSize};
///
/// assert_eq!(Arch::Arm.word_size(), WordSize::Bits32);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordSize {
    /// Only the low 32 bits of an argument count.
    Bits32,
    /// All 64 bits count; the program compares them in two halves.
    Bits64,
}

impl WordSize {
    /// The largest value: a mask of the bits that count.
    pub(crate) const fn largest(self) -> u64 {
        match self {
            WordSize::Bits32 => u32::MAX as u64,
            WordSize::Bits64 => u64::MAX,
        }
    }
}

/// Byte order of the architecture, and so of its programs.
///
/// ```
/// use scmp::{Arch, Endian};
///
/// assert_eq!(Arch::S390x.endian(), Endian::Big);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endian {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Endian {
    /// The byte order of the machine that the crate is built for.
    ///
    /// ```
    /// assert_eq!(scmp::Endian::HOST, scmp::Arch::native().endian());
    /// ```
    pub const HOST: Endian = match cfg!(target_endian = "big") {
        true => Endian::Big,
        false => Endian::Little,
    };
}

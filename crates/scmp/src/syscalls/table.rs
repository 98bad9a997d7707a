// SPDX-License-Identifier: LGPL-2.1-only
//! The tables that `build.rs` writes from `data/syscalls.csv`.
//!
//! Integers and one string only: no pointers, so the dynamic loader has nothing to
//! relocate and the pages stay shared.

/// Gives `Abi` its variants; the generated file lists them in the CSV's order.
macro_rules! abis {
    ($($variant:ident $heading:literal,)+) => {
        /// An ABI with system call numbers of its own: one column of `data/syscalls.csv`.
        ///
        /// Architectures that share numbers share a column, as do the two byte orders of
        /// one architecture.
        ///
        /// ```
        /// use scmp::{Arch, syscalls::Abi};
        ///
        /// assert_eq!((Arch::Mips.abi(), Arch::Mipsel.abi()), (Abi::Mips, Abi::Mips));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Abi {
            $(
                #[doc = concat!("The column headed `", $heading, "`.")]
                $variant,
            )+
        }

        impl Abi {
            /// Every ABI, in the order of the file's columns.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The heading of its column in the file.
            ///
            /// ```
            /// assert_eq!(scmp::syscalls::Abi::X8664.name(), "x86_64");
            /// ```
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $heading),+
                }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/syscall_table.rs"));

// What is looked up fits what `build.rs` laid out.
const _: () = assert!(
    NAME_SLOTS.len() == super::name_hash::SLOTS
        && NAME_MULTIPLIERS.len() == super::name_hash::BUCKETS
);

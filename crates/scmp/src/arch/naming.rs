// SPDX-License-Identifier: LGPL-2.1-only
//! System call names and numbers of an architecture.
//!
//! Numbers are `i32` here, as in the C API: a call that an architecture lacks
//! is named by its negative pseudo number, the same on every architecture.

use super::descriptor::Descriptor;
use super::{Arch, multiplex};
use crate::error::Error;
use crate::syscalls::{self, KernelVersion, Row, RowSet};

/// A system call of one architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The architecture's number for it, or a pseudo number.
    pub(crate) number: i32,
    /// Its name, if the number has one.
    pub(super) row: Option<Row>,
}

/// How a call is numbered on the architectures of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Each architecture numbers the call by its row.
    Named(Row),
    /// In addition, some architectures reach the call through a multiplexer.
    Multiplexed(Row),
    /// The number has no name to translate by.
    Numbered,
}

impl Call {
    pub(crate) fn scope(self) -> Scope {
        let Some(row) = self.row else {
            return Scope::Numbered;
        };
        // A number below the base has a name on this architecture only.
        let below = self.number >= 0 && (self.number as u32) < Arch::native().descriptor().base;
        match syscalls::pseudo(row) {
            Some(pseudo) if multiplex::carries(pseudo) => Scope::Multiplexed(row),
            // Two names have it.
            Some(syscalls::SHARED_PSEUDO) => Scope::Numbered,
            _ if below => Scope::Numbered,
            _ => Scope::Named(row),
        }
    }
}

impl Arch {
    /// The number of the named system call: the architecture's own, or the
    /// pseudo number where the architecture lacks it or reaches it through a
    /// multiplexer (`socketcall`, `ipc`). `None` if the name is unknown.
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// assert_eq!(Arch::Aarch64.syscall_number("openat"), Some(56));
    /// // Aarch64 has no open(2).
    /// assert!(Arch::Aarch64.syscall_number("open").is_some_and(|number| number < 0));
    /// assert_eq!(Arch::Aarch64.syscall_number("opne"), None);
    /// ```
    // A look-up takes 9 ns: `resolve_name` in docs/performance.md.
    #[inline(always)]
    pub fn syscall_number(self, name: impl AsRef<[u8]>) -> Option<i32> {
        self.row_number(syscalls::row_by_name(name.as_ref())?)
    }

    /// The number of a row: the pseudo number where a multiplexer carries it.
    #[inline]
    fn row_number(self, row: Row) -> Option<i32> {
        if self.is_multiplexed() {
            let pseudo = syscalls::pseudo(row);
            if pseudo.is_some_and(multiplex::carries) {
                return pseudo;
            }
        }
        self.direct_number(row)
    }

    /// The name of a system call number, real or pseudo; `None` if the
    /// architecture has none.
    ///
    /// ```
    /// assert_eq!(scmp::Arch::X86_64.syscall_name(0), Some("read"));
    /// ```
    pub fn syscall_name(self, number: i32) -> Option<&'static str> {
        self.row(number).map(syscalls::name)
    }

    /// The name of [`syscall_name`](Self::syscall_name), padded with zeros to 32 bytes; the
    /// last byte is always zero. A copy of fixed size needs no loop over the name's length.
    ///
    /// ```
    /// let name = scmp::Arch::X86_64.padded_syscall_name(0).unwrap();
    /// assert_eq!(&name[..6], b"read\0\0");
    /// ```
    pub fn padded_syscall_name(self, number: i32) -> Option<&'static [u8; 32]> {
        self.row(number).and_then(syscalls::padded_name)
    }

    /// The number without regard to multiplexers: the architecture's own, or
    /// the pseudo number where it has none.
    #[inline]
    pub(super) fn direct_number(self, row: Row) -> Option<i32> {
        match self.bare_number(row) {
            Some(number) => Some((number + self.descriptor().base) as i32),
            None => syscalls::pseudo(row),
        }
    }

    /// The row of a system call number, real or pseudo.
    #[inline(always)]
    pub(crate) fn row(self, number: i32) -> Option<Row> {
        let descriptor = self.descriptor();
        let Ok(number) = u32::try_from(number) else {
            return self.pseudo_row(number);
        };
        // As in the C library, numbers without the bit or below the base are
        // looked up too.
        let plain = number.checked_sub(descriptor.base).unwrap_or(number);
        syscalls::row_by_number(descriptor.abi, plain)
    }

    fn pseudo_row(self, number: i32) -> Option<Row> {
        let descriptor = self.descriptor();
        let row = syscalls::row_by_pseudo(number)?;
        let lacks = || !self.has(row);
        (descriptor.multiplexed && multiplex::carries(number) || lacks()).then_some(row)
    }

    /// Whether the architecture has a number for the call.
    pub(crate) fn has(self, row: Row) -> bool {
        self.bare_number(row).is_some()
    }

    /// The number without the base; `None` if the architecture lacks the call.
    #[inline]
    fn bare_number(self, row: Row) -> Option<u32> {
        syscalls::number(row, self.abi())
    }

    /// Visits those of the calls that the architecture has, by rising number as the
    /// kernel sees it.
    pub(crate) fn calls(self, rows: &RowSet, mut visit: impl FnMut(u32, Row)) {
        let Descriptor { abi, base, .. } = *self.descriptor();
        rows.by_number(abi, |number, row| visit(base + number, row));
    }

    /// Visits the numbers of the calls that a release of Linux has, by rising number as the
    /// kernel sees it.
    pub(crate) fn calls_until(self, kernel: KernelVersion, mut visit: impl FnMut(u32)) {
        let abi = self.abi();
        self.calls(&RowSet::all(), |number, row| {
            if syscalls::first_kernel(row, abi).is_some_and(|first| first <= kernel) {
                visit(number);
            }
        });
    }

    /// Visits those of the calls that the architecture lacks, by rising pseudo number, as a
    /// `u32` (two's complement). If it has multiplexers, only those calls that they carry.
    pub(crate) fn lacking_calls(self, rows: &RowSet, mut visit: impl FnMut(u32, Row)) {
        let multiplexed = self.is_multiplexed();
        for (pseudo, row) in syscalls::by_pseudo() {
            let is_kept = !multiplexed || multiplex::carries(pseudo);
            if is_kept && rows.has(row) && !self.has(row) {
                visit(pseudo as u32, row);
            }
        }
    }

    /// The row with exactly this number on the architecture or, if the architecture lacks the
    /// call, with this pseudo number.
    pub(crate) fn row_numbered(self, number: u32) -> Option<Row> {
        let row = self.row(number as i32)?;
        (self.direct_number(row) == Some(number as i32)).then_some(row)
    }

    /// The call that a caller means by a number of the native architecture.
    pub(crate) fn native_call(number: i32) -> Call {
        let row = Arch::native().row(number);
        Call { number, row }
    }

    /// A native call as this architecture numbers it. Numbers of the native
    /// architecture and -1 pass as they are.
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`] if there is no name to go by.
    pub(crate) fn translate(self, call: Call) -> Result<Call, Error> {
        if call.number == -1 || self == Arch::native() {
            return Ok(call);
        }
        let row = call.row.ok_or(Error::UnknownSyscall)?;
        let number = self.row_number(row).ok_or(Error::UnknownSyscall)?;
        Ok(Call { number, ..call })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_go_both_ways() {
        for arch in Arch::all() {
            for row in syscalls::rows() {
                let name = syscalls::name(row);
                let number = arch.syscall_number(name.as_bytes()).expect(name);
                // Its pseudo number is also another's (data/README.md).
                if name == "switch_endian" && number < 0 {
                    continue;
                }
                assert_eq!(arch.syscall_name(number), Some(name), "{}", arch.name());
            }
        }
    }

    #[test]
    fn numbers_without_bit_or_base_resolve() {
        assert_eq!(Arch::X32.syscall_name(0), Some("read"));
        assert_eq!(Arch::Mips.syscall_name(3), Some("read"));
        assert_eq!(Arch::X86_64.syscall_name(-101), None);
        assert_eq!(Arch::X86_64.syscall_name(100_000), None);
    }
}

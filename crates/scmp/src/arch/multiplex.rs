// SPDX-License-Identifier: LGPL-2.1-only
//! Calls that some architectures reach through `socketcall(2)` and `ipc(2)`.
//!
//! A multiplexed call's pseudo number encodes its number in the multiplexer:
//! -101 to -120 are `socketcall` 1 to 20, -201 to -224 are `ipc` 1 to 24.

use super::Arch;
use super::naming::Call;
use crate::error::{Error, Invalid};
use crate::rule::RuleMode;
use crate::syscalls;

/// Number of `socketcall` and `ipc` before the architecture's base is added;
/// the same on every architecture that has them (asm/unistd.h).
const SOCKETCALL: u32 = 102;
const IPC: u32 = 117;

/// Pseudo numbers in these ranges belong to a multiplexer, whether or not a
/// call with that number exists.
const fn is_socketcall(number: i32) -> bool {
    number <= -100 && number >= -120
}

const fn is_ipc(number: i32) -> bool {
    number <= -200 && number >= -224
}

/// Whether a multiplexer carries the calls with this pseudo number.
pub(super) const fn carries(number: i32) -> bool {
    is_socketcall(number) || is_ipc(number)
}

/// The numbers of one architecture that a rule applies to: none, one, or a
/// multiplexer's and the direct call's.
///
/// ```
/// use scmp::{Arch, RuleMode};
///
/// let read = Arch::native().syscall_number("read").unwrap();
/// let targets = Arch::X86.rule_targets(read, RuleMode::Exact, false)?;
/// assert_eq!((targets.direct, targets.multiplexed), (Some(3), None));
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Targets {
    /// The call's own number, as the filter's program compares it. A pseudo number is a
    /// `u32` here (two's complement); code generation skips it.
    pub direct: Option<u32>,
    /// The multiplexer, if one carries the call.
    pub multiplexed: Option<Multiplexed>,
}

/// A call of a multiplexer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Multiplexed {
    /// The multiplexer's number.
    pub number: u32,
    /// What its first argument must equal.
    pub call: u32,
}

impl Targets {
    fn direct(number: i32) -> Targets {
        Targets {
            direct: Some(number as u32),
            multiplexed: None,
        }
    }

    /// Each number with the sub-call that argument 0 must equal. `None` is for the direct
    /// number, which comes last.
    pub(crate) fn numbers(self) -> impl Iterator<Item = (u32, Option<u32>)> {
        let multiplexed = self.multiplexed.map(|to| (to.number, Some(to.call)));
        let direct = self.direct.map(|number| (number, None));
        multiplexed.into_iter().chain(direct)
    }
}

impl Arch {
    fn multiplexer(self, number: i32) -> Multiplexed {
        let (multiplexer, call) = if is_socketcall(number) {
            (SOCKETCALL, number.unsigned_abs() % 100)
        } else {
            (IPC, number.unsigned_abs() % 200)
        };
        Multiplexed {
            number: self.descriptor().base + multiplexer,
            call,
        }
    }

    /// The numbers of this architecture that a rule on a call of the native
    /// architecture applies to; `compares` says that the rule compares arguments.
    ///
    /// ```
    /// use scmp::{Arch, RuleMode};
    ///
    /// let socket = Arch::native().syscall_number("socket").unwrap();
    /// let targets = Arch::X86.rule_targets(socket, RuleMode::BestEffort, true)?;
    /// assert_eq!(targets.direct, Some(359));
    /// // socketcall(SYS_SOCKET, ...)
    /// assert_eq!(targets.multiplexed.map(|to| (to.number, to.call)), Some((102, 1)));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`] if the number has no name to translate by. For exact
    /// rules [`Error::NotOnArchitecture`] if the architecture lacks the call,
    /// [`Error::InexactMultiplexed`] if a comparison would move to a multiplexer.
    pub fn rule_targets(
        self,
        native_number: i32,
        mode: RuleMode,
        compares: bool,
    ) -> Result<Targets, Error> {
        self.targets(
            Arch::native_call(native_number),
            mode == RuleMode::Exact,
            compares,
        )
    }

    /// Like [`Arch::rule_targets`], for a [`Call`]. An `exact` rule must not be adjusted.
    ///
    /// # Errors
    /// [`Error::UnknownSyscall`], [`Error::NotOnArchitecture`],
    /// [`Error::InexactMultiplexed`].
    // flatpak and argument-1000: -1 % of all instructions
    #[inline(always)]
    pub(crate) fn targets(
        self,
        native: Call,
        exact: bool,
        compares: bool,
    ) -> Result<Targets, Error> {
        let call = self.translate(native)?;
        if call.number == -1 || !self.is_multiplexed() {
            return match call.number < -1 && exact {
                true => Err(Error::NotOnArchitecture),
                false => Ok(Targets::direct(call.number)),
            };
        }
        self.multiplexed_targets(call, exact, compares)
    }

    fn multiplexed_targets(
        self,
        call: Call,
        exact: bool,
        compares: bool,
    ) -> Result<Targets, Error> {
        let number = call.number;
        // A direct number (x86: socket is 359) means the multiplexed call too.
        let pseudo = match number {
            1.. => call.row.and_then(syscalls::pseudo),
            _ => Some(number),
        };
        match pseudo {
            Some(pseudo) if carries(pseudo) => {
                if exact && compares {
                    return Err(Error::InexactMultiplexed);
                }
                let row = call.row.ok_or(Error::UnknownSyscall)?;
                let direct = self.direct_number(row).ok_or(Error::UnknownSyscall)?;
                Ok(Targets {
                    multiplexed: Some(self.multiplexer(pseudo)),
                    ..Targets::direct(direct)
                })
            }
            _ if number >= 0 => Ok(Targets::direct(number)),
            _ if exact => Err(Error::NotOnArchitecture),
            _ => Ok(Targets {
                direct: None,
                multiplexed: None,
            }),
        }
    }

    /// The number that carries a call that the architecture has no number
    /// for: the multiplexer's. `None` if nothing carries it. Real numbers
    /// pass as they are; -2 to -99 are reserved.
    ///
    /// ```
    /// use scmp::Arch;
    ///
    /// let socket = Arch::X86.syscall_number("socket").unwrap();
    /// assert_eq!((socket, Arch::X86.rewrite(socket)?), (-101, Some(102)));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a reserved number.
    pub fn rewrite(self, number: i32) -> Result<Option<u32>, Error> {
        match number {
            -1.. => Ok(Some(number as u32)),
            -99..=-2 => Err(Error::InvalidArgument(Invalid::ReservedNumber)),
            _ if self.is_multiplexed() && carries(number) => {
                Ok(Some(self.multiplexer(number).number))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(arch: Arch, number: i32, exact: bool, compares: bool) -> Result<Targets, Error> {
        let row = arch.row(number);
        arch.multiplexed_targets(Call { number, row }, exact, compares)
    }

    #[test]
    fn exact_rules_refuse_adjustment() {
        assert_eq!(
            targets(Arch::X86, -101, true, true),
            Err(Error::InexactMultiplexed)
        );
        let lacking = Arch::native_call(Arch::native().syscall_number("ugetrlimit").unwrap());
        assert_eq!(
            Arch::Aarch64.targets(lacking, true, false),
            Err(Error::NotOnArchitecture)
        );
        let nowhere = Targets {
            direct: None,
            multiplexed: None,
        };
        assert_eq!(targets(Arch::X86, -10001, false, false), Ok(nowhere));
    }
}

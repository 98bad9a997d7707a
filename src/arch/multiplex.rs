// SPDX-License-Identifier: LGPL-2.1-only
//! Calls that some architectures reach through `socketcall(2)` and `ipc(2)`.
//!
//! A multiplexed call's pseudo number encodes its number in the multiplexer:
//! -101 to -120 are `socketcall` 1 to 20, -201 to -224 are `ipc` 1 to 24.

use super::Arch;
use super::descriptor::Numbering;
use crate::error::Error;
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

/// Whether this is the pseudo number of a call that a multiplexer carries.
pub(super) fn is_multiplexed(number: i32) -> bool {
    (is_socketcall(number) || is_ipc(number)) && syscalls::row_by_pseudo(number).is_some()
}

/// One system call number that a rule lands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The number, as the filter's program compares it.
    pub(crate) number: u32,
    /// For a multiplexer: what its first argument must equal.
    pub(crate) call: Option<u32>,
}

/// Where a rule lands on one architecture: nowhere, on one number, or on a
/// multiplexer and the direct call.
pub(crate) type Targets = [Option<Target>; 2];

impl Arch {
    fn multiplexer(self, number: i32) -> Target {
        let (multiplexer, call) = if is_socketcall(number) {
            (SOCKETCALL, number.unsigned_abs() % 100)
        } else {
            (IPC, number.unsigned_abs() % 200)
        };
        let base = match self.descriptor().numbering {
            Numbering::From(base) => base,
            _ => 0,
        };
        Target {
            number: base + multiplexer,
            call: Some(call),
        }
    }

    /// The numbers that a rule on `number`, already this architecture's,
    /// lands on. `exact` rules refuse what would need adjusting;
    /// `compares` says that the rule compares arguments.
    pub(crate) fn targets(
        self,
        number: i32,
        exact: bool,
        compares: bool,
    ) -> Result<Targets, Error> {
        // Pseudo numbers are stored as they wrap; generation skips them.
        let plain = |number: i32| Target {
            number: number as u32,
            call: None,
        };
        if number == -1 || !self.descriptor().multiplexed {
            if number < -1 && exact {
                return Err(Error::NotOnArchitecture);
            }
            return Ok([Some(plain(number)), None]);
        }
        // A direct number (x86: socket is 359) means the multiplexed call too.
        let pseudo = if number > 0 {
            self.direct_row(number).and_then(syscalls::pseudo)
        } else {
            Some(number)
        };
        match pseudo {
            Some(pseudo) if is_socketcall(pseudo) || is_ipc(pseudo) => {
                if exact && compares {
                    return Err(Error::InexactMultiplexed);
                }
                let row = syscalls::row_by_pseudo(pseudo).ok_or(Error::UnknownSyscall)?;
                let direct = self.direct_number(row).ok_or(Error::UnknownSyscall)?;
                Ok([Some(self.multiplexer(pseudo)), Some(plain(direct))])
            }
            _ if number >= 0 => Ok([Some(plain(number)), None]),
            _ if exact => Err(Error::NotOnArchitecture),
            _ => Ok([None, None]),
        }
    }

    /// The number that carries a call that the architecture has no number
    /// for: the multiplexer's. `None` if nothing carries it. Real numbers
    /// pass as they are; -2 to -99 are reserved.
    pub(crate) fn rewrite(self, number: i32) -> Result<Option<u32>, Error> {
        match number {
            -1.. => Ok(Some(number as u32)),
            -99..=-2 => Err(Error::InvalidArgument("reserved system call number")),
            _ if self.descriptor().multiplexed && (is_socketcall(number) || is_ipc(number)) => {
                Ok(Some(self.multiplexer(number).number))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socket_lands_on_both_numbers_on_x86() {
        let targets = Arch::X86.targets(-101, false, false).unwrap();
        assert_eq!(
            targets,
            [
                Some(Target {
                    number: 102,
                    call: Some(1)
                }),
                Some(Target {
                    number: 359,
                    call: None
                })
            ]
        );
        assert_eq!(Arch::X86.targets(359, false, false), Ok(targets));
    }

    #[test]
    fn mips_multiplexers_have_the_base() {
        let targets = Arch::Mips.targets(-221, false, false).unwrap();
        assert_eq!(
            targets[0],
            Some(Target {
                number: 4117,
                call: Some(21)
            })
        );
    }

    #[test]
    fn exact_rules_refuse_adjustment() {
        assert_eq!(
            Arch::X86.targets(-101, true, true),
            Err(Error::InexactMultiplexed)
        );
        assert_eq!(
            Arch::X86_64.targets(-10001, true, false),
            Err(Error::NotOnArchitecture)
        );
        assert_eq!(Arch::X86.targets(-10001, false, false), Ok([None, None]));
    }

    #[test]
    fn numbers_in_range_without_a_call_are_unknown() {
        assert_eq!(
            Arch::X86.targets(-100, false, false),
            Err(Error::UnknownSyscall)
        );
        assert_eq!(
            Arch::X86.targets(-215, false, false),
            Err(Error::UnknownSyscall)
        );
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The crate's error type.

use std::io::{self, ErrorKind};

use thiserror::Error as ThisError;

/// Why a call failed. A failed call has changed nothing.
///
/// ```
/// use scmp::{Action, Error, Filter};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// let refused = filter.rule(Action::Allow, "ptrace", []).unwrap_err();
/// assert_eq!(Error::from(refused), Error::ActionIsDefault);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Memory ran out.
    #[error("out of memory")]
    OutOfMemory,
    /// An argument is outside of its documented range.
    #[error("invalid argument: {0}")]
    InvalidArgument(Invalid),
    /// The filter covers an architecture that is not the native one, and the system call
    /// number has no name by which to translate it.
    #[error("system call is unknown to an architecture of the filter")]
    UnknownSyscall,
    /// No system call has this name.
    #[error("no system call has this name")]
    UnknownName,
    /// An exact rule names a system call that the architecture lacks.
    #[error("the architecture has no such system call")]
    NotOnArchitecture,
    /// An exact rule would have to be rewritten for a multiplexed call.
    #[error("an exact rule can't compare arguments of a call that socketcall or ipc carries")]
    InexactMultiplexed,
    /// An exact rule was added to a filter with several architectures.
    #[error("an exact rule needs a filter with one architecture")]
    ExactNeedsOneArchitecture,
    /// An earlier rule has these comparisons, or begins with them, and has another action.
    #[error("a rule that has or begins with these comparisons has another action")]
    ConflictingRule,
    /// The rule's action is the filter's default action.
    #[error("the rule's action is the default action")]
    ActionIsDefault,
    /// The filter already has the architecture.
    #[error("the filter already has the architecture")]
    ArchitecturePresent,
    /// The filter lacks the architecture.
    #[error("the filter lacks the architecture")]
    ArchitectureMissing,
    /// Big-endian and little-endian architectures can't share a program.
    #[error("architectures of different endianness")]
    EndiannessMismatch,
    /// The filter has no architecture left, so there is nothing to generate.
    #[error("the filter has no architecture")]
    NoArchitecture,
    /// The program would exceed 65,535 instructions, the most that
    /// `struct sock_fprog` (linux/filter.h) can describe.
    #[error("the program exceeds 65535 instructions")]
    ProgramTooLong,
    /// A defect of this library.
    #[error("internal error")]
    Internal,
}

/// Which argument is invalid, and how.
///
/// ```
/// use scmp::{Action, Error, Invalid};
///
/// assert_eq!(Action::errno(4095), Err(Error::InvalidArgument(Invalid::Action)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ThisError)]
#[non_exhaustive]
pub enum Invalid {
    /// No action has this value, or the kernel does not know it.
    #[error("action")]
    Action,
    /// -1 without `allow_skip`, or -2 to -99.
    #[error("reserved system call number")]
    ReservedNumber,
    /// System calls have arguments 0 to 5.
    #[error("argument position, expected 0 to 5")]
    ArgumentPosition,
    /// A rule compares an argument twice.
    #[error("an argument is compared twice")]
    ArgumentTwice,
    /// Sets that are to be intersected are of different arguments, or only one is of an
    /// `int`.
    #[error("sets of different arguments or widths")]
    ArgumentsDiffer,
    /// A filter that has rules can't change whether their order decides.
    #[error("the filter has rules already")]
    RulesPresent,
    /// Filters that are to become one have different settings.
    #[error("the filters' settings differ")]
    SettingsDiffer,
    /// A program is not made of whole instructions.
    #[error("an instruction has eight bytes")]
    InstructionSize,
}

/// Why a text is no action, architecture, kernel release, operator, comparison, set of
/// values, condition or number.
///
/// ```
/// use scmp::{Action, Comparison, ParseError};
///
/// assert_eq!("alow".parse::<Action>(), Err(ParseError::Action));
/// assert_eq!("a0 == x".parse::<Comparison>(), Err(ParseError::Number));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ThisError)]
#[non_exhaustive]
pub enum ParseError {
    /// The text names no action, or has data that the action does not take.
    #[error("not an action")]
    Action,
    /// An action's error number is above 4094.
    #[error("not an error number, 0 to 4094")]
    Errno,
    /// The data of `trap` or `trace` is above 65535.
    #[error("above 65535")]
    Data,
    /// The text names no architecture.
    #[error("not an architecture")]
    Arch,
    /// The text does not begin with the two numbers of a Linux release.
    #[error("not a kernel release")]
    Kernel,
    /// The text is no operator.
    #[error("not an operator")]
    Operator,
    /// The text is not an argument `a0` to `a255` with an operator and a number, or with `in`
    /// and values.
    #[error("not a comparison")]
    Comparison,
    /// The text has the right form, but names what a rule can't have.
    #[error(transparent)]
    Refused(Error),
    /// Neither decimal digits, nor hexadecimal ones after `0x`; or none at all.
    #[error("not a number")]
    Number,
    /// The number is 2^64 or more.
    #[error("more than 64 bits")]
    NumberTooLarge,
    /// A range of values ends before it begins. An `(int)` is unsigned there: -1 is 2³² - 1.
    #[error("a range that ends before it begins")]
    Range,
    /// The number of a comparison of an `(int)` is not -2^31 to 2^32 - 1, or its mask above
    /// 2^32 - 1.
    #[error("more than the 32 bits of an int")]
    NotInt,
}

impl From<Error> for io::Error {
    /// Allocates, but not for [`Error::OutOfMemory`].
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::OutOfMemory => return ErrorKind::OutOfMemory.into(),
            Error::Internal => ErrorKind::Other,
            Error::ArchitecturePresent => ErrorKind::AlreadyExists,
            Error::ArchitectureMissing | Error::NotOnArchitecture => ErrorKind::NotFound,
            _ => ErrorKind::InvalidInput,
        };
        io::Error::new(kind, error)
    }
}

impl From<ParseError> for io::Error {
    fn from(error: ParseError) -> io::Error {
        io::Error::new(ErrorKind::InvalidInput, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn io_errors_keep_kind_and_cause() {
        let memory = io::Error::from(Error::OutOfMemory);
        assert_eq!(memory.kind(), ErrorKind::OutOfMemory);
        let conflict = io::Error::from(Error::ConflictingRule);
        assert_eq!(conflict.kind(), ErrorKind::InvalidInput);
        let cause = conflict.get_ref().and_then(|cause| cause.downcast_ref());
        assert_eq!(cause, Some(&Error::ConflictingRule));
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What can go wrong, once for the whole crate.

use thiserror::Error as ThisError;

/// Why a call failed. A failed call has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Memory ran out.
    #[error("out of memory")]
    OutOfMemory,
    /// An argument is outside of its documented range.
    #[error("invalid argument: {0}")]
    InvalidArgument(Invalid),
    /// The system call number has no name on the native architecture, or its
    /// name is not known on another architecture of the filter.
    #[error("system call is unknown to an architecture of the filter")]
    UnknownSyscall,
    /// An exact rule names a system call that the architecture lacks.
    #[error("the architecture has no such system call")]
    NotOnArchitecture,
    /// An exact rule would have to be rewritten for a multiplexed call.
    #[error("a multiplexed system call can't be compared by argument exactly")]
    InexactMultiplexed,
    /// An exact rule was added to a filter with several architectures.
    #[error("an exact rule needs a filter with one architecture")]
    ExactNeedsOneArchitecture,
    /// The same comparisons already lead to another action.
    #[error("a rule with the same comparisons has another action")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Invalid {
    /// No action has this value, or the kernel does not know it.
    #[error("action")]
    Action,
    /// -1 without `allow_skip`, or -2 to -99.
    #[error("reserved system call number")]
    ReservedNumber,
    /// System calls have arguments 0 to 5.
    #[error("argument position")]
    ArgumentPosition,
    /// A rule compares an argument twice.
    #[error("an argument is compared twice")]
    ArgumentTwice,
    /// Filters that are to become one have different settings.
    #[error("the filters' settings differ")]
    SettingsDiffer,
    /// A program is not made of whole instructions.
    #[error("an instruction has eight bytes")]
    InstructionSize,
}

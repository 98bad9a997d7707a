// SPDX-License-Identifier: LGPL-2.1-only
//! Errors of calls from C: the errors of the core and of the kernel, and those that only a
//! C caller can cause.

/// Why a call failed. A failed call has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// The core refuses.
    Core(scmp::Error),
    /// The kernel refuses.
    Kernel(scmp_kernel::Error),
    /// There is no filter, or it has been released.
    NoFilter,
    /// A pointer is null.
    BadPointer,
    /// No action has this value, or the kernel does not know it.
    UnknownAction,
    /// No architecture has this token.
    UnknownArchitecture,
    /// There is no such attribute.
    UnknownAttribute,
    /// There is no such comparison.
    UnknownOperator,
    /// A rule has more than six comparisons.
    TooManyComparisons,
    /// Before Linux 5.7, thread sync and notifications exclude each other.
    NotifyWithThreadSync,
    /// The attribute can be read, not set.
    ReadOnly,
    /// The kernel or this library does not support what was asked for.
    Unsupported,
    /// The given buffer is too small.
    BufferTooSmall,
    /// No filter that notifies has been loaded, or the kernel's notification
    /// structures have no size.
    NoListener,
    /// The library has panicked.
    Panic,
}

impl From<scmp::Error> for Error {
    fn from(error: scmp::Error) -> Error {
        Error::Core(error)
    }
}

impl From<scmp_kernel::Error> for Error {
    fn from(error: scmp_kernel::Error) -> Error {
        Error::Kernel(error)
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Errors of calls from C: the errors of the core and of the kernel, and those that only a
//! C caller can cause.

use thiserror::Error as ThisError;

/// Why a call failed. A failed call has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub(crate) enum Error {
    /// The core refuses.
    #[error(transparent)]
    Core(#[from] scmp::Error),
    /// The kernel refuses.
    #[error(transparent)]
    Kernel(#[from] scmp_kernel::Error),
    /// There is no filter, or it has been released.
    #[error("no filter")]
    NoFilter,
    /// A pointer is null.
    #[error("null pointer")]
    BadPointer,
    /// No action has this value, or the kernel does not know it.
    #[error("unknown action")]
    UnknownAction,
    /// No architecture has this token.
    #[error("unknown architecture")]
    UnknownArchitecture,
    /// There is no such attribute.
    #[error("unknown attribute")]
    UnknownAttribute,
    /// There is no such comparison.
    #[error("unknown comparison operator")]
    UnknownOperator,
    /// A rule has more than six comparisons.
    #[error("more than six comparisons")]
    TooManyComparisons,
    /// Before Linux 5.7, thread sync and notifications exclude each other.
    #[error("thread sync and notifications exclude each other")]
    NotifyWithThreadSync,
    /// The attribute can be read, not set.
    #[error("the attribute is read-only")]
    ReadOnly,
    /// The kernel or this library does not support what was asked for.
    #[error("not supported")]
    Unsupported,
    /// The given buffer is too small.
    #[error("buffer too small")]
    BufferTooSmall,
    /// No filter that notifies has been loaded, or the kernel's notification
    /// structures make no sense.
    #[error("no listener")]
    NoListener,
    /// The library has panicked.
    #[error("internal error")]
    Panic,
}

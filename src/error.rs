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
    /// A value that the caller passed is never valid, or not for this filter or this kernel.
    BadArgument,
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

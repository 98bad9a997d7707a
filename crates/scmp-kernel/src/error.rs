// SPDX-License-Identifier: LGPL-2.1-only
//! What can go wrong between the library and the kernel.

use std::io;

use thiserror::Error as ThisError;

/// Why the kernel did not do what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A system call failed; the number is its `errno`.
    #[error("system call failed: errno {0}")]
    Os(i32),
    /// Not all threads could be synchronised to the filter.
    #[error("a thread could not be synchronised")]
    ThreadSync,
    /// The kernel can't combine thread sync and notifications (before 5.7).
    #[error("thread sync and notifications exclude each other")]
    ListenerWithThreadSync,
    /// A notification is no longer valid.
    #[error("no such notification")]
    NoSuchNotification,
    /// The kernel can't do this.
    #[error("not supported by this kernel")]
    Unsupported,
    /// API levels are 1 to 7.
    #[error("there is no such API level")]
    ApiLevel,
    /// The program exceeds 65,535 instructions, the most that `struct sock_fprog`
    /// (linux/filter.h) can describe.
    #[error("the program exceeds 65535 instructions")]
    ProgramTooLong,
}

impl Error {
    /// The error of the system call that this thread made last: [`Error::Os`] with `errno`.
    pub fn last_os() -> Error {
        Error::Os(io::Error::last_os_error().raw_os_error().unwrap_or(0))
    }
}

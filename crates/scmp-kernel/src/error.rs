// SPDX-License-Identifier: LGPL-2.1-only
//! Errors of probing, loading and notifications.

use std::io::{self, ErrorKind};

use thiserror::Error as ThisError;

/// Why a request to the kernel failed.
///
/// ```
/// use scmp_kernel::Error;
///
/// let refused = std::io::Error::from(Error::Os(libc::EACCES));
/// assert_eq!(refused.raw_os_error(), Some(libc::EACCES));
/// ```
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
    /// A notification is no longer valid: its call was interrupted, answered or killed.
    #[error("no such notification")]
    NoSuchNotification,
    /// A signal handler ran while the call waited.
    #[error("interrupted by a signal")]
    Interrupted,
    /// All threads with the listener's filter have ended.
    #[error("no thread is left to be notified about")]
    NoCallers,
    /// The filter asks for notifications, so it needs a listener.
    #[error("a filter that notifies needs a listener")]
    NeedsListener,
    /// The kernel can't do this, or an earlier filter kept the library from finding out that
    /// it can.
    #[error("not supported by this kernel")]
    Unsupported,
    /// The kernel shows filters only to processes that have CAP_SYS_ADMIN and no filter.
    #[error("reading filters needs CAP_SYS_ADMIN, and the reading process must have no filter")]
    HiddenFilters,
    /// The thread is in seccomp's strict mode, which has no program: it may only read, write,
    /// exit and return from signal handlers.
    #[error("in strict mode: it may only read, write, exit and return from signal handlers")]
    StrictMode,
    /// API levels are 1 to 7.
    #[error("there is no such API level")]
    ApiLevel,
    /// The program exceeds 4096 instructions, the most that the kernel takes
    /// ([`MAX_LOADED`](scmp::bpf::MAX_LOADED)).
    #[error("the program exceeds 4096 instructions")]
    ProgramTooLong,
    /// The program is for architectures of the other byte order than this machine's.
    #[error("the program is for machines of the other byte order")]
    ForeignByteOrder,
    /// The filter has no program.
    #[error(transparent)]
    Filter(#[from] scmp::Error),
}

impl Error {
    /// The error of the system call that this thread made last: [`Error::Os`] with `errno`.
    ///
    /// ```
    /// let failed = std::fs::File::open("/no/such/file");
    /// assert_eq!(scmp_kernel::Error::last_os(), scmp_kernel::Error::Os(libc::ENOENT));
    /// # drop(failed);
    /// ```
    pub fn last_os() -> Error {
        Error::Os(io::Error::last_os_error().raw_os_error().unwrap_or(0))
    }
}

impl From<Error> for io::Error {
    /// Keeps the number of a failed system call, [`io::Error::raw_os_error`].
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::Os(errno) => return io::Error::from_raw_os_error(errno),
            Error::Filter(error) => return error.into(),
            Error::Interrupted => ErrorKind::Interrupted,
            Error::NoSuchNotification => ErrorKind::NotFound,
            Error::HiddenFilters => ErrorKind::PermissionDenied,
            Error::Unsupported => ErrorKind::Unsupported,
            Error::NoCallers => ErrorKind::BrokenPipe,
            Error::ThreadSync => ErrorKind::Other,
            _ => ErrorKind::InvalidInput,
        };
        io::Error::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn io_errors_keep_the_number() {
        let refused = io::Error::from(Error::Os(libc::EPERM));
        assert_eq!(refused.raw_os_error(), Some(libc::EPERM));
        let interrupted = io::Error::from(Error::Interrupted);
        assert_eq!(interrupted.kind(), ErrorKind::Interrupted);
        let memory = io::Error::from(Error::from(scmp::Error::OutOfMemory));
        assert_eq!(memory.kind(), ErrorKind::OutOfMemory);
    }
}

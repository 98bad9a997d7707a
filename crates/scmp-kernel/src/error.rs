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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A system call failed; the number is its `errno`.
    #[error("{}", io::Error::from_raw_os_error(*.0))]
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
    /// The kernel can't do this, or an earlier filter forbids to ask whether it can.
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
    /// Where the kernel has a number for the error, gives that number
    /// ([`io::Error::raw_os_error`]), whose text takes the place of this crate's:
    ///
    /// | error | number | kind |
    /// |---|---|---|
    /// | [`Error::Os`] | its `errno` | that of the number |
    /// | [`Error::ThreadSync`] | ESRCH | one that Rust does not name |
    /// | [`Error::NoSuchNotification`] | ENOENT | [`ErrorKind::NotFound`] |
    /// | [`Error::Interrupted`] | EINTR | [`ErrorKind::Interrupted`] |
    /// | [`Error::Unsupported`] | ENOSYS | [`ErrorKind::Unsupported`] |
    /// | [`Error::HiddenFilters`] | none | [`ErrorKind::PermissionDenied`] |
    /// | [`Error::NoCallers`] | none | [`ErrorKind::BrokenPipe`] |
    /// | [`Error::Filter`] | none | as for [`scmp::Error`] |
    /// | others | none | [`ErrorKind::InvalidInput`] |
    ///
    /// Errors without a number keep the text of this crate, and the conversion allocates.
    /// [`pre_exec`](std::os::unix::process::CommandExt::pre_exec) hands only a number to the
    /// parent process, which sees EINVAL for an error without one.
    ///
    /// ```
    /// use std::io;
    /// use scmp_kernel::Error;
    ///
    /// let error = io::Error::from(Error::ThreadSync);
    /// assert_eq!(error.raw_os_error(), Some(libc::ESRCH));
    /// let error = io::Error::from(Error::NeedsListener);
    /// assert_eq!(error.to_string(), Error::NeedsListener.to_string());
    /// ```
    fn from(error: Error) -> io::Error {
        let kind = match error {
            Error::Os(errno) => return io::Error::from_raw_os_error(errno),
            Error::ThreadSync => return io::Error::from_raw_os_error(libc::ESRCH),
            Error::NoSuchNotification => return io::Error::from_raw_os_error(libc::ENOENT),
            Error::Interrupted => return io::Error::from_raw_os_error(libc::EINTR),
            Error::Unsupported => return io::Error::from_raw_os_error(libc::ENOSYS),
            Error::Filter(error) => return error.into(),
            Error::HiddenFilters => ErrorKind::PermissionDenied,
            Error::NoCallers => ErrorKind::BrokenPipe,
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
        for (error, errno, kind) in [
            (
                Error::Os(libc::EPERM),
                libc::EPERM,
                ErrorKind::PermissionDenied,
            ),
            (Error::NoSuchNotification, libc::ENOENT, ErrorKind::NotFound),
            (Error::Interrupted, libc::EINTR, ErrorKind::Interrupted),
            (Error::Unsupported, libc::ENOSYS, ErrorKind::Unsupported),
        ] {
            let error = io::Error::from(error);
            assert_eq!((error.raw_os_error(), error.kind()), (Some(errno), kind));
        }
        let memory = io::Error::from(Error::from(scmp::Error::OutOfMemory));
        assert_eq!(memory.kind(), ErrorKind::OutOfMemory);
    }

    // It was "errno 13".
    #[test]
    fn a_failed_call_is_told_in_words() {
        let told = Error::Os(libc::EACCES).to_string();
        assert_eq!(told, "Permission denied (os error 13)");
    }
}

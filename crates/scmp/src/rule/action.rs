// SPDX-License-Identifier: LGPL-2.1-only
//! What the kernel does with a system call.

use std::fmt;

use crate::error::{Error, Invalid};

/// What a rule or a filter has the kernel do with a system call, seccomp(2).
///
/// Its text is one of `kill-process`, `kill-thread`, `notify`, `log`, `allow`, and with a
/// number, decimal or hexadecimal after `0x`, `errno 1`, `trap 0` and `trace 0`.
///
/// ```
/// use scmp::Action;
///
/// let action: Action = "errno 38".parse()?;
/// assert_eq!(Ok(action), Action::errno(38));
/// assert_eq!(Action::KillProcess.to_string(), "kill-process");
/// # Ok::<(), scmp::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Kill the whole process as if by an uncaught SIGSYS (Linux 4.14).
    KillProcess,
    /// Kill the calling thread.
    KillThread,
    /// Send SIGSYS; the data arrives in `si_errno`.
    Trap(u16),
    /// Do not run the call; it fails with this error number. [`Action::errno`] makes
    /// this action.
    Errno(Errno),
    /// Hand the call to a user space supervisor (Linux 5.0).
    Notify,
    /// Hand the call to a ptrace(2) tracer with this message.
    Trace(u16),
    /// Run the call and log it (Linux 4.14).
    Log,
    /// Run the call.
    Allow,
}

// linux/seccomp.h: the action is the high half, the data the low one.
const KILL_PROCESS: u32 = 0x8000_0000;
const KILL_THREAD: u32 = 0x0000_0000;
const TRAP: u32 = 0x0003_0000;
const ERRNO: u32 = 0x0005_0000;
const NOTIFY: u32 = 0x7fc0_0000;
const TRACE: u32 = 0x7ff0_0000;
const LOG: u32 = 0x7ffc_0000;
const ALLOW: u32 = 0x7fff_0000;

/// An error number with which a filter can make a call fail: 0 to 4094.
///
/// The kernel replaces larger numbers with 4095 (`MAX_ERRNO` in linux/err.h).
/// libseccomp refuses 4095 and above, and so does this type.
///
/// ```
/// use scmp::{Action, Errno};
///
/// let denied = Errno::new(libc::EACCES)?;
/// assert_eq!(Action::Errno(denied).to_string(), "errno 13");
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Errno(u16);

impl Errno {
    const LARGEST: i32 = 4094;

    /// The largest error number, 4094.
    ///
    /// ```
    /// assert_eq!(scmp::Errno::MAX.get(), 4094);
    /// ```
    pub const MAX: Errno = Errno(Self::LARGEST as u16);

    /// An error number. It is an `i32` because libc's constants are.
    ///
    /// ```
    /// use scmp::Errno;
    ///
    /// assert_eq!(Errno::new(libc::EPERM)?.get(), 1);
    /// assert!(Errno::new(4095).is_err());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if it is negative or above [`Errno::MAX`].
    pub const fn new(number: i32) -> Result<Errno, Error> {
        match number {
            0..=Self::LARGEST => Ok(Errno(number as u16)),
            _ => Err(Error::InvalidArgument(Invalid::Action)),
        }
    }

    /// The number, 0 to 4094.
    ///
    /// ```
    /// assert_eq!(scmp::Errno::new(libc::EPERM)?.get(), 1);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Action {
    /// The action that makes a call fail with this error number, 0 to 4094.
    ///
    /// ```
    /// use scmp::{Action, Error, Filter, Invalid};
    ///
    /// let filter = Filter::new(Action::errno(libc::EPERM)?)?;
    /// assert_eq!(filter.default_action().to_raw(), 0x0005_0001);
    /// assert_eq!(Action::errno(4095), Err(Error::InvalidArgument(Invalid::Action)));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for any other number.
    pub const fn errno(number: i32) -> Result<Action, Error> {
        match Errno::new(number) {
            Ok(errno) => Ok(Action::Errno(errno)),
            Err(error) => Err(error),
        }
    }

    /// The value that a program returns for this action.
    ///
    /// ```
    /// assert_eq!(scmp::Action::Trace(7).to_raw(), 0x7ff0_0007);
    /// ```
    pub const fn to_raw(self) -> u32 {
        match self {
            Action::KillProcess => KILL_PROCESS,
            Action::KillThread => KILL_THREAD,
            Action::Trap(data) => TRAP | data as u32,
            Action::Errno(errno) => ERRNO | errno.0 as u32,
            Action::Notify => NOTIFY,
            Action::Trace(message) => TRACE | message as u32,
            Action::Log => LOG,
            Action::Allow => ALLOW,
        }
    }

    /// The action with this value; `None` for anything that is not exactly an
    /// action, and for errors from 4095 up.
    ///
    /// ```
    /// use scmp::Action;
    ///
    /// assert_eq!(Action::from_raw(0x7fff_0000), Some(Action::Allow));
    /// assert_eq!(Action::from_raw(0x7fff_0001), None);
    /// assert_eq!(Action::from_raw(0xdead_0000), None);
    /// ```
    pub const fn from_raw(raw: u32) -> Option<Action> {
        let data = raw as u16;
        match (raw & 0xffff_0000, data) {
            (KILL_PROCESS, 0) => Some(Action::KillProcess),
            (KILL_THREAD, 0) => Some(Action::KillThread),
            (TRAP, _) => Some(Action::Trap(data)),
            (ERRNO, _) => match Action::errno(data as i32) {
                Ok(action) => Some(action),
                Err(_) => None,
            },
            (NOTIFY, 0) => Some(Action::Notify),
            (TRACE, _) => Some(Action::Trace(data)),
            (LOG, 0) => Some(Action::Log),
            (ALLOW, 0) => Some(Action::Allow),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_numbers_end_at_4094() {
        for number in [0, 1, 4094] {
            let errno = Errno::new(number).unwrap();
            assert_eq!(i32::from(errno.get()), number);
            assert_eq!(Action::errno(number), Ok(Action::Errno(errno)));
        }
        assert_eq!(Errno::new(4094), Ok(Errno::MAX));
        // 65537 is 1 as 16 bits.
        for number in [4095, 4096, 65_535, 65_537, -1, i32::MIN, i32::MAX] {
            let refused = Err(Error::InvalidArgument(Invalid::Action));
            assert_eq!(Action::errno(number), refused, "{number}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The system calls of this crate, each with the reason why it is sound.

use std::ffi::{c_int, c_long, c_uint, c_ulong, c_void};
use std::marker::PhantomData;
use std::ptr;

use super::notify::NotificationSizes;
use crate::error::Error;
use scmp::bpf::Instruction;

// Declared here because a thread may end in them, by a signal handler that calls
// pthread_exit(3): the C library then unwinds through the caller, which libc's own
// declarations rule out.
unsafe extern "C-unwind" {
    #[link_name = "ioctl"]
    fn ioctl_of_libc(fd: c_int, request: IoctlRequest, ...) -> c_int;
    #[link_name = "syscall"]
    fn syscall(number: c_long, ...) -> c_long;
    #[link_name = "prctl"]
    fn prctl(operation: c_int, ...) -> c_int;
}

#[cfg(target_env = "musl")]
type IoctlRequest = c_int;
#[cfg(not(target_env = "musl"))]
type IoctlRequest = c_ulong;

fn checked(result: c_long) -> Result<c_long, Error> {
    match result {
        -1 => Err(Error::last_os()),
        value => Ok(value),
    }
}

/// seccomp(2).
///
/// # Safety
/// `data` must point to what the operation reads and writes, or be null.
unsafe fn seccomp<T>(operation: c_uint, flags: c_ulong, data: *mut T) -> Result<c_long, Error> {
    // SAFETY: the caller vouches for `data`. The kernel reads no memory through a null
    // pointer; at worst it answers EFAULT.
    checked(unsafe { syscall(libc::SYS_seccomp, operation, flags, data) })
}

/// seccomp(2) without data: only for calls that the kernel must refuse, or
/// that ignore it.
pub(super) fn seccomp_without_data(operation: c_uint, flags: c_ulong) -> Result<c_long, Error> {
    // SAFETY: the pointer is null.
    unsafe { seccomp(operation, flags, ptr::null_mut::<c_void>()) }
}

/// `SECCOMP_GET_ACTION_AVAIL`.
pub(super) fn action_available(mut action: u32) -> bool {
    // SAFETY: the kernel reads one u32, which outlives the call.
    unsafe { seccomp(libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw mut action) }.is_ok()
}

/// Asks the kernel for the sizes of its structures (`SECCOMP_GET_NOTIF_SIZES`).
///
/// # Errors
/// [`Error::Os`].
pub fn notification_sizes() -> Result<NotificationSizes, Error> {
    let mut sizes = libc::seccomp_notif_sizes {
        seccomp_notif: 0,
        seccomp_notif_resp: 0,
        seccomp_data: 0,
    };
    // SAFETY: the kernel writes one structure of the type it is given.
    unsafe { seccomp(libc::SECCOMP_GET_NOTIF_SIZES, 0, &raw mut sizes) }?;
    Ok(NotificationSizes {
        request: usize::from(sizes.seccomp_notif),
        response: usize::from(sizes.seccomp_notif_resp),
    })
}

/// `PR_SET_NO_NEW_PRIVS`.
pub(super) fn set_no_new_privileges() -> Result<(), Error> {
    let (on, none): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: this operation takes no pointer.
    let result = unsafe { prctl(libc::PR_SET_NO_NEW_PRIVS, on, none, none, none) };
    checked(c_long::from(result)).map(drop)
}

/// A program as the kernel takes it.
pub(super) struct RawProgram<'a> {
    /// Points to `instructions`.
    header: libc::sock_fprog,
    instructions: PhantomData<&'a [Instruction]>,
}

// The kernel reads `Instruction` as `struct sock_filter`.
const _: () = assert!(size_of::<Instruction>() == size_of::<libc::sock_filter>());

impl<'a> RawProgram<'a> {
    /// `instructions` have the byte order of [`Program::exported`].
    ///
    /// [`Program::exported`]: scmp::bpf::Program::exported
    ///
    /// # Errors
    /// [`Error::ProgramTooLong`] if they exceed 65,535, the most that `struct sock_fprog`
    /// (linux/filter.h) can describe.
    pub(super) fn new(instructions: &'a [Instruction]) -> Result<Self, Error> {
        let header = libc::sock_fprog {
            len: u16::try_from(instructions.len()).map_err(|_| Error::ProgramTooLong)?,
            filter: instructions.as_ptr().cast_mut().cast(),
        };
        Ok(RawProgram {
            header,
            instructions: PhantomData,
        })
    }

    /// `SECCOMP_SET_MODE_FILTER`.
    pub(super) fn install(&self, flags: c_ulong) -> Result<c_long, Error> {
        let header = (&raw const self.header).cast_mut();
        // SAFETY: header and program outlive the call; the kernel copies
        // `len` instructions byte by byte and does not write to them.
        unsafe { seccomp(libc::SECCOMP_SET_MODE_FILTER, flags, header) }
    }

    /// `PR_SET_SECCOMP`, for kernels before 3.17.
    pub(super) fn install_by_prctl(&self) -> Result<c_long, Error> {
        let mode = libc::SECCOMP_MODE_FILTER as c_ulong;
        // SAFETY: as in `install`.
        let result = unsafe { prctl(libc::PR_SET_SECCOMP, mode, &raw const self.header) };
        checked(c_long::from(result))
    }
}

/// A notification ioctl, linux/seccomp.h.
///
/// # Safety
/// `data` must point to what the request reads and writes, in the size that
/// the running kernel uses.
pub(super) unsafe fn ioctl(fd: c_int, request: c_ulong, data: *mut c_void) -> Result<c_int, Error> {
    // SAFETY: the caller vouches for `data`.
    match unsafe { ioctl_of_libc(fd, request as IoctlRequest, data) } {
        -1 => Err(Error::last_os()),
        value => Ok(value),
    }
}

/// What poll(2) says of a listener.
pub(super) enum Polled {
    /// The time is over.
    Nothing,
    /// A call waits.
    Call,
    /// There can be no call any more, because all threads with the filter have ended.
    Ended,
}

/// Waits by poll(2) until a listener has a notification, for so many milliseconds; -1 waits
/// forever.
pub(super) fn poll(listener: c_int, milliseconds: c_int) -> Result<Polled, Error> {
    let mut polled = libc::pollfd {
        fd: listener,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: the kernel reads and writes one structure.
    let ready = checked(unsafe { libc::poll(&raw mut polled, 1, milliseconds) }.into())?;
    match polled.revents & (libc::POLLIN | libc::POLLHUP | libc::POLLNVAL) {
        _ if ready == 0 => Ok(Polled::Nothing),
        libc::POLLNVAL => Err(Error::Os(libc::EBADF)),
        libc::POLLHUP => Ok(Polled::Ended),
        // POLLERR: a signal came while the kernel waited for its lock.
        0 => Err(Error::Os(libc::EINTR)),
        _ => Ok(Polled::Call),
    }
}

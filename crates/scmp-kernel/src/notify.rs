// SPDX-License-Identifier: LGPL-2.1-only
//! Notifications: calls that a filter hands to a supervisor, seccomp_unotify(2).

use std::ffi::{c_int, c_ulong, c_void};
use std::ptr;

use super::sys;
use crate::error::Error;

/// The sizes of the structures of the running kernel, in bytes.
///
/// ```
/// if let Ok(sizes) = scmp_kernel::notification_sizes() {
///     assert!(sizes.request >= 80 && sizes.response >= 24);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationSizes {
    /// Of `struct seccomp_notif`.
    pub request: usize,
    /// Of `struct seccomp_notif_resp`.
    pub response: usize,
}

/// The type of the ioctls of linux/seccomp.h.
const TYPE: u32 = b'!' as u32;

// musl's ioctl(2) takes an int for the request.
const RECEIVE: c_ulong = libc::_IOWR::<libc::seccomp_notif>(TYPE, 0) as c_ulong;
const SEND: c_ulong = libc::_IOWR::<libc::seccomp_notif_resp>(TYPE, 1) as c_ulong;
const ID_VALID: c_ulong = libc::_IOW::<u64>(TYPE, 2) as c_ulong;
/// `ID_VALID` of kernels before 5.9.
const ID_VALID_BEFORE_5_9: c_ulong = libc::_IOR::<u64>(TYPE, 2) as c_ulong;
const ADD_DESCRIPTOR: c_ulong = libc::_IOW::<libc::seccomp_notif_addfd>(TYPE, 3) as c_ulong;
const SET_FLAGS: c_ulong = libc::_IOW::<u64>(TYPE, 4) as c_ulong;
/// `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP`.
const SYNCHRONOUS: usize = 1;

/// Waits for a notification.
///
/// # Safety
/// `notification` must point to zeroed memory of the size that
/// [`notification_sizes`](crate::notification_sizes) gives for a request.
///
/// # Errors
/// [`Error::Os`].
pub unsafe fn receive(fd: c_int, notification: *mut c_void) -> Result<(), Error> {
    // SAFETY: the caller vouches for the memory.
    unsafe { sys::ioctl(fd, RECEIVE, notification) }.map(drop)
}

/// Answers a notification.
///
/// # Safety
/// `response` must point to a response of the kernel's size.
///
/// # Errors
/// [`Error::Os`].
pub unsafe fn respond(fd: c_int, response: *mut c_void) -> Result<(), Error> {
    // SAFETY: the caller vouches for the memory.
    unsafe { sys::ioctl(fd, SEND, response) }.map(drop)
}

/// Whether the process that a notification is about still waits.
///
/// # Errors
/// [`Error::NoSuchNotification`].
pub fn id_is_valid(fd: c_int, id: u64) -> Result<(), Error> {
    until_answered(|| ask_for_id(fd, id)).map_err(|_| Error::NoSuchNotification)
}

/// Asks again if a signal handler ran: the kernel waits for its lock interruptibly.
fn until_answered(mut ask: impl FnMut() -> Result<(), Error>) -> Result<(), Error> {
    loop {
        match ask() {
            Err(Error::Os(libc::EINTR)) => {}
            answer => return answer,
        }
    }
}

/// `SECCOMP_IOCTL_NOTIF_ID_VALID`.
fn ask_for_id(fd: c_int, mut id: u64) -> Result<(), Error> {
    let data = (&raw mut id).cast();
    // SAFETY: the kernel reads the u64 that `data` points to.
    let mut result = unsafe { sys::ioctl(fd, ID_VALID, data) };
    if result == Err(Error::Os(libc::EINVAL)) {
        // SAFETY: as above.
        result = unsafe { sys::ioctl(fd, ID_VALID_BEFORE_5_9, data) };
    }
    result.map(drop)
}

/// Whether a descriptor is a listener, asked by `SECCOMP_IOCTL_NOTIF_ID_VALID`, which changes
/// nothing. If a filter makes the request fail, the descriptor counts as a listener.
///
/// ```
/// use std::os::fd::AsRawFd;
///
/// let null = std::fs::File::open("/dev/null")?;
/// assert!(!scmp_kernel::is_listener(null.as_raw_fd()));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn is_listener(fd: c_int) -> bool {
    let answer = ask_for_id(fd, 0);
    !matches!(answer, Err(Error::Os(libc::ENOTTY | libc::EINVAL)))
}

/// Puts a copy of a descriptor into the process that a notification is about
/// (Linux 5.9); returns its number there.
///
/// # Safety
/// `request` must point to a `struct seccomp_notif_addfd`.
///
/// # Errors
/// [`Error::Unsupported`] if the kernel can't; [`Error::Os`].
pub unsafe fn add_descriptor(fd: c_int, request: *mut c_void) -> Result<c_int, Error> {
    // SAFETY: the caller vouches for the memory.
    let result = unsafe { sys::ioctl(fd, ADD_DESCRIPTOR, request) };
    if result != Err(Error::Os(libc::EINVAL)) {
        return result;
    }
    // A kernel that does not know the request says EINVAL whatever the data,
    // one that does looks at the data first.
    // SAFETY: the kernel reads no memory through a null pointer.
    match unsafe { sys::ioctl(fd, ADD_DESCRIPTOR, ptr::null_mut()) } {
        Err(Error::Os(libc::EINVAL)) => Err(Error::Unsupported),
        _ => result,
    }
}

/// `SECCOMP_IOCTL_NOTIF_SET_FLAGS` (Linux 6.6): whether callers and receivers are woken on
/// one processor.
///
/// # Errors
/// [`Error::Unsupported`] if the kernel can't; [`Error::Os`].
pub(super) fn set_synchronous(fd: c_int, is_on: bool) -> Result<(), Error> {
    let flags = ptr::without_provenance_mut(if is_on { SYNCHRONOUS } else { 0 });
    // SAFETY: the kernel takes the value for flags, not for a pointer.
    match unsafe { sys::ioctl(fd, SET_FLAGS, flags) } {
        Err(Error::Os(libc::EINVAL)) => Err(Error::Unsupported),
        result => result.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    // It was taken for "no longer waits", with threads that keep the kernel's lock busy.
    #[test]
    fn a_signal_makes_no_notification_invalid() {
        let gone = Err(Error::Os(libc::ENOENT));
        for last in [Ok(()), gone] {
            let mut answers = [Err(Error::Os(libc::EINTR)), last].into_iter();
            assert_eq!(until_answered(|| answers.next().unwrap_or(gone)), last);
        }
    }

    /// Asks the host's C compiler, CC.
    #[test]
    fn requests_are_those_of_the_kernel_header() {
        let source = format!(
            "#include <linux/ioctl.h>\n#include <linux/seccomp.h>\n\
             _Static_assert(SECCOMP_IOW(4, __u64) == {SET_FLAGS}UL, \"\");\n\
             _Static_assert(SECCOMP_IOCTL_NOTIF_RECV == {RECEIVE}UL, \"\");\n\
             _Static_assert(SECCOMP_IOCTL_NOTIF_SEND == {SEND}UL, \"\");\n\
             _Static_assert(SECCOMP_IOCTL_NOTIF_ID_VALID == {ID_VALID}UL, \"\");\n\
             _Static_assert(SECCOMP_IOR(2, __u64) == {ID_VALID_BEFORE_5_9}UL, \"\");\n\
             _Static_assert(SECCOMP_IOCTL_NOTIF_ADDFD == {ADD_DESCRIPTOR}UL, \"\");\n"
        );
        let compiler = std::env::var("CC").unwrap_or("cc".to_string());
        let mut words = compiler.split_whitespace();
        let mut compiler = Command::new(words.next().expect("a program"))
            .args(words)
            .args(["-x", "c", "-fsyntax-only", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the C compiler runs");
        let mut input = compiler.stdin.take().expect("a pipe");
        input.write_all(source.as_bytes()).expect("it reads");
        drop(input);
        assert!(compiler.wait().expect("its status").success(), "{source}");
    }
}

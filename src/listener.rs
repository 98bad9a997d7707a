// SPDX-License-Identifier: LGPL-2.1-only
//! The process's listener: the descriptor of which seccomp_notify_fd(3) tells.
//!
//! The library and its caller share it: `seccomp_reset(NULL)` closes it, and so may the
//! caller, after which the number may belong to another file.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// A descriptor, [`NONE`] or [`LOST`].
static LISTENER: AtomicI32 = AtomicI32::new(NONE);

/// No filter has brought a listener.
const NONE: c_int = -1;

/// There was a listener. The kernel makes no other while the old one, or a copy of it, is open:
/// it answers EBUSY.
const LOST: c_int = -2;

/// The listener, which its owner may have closed.
pub(super) fn descriptor() -> Option<c_int> {
    Some(LISTENER.load(Relaxed)).filter(|&fd| fd >= 0)
}

pub(super) fn remember(fd: c_int) {
    LISTENER.store(fd, Relaxed);
}

/// Forgets the listener, but not that it existed.
pub(super) fn lose() {
    remember(LOST);
}

/// Whether there is or was a listener.
pub(super) fn existed() -> bool {
    LISTENER.load(Relaxed) != NONE
}

/// Whether the listener may still be open.
pub(super) fn may_be_open() -> bool {
    descriptor().is_some_and(may_be_listener)
}

/// Forgets the listener, and gives it to be closed.
pub(super) fn take() -> Option<c_int> {
    let lose = |fd: c_int| (fd >= 0).then_some(LOST);
    LISTENER.fetch_update(Relaxed, Relaxed, lose).ok()
}

/// Closes a descriptor that was taken, unless it is no longer a listener.
pub(super) fn close(fd: c_int) {
    if may_be_listener(fd) && scmp_kernel::is_listener(fd) {
        // By syscall(2), because the C library's `close` is a cancellation point (pthreads(7)):
        // a thread that is cancelled would end there with the descriptor still open.
        // SAFETY: closing a descriptor touches no memory; it is the library's own.
        unsafe { libc::syscall(libc::SYS_close, fd) };
    }
}

/// Whether a descriptor that was a listener may still be one: like all anonymous inodes, a
/// listener has no file type. Asks by fstat(2), not by ioctl(2): filters may forbid
/// ioctl(2), some even kill the caller, but they allow fstat(2), which every program's C
/// library calls.
fn may_be_listener(fd: c_int) -> bool {
    let mut status = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the kernel writes one structure of this type.
    match unsafe { libc::fstat(fd, status.as_mut_ptr()) } {
        // SAFETY: written, as the call has succeeded.
        0 => unsafe { status.assume_init() }.st_mode & libc::S_IFMT == 0,
        _ => scmp_kernel::Error::last_os() != scmp_kernel::Error::Os(libc::EBADF),
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Notifications: calls that a filter hands to a supervisor.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::library::FEATURES;
use super::types::{scmp_filter_ctx, seccomp_notif, seccomp_notif_addfd, seccomp_notif_resp};
use super::{context, entry, errno, listener};
use crate::error::Error;
use scmp_kernel::{self as kernel, Feature};

/// Allocates zeroed structures of the sizes that the running kernel uses; a
/// null pointer asks for none. Release them with [`seccomp_notify_free`].
///
/// Returns 0; -EOPNOTSUPP without seccomp(2); -ECANCELED if the kernel does
/// not tell the sizes; -EFAULT if a size is 0; -ENOMEM.
///
/// # Safety
/// Both pointers must be null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_notify_alloc(
    req: *mut *mut seccomp_notif,
    resp: *mut *mut seccomp_notif_resp,
) -> c_int {
    entry::status(|| {
        FEATURES.level();
        if !FEATURES.has(Feature::Syscall) {
            return Err(Error::Unsupported);
        }
        let sizes = FEATURES.notification_sizes()?;
        if sizes.request == 0 || sizes.response == 0 {
            return Err(Error::NoListener);
        }
        let request = match req.is_null() {
            true => ptr::null_mut(),
            false => zeroed(sizes.request)?,
        };
        let response = match resp.is_null() {
            true => ptr::null_mut(),
            false => zeroed(sizes.response).inspect_err(|_| {
                // SAFETY: it is null or has just come from calloc.
                unsafe { libc::free(request) }
            })?,
        };
        // SAFETY: written only if not null; the caller vouches for the rest.
        unsafe {
            if !req.is_null() {
                req.write_unaligned(request.cast());
            }
            if !resp.is_null() {
                resp.write_unaligned(response.cast());
            }
        }
        Ok(())
    })
}

fn zeroed(size: usize) -> Result<*mut c_void, Error> {
    // SAFETY: calloc may be asked for any size.
    let memory = unsafe { libc::calloc(1, size) };
    match memory.is_null() {
        true => Err(scmp::Error::OutOfMemory.into()),
        false => Ok(memory),
    }
}

/// Releases structures from [`seccomp_notify_alloc`]; ignores null.
///
/// # Safety
/// Both must be null or come from [`seccomp_notify_alloc`], and are gone
/// afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_notify_free(
    req: *mut seccomp_notif,
    resp: *mut seccomp_notif_resp,
) {
    // SAFETY: the caller vouches for both; free takes null.
    unsafe {
        libc::free(req.cast());
        libc::free(resp.cast());
    }
}

/// Waits for a notification on `fd` and stores it in `req`, which must be
/// zeroed.
///
/// Returns 0; -EINVAL without `req`; -EOPNOTSUPP if the kernel has no
/// notifications; -ECANCELED on any other error.
///
/// # Safety
/// `req` must be null or come from [`seccomp_notify_alloc`].
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_notify_receive(
    fd: c_int,
    req: *mut seccomp_notif,
) -> c_int {
    // SAFETY: not null, as checked; the caller vouches for the rest.
    let receive = |req| unsafe { kernel::receive(fd, req) };
    entry::blocking(|| given(req), |req| errno::answer(receive(req).map(|()| 0)))
}

/// Answers a notification.
///
/// Returns 0; -EINVAL without `resp`; -EOPNOTSUPP if the kernel has no
/// notifications; -ECANCELED on any other error.
///
/// # Safety
/// `resp` must be null or come from [`seccomp_notify_alloc`].
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_notify_respond(
    fd: c_int,
    resp: *mut seccomp_notif_resp,
) -> c_int {
    // SAFETY: not null, as checked; the caller vouches for the rest.
    let respond = |resp| unsafe { kernel::respond(fd, resp) };
    entry::blocking(
        || given(resp),
        |resp| errno::answer(respond(resp).map(|()| 0)),
    )
}

/// Whether the process that a notification is about still waits for it.
///
/// Returns 0 if so, -ENOENT if not, -EOPNOTSUPP if the kernel has no
/// notifications.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn seccomp_notify_id_valid(fd: c_int, id: u64) -> c_int {
    let check = || {
        FEATURES.level();
        needs_notifications()
    };
    entry::blocking(check, |()| {
        errno::answer(kernel::id_is_valid(fd, id).map(|()| 0))
    })
}

/// Puts a copy of a descriptor into the process that a notification is about.
///
/// Returns the descriptor's number there; -EINVAL without `addfd`;
/// -EOPNOTSUPP if the kernel (before 5.9) can't do that; -ECANCELED on any
/// other error.
///
/// # Safety
/// `addfd` must be null or point to a structure.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_notify_addfd(
    fd: c_int,
    addfd: *mut seccomp_notif_addfd,
) -> c_int {
    // SAFETY: not null, as checked; the caller vouches for the rest.
    let add = |addfd| unsafe { kernel::add_descriptor(fd, addfd) };
    entry::blocking(|| given(addfd), |addfd| errno::answer(add(addfd)))
}

/// The descriptor that receives notifications, once a filter that asks for
/// them has been loaded.
///
/// Returns the descriptor; -EINVAL for a bad filter; -EFAULT if there is no descriptor.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_notify_fd(ctx: scmp_filter_ctx) -> c_int {
    entry::value(|| {
        FEATURES.level();
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, |_| Ok(())) }?;
        listener::descriptor().ok_or(Error::NoListener)
    })
}

/// The pointer, of a call that needs notifications, if it is not null.
fn given<T>(pointer: *mut T) -> Result<*mut c_void, Error> {
    needs_notifications()?;
    match pointer.is_null() {
        true => Err(Error::BadArgument),
        false => Ok(pointer.cast()),
    }
}

/// As in the C library, nothing is probed here: a program learns of
/// notifications when it makes a filter.
fn needs_notifications() -> Result<(), Error> {
    match FEATURES.is_known(Feature::Notify) {
        true => Ok(()),
        false => Err(Error::Unsupported),
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The boundary that every exported function runs behind.

use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::errno;
use crate::error::Error;

/// Runs `body`; `on_panic` is the answer if it panics. The filter stays usable and decides as
/// before: the core makes all changes after what can fail. A plan that panics is rolled back.
#[inline]
pub(super) fn guard<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(on_panic)
}

/// Runs a function that returns a number, zero or more, or an error code.
pub(super) fn value(body: impl FnOnce() -> Result<c_int, Error>) -> c_int {
    guard(errno::code(Error::Panic), || {
        body().unwrap_or_else(errno::code)
    })
}

/// A function that makes system calls which may block. `check`
/// validates the arguments behind the panic boundary. `call` runs outside of it,
/// because the thread may end there: pthread_cancel(3) acts in a call that is a
/// cancellation point, pthread_exit(3) in a signal handler anywhere. glibc then
/// unwinds through its callers, which is allowed through functions of an unwinding
/// ABI where nothing is to be dropped (RFC 2945). So `call` must not panic and must
/// own nothing, and the exported function is `extern "C-unwind"`.
pub(super) fn blocking<T: Copy>(
    check: impl FnOnce() -> Result<T, Error>,
    call: impl FnOnce(T) -> c_int,
) -> c_int {
    match prepare(check) {
        Ok(checked) => call(checked),
        Err(code) => code,
    }
}

/// Runs `check` behind the panic boundary for [`blocking`]; an error is its code.
///
/// Not inlined: frames in which a thread may end must have no landing pad.
#[inline(never)]
pub(super) fn prepare<T>(check: impl FnOnce() -> Result<T, Error>) -> Result<T, c_int> {
    guard(Err(errno::code(Error::Panic)), || {
        check().map_err(errno::code)
    })
}

/// Runs a function that returns zero or an error code.
pub(super) fn status(body: impl FnOnce() -> Result<(), Error>) -> c_int {
    value(|| body().map(|()| 0))
}

/// Raises a panic in the shared and the static library: make/link.mk replaces std's panic
/// handler, which prints, and its handler for exhausted memory with this function. It
/// ignores their arguments, which say what to print.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn scmp_panic() -> ! {
    // Abort if a panic is already unwinding: a panic that reaches an `extern "C"` boundary
    // calls this again.
    if std::thread::panicking() {
        std::process::abort();
    }
    std::panic::resume_unwind(Box::new(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_efault() {
        assert_eq!(status(|| panic!("caught")), -libc::EFAULT);
        assert_eq!(guard(7, || panic!("caught")), 7);
        assert_eq!(guard(7, || scmp_panic()), 7);
    }
}

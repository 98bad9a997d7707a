// SPDX-License-Identifier: LGPL-2.1-only
//! The boundary that every exported function runs behind.

use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::errno;
use crate::error::Error;

/// Runs `body`; `on_panic` is the answer if it panics. The core changes
/// nothing before it can't fail any more, so a filter stays usable.
pub(super) fn guard<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(on_panic)
}

/// A function that answers with a number, zero or more, or an error code.
pub(super) fn value(body: impl FnOnce() -> Result<c_int, Error>) -> c_int {
    guard(errno::code(Error::Internal), || {
        body().unwrap_or_else(errno::code)
    })
}

/// A function that answers zero or an error code.
pub(super) fn status(body: impl FnOnce() -> Result<(), Error>) -> c_int {
    value(|| body().map(|()| 0))
}

/// Keeps a panic from being reported on the program's standard error. The
/// shared object calls this when it is loaded; it allocates nothing.
#[unsafe(no_mangle)]
pub extern "C" fn scmp_silence_panics() {
    guard((), || std::panic::set_hook(Box::new(|_| ())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_efault() {
        assert_eq!(status(|| panic!("caught")), -libc::EFAULT);
        assert_eq!(guard(7, || panic!("caught")), 7);
    }
}

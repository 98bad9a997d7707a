// SPDX-License-Identifier: LGPL-2.1-only
//! Writing to a caller's descriptor.
//!
//! A thread may end in these functions while it waits ([`super::entry::blocking`]), so they
//! own nothing.

use std::ffi::{c_int, c_void};

use scmp_kernel::Error;

// libc declares `write` as not unwinding, so it is declared again here.
unsafe extern "C-unwind" {
    fn write(fd: c_int, bytes: *const c_void, count: usize) -> isize;
}

/// Leaves the descriptor in append mode: text goes to the end of a file.
pub(super) fn append_mode(fd: c_int) -> Result<(), Error> {
    // SAFETY: these operations of fcntl take no pointer.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags == -1 {
        return Err(Error::last_os());
    }
    if flags & libc::O_ACCMODE == libc::O_RDONLY {
        return Err(Error::Os(libc::EINVAL));
    }
    // SAFETY: as above. Where it fails, text goes to the file's offset.
    unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_APPEND) };
    Ok(())
}

/// Writes all bytes; continues after short writes. A signal ends it with EINTR: the caller may
/// have set a timer because nobody reads.
pub(super) fn write_all(fd: c_int, mut bytes: &[u8]) -> Result<(), Error> {
    while !bytes.is_empty() {
        // SAFETY: the pointer and the length are those of a slice.
        let written = unsafe { write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(0) => return Err(Error::Os(libc::EIO)),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(_) => return Err(Error::last_os()),
        }
    }
    Ok(())
}

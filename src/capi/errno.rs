// SPDX-License-Identifier: LGPL-2.1-only
//! The one place where errors become numbers.

use std::ffi::c_int;

use crate::error::Error;

/// The code that libseccomp documents for an error: a negative `errno` of a
/// fixed set. `errno` itself becomes the kernel's code if there is one: what the
/// failed system call left there may have been overwritten since.
pub(super) fn code(error: Error) -> c_int {
    match error {
        Error::Kernel(errno) => set(errno),
        // What kernels before 5.7 answer to both flags.
        Error::ListenerWithThreadSync => set(libc::EINVAL),
        _ => {}
    }
    -match error {
        Error::OutOfMemory => libc::ENOMEM,
        Error::InvalidArgument(_) | Error::NoArchitecture | Error::InexactMultiplexed => {
            libc::EINVAL
        }
        Error::UnknownSyscall | Error::ProgramTooLong | Error::NoListener | Error::Internal => {
            libc::EFAULT
        }
        Error::NotOnArchitecture | Error::EndiannessMismatch => libc::EDOM,
        Error::ExactNeedsOneArchitecture | Error::Unsupported => libc::EOPNOTSUPP,
        // As in the C library, a missing architecture "exists" too.
        Error::ConflictingRule | Error::ArchitecturePresent | Error::ArchitectureMissing => {
            libc::EEXIST
        }
        Error::ActionIsDefault | Error::ReadOnly => libc::EACCES,
        Error::BufferTooSmall => libc::ERANGE,
        Error::NoSuchNotification => libc::ENOENT,
        Error::ThreadSync => libc::ESRCH,
        Error::Kernel(_) | Error::ListenerWithThreadSync => libc::ECANCELED,
    }
}

/// The answer of a function that does nothing but a system call: its value, or
/// the code of its error.
pub(super) fn answer(result: Result<c_int, Error>) -> c_int {
    match result {
        Ok(value) => value,
        Err(error) => code(error),
    }
}

fn set(errno: c_int) {
    // SAFETY: errno's location is valid for the life of the thread.
    unsafe { *libc::__errno_location() = errno };
}

/// Like [`code`], for a caller that has asked for the kernel's own codes.
pub(super) fn raw_code(error: Error) -> c_int {
    let code = code(error);
    match error {
        Error::Kernel(errno) => -errno,
        _ => code,
    }
}

/// Codes outside of the documented set become -EFAULT. As in the C library,
/// seccomp_load(3) filters even raw codes.
pub(super) fn documented(code: c_int) -> c_int {
    match -code {
        ..=0
        | libc::EACCES
        | libc::ECANCELED
        | libc::EDOM
        | libc::EEXIST
        | libc::EINVAL
        | libc::ENOENT
        | libc::ENOMEM
        | libc::EOPNOTSUPP
        | libc::ERANGE
        | libc::ESRCH => code,
        _ => -libc::EFAULT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_outside_of_the_set_become_efault() {
        assert_eq!(documented(0), 0);
        assert_eq!(documented(7), 7);
        assert_eq!(documented(-libc::EACCES), -libc::EACCES);
        assert_eq!(documented(-libc::EPERM), -libc::EFAULT);
    }

    #[test]
    fn kernel_codes_pass_only_when_asked_for() {
        set(0);
        assert_eq!(code(Error::Kernel(libc::EBADF)), -libc::ECANCELED);
        let errno = std::io::Error::last_os_error().raw_os_error();
        assert_eq!(errno, Some(libc::EBADF));
        assert_eq!(raw_code(Error::Kernel(libc::EBADF)), -libc::EBADF);
    }
}

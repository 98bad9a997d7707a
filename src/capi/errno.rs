// SPDX-License-Identifier: LGPL-2.1-only
//! The one place where errors become numbers.

use std::ffi::c_int;

use crate::error::Error;

/// The code that libseccomp documents for an error: a negative `errno` of a
/// fixed set.
pub(super) fn code(error: Error) -> c_int {
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

/// Like [`code`], for a caller that has asked for the kernel's own codes.
pub(super) fn raw_code(error: Error) -> c_int {
    match error {
        Error::Kernel(errno) => -errno,
        error => code(error),
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
        assert_eq!(code(Error::Kernel(libc::EBADF)), -libc::ECANCELED);
        assert_eq!(raw_code(Error::Kernel(libc::EBADF)), -libc::EBADF);
    }
}

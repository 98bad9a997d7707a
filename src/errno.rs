// SPDX-License-Identifier: LGPL-2.1-only
//! The one place where errors become numbers.

use std::ffi::c_int;

use scmp::Error as Core;
use scmp_kernel::Error as Kernel;

use crate::error::Error;

/// The code that libseccomp documents for an error: a negative `errno` of a
/// fixed set. The variable `errno` becomes the kernel's code if there is one: what the
/// failed system call left there may have been overwritten since.
pub(super) fn code(error: Error) -> c_int {
    if let Some(errno) = of_call(error) {
        set(errno);
    }
    -match error {
        Error::Core(error) => of_core(error),
        Error::Kernel(error) => of_kernel(error),
        Error::BadArgument => libc::EINVAL,
        Error::ReadOnly => libc::EACCES,
        Error::Unsupported => libc::EOPNOTSUPP,
        Error::BufferTooSmall => libc::ERANGE,
        Error::NoListener | Error::Panic => libc::EFAULT,
    }
}

fn of_core(error: Core) -> c_int {
    match error {
        Core::OutOfMemory => libc::ENOMEM,
        Core::InvalidArgument(_) | Core::NoArchitecture | Core::InexactMultiplexed => libc::EINVAL,
        Core::NotOnArchitecture | Core::EndiannessMismatch => libc::EDOM,
        Core::ExactNeedsOneArchitecture => libc::EOPNOTSUPP,
        // As in the C library, removing an architecture that is not there is EEXIST too.
        Core::ConflictingRule | Core::ArchitecturePresent | Core::ArchitectureMissing => {
            libc::EEXIST
        }
        Core::ActionIsDefault => libc::EACCES,
        Core::UnknownSyscall | Core::UnknownName | Core::ProgramTooLong => libc::EFAULT,
        // A defect of this library.
        _ => libc::EFAULT,
    }
}

fn of_kernel(error: Kernel) -> c_int {
    match error {
        Kernel::ThreadSync => libc::ESRCH,
        Kernel::NoSuchNotification => libc::ENOENT,
        Kernel::Unsupported => libc::EOPNOTSUPP,
        Kernel::ApiLevel => libc::EINVAL,
        Kernel::ProgramTooLong => libc::EFAULT,
        Kernel::Filter(error) => of_core(error),
        // A failed system call.
        _ => libc::ECANCELED,
    }
}

/// The kernel's own code, if a system call has failed.
fn of_call(error: Error) -> Option<c_int> {
    match error {
        Error::Kernel(Kernel::Os(errno)) => Some(errno),
        // Kernels before 5.7 answer this to both flags.
        Error::Kernel(Kernel::ListenerWithThreadSync) => Some(libc::EINVAL),
        _ => None,
    }
}

/// The return value of a function that only makes a system call: the call's value, or the
/// code of its error.
pub(super) fn answer(result: Result<c_int, Kernel>) -> c_int {
    match result {
        Ok(value) => value,
        Err(error) => code(Error::Kernel(error)),
    }
}

fn set(errno: c_int) {
    // SAFETY: errno's location is valid for the life of the thread.
    unsafe { *libc::__errno_location() = errno };
}

/// Like [`code`], for a caller that has asked for the kernel's own codes.
pub(super) fn raw_code(error: Error) -> c_int {
    let code = code(error);
    of_call(error).map_or(code, |errno| -errno)
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
        assert_eq!(
            code(Error::Kernel(Kernel::Os(libc::EBADF))),
            -libc::ECANCELED
        );
        let errno = std::io::Error::last_os_error().raw_os_error();
        assert_eq!(errno, Some(libc::EBADF));
        assert_eq!(
            raw_code(Error::Kernel(Kernel::Os(libc::EBADF))),
            -libc::EBADF
        );
    }
}

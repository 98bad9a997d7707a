// SPDX-License-Identifier: LGPL-2.1-only
//! Names and numbers of architectures and system calls.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use super::entry;
use super::filter::arch;
use super::types::__NR_SCMP_ERROR;
use scmp::Arch;

/// The token of a named architecture, such as "x86_64"; 0 if there is none.
///
/// # Safety
/// `arch_name` must be null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_arch_resolve_name(arch_name: *const c_char) -> u32 {
    entry::guard(0, || {
        // SAFETY: the caller vouches for the string.
        let arch = unsafe { with_bytes(arch_name, |name| Arch::from_name(name)) };
        arch.map_or(0, Arch::token)
    })
}

/// The token of the native architecture.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_arch_native() -> u32 {
    Arch::native().token()
}

/// The name of a system call number, which the caller passes to free(3); null
/// if there is none or memory runs out.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_syscall_resolve_num_arch(arch_token: u32, num: c_int) -> *mut c_char {
    entry::guard(ptr::null_mut(), || {
        let name = arch(arch_token)
            .ok()
            .and_then(|arch| arch.padded_syscall_name(num));
        name.map_or(ptr::null_mut(), copy)
    })
}

/// The number of a system call name, or its negative pseudo number where the
/// architecture has none; -1 if the name or the architecture is unknown.
///
/// # Safety
/// `name` must be null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_syscall_resolve_name_arch(
    arch_token: u32,
    name: *const c_char,
) -> c_int {
    entry::guard(__NR_SCMP_ERROR, || {
        let number = |name: &[u8]| arch(arch_token).ok()?.syscall_number(name);
        // SAFETY: the caller vouches for the string.
        unsafe { with_bytes(name, number) }.unwrap_or(__NR_SCMP_ERROR)
    })
}

/// Like [`seccomp_syscall_resolve_name_arch`], but the number of the
/// multiplexer for a call that goes through one.
///
/// # Safety
/// `name` must be null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_syscall_resolve_name_rewrite(
    arch_token: u32,
    name: *const c_char,
) -> c_int {
    // SAFETY: passed on to the caller.
    let number = unsafe { seccomp_syscall_resolve_name_arch(arch_token, name) };
    entry::guard(__NR_SCMP_ERROR, || {
        let rewritten = arch(arch_token).and_then(|arch| Ok(arch.rewrite(number)?));
        match rewritten {
            Ok(Some(multiplexer)) => multiplexer as c_int,
            Ok(None) => number,
            Err(_) => __NR_SCMP_ERROR,
        }
    })
}

/// [`seccomp_syscall_resolve_name_arch`] for the native architecture.
///
/// # Safety
/// `name` must be null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_syscall_resolve_name(name: *const c_char) -> c_int {
    entry::guard(__NR_SCMP_ERROR, || {
        let number = |name: &[u8]| Arch::native().syscall_number(name);
        // SAFETY: the caller vouches for the string.
        unsafe { with_bytes(name, number) }.unwrap_or(__NR_SCMP_ERROR)
    })
}

/// Runs `body` with the bytes of a string; `None` for null.
///
/// # Safety
/// `text` must be null or a string.
unsafe fn with_bytes<T>(text: *const c_char, body: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    match text.is_null() {
        true => None,
        // SAFETY: not null; the caller vouches for the rest.
        false => body(unsafe { CStr::from_ptr(text) }.to_bytes()),
    }
}

/// A copy of a name that free(3) takes; null if memory runs out.
fn copy<const SIZE: usize>(name: &[u8; SIZE]) -> *mut c_char {
    // SAFETY: malloc may be asked for any size.
    let copy = unsafe { libc::malloc(SIZE) }.cast::<[u8; SIZE]>();
    if !copy.is_null() {
        // SAFETY: the copy is new, and has room for the bytes.
        unsafe { copy.write(*name) };
    }
    copy.cast()
}

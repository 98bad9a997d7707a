// SPDX-License-Identifier: LGPL-2.1-only
//! Exporting filters.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::types::scmp_filter_ctx;
use super::{context, descriptor, entry, errno};
use crate::error::Error;
use scmp::Filter;
use scmp::bpf::Program;
use scmp_kernel as kernel;

/// Writes the filter as text to `fd`.
///
/// Returns 0; -EINVAL; -ENOMEM; -ECANCELED, or with
/// `SCMP_FLTATR_API_SYSRAWRC` the code of write(2), if it can't be written.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_export_pfc(ctx: scmp_filter_ctx, fd: c_int) -> c_int {
    let render = || {
        let render =
            |filter: &mut Filter| Ok((filter.pseudo_code()?, filter.attributes().raw_errors));
        // SAFETY: the caller vouches for `ctx`.
        let (text, raw_errors) = unsafe { context::with_usable(ctx, render) }?;
        // SAFETY: the same.
        let bytes = unsafe { context::keep_text(ctx, text) }?;
        Ok(Output { bytes, raw_errors })
    };
    entry::blocking(render, |output| {
        // As in the C library, which opens a stream that appends.
        let appends = descriptor::append_mode(fd);
        // SAFETY: `ctx` keeps the text.
        let code = appends.and_then(|()| unsafe { output.write(fd) });
        // SAFETY: the caller vouches for `ctx`; it was a live one just now.
        let _ = entry::prepare(|| unsafe { context::keep_text(ctx, Vec::new()) });
        output.answer(code)
    })
}

/// Writes the filter as an array of `struct sock_filter` to `fd`.
///
/// Returns 0; -EINVAL; -ENOMEM; -EFAULT for a filter of more than 65,535
/// instructions; -ECANCELED, or with `SCMP_FLTATR_API_SYSRAWRC` the code of
/// write(2), if it can't be written.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn seccomp_export_bpf(ctx: scmp_filter_ctx, fd: c_int) -> c_int {
    let generate = |filter: &mut Filter| {
        Ok(Output {
            raw_errors: filter.attributes().raw_errors,
            bytes: as_bytes(filter.program()?),
        })
    };
    // SAFETY: the caller vouches for `ctx`.
    let generate = || unsafe { context::with_usable(ctx, generate) };
    let write = |output: Output| {
        // SAFETY: `ctx` keeps its program while nobody changes it.
        let result = unsafe { output.write(fd) };
        output.answer(result)
    };
    entry::blocking(generate, write)
}

/// Bytes of a handle that are to be written.
#[derive(Clone, Copy)]
struct Output {
    bytes: *const [u8],
    raw_errors: bool,
}

impl Output {
    /// # Safety
    /// The handle still keeps the bytes.
    unsafe fn write(self, fd: c_int) -> Result<(), kernel::Error> {
        // SAFETY: the caller vouches for the bytes.
        descriptor::write_all(fd, unsafe { &*self.bytes })
    }

    fn answer(self, result: Result<(), kernel::Error>) -> c_int {
        result.map_or_else(|error| system_code(self.raw_errors, error), |()| 0)
    }
}

/// A program as it is exported.
fn as_bytes(program: &Program) -> *const [u8] {
    let exported = program.exported();
    ptr::slice_from_raw_parts(exported.as_ptr().cast(), size_of_val(exported))
}

/// Stores the filter as an array of `struct sock_filter` in `buf`, which has
/// room for `*len` bytes, and its size in `*len`. With a null `buf` only the
/// size.
///
/// Returns 0; -ERANGE if `buf` is too small, with the size in `*len`;
/// -EINVAL; -ENOMEM; -EFAULT for a filter of more than 65,535 instructions.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now; `len` must
/// be null or point to a size; `buf` must be null or have room for that many
/// bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_export_bpf_mem(
    ctx: scmp_filter_ctx,
    buf: *mut c_void,
    len: *mut usize,
) -> c_int {
    let export = |filter: &mut Filter| {
        if len.is_null() {
            return Err(Error::BadArgument);
        }
        let bytes = as_bytes(filter.program()?);
        // SAFETY: not null; the caller vouches for the rest.
        let room = unsafe { len.read_unaligned() };
        // SAFETY: as above.
        unsafe { len.write_unaligned(bytes.len()) };
        if buf.is_null() {
            return Ok(());
        }
        if bytes.len() > room {
            return Err(Error::BufferTooSmall);
        }
        // SAFETY: the filter keeps its program; the caller vouches for `room` bytes.
        unsafe { ptr::copy_nonoverlapping(bytes.cast(), buf.cast::<u8>(), bytes.len()) };
        Ok(())
    };
    // SAFETY: the caller vouches for `ctx`.
    entry::status(|| unsafe { context::with_usable(ctx, export) })
}

/// Generates the program now, so that loading or exporting need not.
///
/// Returns 0; -EINVAL; -ENOMEM; -EFAULT for a filter of more than 65,535
/// instructions.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_precompute(ctx: scmp_filter_ctx) -> c_int {
    let generate = |filter: &mut Filter| Ok(filter.program().map(drop)?);
    // SAFETY: the caller vouches for `ctx`.
    entry::status(|| unsafe { context::with_usable(ctx, generate) })
}

/// The code for an error of a system call, as the filter's attribute asks.
pub(super) fn system_code(raw_errors: bool, error: kernel::Error) -> c_int {
    let error = Error::Kernel(error);
    match raw_errors {
        true => errno::raw_code(error),
        false => errno::code(error),
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter is made for: loading and exporting it.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::library::FEATURES;
use super::types::scmp_filter_ctx;
use super::{context, entry, errno};
use crate::bpf::INSTRUCTION_SIZE;
use crate::error::{Error, Invalid};
use crate::filter::Filter;
use crate::kernel::{LoadOptions, load};

/// Puts the filter in force for the calling thread, or, with
/// `SCMP_FLTATR_CTL_TSYNC`, for all threads.
///
/// Returns 0; -EINVAL; -ENOMEM; -EFAULT for a filter of more than 65,535
/// instructions; -ESRCH if a thread can't be synchronised; -ECANCELED, or with
/// `SCMP_FLTATR_API_SYSRAWRC` the kernel's code if it is a documented one, if
/// the kernel refuses.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_load(ctx: scmp_filter_ctx) -> c_int {
    let load = |filter: &mut Filter| {
        let options = LoadOptions {
            attributes: *filter.attributes(),
            notifies: filter.notifies(),
        };
        let result = load(&FEATURES, filter.program()?, &options);
        Ok(match result {
            Ok(_) => 0,
            Err(error) => errno::documented(system_code(filter, error)),
        })
    };
    // SAFETY: the caller vouches for `ctx`.
    entry::value(|| unsafe { context::with_usable(ctx, load) })
}

/// Writes the filter as text to `fd`.
///
/// Returns 0; -EINVAL; -ENOMEM; -ECANCELED, or with
/// `SCMP_FLTATR_API_SYSRAWRC` the code of write(2), if it can't be written.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_export_pfc(ctx: scmp_filter_ctx, fd: c_int) -> c_int {
    let export = |filter: &mut Filter| {
        let text = filter.pseudo_code()?;
        let written = append_mode(fd).and_then(|()| write_all(fd, &text));
        Ok(written.map_or_else(|error| system_code(filter, error), |()| 0))
    };
    // SAFETY: the caller vouches for `ctx`.
    entry::value(|| unsafe { context::with_usable(ctx, export) })
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
pub unsafe extern "C" fn seccomp_export_bpf(ctx: scmp_filter_ctx, fd: c_int) -> c_int {
    let export = |filter: &mut Filter| {
        let bytes = filter.program()?.to_bytes()?;
        let written = write_all(fd, &bytes);
        Ok(written.map_or_else(|error| system_code(filter, error), |()| 0))
    };
    // SAFETY: the caller vouches for `ctx`.
    entry::value(|| unsafe { context::with_usable(ctx, export) })
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
            return Err(Error::InvalidArgument(Invalid::Pointer));
        }
        let program = filter.program()?;
        let size = program.instructions().len() * INSTRUCTION_SIZE;
        // SAFETY: not null; the caller vouches for the rest.
        let room = unsafe { len.replace(size) };
        if buf.is_null() {
            return Ok(());
        }
        if size > room {
            return Err(Error::BufferTooSmall);
        }
        let mut to = buf.cast::<u8>();
        for instruction in program.instructions() {
            let bytes = instruction.to_bytes(program.endian());
            // SAFETY: the caller vouches for `room` bytes, of which all
            // instructions take `size`.
            unsafe {
                ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
                to = to.add(bytes.len());
            }
        }
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
    let generate = |filter: &mut Filter| filter.program().map(drop);
    // SAFETY: the caller vouches for `ctx`.
    entry::status(|| unsafe { context::with_usable(ctx, generate) })
}

/// The code for an error of a system call, as the filter's attribute asks.
fn system_code(filter: &Filter, error: Error) -> c_int {
    match filter.attributes().raw_errors {
        true => errno::raw_code(error),
        false => errno::code(error),
    }
}

fn last_error() -> Error {
    // SAFETY: errno's location is valid for the life of the thread.
    Error::Kernel(unsafe { *libc::__errno_location() })
}

/// Leaves the descriptor in append mode. As in the C library, which writes
/// through a stream that it opens so: text goes to the end of a file.
fn append_mode(fd: c_int) -> Result<(), Error> {
    // SAFETY: these operations of fcntl take no pointer.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags == -1 {
        return Err(last_error());
    }
    if flags & libc::O_ACCMODE == libc::O_RDONLY {
        return Err(Error::Kernel(libc::EINVAL));
    }
    // SAFETY: as above. Where it fails, text goes to the file's offset.
    unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_APPEND) };
    Ok(())
}

/// Writes all of it, over interruptions and short writes.
fn write_all(fd: c_int, mut bytes: &[u8]) -> Result<(), Error> {
    while !bytes.is_empty() {
        // SAFETY: the pointer and the length are those of a slice.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(0) => return Err(Error::Kernel(libc::EIO)),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(_) => match last_error() {
                Error::Kernel(libc::EINTR) => {}
                error => return Err(error),
            },
        }
    }
    Ok(())
}

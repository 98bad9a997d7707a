// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp_filter_ctx`: the filter behind a caller's handle.

use std::ptr;

use super::types::scmp_filter_ctx;
use crate::error::Error;
use scmp::Filter;

/// Marks a live handle. Best effort: C cannot do more.
const LIVE: u64 = 0x5343_4d50_6c69_7665;
const RELEASED: u64 = 0x5343_4d50_676f_6e65;

struct Context {
    state: u64,
    filter: Filter,
    /// Text that is being written to a descriptor. The handle owns it, so that it is
    /// released even if the thread ends while it writes.
    text: Vec<u8>,
}

/// A handle for a filter.
///
/// # Errors
/// [`scmp::Error::OutOfMemory`].
pub(super) fn create(filter: Filter) -> Result<scmp_filter_ctx, Error> {
    // SAFETY: the size is not zero; malloc aligns for any type of this size.
    let context = unsafe { libc::malloc(size_of::<Context>()) }.cast::<Context>();
    if context.is_null() {
        return Err(scmp::Error::OutOfMemory.into());
    }
    let live = Context {
        state: LIVE,
        filter,
        text: Vec::new(),
    };
    // SAFETY: the memory is ours, large enough, and holds nothing yet.
    unsafe { context.write(live) };
    Ok(context.cast())
}

/// Runs `body` with the filter of a handle. `body` borrows the filter only for the call, so
/// that no lifetime is invented.
///
/// # Safety
/// `handle` must be null or come from [`create`], must not have been
/// released, and nobody else may use it meanwhile.
///
/// # Errors
/// [`Error::BadArgument`] if the handle is null or misaligned, or has no mark of a live one;
/// those of `body`.
pub(super) unsafe fn with_filter<T>(
    handle: scmp_filter_ctx,
    body: impl FnOnce(&mut Filter) -> Result<T, Error>,
) -> Result<T, Error> {
    let context = handle.cast::<Context>();
    if context.is_null() || !context.is_aligned() {
        return Err(Error::BadArgument);
    }
    // SAFETY: the caller vouches for what it points to.
    if unsafe { ptr::addr_of!((*context).state).read() } != LIVE {
        return Err(Error::BadArgument);
    }
    // SAFETY: a live context, which the caller lends to us alone.
    body(unsafe { &mut (*context).filter })
}

/// Like [`with_filter`], but fails if the filter has no architecture. As in the C
/// library, most functions need one.
///
/// # Safety
/// As for [`with_filter`].
///
/// # Errors
/// As for [`with_filter`], also if the filter covers no architecture.
pub(super) unsafe fn with_usable<T>(
    handle: scmp_filter_ctx,
    body: impl FnOnce(&mut Filter) -> Result<T, Error>,
) -> Result<T, Error> {
    let usable = |filter: &mut Filter| {
        if filter.arches().len() == 0 {
            return Err(scmp::Error::NoArchitecture.into());
        }
        body(filter)
    };
    // SAFETY: passed on to the caller.
    unsafe { with_filter(handle, usable) }
}

/// Stores text in a handle, replacing earlier text. The returned pointer is valid until
/// the next call.
///
/// # Safety
/// As for [`with_filter`].
///
/// # Errors
/// [`Error::BadArgument`] if the handle is null or misaligned, or has no mark of a live one.
pub(super) unsafe fn keep_text(
    handle: scmp_filter_ctx,
    text: Vec<u8>,
) -> Result<*const [u8], Error> {
    // SAFETY: passed on to the caller.
    unsafe { with_filter(handle, |_| Ok(())) }?;
    // SAFETY: a live context, checked above, which the caller lends to us alone.
    let kept = unsafe { &mut (*handle.cast::<Context>()).text };
    *kept = text;
    Ok(&raw const kept[..])
}

/// Releases a handle; does nothing for null.
///
/// # Safety
/// As for [`with_filter`]; the handle must not be used any more.
pub(super) unsafe fn release(handle: scmp_filter_ctx) {
    // SAFETY: passed on to the caller.
    if unsafe { with_filter(handle, |_| Ok(())) }.is_err() {
        return;
    }
    let context = handle.cast::<Context>();
    // SAFETY: it is a live context, checked above, that nobody uses any more;
    // it came from malloc in `create`.
    unsafe {
        ptr::addr_of_mut!((*context).state).write_volatile(RELEASED);
        ptr::drop_in_place(context);
        libc::free(handle);
    }
}

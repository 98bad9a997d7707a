// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp_filter_ctx`: the filter behind a caller's handle.

use std::ptr;

use super::types::scmp_filter_ctx;
use crate::error::Error;
use crate::filter::Filter;

/// Tells a live handle from one that was released, as well as can be.
const LIVE: u64 = 0x5343_4d50_6c69_7665;
const RELEASED: u64 = 0x5343_4d50_676f_6e65;

struct Context {
    state: u64,
    filter: Filter,
}

/// A handle for a filter.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub(super) fn create(filter: Filter) -> Result<scmp_filter_ctx, Error> {
    // SAFETY: the size is not zero; malloc aligns for any type of this size.
    let context = unsafe { libc::malloc(size_of::<Context>()) }.cast::<Context>();
    if context.is_null() {
        return Err(Error::OutOfMemory);
    }
    let live = Context {
        state: LIVE,
        filter,
    };
    // SAFETY: the memory is ours, large enough, and holds nothing yet.
    unsafe { context.write(live) };
    Ok(context.cast())
}

/// The filter of a handle.
///
/// # Safety
/// `handle` must be null or come from [`create`], must not have been
/// released, and nobody else may use it while the result lives.
///
/// # Errors
/// [`Error::InvalidArgument`] if the handle is null or visibly none.
pub(super) unsafe fn filter<'a>(handle: scmp_filter_ctx) -> Result<&'a mut Filter, Error> {
    let context = handle.cast::<Context>();
    if context.is_null() || !context.is_aligned() {
        return Err(Error::InvalidArgument("no filter"));
    }
    // SAFETY: the caller vouches for what it points to and for the lifetime.
    let context = unsafe { &mut *context };
    match context.state {
        LIVE => Ok(&mut context.filter),
        _ => Err(Error::InvalidArgument("released filter")),
    }
}

/// The filter of a handle that covers some architecture. As in the C
/// library, most functions refuse others.
///
/// # Safety
/// As for [`filter`].
///
/// # Errors
/// As for [`filter`], also if the filter covers no architecture.
pub(super) unsafe fn usable_filter<'a>(handle: scmp_filter_ctx) -> Result<&'a mut Filter, Error> {
    // SAFETY: passed on to the caller.
    let filter = unsafe { filter(handle) }?;
    match filter.endian() {
        Some(_) => Ok(filter),
        None => Err(Error::NoArchitecture),
    }
}

/// Releases a handle; null is nothing to release.
///
/// # Safety
/// As for [`filter`]; the handle must not be used any more.
pub(super) unsafe fn release(handle: scmp_filter_ctx) {
    // SAFETY: passed on to the caller.
    if unsafe { filter(handle) }.is_err() {
        return;
    }
    let context = handle.cast::<Context>();
    // SAFETY: it is a live context, checked above, that nobody uses any more;
    // it came from malloc in `create`.
    unsafe {
        ptr::addr_of_mut!((*context).state).write_volatile(RELEASED);
        ptr::drop_in_place(ptr::addr_of_mut!((*context).filter));
        libc::free(handle);
    }
}

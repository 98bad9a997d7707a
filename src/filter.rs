// SPDX-License-Identifier: LGPL-2.1-only
//! Filters: life cycle, architectures, attributes, transactions.

use std::ffi::c_int;
use std::ptr;

use super::library::{FEATURES, action_for, available_action};
use super::types::*;
use super::{context, entry, listener};
use crate::error::Error;
use scmp::{Arch, Filter, Optimization};
use scmp_kernel::Feature;

/// The architecture that a caller means; 0 is the native one.
///
/// # Errors
/// [`Error::BadArgument`] if there is none with this token.
pub(super) fn arch(token: u32) -> Result<Arch, Error> {
    let native = Arch::native();
    // Most callers name the machine's own, which needs no table: resolve_num_arch -6 %.
    match token == 0 || token == native.token() {
        true => Ok(native),
        false => Arch::from_token(token).ok_or(Error::BadArgument),
    }
}

/// A filter for the native architecture, or null if the kernel lacks the
/// action or memory runs out.
#[unsafe(no_mangle)]
pub extern "C" fn seccomp_init(def_action: u32) -> scmp_filter_ctx {
    entry::guard(ptr::null_mut(), || {
        // All probing has to be done before the first filter is in force.
        FEATURES.level();
        available_action(def_action)
            .and_then(|action| Ok(Filter::new(action)?))
            .and_then(context::create)
            .unwrap_or(ptr::null_mut())
    })
}

/// Resets the filter to what [`seccomp_init`] makes. With a null context, closes the
/// notification descriptor and probes the kernel's features anew.
///
/// Returns 0, -EINVAL for a bad action, or -ENOMEM.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_reset(ctx: scmp_filter_ctx, def_action: u32) -> c_int {
    entry::status(|| {
        if ctx.is_null() {
            let listener = listener::take();
            FEATURES.reset();
            if let Some(fd) = listener {
                listener::close(fd);
            }
            return Ok(());
        }
        let action = available_action(def_action)?;
        let fresh = Filter::new(action)?;
        let reset = |filter: &mut Filter| {
            *filter = fresh;
            Ok(())
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_filter(ctx, reset) }
    })
}

/// Releases a filter. A filter that was loaded stays in force.
///
/// # Safety
/// `ctx` must be null or a live filter, and must not be used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_release(ctx: scmp_filter_ctx) {
    // SAFETY: the caller vouches for `ctx`.
    entry::guard((), || unsafe { context::release(ctx) });
}

/// Moves the architectures of `ctx_src` with their rules to `ctx_dst` and
/// releases `ctx_src`.
///
/// Returns 0; -EINVAL if default action, NNP or TSYNC differ; -EDOM if the
/// byte orders do; -EEXIST if both have an architecture; -ENOMEM. On failure
/// both filters are as they were.
///
/// # Safety
/// Both must be null or live filters that nobody else uses now; `ctx_src` is
/// gone after success.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_merge(
    ctx_dst: scmp_filter_ctx,
    ctx_src: scmp_filter_ctx,
) -> c_int {
    entry::status(|| {
        let merge = |target: &mut Filter| {
            if ctx_dst == ctx_src {
                return Err(scmp::Error::ArchitecturePresent.into());
            }
            // SAFETY: the caller vouches for `ctx_src`, which is another one.
            unsafe { context::with_usable(ctx_src, |source| Ok(target.merge(source)?)) }
        };
        // SAFETY: the caller vouches for `ctx_dst`.
        unsafe { context::with_usable(ctx_dst, merge) }?;
        // SAFETY: the caller vouches for `ctx_src` and gives it up.
        unsafe { context::release(ctx_src) };
        Ok(())
    })
}

/// Whether the filter has the architecture (0: the native one).
///
/// Returns 0 if so, -EEXIST if not, -EINVAL for an unknown architecture.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_arch_exist(ctx: scmp_filter_ctx, arch_token: u32) -> c_int {
    entry::status(|| {
        let arch = arch(arch_token)?;
        let present = |filter: &mut Filter| match filter.has_arch(arch) {
            true => Ok(()),
            false => Err(scmp::Error::ArchitectureMissing.into()),
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_filter(ctx, present) }
    })
}

/// Adds an architecture (0: the native one); rules that were added before do
/// not apply to it.
///
/// Returns 0; -EINVAL for an unknown architecture; -EEXIST if the filter has
/// it; -EDOM if its byte order differs from the others'; -ENOMEM.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_arch_add(ctx: scmp_filter_ctx, arch_token: u32) -> c_int {
    entry::status(|| {
        let arch = arch(arch_token)?;
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_filter(ctx, |filter| Ok(filter.add_arch(arch)?)) }
    })
}

/// Removes an architecture (0: the native one) with its rules.
///
/// Returns 0; -EINVAL for an unknown architecture; -EEXIST if the filter
/// lacks it.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_arch_remove(ctx: scmp_filter_ctx, arch_token: u32) -> c_int {
    entry::status(|| {
        let arch = arch(arch_token)?;
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_filter(ctx, |filter| Ok(filter.remove_arch(arch)?)) }
    })
}

/// Stores the value of an attribute in `value`.
///
/// Returns 0, or -EINVAL for an unknown attribute.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now; `value`
/// must be null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_attr_get(
    ctx: scmp_filter_ctx,
    attr: scmp_filter_attr,
    value: *mut u32,
) -> c_int {
    entry::status(|| {
        let get = |filter: &mut Filter| attribute(filter, attr);
        // SAFETY: the caller vouches for `ctx`.
        let found = unsafe { context::with_usable(ctx, get) }?;
        if value.is_null() {
            return Err(Error::BadArgument);
        }
        // SAFETY: not null; the caller vouches for the rest.
        unsafe { value.write_unaligned(found) };
        Ok(())
    })
}

fn attribute(filter: &Filter, attr: scmp_filter_attr) -> Result<u32, Error> {
    let attributes = filter.attributes();
    Ok(match attr {
        SCMP_FLTATR_ACT_DEFAULT => filter.default_action().to_raw(),
        SCMP_FLTATR_ACT_BADARCH => attributes.bad_architecture.to_raw(),
        SCMP_FLTATR_CTL_NNP => attributes.no_new_privileges.into(),
        SCMP_FLTATR_CTL_TSYNC => attributes.thread_sync.into(),
        SCMP_FLTATR_API_TSKIP => attributes.allow_skip.into(),
        SCMP_FLTATR_CTL_LOG => attributes.log.into(),
        SCMP_FLTATR_CTL_SSB => attributes.allow_speculation.into(),
        SCMP_FLTATR_CTL_OPTIMIZE => match attributes.optimization {
            Optimization::Search => 2,
            _ => 1,
        },
        SCMP_FLTATR_API_SYSRAWRC => attributes.raw_errors.into(),
        SCMP_FLTATR_CTL_WAITKILL => attributes.wait_killable.into(),
        _ => return Err(Error::BadArgument),
    })
}

/// Sets an attribute. For switches, any value but 0 is on.
///
/// Returns 0; -EINVAL for an unknown attribute or a bad value; -EACCES for
/// the default action; -EOPNOTSUPP if the kernel lacks what is asked for, or
/// the optimization level is not 1 or 2.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_attr_set(
    ctx: scmp_filter_ctx,
    attr: scmp_filter_attr,
    value: u32,
) -> c_int {
    entry::status(|| {
        let set = |filter: &mut Filter| set_attribute(filter, attr, value);
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, set) }
    })
}

fn set_attribute(filter: &mut Filter, attr: scmp_filter_attr, value: u32) -> Result<(), Error> {
    let on = value != 0;
    let needs = |feature| match FEATURES.has(feature) {
        true => Ok(()),
        false => Err(Error::Unsupported),
    };
    match attr {
        SCMP_FLTATR_ACT_DEFAULT => return Err(Error::ReadOnly),
        SCMP_FLTATR_ACT_BADARCH => {
            let action = action_for(filter, value)?;
            filter.attributes_mut().bad_architecture = action;
        }
        SCMP_FLTATR_CTL_NNP => filter.attributes_mut().no_new_privileges = on,
        SCMP_FLTATR_CTL_TSYNC => {
            needs(Feature::ThreadSync)?;
            // As in `action_for`.
            if on && filter.notifies() && !FEATURES.has(Feature::ThreadSyncEsrch) {
                return Err(Error::BadArgument);
            }
            filter.attributes_mut().thread_sync = on;
        }
        SCMP_FLTATR_API_TSKIP => filter.attributes_mut().allow_skip = on,
        SCMP_FLTATR_CTL_LOG => {
            needs(Feature::LogFlag)?;
            filter.attributes_mut().log = on;
        }
        SCMP_FLTATR_CTL_SSB => {
            needs(Feature::SpeculationAllow)?;
            filter.attributes_mut().allow_speculation = on;
        }
        SCMP_FLTATR_CTL_OPTIMIZE => {
            filter.attributes_mut().optimization = match value {
                1 => Optimization::Priority,
                2 => Optimization::Search,
                _ => return Err(Error::Unsupported),
            }
        }
        SCMP_FLTATR_API_SYSRAWRC => filter.attributes_mut().raw_errors = on,
        // As in the C library, nothing asks whether the kernel has the flag before load
        // does.
        SCMP_FLTATR_CTL_WAITKILL => filter.attributes_mut().wait_killable = on,
        _ => return Err(Error::BadArgument),
    }
    Ok(())
}

/// Opens a transaction; transactions nest.
///
/// Returns 0, -EINVAL, or -ENOMEM.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_transaction_start(ctx: scmp_filter_ctx) -> c_int {
    entry::status(|| {
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, |filter| Ok(filter.start_transaction()?)) }
    })
}

/// Ends the innermost transaction and undoes what was done to rules and
/// architectures since it started. Does nothing without one.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_transaction_reject(ctx: scmp_filter_ctx) {
    entry::guard((), || {
        let reject = |filter: &mut Filter| {
            filter.reject_transaction();
            Ok(())
        };
        // SAFETY: the caller vouches for `ctx`. This function returns nothing, so it can't
        // report an error.
        let _ = unsafe { context::with_usable(ctx, reject) };
    });
}

/// Ends the innermost transaction and keeps what was done.
///
/// Returns 0, also without a transaction, or -EINVAL.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_transaction_commit(ctx: scmp_filter_ctx) -> c_int {
    entry::status(|| {
        let commit = |filter: &mut Filter| {
            filter.commit_transaction();
            Ok(())
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, commit) }
    })
}

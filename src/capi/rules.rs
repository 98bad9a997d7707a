// SPDX-License-Identifier: LGPL-2.1-only
//! Rules and priorities.

use std::ffi::{c_int, c_uint};
use std::slice;

use super::library::action_for;
use super::types::*;
use super::{context, entry};
use crate::error::{Error, Invalid};
use crate::filter::{Comparison, Filter, Kind, Match};

/// The most comparisons of a rule.
const MOST_COMPARISONS: c_uint = 6;

/// Adds a rule for `syscall`, a number of the native architecture, to all
/// architectures of the filter. Where one can't take it as it is, the rule is
/// adjusted or left out.
///
/// Returns 0; -EINVAL for bad arguments; -EACCES if the action is the default
/// action; -EEXIST if the same comparisons have another action; -EFAULT if an
/// architecture does not know the call; -ENOMEM.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now; `arg_array`
/// must be null or have `arg_cnt` elements, which nobody changes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_rule_add_array(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    arg_cnt: c_uint,
    arg_array: *const scmp_arg_cmp,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { add(ctx, action, syscall, arg_cnt, arg_array, Match::Adjusted) }
}

/// Like [`seccomp_rule_add_array`], but fails where the rule would have to be
/// adjusted: -EDOM if the architecture lacks the call, -EINVAL for a
/// comparison on a multiplexed call, -EOPNOTSUPP if the filter has several
/// architectures.
///
/// # Safety
/// As for [`seccomp_rule_add_array`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_rule_add_exact_array(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    arg_cnt: c_uint,
    arg_array: *const scmp_arg_cmp,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { add(ctx, action, syscall, arg_cnt, arg_array, Match::Exact) }
}

/// Has `syscall` tested early if `priority` is high. The highest priority
/// that a call was given counts.
///
/// Returns 0; -EINVAL for a reserved number; -EFAULT if an architecture does
/// not know the call; -ENOMEM.
///
/// # Safety
/// `ctx` must be null or a live filter that nobody else uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seccomp_syscall_priority(
    ctx: scmp_filter_ctx,
    syscall: c_int,
    priority: u8,
) -> c_int {
    entry::status(|| {
        let prioritize = |filter: &mut Filter| filter.prioritize(syscall, priority);
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, prioritize) }
    })
}

/// Adds a rule.
///
/// # Safety
/// As for [`seccomp_rule_add_array`].
#[inline(always)]
unsafe fn add(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    count: c_uint,
    array: *const scmp_arg_cmp,
    how: Match,
) -> c_int {
    match count {
        // SAFETY: passed on to the caller.
        0 => unsafe { add_unconditional(ctx, action, syscall, how) },
        // SAFETY: the same.
        _ => unsafe { add_conditional(ctx, action, syscall, count, array, how) },
    }
}

/// Adds a rule without comparisons.
///
/// # Safety
/// As for [`seccomp_rule_add_array`].
#[inline(never)]
unsafe fn add_unconditional(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    how: Match,
) -> c_int {
    entry::status(|| {
        let add = |filter: &mut Filter| {
            let action = action_for(filter, action)?;
            filter.add_unconditional_rule(action, syscall, how)
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, add) }
    })
}

/// Adds a rule with comparisons.
///
/// # Safety
/// As for [`seccomp_rule_add_array`].
#[inline(never)]
unsafe fn add_conditional(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    count: c_uint,
    array: *const scmp_arg_cmp,
    how: Match,
) -> c_int {
    entry::status(|| {
        if count > MOST_COMPARISONS {
            return Err(Error::InvalidArgument(Invalid::TooManyComparisons));
        }
        if array.is_null() || !array.is_aligned() {
            return Err(Error::InvalidArgument(Invalid::Pointer));
        }
        // SAFETY: not null and aligned; the caller vouches for `count` elements.
        let compared = unsafe { slice::from_raw_parts(array, count as usize) };
        let add = |filter: &mut Filter| {
            let action = action_for(filter, action)?;
            // As in the C library, comparisons are looked at last.
            filter.add_conditional_rule(action, syscall, how, |comparisons| {
                for element in compared {
                    comparisons.add(comparison(element)?)?;
                }
                Ok(())
            })
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, add) }
    })
}

#[inline]
fn comparison(element: &scmp_arg_cmp) -> Result<Comparison, Error> {
    let kind = match element.op {
        SCMP_CMP_NE => Kind::NotEqual,
        SCMP_CMP_LT => Kind::Less,
        SCMP_CMP_LE => Kind::LessOrEqual,
        SCMP_CMP_EQ => Kind::Equal,
        SCMP_CMP_GE => Kind::GreaterOrEqual,
        SCMP_CMP_GT => Kind::Greater,
        SCMP_CMP_MASKED_EQ => Kind::MaskedEqual,
        _ => return Err(Error::InvalidArgument(Invalid::Operator)),
    };
    let (mask, datum) = match kind {
        Kind::MaskedEqual => (element.datum_a, element.datum_b),
        _ => (u64::MAX, element.datum_a),
    };
    Comparison::of_kind(element.arg, kind, mask, datum)
}

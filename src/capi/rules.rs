// SPDX-License-Identifier: LGPL-2.1-only
//! Rules and priorities.

use std::ffi::{c_int, c_uint};
use std::slice;

use super::library::action_for;
use super::types::*;
use super::{context, entry};
use crate::error::{Error, Invalid};
use crate::filter::{Action, Comparison, Filter, Match, Operator};

/// The most comparisons of a rule.
const MOST_COMPARISONS: usize = 6;

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
/// must be null or have `arg_cnt` elements.
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

/// Runs `body` with a caller's comparisons.
///
/// # Safety
/// `array` must be null or have `count` elements, which nobody changes
/// meanwhile.
unsafe fn with_elements<T>(
    count: c_uint,
    array: *const scmp_arg_cmp,
    body: impl FnOnce(&[scmp_arg_cmp]) -> Result<T, Error>,
) -> Result<T, Error> {
    let count = count as usize;
    if count > MOST_COMPARISONS {
        return Err(Error::InvalidArgument(Invalid::TooManyComparisons));
    }
    if count == 0 {
        return body(&[]);
    }
    if array.is_null() || !array.is_aligned() {
        return Err(Error::InvalidArgument(Invalid::Pointer));
    }
    // SAFETY: not null; the caller vouches for `count` elements.
    body(unsafe { slice::from_raw_parts(array, count) })
}

/// Adds a rule.
///
/// # Safety
/// As for [`seccomp_rule_add_array`].
unsafe fn add(
    ctx: scmp_filter_ctx,
    action: u32,
    syscall: c_int,
    count: c_uint,
    array: *const scmp_arg_cmp,
    how: Match,
) -> c_int {
    let add = |filter: &mut Filter, compared: &[scmp_arg_cmp]| {
        let action = action_for(filter, action)?;
        match compared {
            [] => filter.add_unconditional_rule(action, syscall, how),
            _ => add_conditional_rule(filter, action, syscall, compared, how),
        }
    };
    entry::status(|| {
        let add = |compared: &[scmp_arg_cmp]| {
            // SAFETY: the caller vouches for `ctx`.
            unsafe { context::with_usable(ctx, |filter| add(filter, compared)) }
        };
        // SAFETY: the caller vouches for the array.
        unsafe { with_elements(count, array, add) }
    })
}

#[inline(never)]
fn add_conditional_rule(
    filter: &mut Filter,
    action: Action,
    syscall: c_int,
    compared: &[scmp_arg_cmp],
    how: Match,
) -> Result<(), Error> {
    // As in the C library, comparisons are looked at last.
    filter.add_conditional_rule(action, syscall, how, |comparisons| {
        for element in compared {
            comparisons.add(comparison(element)?)?;
        }
        Ok(())
    })
}

#[inline]
fn comparison(element: &scmp_arg_cmp) -> Result<Comparison, Error> {
    let argument =
        u8::try_from(element.arg).map_err(|_| Error::InvalidArgument(Invalid::ArgumentPosition))?;
    let (operator, datum) = match element.op {
        SCMP_CMP_NE => (Operator::NotEqual, element.datum_a),
        SCMP_CMP_LT => (Operator::Less, element.datum_a),
        SCMP_CMP_LE => (Operator::LessOrEqual, element.datum_a),
        SCMP_CMP_EQ => (Operator::Equal, element.datum_a),
        SCMP_CMP_GE => (Operator::GreaterOrEqual, element.datum_a),
        SCMP_CMP_GT => (Operator::Greater, element.datum_a),
        SCMP_CMP_MASKED_EQ => {
            let mask = element.datum_a;
            (Operator::MaskedEqual { mask }, element.datum_b)
        }
        _ => return Err(Error::InvalidArgument(Invalid::Operator)),
    };
    Comparison::new(argument, operator, datum)
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Rules and priorities.

use std::ffi::{c_int, c_uint};

use super::library::action_for;
use super::types::*;
use super::{context, entry};
use crate::error::Error;
use scmp::RuleMode::{self, BestEffort, Exact};
use scmp::{Comparison, Comparisons, Filter, Operator};

/// Adds a rule for `syscall`, a number of the native architecture, to all
/// architectures of the filter. Where an architecture lacks the call or multiplexes it, the
/// rule is left out or adjusted.
///
/// Returns 0; -EINVAL for bad arguments; -EACCES if the action is the default
/// action; -EEXIST if a rule with another action has the same comparisons or begins with
/// them; -EFAULT if an architecture does not know the call; -ENOMEM.
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
    unsafe { add(ctx, action, syscall, arg_cnt, arg_array, BestEffort) }
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
    unsafe { add(ctx, action, syscall, arg_cnt, arg_array, Exact) }
}

/// Gives `syscall` a priority: the program tests calls of higher priority earlier. The
/// highest of a call's priorities counts.
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
        let prioritize = |filter: &mut Filter| Ok(filter.prioritize(syscall, priority)?);
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, prioritize) }
    })
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
    mode: RuleMode,
) -> c_int {
    entry::status(|| {
        let count = count as usize;
        if count > Comparisons::MAX || count > 0 && array.is_null() {
            return Err(Error::BadArgument);
        }
        let add = |filter: &mut Filter| {
            let action = action_for(filter, action)?;
            // docker: -4 % of rule_add's instructions
            if count == 0 {
                return Ok(filter.add_rule(action, syscall, &Comparisons::NONE, mode)?);
            }
            let mut comparisons = Comparisons::NONE;
            let filled = (0..count).try_for_each(|at| {
                // SAFETY: not null; the caller vouches for `count` elements.
                let element = unsafe { array.add(at).read_unaligned() };
                Ok(comparisons.add(comparison(&element)?)?)
            });
            match filled {
                Ok(()) => Ok(filter.add_rule(action, syscall, &comparisons, mode)?),
                // As in the C library, other errors come before those of comparisons.
                Err(error) => {
                    filter.check_rule(action, syscall, mode)?;
                    Err(error)
                }
            }
        };
        // SAFETY: the caller vouches for `ctx`.
        unsafe { context::with_usable(ctx, add) }
    })
}

fn comparison(element: &scmp_arg_cmp) -> Result<Comparison, Error> {
    let make = match element.op & SCMP_CMP_32BIT {
        0 => Comparison::new,
        _ => Comparison::of_int,
    };
    let (operator, datum) = match element.op & !SCMP_CMP_32BIT {
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
        _ => return Err(Error::BadArgument),
    };
    let argument = u8::try_from(element.arg).unwrap_or(u8::MAX);
    Ok(make(argument, operator, datum)?)
}

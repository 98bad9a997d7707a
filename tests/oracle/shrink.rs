// SPDX-License-Identifier: LGPL-2.1-only
//! Makes a failing case small.

use std::panic::{AssertUnwindSafe, catch_unwind};

use scmp::{Comparison, Operator};
use scmp_verify::SyscallData;

use super::case::{Case, Step};
use super::check::{Failure, check};

/// Like [`check`], where a panic is a failure too.
fn fails(case: &Case, input: Option<SyscallData>) -> Option<Failure> {
    let inputs: Vec<SyscallData> = input.into_iter().collect();
    catch_unwind(AssertUnwindSafe(|| check(case, &inputs))).unwrap_or(Some(Failure {
        what: "panics".to_string(),
        input,
    }))
}

/// The smallest case found that fails with the same input.
pub fn shrink(mut case: Case, mut failure: Failure) -> (Case, Failure) {
    loop {
        let smaller = candidates(&case).into_iter().find_map(|candidate| {
            let failure = fails(&candidate, failure.input)?;
            Some((candidate, failure))
        });
        match smaller {
            Some((candidate, same)) => {
                case = candidate;
                failure = Failure {
                    input: failure.input,
                    ..same
                };
            }
            None => break,
        }
    }
    if let Some(mut input) = failure.input {
        for argument in 0..6 {
            let mut plainer = input;
            plainer.arguments[argument] = 0;
            if fails(&case, Some(plainer)).is_some() {
                input = plainer;
            }
        }
        input.instruction_pointer = 0;
        if let Some(plain) = fails(&case, Some(input)) {
            failure = Failure {
                input: Some(input),
                ..plain
            };
        }
    }
    (case, failure)
}

/// Cases that are one thing smaller.
fn candidates(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for index in 0..case.steps.len() {
        let mut without = case.clone();
        without.steps.remove(index);
        all.push(without);
    }
    for index in 0..case.arches.len() {
        if case.arches.len() > 1 {
            let mut without = case.clone();
            without.arches.remove(index);
            all.push(without);
        }
    }
    for (index, step) in case.steps.iter().enumerate() {
        let Step::Rule(rule) = step else { continue };
        for place in 0..rule.comparisons.len() {
            let with = |comparison: Option<Comparison>| {
                let mut changed = case.clone();
                if let Step::Rule(rule) = &mut changed.steps[index] {
                    match comparison {
                        Some(comparison) => rule.comparisons[place] = comparison,
                        None => {
                            rule.comparisons.remove(place);
                        }
                    }
                }
                changed
            };
            all.push(with(None));
            let old = rule.comparisons[place];
            for datum in [0, 1, 2, 1 << 32] {
                // Downwards only, or it would never end.
                if datum < old.datum() {
                    let plainer = Comparison::new(old.argument(), old.operator(), datum);
                    all.push(with(plainer.ok()));
                }
            }
            if let Operator::MaskedEqual { .. } = old.operator() {
                let plainer = Comparison::new(old.argument(), Operator::Equal, old.datum());
                all.push(with(plainer.ok()));
            }
        }
    }
    all
}

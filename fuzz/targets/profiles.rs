// SPDX-License-Identifier: LGPL-2.1-only
//! Any text as a profile: reading and building one neither panics nor takes much time or
//! memory, and the program of a small one is its rules, for all inputs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scmp::{Error, Operator, Optimization};
use scmp_verify::profile::{MAX_STEPS, Profile, Step};
use scmp_verify::proof::{self, Answer};
use scmp_verify::validate;

/// Larger profiles are read and not built.
const MAX_BUILT_STEPS: usize = 4_000;

/// Larger ones are built and not proven. Each mask and each order may double what a proof
/// needs, so these are counted: twelve rules with two masks each take 0.2 s.
const MAX_PROVEN_STEPS: usize = 100;
const MAX_PROVEN_PARTIAL: usize = 24;
const MAX_PROVEN_INSTRUCTIONS: usize = 1_000;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let profile = match Profile::parse(&text) {
        Ok(profile) => profile,
        Err(mistake) => {
            // What an empty text lacks, line 1 lacks.
            let lines = text.lines().count().max(1);
            assert!((1..=lines).contains(&mistake.line), "{mistake}");
            assert!(!mistake.what.is_empty());
            return;
        }
    };
    assert!(profile.steps.len() <= MAX_STEPS);
    if profile.steps.len() > MAX_BUILT_STEPS {
        return;
    }
    let mut built = profile.build().expect("its architectures go together");
    assert!(built.refused.len() <= profile.steps.len());
    let provable = profile.steps.len() <= MAX_PROVEN_STEPS
        && partial_comparisons(&profile) <= MAX_PROVEN_PARTIAL;
    for optimization in [Optimization::Priority, Optimization::Search] {
        built.filter.attributes_mut().optimization = optimization;
        let program = match built.filter.program() {
            Ok(program) => program,
            Err(Error::ProgramTooLong) => continue,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(validate(program), Ok(()));
        if provable
            && program.instructions().len() <= MAX_PROVEN_INSTRUCTIONS
            && let Answer::Different(difference) =
                proof::check(program, &built.rules).expect("the program is valid")
        {
            panic!("{optimization:?}: {difference:x?}");
        }
    }
    built.filter.pseudo_code().expect("text is made");
});

/// How many comparisons are not with one value of a whole argument.
fn partial_comparisons(profile: &Profile) -> usize {
    let sets = profile.steps.iter().filter_map(|step| match step {
        Step::Rule { condition, .. } => condition.as_ref(),
        Step::Priority { .. } => None,
    });
    let sets = sets.flat_map(|condition| condition.sets());
    let partial_sets: usize = sets.map(|set| set.ranges().len() + set.masks().len()).sum();
    let comparisons = profile.steps.iter().flat_map(|step| match step {
        Step::Rule { comparisons, .. } => comparisons.as_slice(),
        Step::Priority { .. } => &[],
    });
    let whole = |operator| matches!(operator, Operator::Equal | Operator::NotEqual);
    comparisons
        .filter(|comparison| !whole(comparison.operator()))
        .count()
        + partial_sets
}

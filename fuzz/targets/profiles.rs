// SPDX-License-Identifier: LGPL-2.1-only
//! Any text as a profile: reading and building one neither panics nor takes much time or
//! memory, and the program of a small one is its rules, for all inputs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scmp::profile::Profile;
use scmp::proof::{self, Verdict};
use scmp::{Error, Optimization};

/// Larger profiles are read and not built.
const MOST_STEPS: usize = 4_000;

/// Larger ones are built and not proven.
const MOST_PROVEN_STEPS: usize = 40;
const MOST_PROVEN_INSTRUCTIONS: usize = 300;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if asks_for_too_many_rules(&text) {
        return;
    }
    let profile = match Profile::parse(&text) {
        Ok(profile) => profile,
        Err(mistake) => {
            assert!(mistake.line <= text.lines().count(), "{mistake}");
            assert!(!mistake.what.is_empty());
            return;
        }
    };
    if profile.steps.len() > MOST_STEPS {
        return;
    }
    let mut built = match profile.build() {
        Ok(built) => built,
        // The same twice, or of both byte orders.
        Err(Error::ArchitecturePresent | Error::EndiannessMismatch) => return,
        Err(error) => panic!("{error}"),
    };
    assert!(built.refused.len() <= profile.steps.len());
    for optimization in [Optimization::Priority, Optimization::Search] {
        built.filter.attributes_mut().optimization = optimization;
        let program = match built.filter.program() {
            Ok(program) => program,
            Err(Error::ProgramTooLong) => continue,
            Err(error) => panic!("{error}"),
        };
        if profile.steps.len() <= MOST_PROVEN_STEPS
            && program.instructions().len() <= MOST_PROVEN_INSTRUCTIONS
            && let Verdict::Different(difference) = proof::check(program, &built.rules)
        {
            panic!("{optimization:?}: {difference:x?}");
        }
    }
    built.filter.pseudo_code().expect("text is made");
});

/// The product of ranges within one statement, which [`Profile::parse`] does not bound yet.
fn asks_for_too_many_rules(text: &str) -> bool {
    text.lines().any(|line| line.matches("..").count() > 1)
}

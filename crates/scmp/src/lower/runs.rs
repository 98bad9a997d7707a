// SPDX-License-Identifier: LGPL-2.1-only
//! Which rules contain others: an index of runs of comparisons.
//!
//! A run is a sequence of successive comparisons of a rule, by argument. The C library
//! drops a rule for a new one, or ignores the new one, only if all comparisons of one
//! are a run of the other (see `prune`). The index contains, by a hash of the comparisons,
//!
//! - whole rules, since a new rule may contain them;
//! - the runs of rules that start behind their first test, since they may equal a new rule.
//!
//! A hash that is equal by chance causes a walk that finds nothing.

use super::rule_tests::RuleTests;
use crate::error::Error;
use crate::hash::{HashMultimap, Mixer};
use crate::rule::WordSize;
use crate::rule::{ARGUMENTS, Comparison, Kind};

/// Upper bound of the index entries of `rules` rules with `comparisons` comparisons in total:
/// a rule with n comparisons has n (n + 1) / 2 runs, and is an entry as a whole.
pub(super) fn max_runs(rules: usize, comparisons: usize) -> usize {
    (comparisons * (ARGUMENTS + 1)).div_ceil(2) + rules
}

/// What a run is in its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole rule.
    Whole,
    /// A part that starts behind the first test.
    Inner,
}

/// Successive comparisons of a rule that is in the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The rule's place in the store.
    pub(super) rule: u32,
    /// The position of its first comparison.
    pub(super) first: u8,
}

#[derive(Debug, Default)]
pub(super) struct Runs(HashMultimap<Run>);

impl Runs {
    pub(super) fn copy(&self) -> Result<Runs, Error> {
        Ok(Runs(self.0.copy()?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.count() == 0
    }

    /// Makes room for `extra` more runs.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        self.0.reserve(extra)
    }

    /// Adds the runs of a rule; there is room for them.
    pub(super) fn add(&mut self, list: u32, rule: u32, tests: &RuleTests<'_>) {
        for (index, first) in starts(tests).enumerate() {
            // The second and third test of `<` equal those of `!=`, so a run may start inside
            // the first comparison.
            let kind = tests.comparisons()[usize::from(first)].kind();
            let is_inner = index > 0 || matches!(kind, Kind::Less | Kind::LessOrEqual);
            let mut whole = None;
            for hash in hashes(list, tests, first) {
                whole = Some(hash);
                if is_inner {
                    self.push(Role::Inner, hash, rule, first);
                }
            }
            if let (0, Some(hash)) = (index, whole) {
                self.push(Role::Whole, hash, rule, first);
            }
        }
    }

    fn push(&mut self, role: Role, hash: u64, rule: u32, first: u8) {
        self.0.push(role.of(hash), Run { rule, first });
    }

    /// Whether there is a run with a hash.
    pub(super) fn has(&self, role: Role, hash: u64) -> bool {
        self.0.with(role.of(hash)).next().is_some()
    }

    /// Forgets the runs with a hash for which `keeps` says no.
    pub(super) fn retain(
        &mut self,
        role: Role,
        hash: u64,
        keeps: impl FnMut(Run) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.0.retain(role.of(hash), keeps)
    }
}

impl Role {
    fn of(self, hash: u64) -> u64 {
        hash ^ self as u64
    }
}

/// Hashes of the runs of a rule that start at one of its comparisons, shorter
/// ones first, for the rule's list.
pub(super) fn hashes(list: u32, tests: &RuleTests<'_>, first: u8) -> impl Iterator<Item = u64> {
    let word_size = tests.word_size();
    let mut mixer = Mixer::default();
    mixer.mix(list);
    let comparisons = tests.comparisons()[usize::from(first)..].iter();
    let comparisons = comparisons.filter(move |comparison| !comparison.has_no_bits(word_size));
    comparisons.map(move |comparison| {
        let mut whole = mixer;
        write(&mut whole, last_key(comparison, word_size));
        match inner_key(comparison, word_size) {
            Some(key) => write(&mut mixer, key),
            None => mixer = whole,
        }
        whole.hash()
    })
}

/// The positions of a rule's comparisons that have tests.
pub(super) fn starts(tests: &RuleTests<'_>) -> impl Iterator<Item = u8> {
    let word_size = tests.word_size();
    let comparisons = (0..).zip(tests.comparisons());
    comparisons
        .filter(move |(_, comparison)| !comparison.has_no_bits(word_size))
        .map(|(at, _)| at)
}

fn write(mixer: &mut Mixer, [what, mask, datum]: [u64; 3]) {
    mixer.mix(what);
    mixer.mix(mask);
    mixer.mix(datum);
}

/// The key of the last comparison of a run.
fn last_key(comparison: &Comparison, word_size: WordSize) -> [u64; 3] {
    const LOW_HALF: u64 = 1 << 18;
    let (bits, half) = match (comparison.width_on(word_size), word_size) {
        (WordSize::Bits64, _) => (u64::MAX, 0),
        (WordSize::Bits32, WordSize::Bits64) => (u64::from(u32::MAX), LOW_HALF),
        (WordSize::Bits32, WordSize::Bits32) => (u64::from(u32::MAX), 0),
    };
    let mask = comparison.mask() & bits;
    let what = half | u64::from(comparison.argument()) << 8 | comparison.kind() as u64;
    [what, mask, comparison.datum() & mask]
}

/// The key of a comparison before the last one of a run. Where the high word alone can
/// decide (all operators but `==` and a mask), the next comparison follows the test of the high
/// word too, so only that test counts. `None`: the whole comparison counts, as for [`last_key`].
fn inner_key(comparison: &Comparison, word_size: WordSize) -> Option<[u64; 3]> {
    const FALSE_SIDE: u64 = 1 << 16;
    const TRUE_SIDE: u64 = 1 << 17;
    let side = match comparison.kind() {
        _ if comparison.width_on(word_size) == WordSize::Bits32 => return None,
        Kind::Equal | Kind::MaskedEqual => return None,
        Kind::NotEqual | Kind::Less | Kind::LessOrEqual => FALSE_SIDE,
        Kind::Greater | Kind::GreaterOrEqual => TRUE_SIDE,
    };
    let what = u64::from(comparison.argument()) << 8 | side;
    Some([what, 0, comparison.datum() >> 32])
}

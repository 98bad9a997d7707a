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

use std::hash::Hasher;

use super::argument_use::always_holds;
use super::rule_tests::RuleTests;
use crate::error::Error;
use crate::fallible;
use crate::hash::{HashIndex, Mixer};
use crate::rule::WordSize;
use crate::rule::{ARGUMENTS, Comparison, Kind};

/// The most entries of the index that so many rules and comparisons need: a rule with n
/// comparisons has n (n + 1) / 2 runs, and is an entry as a whole.
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
    hash: u64,
    /// The rule's place in the store.
    pub(super) rule: u32,
    /// The position of its first comparison.
    pub(super) first: u8,
    /// The tree no longer has the run.
    is_dropped: bool,
    /// One more than the place of the next run with this hash, or 0.
    next: u32,
}

#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: Vec<Run>,
    /// For each hash, the first run that had it.
    places: HashIndex,
}

impl Runs {
    pub(super) fn copy(&self) -> Result<Runs, Error> {
        let mut copy = Runs {
            runs: fallible::copy_of(&self.runs, 0)?,
            places: HashIndex::default(),
        };
        copy.make_places(self.places.room())?;
        Ok(copy)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Makes room for `extra` more runs.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.runs, extra)?;
        match self.places.room() < self.runs.len() + extra {
            true => self.make_places(self.runs.capacity()),
            false => Ok(()),
        }
    }

    fn make_places(&mut self, room: usize) -> Result<(), Error> {
        self.places = HashIndex::with_room(room)?;
        for place in 0..self.runs.len() as u32 {
            if !self.run(place).is_dropped {
                self.link(place);
            }
        }
        Ok(())
    }

    /// Puts a run behind the first one with its hash.
    fn link(&mut self, place: u32) {
        let hash = self.run(place).hash;
        let runs = &self.runs;
        let is = |other: u32| runs.get(other as usize).is_some_and(|run| run.hash == hash);
        let first = self.places.find_or_insert(hash, is, place);
        let behind = match first == place {
            true => 0,
            false => std::mem::replace(&mut self.run_mut(first).next, place + 1),
        };
        self.run_mut(place).next = behind;
    }

    fn run(&self, place: u32) -> &Run {
        &self.runs[place as usize]
    }

    fn run_mut(&mut self, place: u32) -> &mut Run {
        &mut self.runs[place as usize]
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
        let place = self.runs.len() as u32;
        self.runs.push(Run {
            hash: role.of(hash),
            rule,
            first,
            is_dropped: false,
            next: 0,
        });
        self.link(place);
    }

    /// The place of the first run that had a hash.
    pub(super) fn first(&self, role: Role, hash: u64) -> Option<u32> {
        let hash = role.of(hash);
        let is = |place: u32| self.run(place).hash == hash;
        self.places.find(hash, is)
    }

    /// The runs with a hash.
    pub(super) fn with(&self, role: Role, hash: u64) -> impl Iterator<Item = Run> + '_ {
        let get = |place: u32| *self.run(place);
        let all = std::iter::successors(self.first(role, hash).map(get), move |run| {
            run.next.checked_sub(1).map(get)
        });
        all.filter(|run| !run.is_dropped)
    }

    /// Forgets the runs with a hash for which `keeps` says no.
    pub(super) fn retain(
        &mut self,
        role: Role,
        hash: u64,
        mut keeps: impl FnMut(Run) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let mut next = self.first(role, hash);
        let mut last = None;
        while let Some(place) = next {
            let run = *self.run(place);
            next = run.next.checked_sub(1);
            let is_kept = !run.is_dropped && keeps(run)?;
            self.run_mut(place).is_dropped = !is_kept;
            match last {
                Some(last) if !is_kept => self.run_mut(last).next = run.next,
                // The first one stays, because the index refers to it.
                _ => last = Some(place),
            }
        }
        Ok(())
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
    mixer.write_u32(list);
    let comparisons = tests.comparisons()[usize::from(first)..].iter();
    let comparisons = comparisons.filter(move |comparison| !always_holds(comparison, word_size));
    comparisons.map(move |comparison| {
        let mut whole = mixer;
        write(&mut whole, last_key(comparison, word_size));
        match inner_key(comparison, word_size) {
            Some(key) => write(&mut mixer, key),
            None => mixer = whole,
        }
        whole.finish()
    })
}

/// The positions of a rule's comparisons that have tests.
pub(super) fn starts(tests: &RuleTests<'_>) -> impl Iterator<Item = u8> {
    let word_size = tests.word_size();
    let comparisons = (0..).zip(tests.comparisons());
    comparisons
        .filter(move |(_, comparison)| !always_holds(comparison, word_size))
        .map(|(at, _)| at)
}

fn write(mixer: &mut Mixer, [what, mask, datum]: [u64; 3]) {
    mixer.write_u64(what);
    mixer.write_u64(mask);
    mixer.write_u64(datum);
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

/// The key of a comparison before the last one of a run. If the high word alone can decide
/// (`<`, `!=`, `>` and their like), the run goes on from the first test, so only that test
/// counts. `None`: the whole comparison counts, as for [`last_key`].
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

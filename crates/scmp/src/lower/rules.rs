// SPDX-License-Identifier: LGPL-2.1-only
//! Conditional rules as they were added: a list of them for each system call
//! of an architecture.

use super::RuleTests;
use super::runs::{Role, Runs, hashes, max_runs, starts};
use crate::error::Error;
use crate::fallible;
use crate::rule::WordSize;
use crate::rule::{ARGUMENTS, Comparison};

/// The rules of all lists, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct RuleStore {
    rules: Vec<Stored>,
    comparisons: Vec<Comparison>,
    /// The runs of the lists that are indexed.
    runs: Runs,
}

#[derive(Clone, Copy, Debug)]
struct Stored {
    /// Where its comparisons start; they end where those of the rule that was
    /// added next do.
    start: u32,
    /// The next rule of the list; in the last rule its own place.
    next: u32,
}

/// The rules of one system call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleList {
    first: u32,
    last: u32,
    count: u32,
    /// How many comparisons the rules have together.
    comparisons: u32,
    /// Whether the store has an index of its runs: see `runs`.
    is_indexed: bool,
}

/// A list together with its store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    store: &'a RuleStore,
    list: RuleList,
}

impl RuleStore {
    pub(crate) fn copy(&self) -> Result<RuleStore, Error> {
        Ok(RuleStore {
            rules: fallible::copy_of(&self.rules)?,
            comparisons: fallible::copy_of(&self.comparisons)?,
            runs: self.runs.copy()?,
        })
    }

    /// Makes room for `extra` more rules.
    pub(crate) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.rules, extra)?;
        fallible::reserve(&mut self.comparisons, extra * ARGUMENTS)?;
        match self.runs.is_empty() {
            true => Ok(()),
            false => self.runs.reserve(max_runs(extra, extra * ARGUMENTS)),
        }
    }

    /// Indexes a list, and makes room for `extra` more rules.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn index(
        &mut self,
        list: &mut RuleList,
        word_size: WordSize,
        extra: usize,
    ) -> Result<(), Error> {
        if list.is_indexed {
            return Ok(());
        }
        let known = max_runs(list.count(), list.comparisons());
        self.runs
            .reserve(known + max_runs(extra, extra * ARGUMENTS))?;
        let mut next = list.first;
        for _ in 0..list.count {
            let (extent, following) = self.extent(next);
            let tests = RuleTests::new(&self.comparisons[extent], word_size);
            self.runs.add(list.first, next, &tests);
            next = following;
        }
        list.is_indexed = true;
        Ok(())
    }

    /// A list of one rule; there is room for it.
    pub(crate) fn start(&mut self, comparisons: &[Comparison]) -> RuleList {
        let first = self.push(comparisons);
        RuleList {
            first,
            last: first,
            count: 1,
            comparisons: comparisons.len() as u32,
            is_indexed: false,
        }
    }

    /// Adds a rule to a list; there is room for it.
    pub(crate) fn append(&mut self, list: &mut RuleList, tests: &RuleTests<'_>) {
        let comparisons = tests.comparisons();
        let next = self.push(comparisons);
        if list.is_indexed {
            self.runs.add(list.first, next, tests);
        }
        self.rules[list.last as usize].next = next;
        list.last = next;
        list.count += 1;
        list.comparisons += comparisons.len() as u32;
    }

    fn push(&mut self, comparisons: &[Comparison]) -> u32 {
        let id = self.rules.len() as u32;
        self.rules.push(Stored {
            start: self.comparisons.len() as u32,
            next: id,
        });
        for comparison in comparisons {
            self.comparisons.push(*comparison);
        }
        id
    }

    /// Where a rule's comparisons start and end, and the next rule of its list.
    fn extent(&self, place: u32) -> (std::ops::Range<usize>, u32) {
        let place = place as usize;
        let Stored { start, next } = self.rules[place];
        let behind = self.rules.get(place + 1);
        let end = behind.map_or(self.comparisons.len(), |rule| rule.start as usize);
        (start as usize..end, next)
    }

    /// A rule's comparisons, and the next rule of its list.
    fn rule(&self, place: u32) -> (&[Comparison], u32) {
        let (extent, next) = self.extent(place);
        (&self.comparisons[extent], next)
    }

    /// Calls `is_in_tree` with each rule of the list in which the comparisons of the new rule
    /// follow each other, but not from the first test on, and with the position where they
    /// start. Forgets runs for which the answer is no: their tests have left the tree, and a
    /// later rule that brings them back has runs of its own.
    pub(super) fn visit_containing(
        &mut self,
        list: RuleList,
        tests: &RuleTests<'_>,
        mut is_in_tree: impl FnMut(&RuleTests<'_>, u8) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let Some(hash) = hashes(list.first, tests, 0).last() else {
            return Ok(());
        };
        let mut runs = std::mem::take(&mut self.runs);
        let outcome = runs.retain(Role::Inner, hash, |run| {
            let (rule, _) = self.rule(run.rule);
            is_in_tree(&RuleTests::new(rule, tests.word_size()), run.first)
        });
        self.runs = runs;
        outcome
    }

    pub(crate) fn list(&self, list: RuleList) -> Rules<'_> {
        Rules { store: self, list }
    }
}

impl RuleList {
    /// How many rules there are.
    pub(crate) fn count(self) -> usize {
        self.count as usize
    }

    /// The place in the store of the last one.
    pub(crate) fn last(self) -> u32 {
        self.last
    }

    /// How many comparisons they have.
    pub(crate) fn comparisons(self) -> usize {
        self.comparisons as usize
    }
}

impl<'a> Rules<'a> {
    /// In the order in which they were added, with their places in the store.
    pub(crate) fn iter(self) -> impl Iterator<Item = (u32, &'a [Comparison])> {
        self.after(None).take(self.count())
    }

    /// The rules after `last`, or all. Never ends, because the last rule links to itself: limit
    /// it with [`Iterator::take`].
    pub(super) fn after(self, last: Option<u32>) -> impl Iterator<Item = (u32, &'a [Comparison])> {
        let Rules { store, list } = self;
        let mut next = last.map_or(list.first, |last| store.rule(last).1);
        std::iter::repeat_with(move || {
            let place = next;
            let (rule, following) = store.rule(place);
            next = following;
            (place, rule)
        })
    }

    pub(crate) fn count(self) -> usize {
        self.list.count()
    }

    /// The first `count` rules of the list.
    pub(crate) fn take(mut self, count: u32) -> Self {
        self.list.count = count.min(self.list.count);
        self
    }

    /// The comparisons of the rule at this place of the store.
    pub(super) fn rule(self, place: u32) -> &'a [Comparison] {
        self.store.rule(place).0
    }

    /// Whether one of these rules matches all inputs of the new one.
    pub(super) fn any_covers(self, tests: &RuleTests<'_>) -> bool {
        self.iter().any(|(_, rule)| tests.implies(rule))
    }

    /// Whether the new rule contains one of these rules behind its first
    /// comparison. All compare by `==` only.
    pub(super) fn are_contained_in(self, tests: &RuleTests<'_>) -> bool {
        let Rules { store, list } = self;
        let is_whole = |hash| store.runs.has(Role::Whole, hash);
        let mut inner = starts(tests).skip(1);
        inner.any(|first| hashes(list.first, tests, first).any(is_whole))
    }

    /// Whether some of these rules have a run, behind their first test, that is equal to
    /// the new rule. The list is indexed.
    pub(super) fn contain(self, tests: &RuleTests<'_>) -> bool {
        let Rules { store, list } = self;
        let whole = hashes(list.first, tests, 0).last();
        whole.is_some_and(|hash| store.runs.has(Role::Inner, hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Operator;

    #[test]
    fn lists_keep_their_rules_apart_and_in_order() {
        let rule = |datum| [Comparison::new(1, Operator::Equal, datum).unwrap()];
        let mut store = RuleStore::default();
        store.reserve(4).unwrap();
        let mut one = store.start(&rule(1));
        let mut other = store.start(&[]);
        store.append(&mut one, &RuleTests::new(&rule(2), WordSize::Bits64));
        store.append(&mut other, &RuleTests::new(&rule(3), WordSize::Bits64));
        let copy = store.copy().unwrap();
        let rules = |list| copy.list(list).iter().map(|(_, rule)| rule);
        assert!(rules(one).eq([rule(1), rule(2)]));
        assert!(rules(other).eq([&[][..], &rule(3)]));
        assert!(copy.list(one).take(1).iter().eq([(0, &rule(1)[..])]));
    }
}

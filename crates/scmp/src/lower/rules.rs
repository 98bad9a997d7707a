// SPDX-License-Identifier: LGPL-2.1-only
//! Conditional rules as they were added: a list of them for each system call
//! of an architecture.

use super::Chain;
use crate::error::Error;
use crate::fallible;
use crate::rule::{ARGUMENTS, Comparison};

/// The rules of all lists, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct RuleStore {
    rules: Vec<Stored>,
    comparisons: Vec<Comparison>,
}

#[derive(Clone, Copy, Debug)]
struct Stored {
    /// Where its comparisons start; they end where those of the rule that was
    /// added next do.
    start: u32,
    /// The next rule of the list; for the last one it means nothing.
    next: u32,
}

/// The rules of one system call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleList {
    first: u32,
    last: u32,
    count: u32,
    /// Of all rules.
    comparisons: u32,
}

/// A list with what it lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    store: &'a RuleStore,
    list: RuleList,
}

impl RuleStore {
    pub(crate) fn copy(&self) -> Result<RuleStore, Error> {
        Ok(RuleStore {
            rules: fallible::copy_of(&self.rules, 0)?,
            comparisons: fallible::copy_of(&self.comparisons, 0)?,
        })
    }

    /// Makes room for `extra` more rules.
    pub(crate) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.rules, extra)?;
        fallible::reserve(&mut self.comparisons, extra * ARGUMENTS)
    }

    /// A list of one rule; there is room for it.
    pub(crate) fn start(&mut self, comparisons: &[Comparison]) -> RuleList {
        let first = self.push(comparisons);
        RuleList {
            first,
            last: first,
            count: 1,
            comparisons: comparisons.len() as u32,
        }
    }

    /// Adds a rule to a list; there is room for it.
    #[inline]
    pub(crate) fn append(&mut self, list: &mut RuleList, comparisons: &[Comparison]) {
        let next = self.push(comparisons);
        self.rules[list.last as usize].next = next;
        list.last = next;
        list.count += 1;
        list.comparisons += comparisons.len() as u32;
    }

    #[inline(always)]
    fn push(&mut self, comparisons: &[Comparison]) -> u32 {
        let id = self.rules.len() as u32;
        self.rules.push(Stored {
            start: self.comparisons.len() as u32,
            next: id,
        });
        // Hardly ever more than two, which is less than a call.
        for comparison in comparisons {
            self.comparisons.push(*comparison);
        }
        id
    }

    /// A rule's comparisons, and the next rule of its list.
    #[inline]
    fn rule(&self, place: u32) -> (&[Comparison], u32) {
        let place = place as usize;
        let Stored { start, next } = self.rules[place];
        let behind = self.rules.get(place + 1);
        let end = behind.map_or(self.comparisons.len(), |rule| rule.start as usize);
        (&self.comparisons[start as usize..end], next)
    }

    pub(crate) fn of(&self, list: RuleList) -> Rules<'_> {
        Rules { store: self, list }
    }
}

impl RuleList {
    /// How many rules there are.
    pub(crate) fn count(self) -> usize {
        self.count as usize
    }

    /// How many comparisons they have.
    pub(crate) fn comparisons(self) -> usize {
        self.comparisons as usize
    }
}

impl<'a> Rules<'a> {
    /// In the order in which they were added.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a [Comparison]> {
        let Rules { store, list } = self;
        let mut next = list.first;
        (0..list.count).map(move |_| {
            let (rule, following) = store.rule(next);
            next = following;
            rule
        })
    }

    pub(crate) fn count(self) -> usize {
        self.list.count()
    }

    /// The first of them.
    pub(crate) fn first(mut self, count: u32) -> Self {
        self.list.count = count.min(self.list.count);
        self
    }

    /// Whether one rule that is there has all inputs of the new one.
    pub(super) fn have_all_inputs(self, chain: &Chain<'_>) -> bool {
        self.iter().any(|rule| chain.implies(rule))
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
        store.append(&mut one, &rule(2));
        store.append(&mut other, &rule(3));
        let copy = store.copy().unwrap();
        assert!(copy.of(one).iter().eq([rule(1), rule(2)]));
        assert!(copy.of(other).iter().eq([&[][..], &rule(3)]));
        assert!(copy.of(one).first(1).iter().eq([rule(1)]));
    }
}

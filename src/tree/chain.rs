// SPDX-License-Identifier: LGPL-2.1-only
//! A rule's comparisons as 32-bit tests, in the order in which they run.
//!
//! BPF compares 32-bit words, so a 64-bit comparison becomes two or three
//! tests, high word first. Each test has two exits. `!=`, `<`, `<=`, `>` and
//! `>=` are decided by the high word alone for some inputs, so two of their
//! exits lead on to the same remainder of the chain.

use crate::arch::WordSize;
use crate::filter::{Comparison, Comparisons, Operator};

/// One 32-bit test of an argument word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) argument: u8,
    /// The high half of a 64-bit argument.
    pub(crate) high: bool,
    pub(crate) relation: Relation,
    /// All ones unless `relation` is `MaskedEqual`.
    pub(crate) mask: u32,
    pub(crate) datum: u32,
}

/// The relations that BPF has a jump for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    MaskedEqual,
    Greater,
    GreaterOrEqual,
}

/// Which way a test goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    True = 0,
    False = 1,
}

impl Side {
    pub(crate) const BOTH: [Side; 2] = [Side::True, Side::False];
}

/// Where a test's exit leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The rule does not match.
    Reject,
    /// The rule matches.
    Accept,
    /// The outcome depends on the link at this position.
    Link(u8),
}

/// A test with its exits and its place among the tests of a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) test: Test,
    pub(crate) rank: Rank,
    /// The whole datum of the comparison that the test is part of.
    pub(crate) full: u64,
    pub(crate) exits: [Exit; 2],
}

impl Link {
    /// Ends the chain whichever way it goes.
    pub(crate) fn is_last(&self) -> bool {
        !self.exits.iter().any(|exit| matches!(exit, Exit::Link(_)))
    }
}

/// Sort key of the tests on one level; higher ones run first. It decides the
/// order of the program and which of two different actions wins, and is the
/// C library's: later arguments first, the high word before the low one, then
/// equality, upper bounds, lower bounds; then the larger datum, or for upper
/// bounds the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u64);

impl Rank {
    fn new(test: &Test, operator: Operator) -> Self {
        let word = u64::from(test.argument) << 1 | u64::from(test.high);
        let (class, datum) = match operator {
            Operator::Equal | Operator::NotEqual | Operator::MaskedEqual { .. } => (3, test.datum),
            Operator::LessOrEqual | Operator::Less => (2, !test.datum),
            Operator::GreaterOrEqual | Operator::Greater => (1, test.datum),
        };
        Rank(word << 34 | class << 32 | u64::from(datum))
    }
}

/// Six comparisons of three tests each.
pub(super) const MOST_LINKS: usize = 18;

/// A rule's tests. Empty if the rule matches always.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain<'a> {
    comparisons: &'a Comparisons,
    word_size: WordSize,
    links: [Option<Link>; MOST_LINKS],
    length: u8,
    /// Bit n: argument n is compared.
    arguments: u8,
    kinds: Kinds,
}

/// The kinds of comparison that 64-bit words are tested for in different ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    equality: bool,
    order: bool,
}

impl Kinds {
    pub(crate) fn and(self, other: Kinds) -> Kinds {
        Kinds {
            equality: self.equality || other.equality,
            order: self.order || other.order,
        }
    }

    pub(crate) fn are_mixed(self) -> bool {
        self.equality && self.order
    }
}

impl<'a> Chain<'a> {
    /// Comparisons that hold for every input (`MaskedEqual` with no bit of
    /// the word in its mask) drop out.
    pub(crate) fn new(comparisons: &'a Comparisons, word_size: WordSize) -> Self {
        let mut chain = Chain {
            comparisons,
            word_size,
            links: [None; MOST_LINKS],
            length: 0,
            arguments: 0,
            kinds: Kinds::default(),
        };
        let relevant = |comparison: &&Comparison| match (comparison.operator(), word_size) {
            (Operator::MaskedEqual { mask }, WordSize::Bits64) => mask != 0,
            (Operator::MaskedEqual { mask }, WordSize::Bits32) => mask as u32 != 0,
            _ => true,
        };
        let mut rest = comparisons.iter().filter(relevant).peekable();
        while let Some(comparison) = rest.next() {
            let last = rest.peek().is_none();
            match word_size {
                WordSize::Bits64 => chain.compare_64(comparison, last),
                WordSize::Bits32 => chain.compare_32(comparison, last),
            }
            chain.arguments |= 1 << comparison.argument();
        }
        chain
    }

    /// The rule that the tests are made of.
    pub(crate) fn comparisons(&self) -> &'a Comparisons {
        self.comparisons
    }

    /// Whether each input of the rule is one of `other`, which is for the
    /// same architecture.
    pub(crate) fn implies(&self, other: &Comparisons) -> bool {
        self.comparisons.imply(other, self.word_size)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The number of tests.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.length)
    }

    pub(crate) fn arguments(&self) -> u8 {
        self.arguments
    }

    pub(crate) fn kinds(&self) -> Kinds {
        self.kinds
    }

    pub(crate) fn link(&self, position: u8) -> &Link {
        // Positions come from `Exit::Link`, which `push` alone creates.
        self.links[usize::from(position)]
            .as_ref()
            .expect("a chain's exits lead to its links")
    }

    /// How many tree nodes the chain takes when no two exits share a
    /// remainder.
    pub(crate) fn expanded_len(&self) -> usize {
        let mut sizes = [0; MOST_LINKS];
        for position in (0..self.length).rev() {
            let below: usize = self
                .link(position)
                .exits
                .iter()
                .map(|exit| match exit {
                    Exit::Link(next) => sizes[usize::from(*next)],
                    _ => 0,
                })
                .sum();
            sizes[usize::from(position)] = 1 + below;
        }
        sizes[0]
    }

    fn push(&mut self, comparison: &Comparison, high: bool, relation: Relation, exits: [Exit; 2]) {
        let half = |value: u64| (if high { value >> 32 } else { value }) as u32;
        let mask = match comparison.operator() {
            Operator::MaskedEqual { mask } => half(mask),
            _ => u32::MAX,
        };
        let test = Test {
            argument: comparison.argument(),
            high,
            relation,
            mask,
            datum: half(comparison.datum()) & mask,
        };
        self.links[usize::from(self.length)] = Some(Link {
            test,
            rank: Rank::new(&test, comparison.operator()),
            full: comparison.datum(),
            exits,
        });
        self.length += 1;
    }

    fn compare_64(&mut self, comparison: &Comparison, last: bool) {
        match comparison.operator() {
            Operator::Equal | Operator::NotEqual | Operator::MaskedEqual { .. } => {
                self.kinds.equality = true;
            }
            _ => self.kinds.order = true,
        }
        use Exit::{Link, Reject};
        use Relation::{Equal, Greater, GreaterOrEqual, MaskedEqual};
        let here = self.length;
        let holds = |tests: u8| match last {
            true => Exit::Accept,
            false => Link(here + tests),
        };
        let second = Link(here + 1);
        let third = Link(here + 2);
        let equal = match comparison.operator() {
            Operator::MaskedEqual { .. } => MaskedEqual,
            _ => Equal,
        };
        match comparison.operator() {
            Operator::Equal | Operator::MaskedEqual { .. } => {
                self.push(comparison, true, equal, [second, Reject]);
                self.push(comparison, false, equal, [holds(2), Reject]);
            }
            Operator::NotEqual => {
                self.push(comparison, true, Equal, [second, holds(2)]);
                self.push(comparison, false, Equal, [Reject, holds(2)]);
            }
            Operator::Greater | Operator::GreaterOrEqual => {
                let low = match comparison.operator() {
                    Operator::Greater => Greater,
                    _ => GreaterOrEqual,
                };
                self.push(comparison, true, Greater, [holds(3), second]);
                self.push(comparison, true, Equal, [third, Reject]);
                self.push(comparison, false, low, [holds(3), Reject]);
            }
            Operator::Less | Operator::LessOrEqual => {
                let low = match comparison.operator() {
                    Operator::Less => GreaterOrEqual,
                    _ => Greater,
                };
                self.push(comparison, true, Greater, [Reject, second]);
                self.push(comparison, true, Equal, [third, holds(3)]);
                self.push(comparison, false, low, [Reject, holds(3)]);
            }
        }
    }

    fn compare_32(&mut self, comparison: &Comparison, last: bool) {
        let holds = match last {
            true => Exit::Accept,
            false => Exit::Link(self.length + 1),
        };
        let when_true = [holds, Exit::Reject];
        let when_false = [Exit::Reject, holds];
        let (relation, exits) = match comparison.operator() {
            Operator::Equal => (Relation::Equal, when_true),
            Operator::NotEqual => (Relation::Equal, when_false),
            Operator::MaskedEqual { .. } => (Relation::MaskedEqual, when_true),
            Operator::Greater => (Relation::Greater, when_true),
            Operator::LessOrEqual => (Relation::Greater, when_false),
            Operator::GreaterOrEqual => (Relation::GreaterOrEqual, when_true),
            Operator::Less => (Relation::GreaterOrEqual, when_false),
        };
        self.push(comparison, false, relation, exits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparisons(operators: &[Operator]) -> Comparisons {
        let comparisons: Vec<_> = (0..)
            .zip(operators)
            .map(|(argument, &operator)| Comparison::new(argument, operator, 7).unwrap())
            .collect();
        Comparisons::new(&comparisons).unwrap()
    }

    #[test]
    fn six_bounds_fill_a_chain_and_expand_within_reason() {
        let comparisons = comparisons(&[Operator::Greater; 6]);
        let chain = Chain::new(&comparisons, WordSize::Bits64);
        assert_eq!(usize::from(chain.length), MOST_LINKS);
        assert_eq!(chain.expanded_len(), 3 * 63);
    }

    #[test]
    fn empty_masks_drop_out() {
        let high_only = comparisons(&[Operator::MaskedEqual { mask: 1 << 32 }]);
        let none = comparisons(&[Operator::MaskedEqual { mask: 0 }]);
        assert!(Chain::new(&high_only, WordSize::Bits32).is_empty());
        assert_eq!(Chain::new(&high_only, WordSize::Bits64).length, 2);
        assert!(Chain::new(&none, WordSize::Bits64).is_empty());
    }

    #[test]
    fn ranks_put_later_arguments_and_high_words_first() {
        let comparisons = comparisons(&[Operator::Equal, Operator::Equal]);
        let chain = Chain::new(&comparisons, WordSize::Bits64);
        let ranks: Vec<_> = (0..4).map(|position| chain.link(position).rank).collect();
        assert!(ranks[2] > ranks[3] && ranks[3] > ranks[0] && ranks[0] > ranks[1]);
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! A rule's comparisons as 32-bit tests, in the order in which they run.
//!
//! BPF compares 32-bit words, so a 64-bit comparison becomes two or three
//! tests, high word first. Each test has two exits. `!=`, `<`, `<=`, `>` and
//! `>=` are decided by the high word alone for some inputs, so two of their
//! exits lead on to the same remainder of the chain.

use super::shape::always_holds;
use crate::arch::WordSize;
use crate::filter::{ARGUMENTS, Comparison, Operator, imply};

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
    /// The outcome depends on another link.
    Link(Position),
}

/// Which test of which comparison a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    comparison: u8,
    step: u8,
}

impl Position {
    /// Below [`MOST_LINKS`]; no two links of a chain have the same.
    pub(super) fn index(self) -> usize {
        usize::from(self.comparison) * MOST_TESTS + usize::from(self.step)
    }

    fn step(self, step: u8) -> Position {
        Position { step, ..self }
    }
}

/// A test with its exits and its place among the tests of a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) test: Test,
    pub(crate) rank: Rank,
    /// The low word of the datum of the comparison that the test is part of.
    pub(crate) low: u32,
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

/// Of one comparison.
const MOST_TESTS: usize = 3;

/// Of a chain.
pub(crate) const MOST_LINKS: usize = ARGUMENTS * MOST_TESTS;

/// A rule's tests. Empty if the rule matches always.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain<'a> {
    comparisons: &'a [Comparison],
    word_size: WordSize,
}

impl<'a> Chain<'a> {
    /// Of comparisons in the order of their arguments. Those that hold for
    /// every input (`MaskedEqual` with no bit of the word in its mask) drop
    /// out.
    pub(crate) fn new(comparisons: &'a [Comparison], word_size: WordSize) -> Self {
        Chain {
            comparisons,
            word_size,
        }
    }

    /// The first test.
    pub(super) fn first(&self) -> Exit {
        self.from(0)
    }

    /// The first test of the comparisons from this one on.
    fn from(&self, comparison: u8) -> Exit {
        let rest = self.comparisons.get(usize::from(comparison)..);
        let relevant = |each: &Comparison| !always_holds(each, self.word_size);
        match rest.and_then(|rest| rest.iter().position(relevant)) {
            Some(skipped) => Exit::Link(Position {
                comparison: comparison + skipped as u8,
                step: 0,
            }),
            None => Exit::Accept,
        }
    }

    /// Whether each input of the rule is one of `other`, which is for the
    /// same architecture.
    pub(crate) fn implies(&self, other: &[Comparison]) -> bool {
        imply(self.comparisons, other, self.word_size)
    }

    /// The test at a position that an exit names.
    #[inline]
    pub(crate) fn link(&self, position: Position) -> Link {
        let comparison = &self.comparisons[usize::from(position.comparison)];
        let holds = self.from(position.comparison + 1);
        let (high, relation, exits) = match self.word_size {
            WordSize::Bits64 => test_64(comparison.operator(), position, holds),
            WordSize::Bits32 => test_32(comparison.operator(), holds),
        };
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
        Link {
            test,
            rank: Rank::new(&test, comparison.operator()),
            low: comparison.datum() as u32,
            exits,
        }
    }

    /// How many tests a comparison takes.
    fn tests(&self, comparison: &Comparison) -> u8 {
        match (self.word_size, comparison.operator()) {
            (WordSize::Bits32, _) => 1,
            (_, Operator::Equal | Operator::NotEqual | Operator::MaskedEqual { .. }) => 2,
            _ => 3,
        }
    }

    /// How many tree nodes the chain takes when no two exits share a
    /// remainder.
    pub(crate) fn expanded_len(&self) -> usize {
        let compared = self.comparisons.iter().rev();
        let comparisons = compared.filter(|each| !always_holds(each, self.word_size));
        // From the last: all but equality lead to what follows by two exits.
        comparisons.fold(0, |behind, comparison| {
            let exits = match (self.word_size, comparison.operator()) {
                (WordSize::Bits32, _) => 1,
                (_, Operator::Equal | Operator::MaskedEqual { .. }) => 1,
                _ => 2,
            };
            usize::from(self.tests(comparison)) + exits * behind
        })
    }
}

/// The test at a position of a 64-bit comparison: its word, its relation and
/// its exits.
#[inline]
fn test_64(operator: Operator, position: Position, holds: Exit) -> (bool, Relation, [Exit; 2]) {
    use Exit::{Link, Reject};
    use Relation::{Equal, Greater, GreaterOrEqual, MaskedEqual};
    let second = Link(position.step(1));
    let third = Link(position.step(2));
    match (operator, position.step) {
        (Operator::Equal, 0) => (true, Equal, [second, Reject]),
        (Operator::Equal, _) => (false, Equal, [holds, Reject]),
        (Operator::MaskedEqual { .. }, 0) => (true, MaskedEqual, [second, Reject]),
        (Operator::MaskedEqual { .. }, _) => (false, MaskedEqual, [holds, Reject]),
        (Operator::NotEqual, 0) => (true, Equal, [second, holds]),
        (Operator::NotEqual, _) => (false, Equal, [Reject, holds]),
        (Operator::Greater | Operator::GreaterOrEqual, 0) => (true, Greater, [holds, second]),
        (Operator::Greater | Operator::GreaterOrEqual, 1) => (true, Equal, [third, Reject]),
        (Operator::Greater, _) => (false, Greater, [holds, Reject]),
        (Operator::GreaterOrEqual, _) => (false, GreaterOrEqual, [holds, Reject]),
        (Operator::Less | Operator::LessOrEqual, 0) => (true, Greater, [Reject, second]),
        (Operator::Less | Operator::LessOrEqual, 1) => (true, Equal, [third, holds]),
        (Operator::Less, _) => (false, GreaterOrEqual, [Reject, holds]),
        (Operator::LessOrEqual, _) => (false, Greater, [Reject, holds]),
    }
}

/// The one test of a 32-bit comparison.
fn test_32(operator: Operator, holds: Exit) -> (bool, Relation, [Exit; 2]) {
    let when_true = [holds, Exit::Reject];
    let when_false = [Exit::Reject, holds];
    let (relation, exits) = match operator {
        Operator::Equal => (Relation::Equal, when_true),
        Operator::NotEqual => (Relation::Equal, when_false),
        Operator::MaskedEqual { .. } => (Relation::MaskedEqual, when_true),
        Operator::Greater => (Relation::Greater, when_true),
        Operator::LessOrEqual => (Relation::Greater, when_false),
        Operator::GreaterOrEqual => (Relation::GreaterOrEqual, when_true),
        Operator::Less => (Relation::GreaterOrEqual, when_false),
    };
    (false, relation, exits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparisons(operators: &[Operator]) -> Vec<Comparison> {
        (0..)
            .zip(operators)
            .map(|(argument, &operator)| Comparison::new(argument, operator, 7).unwrap())
            .collect()
    }

    /// The links of a chain in which each leads to one other at most.
    fn links(chain: &Chain<'_>) -> Vec<Link> {
        let mut all = Vec::new();
        let mut exit = chain.first();
        while let Exit::Link(position) = exit {
            let link = chain.link(position);
            exit = link.exits[0];
            all.push(link);
        }
        all
    }

    #[test]
    fn six_bounds_expand_within_reason() {
        let comparisons = comparisons(&[Operator::Greater; 6]);
        let chain = Chain::new(&comparisons, WordSize::Bits64);
        assert_eq!(chain.expanded_len(), 3 * 63);
        assert!(Chain::new(&comparisons, WordSize::Bits32).expanded_len() == 6);
    }

    #[test]
    fn empty_masks_drop_out() {
        let high_only = Operator::MaskedEqual { mask: 1 << 32 };
        let none = Operator::MaskedEqual { mask: 0 };
        let mixed = comparisons(&[none, high_only, none]);
        let wide = Chain::new(&mixed, WordSize::Bits64);
        assert_eq!(links(&wide).len(), 2);
        assert!(links(&wide).iter().all(|link| link.test.argument == 1));
        assert!(links(&Chain::new(&mixed, WordSize::Bits32)).is_empty());
    }

    #[test]
    fn ranks_put_later_arguments_and_high_words_first() {
        let comparisons = comparisons(&[Operator::Equal, Operator::Equal]);
        let links = links(&Chain::new(&comparisons, WordSize::Bits64));
        let ranks: Vec<_> = links.iter().map(|link| link.rank).collect();
        assert_eq!(ranks.len(), 4);
        assert!(ranks[2] > ranks[3] && ranks[3] > ranks[0] && ranks[0] > ranks[1]);
    }
}

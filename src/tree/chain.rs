// SPDX-License-Identifier: LGPL-2.1-only
//! A rule's comparisons as 32-bit tests, in the order in which they run.
//!
//! BPF compares 32-bit words, so a 64-bit comparison becomes two or three
//! tests, high word first. Each test has two exits. `!=`, `<`, `<=`, `>` and
//! `>=` are decided by the high word alone for some inputs, so two of their
//! exits lead on to the same remainder of the chain.

use crate::arch::WordSize;
use crate::filter::{ARGUMENTS, Comparison, Comparisons, Operator};

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
    places: [Place; MOST_LINKS],
    length: u8,
    /// Bit n: argument n is compared.
    arguments: u8,
    kinds: Kinds,
}

/// Which test of which comparison a link is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    argument: u8,
    step: u8,
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
            places: [Place::default(); MOST_LINKS],
            length: 0,
            arguments: 0,
            kinds: Kinds::default(),
        };
        let relevant = |comparison: &&Comparison| match (comparison.operator(), word_size) {
            (Operator::MaskedEqual { mask }, WordSize::Bits64) => mask != 0,
            (Operator::MaskedEqual { mask }, WordSize::Bits32) => mask as u32 != 0,
            _ => true,
        };
        for comparison in comparisons.iter().filter(relevant) {
            let argument = comparison.argument();
            for step in 0..chain.tests(comparison) {
                chain.places[usize::from(chain.length)] = Place { argument, step };
                chain.length += 1;
            }
            chain.arguments |= 1 << argument;
            match (comparison.operator(), word_size) {
                (_, WordSize::Bits32) => {}
                (Operator::Equal | Operator::NotEqual | Operator::MaskedEqual { .. }, _) => {
                    chain.kinds.equality = true;
                }
                _ => chain.kinds.order = true,
            }
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

    pub(crate) fn arguments(&self) -> u8 {
        self.arguments
    }

    pub(crate) fn kinds(&self) -> Kinds {
        self.kinds
    }

    /// The test at a position, 0 to `len` - 1, or one that an exit names.
    pub(crate) fn link(&self, position: u8) -> Link {
        let Place { argument, step } = self.places[usize::from(position)];
        let comparison = (self.comparisons.on_argument(argument))
            .expect("a chain has places for what is compared");
        let first = position - step;
        let end = first + self.tests(comparison);
        let holds = match end == self.length {
            true => Exit::Accept,
            false => Exit::Link(end),
        };
        let (high, relation, exits) = match self.word_size {
            WordSize::Bits64 => test_64(comparison.operator(), step, first, holds),
            WordSize::Bits32 => test_32(comparison.operator(), holds),
        };
        let half = |value: u64| (if high { value >> 32 } else { value }) as u32;
        let mask = match comparison.operator() {
            Operator::MaskedEqual { mask } => half(mask),
            _ => u32::MAX,
        };
        let test = Test {
            argument,
            high,
            relation,
            mask,
            datum: half(comparison.datum()) & mask,
        };
        Link {
            test,
            rank: Rank::new(&test, comparison.operator()),
            full: comparison.datum(),
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
        let compared = (0..ARGUMENTS as u8)
            .rev()
            .filter(|argument| self.arguments >> argument & 1 != 0);
        let comparisons = compared.filter_map(|argument| self.comparisons.on_argument(argument));
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

/// The test that is number `step` of a 64-bit comparison, whose first is at
/// position `first`: its word, its relation and its exits.
fn test_64(operator: Operator, step: u8, first: u8, holds: Exit) -> (bool, Relation, [Exit; 2]) {
    use Exit::{Link, Reject};
    use Relation::{Equal, Greater, GreaterOrEqual, MaskedEqual};
    let second = Link(first + 1);
    let third = Link(first + 2);
    match (operator, step) {
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

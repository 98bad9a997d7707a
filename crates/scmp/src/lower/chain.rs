// SPDX-License-Identifier: LGPL-2.1-only
//! A rule's comparisons as 32-bit tests, in the order in which they run.
//!
//! BPF compares 32-bit words, so a 64-bit comparison becomes two or three
//! tests, high word first. Each test has two exits. `!=`, `<`, `<=`, `>` and
//! `>=` are decided by the high word alone for some inputs, so two of their
//! exits lead on to the same remainder of the chain.

use super::shape::always_holds;
use crate::rule::WordSize;
use crate::rule::{ARGUMENTS, Comparison, Kind, imply};

/// One 32-bit test of an argument word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    // First, for it tells most tests apart.
    pub(crate) datum: u32,
    /// Argument, half and relation in one: tests are compared more often than
    /// they are taken apart.
    what: u32,
    /// All ones unless the relation is `MaskedEqual`.
    pub(crate) mask: u32,
}

impl Test {
    #[inline]
    pub(crate) fn argument(&self) -> u8 {
        (self.what >> 3) as u8
    }

    /// Of the high half of a 64-bit argument.
    #[inline]
    pub(crate) fn is_high(&self) -> bool {
        self.what & HIGH != 0
    }

    #[inline]
    pub(crate) fn relation(&self) -> Relation {
        const RELATIONS: [Relation; 4] = [
            Relation::Equal,
            Relation::MaskedEqual,
            Relation::Greater,
            Relation::GreaterOrEqual,
        ];
        RELATIONS[self.what as usize % RELATIONS.len()]
    }

    /// The ranks that it may have, the one that runs first first.
    #[inline]
    pub(super) fn ranks(&self) -> [Rank; 3] {
        [Class::Value, Class::Upper, Class::Lower].map(|class| Rank::new(self, class))
    }

    /// A number for the argument and its half; tests of greater ones run first.
    #[inline]
    fn word(&self) -> u32 {
        self.what >> 2
    }
}

/// In [`Test::what`].
const HIGH: u32 = 1 << 2;

/// The relations that BPF has a jump for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    MaskedEqual,
    Greater,
    GreaterOrEqual,
}

/// Which way a test goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Which test of which comparison a link is. Tests lead to later ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position(u8);

impl Position {
    /// A comparison's test in a column of [`STEPS`].
    #[inline]
    fn new(comparison: u8, column: u8) -> Position {
        Position(comparison * COLUMNS as u8 + column)
    }

    #[inline]
    pub(super) fn comparison(self) -> usize {
        self.index() / COLUMNS
    }

    #[inline]
    fn column(self) -> usize {
        self.index() % COLUMNS
    }

    /// Below [`MOST_LINKS`]; no two links of a chain have the same.
    #[inline]
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A test with its exits and its place among the tests of a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) test: Test,
    pub(crate) rank: Rank,
    /// The low word of the datum of the comparison that the test is part of.
    pub(crate) low: u32,
    /// Where each side leads.
    pub(super) exits: [Exit; 2],
    pub(super) position: Position,
}

impl Link {
    /// Whether it ends the chain whichever way it goes.
    pub(super) fn ends_chain(&self) -> bool {
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
    fn new(test: &Test, class: Class) -> Self {
        let datum = match class {
            Class::Upper => !test.datum,
            _ => test.datum,
        };
        Rank(u64::from(test.word()) << 34 | (class as u64) << 32 | u64::from(datum))
    }
}

/// Which of two tests of one word runs first: the greater.
#[derive(Clone, Copy, Debug)]
enum Class {
    /// A lower bound.
    Lower = 1,
    /// An upper bound.
    Upper = 2,
    /// Equality.
    Value = 3,
}

/// Of one comparison.
pub(crate) const MOST_TESTS: usize = 3;

/// Of a chain, with gaps.
pub(super) const MOST_LINKS: usize = ARGUMENTS * COLUMNS;

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

    pub(super) fn word_size(&self) -> WordSize {
        self.word_size
    }

    /// The first test.
    #[inline]
    pub(super) fn first(&self) -> Exit {
        self.from(0)
    }

    /// The first test of the comparisons from this one on.
    #[inline]
    fn from(&self, mut comparison: u8) -> Exit {
        while let Some(next) = self.comparisons.get(usize::from(comparison)) {
            if !always_holds(next, self.word_size) {
                let column = match self.word_size {
                    WordSize::Bits64 => 0,
                    WordSize::Bits32 => NARROW,
                };
                return Exit::Link(Position::new(comparison, column));
            }
            comparison += 1;
        }
        Exit::Accept
    }

    /// The comparisons that drop out are among them.
    pub(super) fn comparisons(&self) -> &'a [Comparison] {
        self.comparisons
    }

    /// Whether each input of the rule is one of `other`, which is for the
    /// same architecture.
    pub(crate) fn implies(&self, other: &[Comparison]) -> bool {
        imply(self.comparisons, other, self.word_size)
    }

    /// The test at a position that an exit names.
    #[inline(always)]
    pub(crate) fn link(&self, position: Position) -> Link {
        let place = position.comparison();
        let comparison = &self.comparisons[place];
        let kind = comparison.kind() as usize;
        let Step { what, onward } = STEPS[kind][position.column()];
        let shift = (u32::from(what) & HIGH) * (u32::BITS / HIGH);
        let half = |value: u64| (value >> shift) as u32;
        let mask = half(comparison.mask());
        let test = Test {
            what: u32::from(comparison.argument()) << 3 | u32::from(what),
            mask,
            datum: half(comparison.datum()) & mask,
        };
        Link {
            test,
            rank: Rank::new(&test, CLASSES[kind]),
            low: comparison.datum() as u32,
            exits: [
                self.exit(position, onward[0]),
                self.exit(position, onward[1]),
            ],
            position,
        }
    }

    #[inline]
    fn exit(&self, position: Position, onward: Onward) -> Exit {
        match onward {
            Onward::Reject => Exit::Reject,
            Onward::Hold => self.from(position.comparison() as u8 + 1),
            Onward::Next => Exit::Link(Position(position.0 + 1)),
        }
    }

    /// How many tree nodes the chain may take, when no two exits share a
    /// remainder: all but equality lead to what follows by two exits.
    pub(crate) fn most_nodes(&self) -> usize {
        MOST_TESTS * ((1 << self.comparisons.len()) - 1)
    }
}

/// What a side of a test says of its comparison.
#[derive(Clone, Copy, Debug)]
enum Onward {
    /// It does not hold.
    Reject,
    /// It holds.
    Hold,
    /// Its next test decides.
    Next,
}

/// A test of a comparison.
#[derive(Clone, Copy)]
struct Step {
    /// [`Test::what`] without the argument.
    what: u8,
    onward: [Onward; 2],
}

/// Three tests on the halves of 64 bits, and the one of 32 bits.
const COLUMNS: usize = MOST_TESTS + 1;

/// The column of 32 bits.
const NARROW: u8 = MOST_TESTS as u8;

/// The tests of each kind of comparison, by [`Kind`].
static STEPS: [[Step; COLUMNS]; 7] = {
    use Onward::{Hold, Next, Reject};
    use Relation::{Equal, Greater, GreaterOrEqual, MaskedEqual};
    const HOLDS: [Onward; 2] = [Hold, Reject];
    const FAILS: [Onward; 2] = [Reject, Hold];
    const fn high(relation: Relation, onward: [Onward; 2]) -> Step {
        let what = relation as u8 | HIGH as u8;
        Step { what, onward }
    }
    const fn low(relation: Relation, onward: [Onward; 2]) -> Step {
        let what = relation as u8;
        Step { what, onward }
    }
    const fn value(relation: Relation, first: [Onward; 2], last: [Onward; 2]) -> [Step; COLUMNS] {
        let last = low(relation, last);
        [high(relation, first), last, last, last]
    }
    // The high half decides, or is equal and the low one does.
    const fn order(first: [Onward; 2], second: [Onward; 2], last: Step) -> [Step; COLUMNS] {
        [high(Greater, first), high(Equal, second), last, last]
    }
    let mut steps = [value(Equal, [Next, Reject], HOLDS); 7];
    steps[Kind::NotEqual as usize] = value(Equal, [Next, Hold], FAILS);
    steps[Kind::MaskedEqual as usize] = value(MaskedEqual, [Next, Reject], HOLDS);
    let (first, second) = ([Hold, Next], [Next, Reject]);
    steps[Kind::Greater as usize] = order(first, second, low(Greater, HOLDS));
    steps[Kind::GreaterOrEqual as usize] = order(first, second, low(GreaterOrEqual, HOLDS));
    let (first, second) = ([Reject, Next], [Next, Hold]);
    steps[Kind::Less as usize] = order(first, second, low(GreaterOrEqual, FAILS));
    steps[Kind::LessOrEqual as usize] = order(first, second, low(Greater, FAILS));
    steps
};

/// The class of each kind of comparison, by [`Kind`].
static CLASSES: [Class; 7] = {
    let mut classes = [Class::Value; 7];
    classes[Kind::Less as usize] = Class::Upper;
    classes[Kind::LessOrEqual as usize] = Class::Upper;
    classes[Kind::Greater as usize] = Class::Lower;
    classes[Kind::GreaterOrEqual as usize] = Class::Lower;
    classes
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Operator;

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
        assert_eq!(chain.most_nodes(), 3 * 63);
        fn nodes(chain: &Chain<'_>, exit: Exit) -> usize {
            match exit {
                Exit::Link(position) => {
                    let link = chain.link(position);
                    let below = link.exits.map(|exit| nodes(chain, exit));
                    1 + below.iter().sum::<usize>()
                }
                _ => 0,
            }
        }
        assert_eq!(nodes(&chain, chain.first()), 3 * 63);
    }

    #[test]
    fn empty_masks_drop_out() {
        let high_only = Operator::MaskedEqual { mask: 1 << 32 };
        let none = Operator::MaskedEqual { mask: 0 };
        let mixed = comparisons(&[none, high_only, none]);
        let wide = Chain::new(&mixed, WordSize::Bits64);
        assert_eq!(links(&wide).len(), 2);
        assert!(links(&wide).iter().all(|link| link.test.argument() == 1));
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

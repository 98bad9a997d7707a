// SPDX-License-Identifier: LGPL-2.1-only
//! A rule's comparisons as 32-bit tests, in the order in which they run.
//!
//! BPF compares 32-bit words, so a 64-bit comparison becomes two or three
//! tests, high word first. Each test has two exits. `!=`, `<`, `<=`, `>` and
//! `>=` are decided by the high word alone for some inputs, so two of their
//! exits lead to the same remaining tests.

use crate::rule::WordSize;
use crate::rule::{ARGUMENTS, Comparison, Kind, imply};

/// One 32-bit test of an argument word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) datum: u32,
    pub(crate) argument: u8,
    /// Of the high half of a 64-bit argument.
    pub(crate) is_high: bool,
    pub(crate) relation: Relation,
    /// All ones unless the relation is `MaskedEqual`.
    pub(crate) mask: u32,
}

impl Test {
    /// The ranks that the test may have, one for each class, in the order in which they run.
    pub(super) fn ranks(&self) -> [Rank; 3] {
        [Class::Value, Class::Upper, Class::Lower].map(|class| Rank::new(self, class))
    }

    /// A number for the argument and its half; tests of greater numbers run first.
    fn word(&self) -> u32 {
        u32::from(self.argument) << 1 | u32::from(self.is_high)
    }
}

/// The relations that BPF has a jump for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    MaskedEqual,
    Greater,
    GreaterOrEqual,
}

/// The outcome of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    True = 0,
    False = 1,
}

impl Side {
    pub(crate) const BOTH: [Side; 2] = [Side::True, Side::False];
}

/// Where an exit of a rule's test leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The rule does not match.
    Mismatch,
    /// The rule matches.
    Match,
    /// Another test decides.
    Step(Position),
}

/// Identifies a test of a rule: comparison × 4 + column of [`TEMPLATES`]. Exits lead to
/// greater positions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position(u8);

impl Position {
    /// The test of a comparison that is in this column of [`TEMPLATES`].
    fn new(comparison: u8, column: u8) -> Position {
        Position(comparison * COLUMNS as u8 + column)
    }

    pub(super) fn comparison(self) -> usize {
        self.index() / COLUMNS
    }

    fn column(self) -> usize {
        self.index() % COLUMNS
    }

    /// Below [`MAX_POSITIONS`]; each step of a rule has its own.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A test of a rule, with its exits and its place in the order of a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestStep {
    pub(crate) test: Test,
    pub(crate) rank: Rank,
    /// The low word of the datum of the comparison that the test is part of.
    pub(crate) datum_low: u32,
    /// Where each side leads.
    pub(super) exits: [Exit; 2],
    pub(super) position: Position,
}

impl TestStep {
    /// Whether no exit leads to another test.
    pub(super) fn ends_rule(&self) -> bool {
        !self.exits.iter().any(|exit| matches!(exit, Exit::Step(_)))
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

/// Orders the tests of one word: the greater class runs first.
#[derive(Clone, Copy, Debug)]
enum Class {
    /// A lower bound.
    Lower = 1,
    /// An upper bound.
    Upper = 2,
    /// Equality.
    Value = 3,
}

/// How many tests a comparison takes at most.
pub(crate) const MAX_TESTS: usize = 3;

/// All positions of a rule are below this.
pub(super) const MAX_POSITIONS: usize = ARGUMENTS * COLUMNS;

/// A rule's tests, made from its comparisons when asked for. There are none if the
/// rule is unconditional.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleTests<'a> {
    comparisons: &'a [Comparison],
    word_size: WordSize,
}

impl<'a> RuleTests<'a> {
    /// The tests of comparisons, which are in the order of their arguments. Comparisons
    /// that hold for every input (`MaskedEqual` with no bit of the word in its mask)
    /// have none.
    pub(crate) fn new(comparisons: &'a [Comparison], word_size: WordSize) -> Self {
        RuleTests {
            comparisons,
            word_size,
        }
    }

    pub(super) fn word_size(&self) -> WordSize {
        self.word_size
    }

    /// The first test.
    pub(super) fn first(&self) -> Exit {
        self.from(0)
    }

    /// The first test of this comparison and those after it.
    fn from(&self, mut comparison: u8) -> Exit {
        while let Some(next) = self.comparisons.get(usize::from(comparison)) {
            if !next.has_no_bits(self.word_size) {
                let column = match next.width_on(self.word_size) {
                    WordSize::Bits64 => 0,
                    WordSize::Bits32 => NARROW,
                };
                return Exit::Step(Position::new(comparison, column));
            }
            comparison += 1;
        }
        Exit::Match
    }

    /// All comparisons of the rule, also those without a test.
    pub(super) fn comparisons(&self) -> &'a [Comparison] {
        self.comparisons
    }

    /// Whether each input of the rule is one of `other`, which is for the
    /// same architecture.
    pub(crate) fn implies(&self, other: &[Comparison]) -> bool {
        imply(self.comparisons, other, self.word_size)
    }

    /// The test at a position that an exit names.
    // flatpak: -1 % of all instructions, argument-1000 -2 %
    #[inline(always)]
    pub(crate) fn step(&self, position: Position) -> TestStep {
        let place = position.comparison();
        let comparison = &self.comparisons[place];
        let kind = comparison.kind() as usize;
        let Template {
            is_high,
            relation,
            outcomes,
        } = TEMPLATES[kind][position.column()];
        let half = |value: u64| (value >> (u32::BITS * u32::from(is_high))) as u32;
        let mask = half(comparison.mask());
        let test = Test {
            argument: comparison.argument(),
            is_high,
            relation,
            mask,
            datum: half(comparison.datum()) & mask,
        };
        TestStep {
            test,
            rank: Rank::new(&test, CLASSES[kind]),
            datum_low: comparison.datum() as u32,
            exits: [
                self.exit(position, outcomes[0]),
                self.exit(position, outcomes[1]),
            ],
            position,
        }
    }

    fn exit(&self, position: Position, outcome: Outcome) -> Exit {
        match outcome {
            Outcome::Fails => Exit::Mismatch,
            Outcome::Holds => self.from(position.comparison() as u8 + 1),
            Outcome::Undecided => Exit::Step(Position(position.0 + 1)),
        }
    }

    /// How many tree nodes the rule may take. Two exits of a comparison may lead to
    /// the next one, whose tests are then added below each.
    pub(crate) fn max_nodes(&self) -> usize {
        MAX_TESTS * ((1 << self.comparisons.len()) - 1)
    }
}

/// What an exit of a test means for its comparison.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// The comparison does not hold.
    Fails,
    /// The comparison holds.
    Holds,
    /// Its next test decides.
    Undecided,
}

/// A test that every comparison of one kind has.
#[derive(Clone, Copy)]
struct Template {
    is_high: bool,
    relation: Relation,
    outcomes: [Outcome; 2],
}

/// Three tests of the halves of a 64-bit argument, and the one of an argument of which 32
/// bits count.
const COLUMNS: usize = MAX_TESTS + 1;

/// The column of arguments of which 32 bits count.
const NARROW: u8 = MAX_TESTS as u8;

/// The tests of each kind of comparison, by [`Kind`].
static TEMPLATES: [[Template; COLUMNS]; 7] = {
    use Outcome::{Fails, Holds, Undecided};
    use Relation::{Equal, Greater, GreaterOrEqual, MaskedEqual};
    const HOLDS: [Outcome; 2] = [Holds, Fails];
    const FAILS: [Outcome; 2] = [Fails, Holds];
    const fn half(is_high: bool, relation: Relation, outcomes: [Outcome; 2]) -> Template {
        Template {
            is_high,
            relation,
            outcomes,
        }
    }
    const fn high(relation: Relation, outcomes: [Outcome; 2]) -> Template {
        half(true, relation, outcomes)
    }
    const fn low(relation: Relation, outcomes: [Outcome; 2]) -> Template {
        half(false, relation, outcomes)
    }
    const fn value(
        relation: Relation,
        first: [Outcome; 2],
        last: [Outcome; 2],
    ) -> [Template; COLUMNS] {
        let last = low(relation, last);
        [high(relation, first), last, last, last]
    }
    // If the high halves are equal, the low ones decide.
    const fn order(
        first: [Outcome; 2],
        second: [Outcome; 2],
        last: Template,
    ) -> [Template; COLUMNS] {
        [high(Greater, first), high(Equal, second), last, last]
    }
    let mut steps = [value(Equal, [Undecided, Fails], HOLDS); 7];
    steps[Kind::NotEqual as usize] = value(Equal, [Undecided, Holds], FAILS);
    steps[Kind::MaskedEqual as usize] = value(MaskedEqual, [Undecided, Fails], HOLDS);
    let (first, second) = ([Holds, Undecided], [Undecided, Fails]);
    steps[Kind::Greater as usize] = order(first, second, low(Greater, HOLDS));
    steps[Kind::GreaterOrEqual as usize] = order(first, second, low(GreaterOrEqual, HOLDS));
    let (first, second) = ([Fails, Undecided], [Undecided, Holds]);
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

    /// The steps of a rule in which each leads to one other at most.
    fn steps(tests: &RuleTests<'_>) -> Vec<TestStep> {
        let mut all = Vec::new();
        let mut exit = tests.first();
        while let Exit::Step(position) = exit {
            let step = tests.step(position);
            exit = step.exits[0];
            all.push(step);
        }
        all
    }

    #[test]
    fn six_bounds_expand_within_reason() {
        let comparisons = comparisons(&[Operator::Greater; 6]);
        let tests = RuleTests::new(&comparisons, WordSize::Bits64);
        assert_eq!(tests.max_nodes(), 3 * 63);
        fn nodes(tests: &RuleTests<'_>, exit: Exit) -> usize {
            match exit {
                Exit::Step(position) => {
                    let step = tests.step(position);
                    let below = step.exits.map(|exit| nodes(tests, exit));
                    1 + below.iter().sum::<usize>()
                }
                _ => 0,
            }
        }
        assert_eq!(nodes(&tests, tests.first()), 3 * 63);
    }

    #[test]
    fn ranks_put_later_arguments_and_high_words_first() {
        let comparisons = comparisons(&[Operator::Equal, Operator::Equal]);
        let steps = steps(&RuleTests::new(&comparisons, WordSize::Bits64));
        let ranks: Vec<_> = steps.iter().map(|step| step.rank).collect();
        assert_eq!(ranks.len(), 4);
        assert!(ranks[2] > ranks[3] && ranks[3] > ranks[0] && ranks[0] > ranks[1]);
    }
}

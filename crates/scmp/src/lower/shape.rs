// SPDX-License-Identifier: LGPL-2.1-only
//! What rules look at: enough to know which of them can meet.

use crate::rule::{Comparison, Kind, WordSize};

/// The arguments that rules of one system call compare, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Bit n: some rule compares exactly the arguments whose bits are set
    /// in n.
    argument_sets: u64,
    /// How 64-bit words are tested: [`Shape::EQUALITY`], [`Shape::ORDER`].
    wide: u8,
}

impl Shape {
    /// For equality, with two tests.
    const EQUALITY: u8 = 1;
    /// For order, with three tests.
    const ORDER: u8 = 2;

    /// Of one rule.
    #[inline(always)]
    pub(crate) fn of(comparisons: &[Comparison], word_size: WordSize) -> Shape {
        let mut shape = Shape::default();
        let mut arguments = 0;
        for comparison in comparisons {
            if always_holds(comparison, word_size) {
                continue;
            }
            arguments |= 1 << comparison.argument();
            if word_size == WordSize::Bits64 {
                shape.wide |= match comparison.kind() {
                    Kind::Equal | Kind::NotEqual | Kind::MaskedEqual => Shape::EQUALITY,
                    _ => Shape::ORDER,
                };
            }
        }
        shape.argument_sets = 1 << arguments;
        shape
    }

    /// Whether one of the rules compares nothing.
    pub(crate) fn is_unconditional(self) -> bool {
        self.argument_sets & 1 != 0
    }

    /// Of these rules and those.
    pub(crate) fn and(self, other: Shape) -> Shape {
        Shape {
            argument_sets: self.argument_sets | other.argument_sets,
            wide: self.wide | other.wide,
        }
    }

    /// Whether `Tree::prune` could find anything when a rule comes: if the
    /// arguments that some rule compares include, or are included in, others;
    /// or are the same, but equality is tested with two words and order with
    /// three. Not if they are one argument: then no rule of either kind ends in
    /// a test of the other.
    #[inline(always)]
    pub(crate) fn may_prune(self, rule: Shape) -> bool {
        let all = self.and(rule);
        let new = rule.argument_sets.trailing_zeros();
        let compares_one = new.is_power_of_two();
        let has_same = self.argument_sets & rule.argument_sets != 0;
        let is_mixed = all.wide == Shape::EQUALITY | Shape::ORDER;
        if has_same && is_mixed && !compares_one {
            return true;
        }
        let mut sets = self.argument_sets & !rule.argument_sets;
        while sets != 0 {
            let set = sets.trailing_zeros();
            if set & new == set || set & new == new {
                return true;
            }
            sets &= sets - 1;
        }
        false
    }
}

/// Whether the comparison lets every input pass by its form: masked equality
/// with no bit of the word in its mask.
#[inline]
pub(super) fn always_holds(comparison: &Comparison, word_size: WordSize) -> bool {
    match word_size {
        WordSize::Bits64 => comparison.mask() == 0,
        WordSize::Bits32 => comparison.mask() as u32 == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Operator;

    fn shape(compared: &[(u8, Operator)]) -> Shape {
        let comparisons: Vec<_> = compared
            .iter()
            .map(|&(argument, operator)| Comparison::new(argument, operator, 7).unwrap())
            .collect();
        Shape::of(&comparisons, WordSize::Bits64)
    }

    #[test]
    fn rules_meet_if_their_arguments_do() {
        use Operator::{Equal, Less};
        let both = shape(&[(0, Equal), (1, Equal)]);
        let first = shape(&[(0, Equal)]);
        let others = shape(&[(0, Equal), (2, Equal)]);
        assert!(both.may_prune(first) && first.may_prune(both));
        assert!(!both.may_prune(both) && !both.may_prune(others));
        assert!(both.and(first).may_prune(others));
        assert!(!first.may_prune(shape(&[(0, Less)])));
        assert!(both.may_prune(shape(&[(0, Equal), (1, Less)])));
        assert!(!first.may_prune(shape(&[(1, Less)])));
    }

    #[test]
    fn empty_masks_compare_nothing() {
        let high_only = Comparison::new(0, Operator::MaskedEqual { mask: 1 << 32 }, 0).unwrap();
        assert!(Shape::of(&[high_only], WordSize::Bits32).is_unconditional());
        assert!(!Shape::of(&[high_only], WordSize::Bits64).is_unconditional());
        assert!(Shape::of(&[], WordSize::Bits64).is_unconditional());
    }
}

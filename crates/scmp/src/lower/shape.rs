// SPDX-License-Identifier: LGPL-2.1-only
//! What rules look at: enough to know which of them can meet.

use crate::rule::WordSize;
use crate::rule::{Comparison, Kind};

/// The arguments that rules of one system call compare, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Bit n: some rule compares exactly the arguments whose bits are set
    /// in n.
    argument_sets: u64,
    /// How arguments are compared: [`Shape::OTHER`], [`Shape::UNEQUAL`],
    /// [`Shape::UPPER`].
    kinds: u8,
}

impl Shape {
    /// Not by `==`.
    const OTHER: u8 = 1;
    /// Two words, for inequality.
    const UNEQUAL: u8 = 2;
    /// Two words, with an upper bound.
    const UPPER: u8 = 4;

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
            shape.kinds |= match (comparison.kind(), word_size) {
                (Kind::Equal, _) => 0,
                (Kind::NotEqual, WordSize::Bits64) => Shape::OTHER | Shape::UNEQUAL,
                (Kind::Less | Kind::LessOrEqual, WordSize::Bits64) => Shape::OTHER | Shape::UPPER,
                _ => Shape::OTHER,
            };
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
            kinds: self.kinds | other.kinds,
        }
    }

    /// Whether all comparisons are by `==`.
    pub(crate) fn is_equality(self) -> bool {
        self.kinds & Shape::OTHER == 0
    }

    /// Whether `Tree::prune` could find anything when a rule comes: if the
    /// arguments that one rule compares are successive ones of those of another,
    /// and not its first ones.
    ///
    /// First or all ones matter only where the tests of one rule can begin inside a
    /// comparison of the other: those of `!=` behind the first one of `<`. Then
    /// other arguments have to follow, as the last tests of the two are not alike.
    #[inline(always)]
    pub(crate) fn may_prune(self, rule: Shape) -> bool {
        let new = rule.argument_sets.trailing_zeros();
        let mixed = Shape::UNEQUAL | Shape::UPPER;
        let is_mixed = self.and(rule).kinds & mixed == mixed;
        let mut sets = self.argument_sets;
        if !is_mixed || new.is_power_of_two() {
            sets &= !rule.argument_sets;
        }
        while sets != 0 {
            let set = sets.trailing_zeros();
            if is_run(set, new, is_mixed) || is_run(new, set, is_mixed) {
                return true;
            }
            sets &= sets - 1;
        }
        false
    }
}

/// Whether arguments are successive ones of `all`, and not the first ones unless
/// these count.
#[inline]
fn is_run(arguments: u32, all: u32, first_counts: bool) -> bool {
    let below = (arguments & arguments.wrapping_neg()) - 1;
    let up_to = u32::MAX >> arguments.leading_zeros();
    all & up_to & !below == arguments && (first_counts || all & below != 0)
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
        use Operator::{Equal, GreaterOrEqual, Less, NotEqual};
        let both = shape(&[(0, Equal), (1, Equal)]);
        let [first, second] = [0, 1].map(|argument| shape(&[(argument, Equal)]));
        let others = shape(&[(0, Equal), (2, Equal)]);
        let all = shape(&[(0, Equal), (1, Equal), (2, Equal)]);
        assert!(both.may_prune(second) && second.may_prune(both));
        assert!(!both.may_prune(first) && !first.may_prune(both));
        assert!(!both.may_prune(both) && !both.may_prune(others) && !all.may_prune(others));
        assert!(both.and(second).may_prune(all) && !second.may_prune(others));
        assert!(!first.may_prune(shape(&[(0, Less)])));
        assert!(!first.may_prune(shape(&[(1, Less)])));
        let upper = shape(&[(0, Less), (1, Equal)]);
        let lower = shape(&[(0, GreaterOrEqual), (1, Less)]);
        let unequal = shape(&[(0, NotEqual), (1, Equal)]);
        assert!(!both.may_prune(upper) && !upper.may_prune(lower));
        assert!(upper.may_prune(unequal) && unequal.may_prune(upper));
        assert!(!shape(&[(0, Less)]).may_prune(shape(&[(0, NotEqual)])));
    }

    #[test]
    fn empty_masks_compare_nothing() {
        let high_only = Comparison::new(0, Operator::MaskedEqual { mask: 1 << 32 }, 0).unwrap();
        assert!(Shape::of(&[high_only], WordSize::Bits32).is_unconditional());
        assert!(!Shape::of(&[high_only], WordSize::Bits64).is_unconditional());
        assert!(Shape::of(&[], WordSize::Bits64).is_unconditional());
    }
}

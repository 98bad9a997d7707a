// SPDX-License-Identifier: LGPL-2.1-only
//! Which arguments the rules of a system call compare, and how: enough to know that
//! two rules do not interact.

use crate::rule::WordSize;
use crate::rule::{Comparison, Kind};

/// The arguments that rules of one system call compare, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ArgumentUse {
    /// Bit n: some rule compares exactly the arguments whose bits are set
    /// in n.
    argument_sets: u64,
    /// A bit for each kind of comparison that occurs: [`ArgumentUse::OTHER`],
    /// [`ArgumentUse::UNEQUAL`], [`ArgumentUse::UPPER`].
    kinds: u8,
}

impl ArgumentUse {
    /// Any other than `==`.
    const OTHER: u8 = 1;
    /// `!=` of 64-bit arguments.
    const UNEQUAL: u8 = 2;
    /// `<` or `<=` of 64-bit arguments.
    const UPPER: u8 = 4;

    /// What one rule compares.
    pub(crate) fn of(comparisons: &[Comparison], word_size: WordSize) -> ArgumentUse {
        let mut argument_use = ArgumentUse::default();
        let mut arguments = 0;
        for comparison in comparisons {
            if comparison.has_no_bits(word_size) {
                continue;
            }
            arguments |= 1 << comparison.argument();
            argument_use.kinds |= match (comparison.kind(), comparison.width_on(word_size)) {
                (Kind::Equal, _) => 0,
                (Kind::NotEqual, WordSize::Bits64) => ArgumentUse::OTHER | ArgumentUse::UNEQUAL,
                (Kind::Less | Kind::LessOrEqual, WordSize::Bits64) => {
                    ArgumentUse::OTHER | ArgumentUse::UPPER
                }
                _ => ArgumentUse::OTHER,
            };
        }
        argument_use.argument_sets = 1 << arguments;
        argument_use
    }

    /// Whether one of the rules compares nothing.
    pub(crate) fn is_unconditional(self) -> bool {
        self.argument_sets & 1 != 0
    }

    /// What two sets of rules compare together.
    pub(crate) fn and(self, other: ArgumentUse) -> ArgumentUse {
        ArgumentUse {
            argument_sets: self.argument_sets | other.argument_sets,
            kinds: self.kinds | other.kinds,
        }
    }

    /// Whether all comparisons are by `==`.
    pub(crate) fn is_equality(self) -> bool {
        self.kinds & ArgumentUse::OTHER == 0
    }

    /// Whether `Tree::prune` may find something when `rule` is added to these rules. It
    /// does only if the arguments of one rule are successive arguments of the other, without
    /// its first: `a1 == 2` compares the second argument of `a0 == 1, a1 == 2`, for example.
    ///
    /// Exception: if the rules mix `!=` with `<` or `<=`, as `a0 != 5, a1 == 2` and
    /// `a0 < 9, a1 == 2` do, the first argument counts too, because the second test of `<` is
    /// the first one of `!=`. The exception does not hold for a rule on one argument, because
    /// the last tests of the two comparisons differ.
    pub(crate) fn may_interact(self, rule: ArgumentUse) -> bool {
        // The arguments of the new rule, a bit each.
        let new = rule.argument_sets.trailing_zeros();
        let mixed = ArgumentUse::UNEQUAL | ArgumentUse::UPPER;
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

/// Whether `arguments` are successive ones of `all`, behind its first unless
/// `may_include_first`.
fn is_run(arguments: u32, all: u32, may_include_first: bool) -> bool {
    let below = (arguments & arguments.wrapping_neg()) - 1;
    let up_to = u32::MAX >> arguments.leading_zeros();
    all & up_to & !below == arguments && (may_include_first || all & below != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Operator;

    fn argument_use(compared: &[(u8, Operator)]) -> ArgumentUse {
        let comparisons: Vec<_> = compared
            .iter()
            .map(|&(argument, operator)| Comparison::new(argument, operator, 7).unwrap())
            .collect();
        ArgumentUse::of(&comparisons, WordSize::Bits64)
    }

    #[test]
    fn rules_meet_if_their_arguments_do() {
        use Operator::{Equal, GreaterOrEqual, Less, NotEqual};
        let both = argument_use(&[(0, Equal), (1, Equal)]);
        let [first, second] = [0, 1].map(|argument| argument_use(&[(argument, Equal)]));
        let others = argument_use(&[(0, Equal), (2, Equal)]);
        let all = argument_use(&[(0, Equal), (1, Equal), (2, Equal)]);
        assert!(both.may_interact(second) && second.may_interact(both));
        assert!(!both.may_interact(first) && !first.may_interact(both));
        assert!(
            !both.may_interact(both) && !both.may_interact(others) && !all.may_interact(others)
        );
        assert!(both.and(second).may_interact(all) && !second.may_interact(others));
        assert!(!first.may_interact(argument_use(&[(0, Less)])));
        assert!(!first.may_interact(argument_use(&[(1, Less)])));
        let upper = argument_use(&[(0, Less), (1, Equal)]);
        let lower = argument_use(&[(0, GreaterOrEqual), (1, Less)]);
        let unequal = argument_use(&[(0, NotEqual), (1, Equal)]);
        assert!(!both.may_interact(upper) && !upper.may_interact(lower));
        assert!(upper.may_interact(unequal) && unequal.may_interact(upper));
        assert!(!argument_use(&[(0, Less)]).may_interact(argument_use(&[(0, NotEqual)])));
    }

    #[test]
    fn empty_masks_compare_nothing() {
        let high_only = Comparison::new(0, Operator::MaskedEqual { mask: 1 << 32 }, 0).unwrap();
        assert!(ArgumentUse::of(&[high_only], WordSize::Bits32).is_unconditional());
        assert!(!ArgumentUse::of(&[high_only], WordSize::Bits64).is_unconditional());
        assert!(ArgumentUse::of(&[], WordSize::Bits64).is_unconditional());
    }
}

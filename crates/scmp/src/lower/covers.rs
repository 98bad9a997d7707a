// SPDX-License-Identifier: LGPL-2.1-only
//! Which rules may match all inputs of a new one: an index of rules by their equalities.
//!
//! A rule with `a1 == 5` matches all inputs of a new one only if the new rule has `a1 == 5`
//! too. So only the rules whose equalities are all among those of the new rule are looked at.
//! The index contains the rules by a hash of their equalities; a new rule with *n* of them
//! has at most 2ⁿ such sets, *n* being 6 at most.

use super::{RuleTests, Rules};
use crate::error::Error;
use crate::hash::{HashMultimap, Mixer};
use crate::rule::{ARGUMENTS, Comparison, WordSize};

/// The first rules of one list, by the hash of their equalities. An entry is the rule's place
/// in the store.
#[derive(Debug, Default)]
pub(super) struct Covers(HashMultimap<u32>);

impl Covers {
    /// Whether one of the rules matches all inputs of the new one. The index learns the
    /// rules that it does not have yet; it is for one list.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn cover(&mut self, rules: Rules<'_>, tests: &RuleTests<'_>) -> Result<bool, Error> {
        let word_size = tests.word_size();
        let mut comparisons = tests.comparisons().iter();
        let never_matches = comparisons.any(|comparison| comparison.never_holds(word_size));
        if never_matches || rules.count() < self.0.count() {
            return Ok(rules.any_covers(tests));
        }
        self.learn(rules, word_size)?;
        let mut equalities = [(0, 0); ARGUMENTS];
        let mut count = 0;
        for (place, equality) in equalities.iter_mut().zip(only_values(tests)) {
            (*place, count) = (equality, count + 1);
        }
        Ok((0..1_u32 << count).any(|set| {
            let is_in = |&(position, _): &(u32, _)| set >> position & 1 == 1;
            let chosen = (0..).zip(&equalities).take(count).filter(is_in);
            let hash = hash(chosen.map(|(_, &equality)| equality));
            let mut found = self.0.with(hash);
            found.any(|rule| tests.implies(rules.rule(rule)))
        }))
    }

    fn learn(&mut self, rules: Rules<'_>, word_size: WordSize) -> Result<(), Error> {
        let unknown = rules.count() - self.0.count();
        self.0.reserve(unknown)?;
        for (rule, comparisons) in rules.after(self.0.last()).take(unknown) {
            let tests = RuleTests::new(comparisons, word_size);
            self.0.push(hash(only_values(&tests)), rule);
        }
        Ok(())
    }
}

/// The arguments of which a rule names the whole value, with that value.
fn only_values(tests: &RuleTests<'_>) -> impl Iterator<Item = (u8, u64)> {
    let word_size = tests.word_size();
    let value = move |comparison: &Comparison| {
        Some((comparison.argument(), comparison.only_value(word_size)?))
    };
    tests.comparisons().iter().filter_map(value)
}

fn hash(equalities: impl Iterator<Item = (u8, u64)>) -> u64 {
    let mut mixer = Mixer::default();
    for (argument, value) in equalities {
        mixer.mix(argument);
        mixer.mix(value);
    }
    mixer.hash()
}

#[cfg(test)]
mod tests {
    use super::super::RuleStore;
    use super::*;
    use crate::rule::Operator;

    #[test]
    fn the_index_finds_what_looking_at_all_rules_finds() {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let operators = [
            Equal,
            NotEqual,
            Less,
            LessOrEqual,
            Greater,
            GreaterOrEqual,
            Operator::MaskedEqual { mask: u64::MAX },
            Operator::MaskedEqual { mask: 1 },
        ];
        let mut state = 1_u64;
        let mut draw = move |count: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % count
        };
        let (mut covered, mut asked) = (0, 0);
        for word_size in [WordSize::Bits32, WordSize::Bits64] {
            for _ in 0..60 {
                let mut store = RuleStore::default();
                store.reserve(40).unwrap();
                let mut list = None;
                let mut covers = Covers::default();
                for _ in 0..40 {
                    let mut rule = Vec::new();
                    for argument in 0..3 {
                        let operator = operators[draw(operators.len())];
                        // Also numbers at both ends of the words.
                        let datum = [0, 1, 2, u64::from(u32::MAX), u64::MAX][draw(5)];
                        let make = match draw(4) {
                            0 => Comparison::of_int,
                            _ => Comparison::new,
                        };
                        if let (Ok(comparison), 0..2) = (make(argument, operator, datum), draw(3)) {
                            rule.push(comparison);
                        }
                    }
                    let tests = RuleTests::new(&rule, word_size);
                    match &mut list {
                        None => list = Some(store.start(&rule)),
                        Some(list) => {
                            let rules = store.list(*list);
                            let found = covers.cover(rules, &tests);
                            assert_eq!(found, Ok(rules.any_covers(&tests)), "{rule:?}");
                            (covered, asked) =
                                (covered + usize::from(found == Ok(true)), asked + 1);
                            store.append(list, &tests);
                        }
                    }
                }
            }
        }
        assert!(
            covered * 5 > asked && covered * 5 < 4 * asked,
            "{covered} of {asked}"
        );
    }

    /// Regression: after the index had grown, a look-up did not end.
    #[test]
    fn an_index_that_grows_has_an_end() {
        let rule = |datum| [Comparison::new(0, Operator::Greater, datum).unwrap()];
        let mut store = RuleStore::default();
        store.reserve(1000).unwrap();
        let mut list = store.start(&rule(1000));
        let mut covers = Covers::default();
        for datum in (0..1000).rev() {
            let rule = rule(datum);
            let tests = RuleTests::new(&rule, WordSize::Bits64);
            let found = covers.cover(store.list(list), &tests);
            assert_eq!(found, Ok(false), "{datum}");
            store.append(&mut list, &tests);
        }
    }
}

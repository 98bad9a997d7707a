// SPDX-License-Identifier: LGPL-2.1-only
//! Comparisons and sets of arguments, evaluated directly and as functions.

use scmp::{Arch, ArgumentSet, Comparison, Operator, WordSize};

use super::TooComplex;
use super::diagram::{Diagrams, Node};
use crate::operation::Order;

/// Whether an argument is in a set. An argument of a 32-bit architecture is less than 2^32.
pub(super) fn is_in(set: &ArgumentSet, arch: Arch, arguments: &[u64; 6]) -> bool {
    let argument = arguments[usize::from(set.argument())];
    set.contains(match arch.word_size() {
        WordSize::Bits64 => argument,
        WordSize::Bits32 => argument & u64::from(u32::MAX),
    })
}

/// 1 where an argument is in a set.
pub(super) fn member(
    diagrams: &mut Diagrams,
    arch: Arch,
    set: &ArgumentSet,
) -> Result<Node, TooComplex> {
    let make = match (set.width(), arch.word_size()) {
        (WordSize::Bits64, WordSize::Bits64) => Comparison::new,
        _ => Comparison::of_int,
    };
    let mut holds = |operator, datum| {
        let comparison = make(set.argument(), operator, datum).expect("the set's own argument");
        compared(diagrams, arch, &comparison)
    };
    let is_wide = |value: u64| arch.word_size() == WordSize::Bits32 && value > u32::MAX.into();
    let mut parts = Vec::new();
    for range in set.ranges().filter(|range| !is_wide(*range.start())) {
        let first = holds(Operator::GreaterOrEqual, *range.start())?;
        let last = match is_wide(*range.end()) {
            true => Node::YES,
            false => holds(Operator::LessOrEqual, *range.end())?,
        };
        parts.push([first, last]);
    }
    let mut masks = Vec::new();
    for (mask, bits, is_equal) in set.masks() {
        let equal = match is_wide(bits) {
            true => Node::NO,
            false => holds(Operator::MaskedEqual { mask }, bits)?,
        };
        masks.push((equal, is_equal));
    }
    let mut all = Node::NO;
    for [first, last] in parts {
        let both = diagrams.and(first, last)?;
        all = diagrams.or(both, all)?;
    }
    for (equal, is_equal) in masks {
        all = match is_equal {
            true => diagrams.and(equal, all)?,
            false => diagrams.without(all, equal)?,
        };
    }
    Ok(all)
}

/// How many bits of an argument count in a comparison.
fn width(comparison: &Comparison, arch: Arch) -> WordSize {
    match arch.word_size() {
        WordSize::Bits64 => comparison.width(),
        WordSize::Bits32 => WordSize::Bits32,
    }
}

/// The bits of a value that count in a comparison.
pub(super) fn cut(value: u64, comparison: &Comparison, arch: Arch) -> u64 {
    match width(comparison, arch) {
        WordSize::Bits64 => value,
        WordSize::Bits32 => value & u64::from(u32::MAX),
    }
}

pub(super) fn holds(comparison: &Comparison, arch: Arch, arguments: &[u64; 6]) -> bool {
    let cut = |value: u64| cut(value, comparison, arch);
    let argument = cut(arguments[usize::from(comparison.argument())]);
    let datum = cut(comparison.datum());
    match comparison.operator() {
        Operator::NotEqual => argument != datum,
        Operator::Less => argument < datum,
        Operator::LessOrEqual => argument <= datum,
        Operator::Equal => argument == datum,
        Operator::GreaterOrEqual => argument >= datum,
        Operator::Greater => argument > datum,
        Operator::MaskedEqual { mask } => argument & cut(mask) == datum & cut(mask),
    }
}

/// 1 where the comparison holds, else 0.
pub(super) fn compared(
    diagrams: &mut Diagrams,
    arch: Arch,
    comparison: &Comparison,
) -> Result<Node, TooComplex> {
    let [yes, no] = Node::TRUTH;
    let (order, mask, ends) = match comparison.operator() {
        Operator::Equal => (Order::Equal, u64::MAX, [yes, no]),
        Operator::NotEqual => (Order::Equal, u64::MAX, [no, yes]),
        Operator::MaskedEqual { mask } => (Order::Equal, mask, [yes, no]),
        Operator::Greater => (Order::Greater, u64::MAX, [yes, no]),
        Operator::LessOrEqual => (Order::Greater, u64::MAX, [no, yes]),
        Operator::GreaterOrEqual => (Order::GreaterOrEqual, u64::MAX, [yes, no]),
        Operator::Less => (Order::GreaterOrEqual, u64::MAX, [no, yes]),
    };
    let low_word = 4 + 2 * usize::from(comparison.argument());
    let words = match width(comparison, arch) {
        WordSize::Bits32 => low_word..=low_word,
        WordSize::Bits64 => low_word..=low_word + 1,
    };
    let datum = comparison.datum() & mask;
    diagrams.compare_words(words, mask, order, datum, ends)
}

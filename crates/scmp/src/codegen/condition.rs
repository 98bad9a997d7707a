// SPDX-License-Identifier: LGPL-2.1-only
//! From rules with conditions to blocks.
//!
//! The rules of a call become a chain: each tests its arguments one after another, and a
//! mismatch leads to the next rule. A set of values is searched (level 2), or its values are
//! tested from the largest to the smallest, high halves first, as the C library tests
//! those of several rules (level 1).

use super::block::{Accumulator, Block, BlockId, Blocks, Target};
use super::search::{Ranges, Weights};
use super::{Form, NUMBER};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::resolved::OrderedRule;
use crate::rule::{ArgumentSet, MaskTest, WordSize};

/// Values of a word, first and last.
type Span = (u32, u32);

const ALL: Span = (0, u32::MAX);

/// High halves, first and last, and the spans of low halves in [`Halves::low`].
struct High {
    values: Span,
    low: std::ops::Range<usize>,
}

/// A set of 64-bit values by their halves.
#[derive(Default)]
struct Halves {
    high: Vec<High>,
    low: Vec<Span>,
}

/// Where a test leads.
#[derive(Clone, Copy)]
struct Exits {
    yes: BlockId,
    no: BlockId,
}

pub(super) struct ConditionLowering<'a> {
    pub(super) blocks: &'a mut Blocks,
    pub(super) arch: Arch,
    pub(super) form: Form,
}

impl ConditionLowering<'_> {
    /// The first block of the rules of a call; calls that match none continue with
    /// `otherwise`.
    pub(super) fn rules(
        &mut self,
        rules: &[&OrderedRule],
        otherwise: BlockId,
    ) -> Result<BlockId, Error> {
        let mut next = otherwise;
        for rule in rules.iter().rev() {
            let mut yes = self.blocks.action(rule.action);
            for set in rule.condition.sets().iter().rev() {
                yes = self.set(set, Exits { yes, no: next })?;
                self.blocks.complete()?;
            }
            next = yes;
        }
        Ok(next)
    }

    fn set(&mut self, set: &ArgumentSet, exits: Exits) -> Result<BlockId, Error> {
        let is_wide = self.arch.word_size() == WordSize::Bits64 && set.width() == WordSize::Bits64;
        let argument = set.argument();
        let [high, low] = [true, false].map(|high| {
            let offset = self.arch.argument_offset(argument, high && is_wide);
            Accumulator::word(offset)
        });
        let mut yes = match is_wide {
            true => {
                let halves = Halves::of(set)?;
                match self.form {
                    Form::Linear => self.linear_high(&halves, high, low, exits),
                    Form::Search | Form::ShortSearch => {
                        self.search_high(&halves, high, low, exits)?
                    }
                }
            }
            false => {
                let mut spans = Vec::new();
                for range in set.ranges() {
                    if let Ok(first) = u32::try_from(*range.start()) {
                        let last = u32::try_from(*range.end()).unwrap_or(u32::MAX);
                        fallible::push(&mut spans, (first, last))?;
                    }
                }
                self.spans(&spans, low, NUMBER, exits)?
            }
        };
        for &test in set.mask_tests() {
            let exits = Exits { yes, no: exits.no };
            yes = self.mask(test, is_wide.then_some(high), low, exits);
        }
        Ok(yes)
    }

    /// A test of the bits under a mask; `high` is the high half, if it counts.
    fn mask(
        &mut self,
        test: MaskTest,
        high: Option<Accumulator>,
        low: Accumulator,
        Exits { yes, no }: Exits,
    ) -> BlockId {
        let (equal, unequal) = match test.is_equal {
            true => (yes, no),
            false => (no, yes),
        };
        let half = |value: u64, is_high: bool| match is_high {
            true => (value >> u32::BITS) as u32,
            false => value as u32,
        };
        // Bits that no 32-bit argument has.
        if high.is_none() && half(test.bits, true) != 0 {
            return unequal;
        }
        let mut next = equal;
        for (word, is_high) in [(Some(low), false), (high, true)] {
            let (mask, bits) = (half(test.mask, is_high), half(test.bits, is_high));
            if let (Some(Accumulator { offset, .. }), 1..) = (word, mask) {
                let word = Accumulator { offset, mask };
                let targets = [next, unequal].map(Target::to);
                let block = Block::test(NUMBER, word, op::JUMP_EQUAL, bits, targets);
                next = self.blocks.intern(block);
            }
        }
        next
    }

    /// Tests the high halves, largest first. A match leads to the tests of its low halves; if
    /// none of these holds, the next high half is tested.
    fn linear_high(
        &mut self,
        halves: &Halves,
        high: Accumulator,
        low: Accumulator,
        exits: Exits,
    ) -> BlockId {
        let mut next = exits.no;
        for (place, part) in halves.high.iter().enumerate() {
            let spans = &halves.low[part.low.clone()];
            let yes = match *spans {
                [ALL] => exits.yes,
                _ => self.linear(spans, low, NUMBER, Exits { no: next, ..exits }),
            };
            let held = match place + 1 == halves.high.len() {
                true => NUMBER,
                false => high,
            };
            next = self.span(part.values, high, held, Exits { yes, no: next });
        }
        next
    }

    /// Tests spans from the largest to the smallest.
    fn linear(
        &mut self,
        spans: &[Span],
        word: Accumulator,
        held: Accumulator,
        exits: Exits,
    ) -> BlockId {
        let mut next = exits.no;
        for (place, &span) in spans.iter().enumerate() {
            let held = match place + 1 == spans.len() {
                true => held,
                false => word,
            };
            let yes = exits.yes;
            next = self.span(span, word, held, Exits { yes, no: next });
        }
        next
    }

    /// Tests whether a word is between `first` and `last`: one test, or two.
    fn span(
        &mut self,
        (first, last): Span,
        word: Accumulator,
        held: Accumulator,
        Exits { yes, no }: Exits,
    ) -> BlockId {
        let mut test = |held, code, k, targets: [BlockId; 2]| {
            let block = Block::test(held, word, code, k, targets.map(Target::to));
            self.blocks.intern(block)
        };
        match (first, last) {
            ALL => yes,
            _ if first == last => test(held, op::JUMP_EQUAL, first, [yes, no]),
            (_, u32::MAX) => test(held, op::JUMP_GREATER_OR_EQUAL, first, [yes, no]),
            (0, _) => test(held, op::JUMP_GREATER, last, [no, yes]),
            _ => {
                let inside = test(word, op::JUMP_GREATER, last, [no, yes]);
                test(held, op::JUMP_GREATER_OR_EQUAL, first, [inside, no])
            }
        }
    }

    /// Whether a word is in one of some spans.
    fn spans(
        &mut self,
        spans: &[Span],
        word: Accumulator,
        held: Accumulator,
        exits: Exits,
    ) -> Result<BlockId, Error> {
        if self.form == Form::Linear {
            return Ok(self.linear(spans, word, held, exits));
        }
        let mut ranges = Ranges::with_room(spans.len() + 1)?;
        for &span in spans {
            add(&mut ranges, span, exits.yes, exits.no);
        }
        ranges.end(exits.no);
        Ok(ranges.search(self.blocks, self.form, word, held))
    }

    fn search_high(
        &mut self,
        halves: &Halves,
        high: Accumulator,
        low: Accumulator,
        exits: Exits,
    ) -> Result<BlockId, Error> {
        let mut ranges = Ranges::with_room(halves.high.len() + 1)?;
        for part in &halves.high {
            let spans = &halves.low[part.low.clone()];
            let block = match *spans {
                [ALL] => exits.yes,
                _ => self.spans(spans, low, NUMBER, exits)?,
            };
            add(&mut ranges, part.values, block, exits.no);
        }
        ranges.end(exits.no);
        Ok(ranges.search(self.blocks, self.form, high, NUMBER))
    }
}

fn add(ranges: &mut Ranges, (first, last): Span, block: BlockId, between: BlockId) {
    let Weights { value, in_gap } = Ranges::ARGUMENT;
    ranges.fill(first.into(), between, in_gap);
    ranges.fill(u64::from(last) + 1, block, value);
}

impl Halves {
    fn of(set: &ArgumentSet) -> Result<Halves, Error> {
        let mut all = Halves::default();
        for range in set.ranges() {
            let [(first, low), (last, top)] =
                [*range.start(), *range.end()].map(|end| ((end >> u32::BITS) as u32, end as u32));
            match first == last {
                true => all.push((first, first), (low, top))?,
                false => {
                    // Whole high halves are one part, also at the ends.
                    let start = match low {
                        0 => first,
                        _ => {
                            all.push((first, first), (low, u32::MAX))?;
                            first + 1
                        }
                    };
                    let end = u64::from(last) + u64::from(top == u32::MAX);
                    if u64::from(start) < end {
                        all.push((start, (end - 1) as u32), ALL)?;
                    }
                    if top != u32::MAX {
                        all.push((last, last), (0, top))?;
                    }
                }
            }
        }
        Ok(all)
    }

    fn push(&mut self, values: Span, low: Span) -> Result<(), Error> {
        let place = self.low.len();
        fallible::push(&mut self.low, low)?;
        match self.high.last_mut() {
            Some(last) if last.values == values => last.low.end = place + 1,
            _ => {
                let low = place..place + 1;
                fallible::push(&mut self.high, High { values, low })?;
            }
        }
        Ok(())
    }
}

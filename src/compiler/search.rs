// SPDX-License-Identifier: LGPL-2.1-only
//! A binary search over ranges of a word: optimization level 2.

use std::cmp::Reverse;

use super::block::{Accumulator, Block, BlockId, Blocks, Target};
use super::{Call, Calls, Compiler, NUMBER, Piece};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::filter::{ArchFilter, PLAIN_PRIORITY, hint};

/// Values from `first` up to the next range's first go to `block`.
#[derive(Clone, Copy)]
struct Range {
    first: u32,
    block: BlockId,
    /// What the ranges before it weigh.
    before: u64,
}

/// All values of a word, in ranges of which no two neighbours go to one block.
pub(super) struct Ranges {
    all: Vec<Range>,
    weight: u64,
    /// The first value that is in no range yet.
    covered: u64,
}

impl Compiler<'_> {
    /// Adds the search for system calls; returns where it starts. It loads
    /// the number if `load` is set.
    pub(super) fn search(&mut self, load: bool) -> Result<Target, Error> {
        // x86_64 and x32 may both have rules on one number (-1); the one that
        // `linear` tests first decides.
        let Calls {
            plain,
            first_turn,
            others: calls,
            filters,
            ..
        } = &mut self.calls;
        fallible::reserve(calls, plain.len())?;
        calls.extend(plain.iter().enumerate().map(|(place, call)| Call {
            number: call.number,
            priority: PLAIN_PRIORITY,
            turn: u8::from(place >= *first_turn),
            block: self.choices[call.choice as usize],
        }));
        calls.sort_unstable_by_key(|call| (call.number, Reverse(call.priority), call.turn));
        calls.dedup_by_key(|call| call.number);
        let mut ranges = Ranges::with_room(calls.len())?;
        for call in calls.iter() {
            let filter = filters[usize::from(call.turn)];
            let usual = match filter.map(ArchFilter::arch) {
                Some(Arch::X32) => Ranges::RARE,
                _ => Ranges::COMMON,
            };
            let weight = usual * (1 + u64::from(hint(call.priority)));
            ranges.add(call.number, call.block, self.default, weight);
        }
        ranges.end(self.default);
        if let [all] = ranges.all[..] {
            return Ok(Target::to(all.block));
        }
        let held = (!load).then_some(NUMBER);
        let start = ranges.search(&mut self.blocks, NUMBER, held)?;
        if load {
            self.push(Piece::Block(start))?;
            return Ok(Target::FOLLOWING);
        }
        Ok(Target::to(start))
    }
}

impl Ranges {
    /// What a gap between values weighs, and a system call of x32, which
    /// hardly any program uses.
    pub(super) const RARE: u64 = 1;

    /// What a value weighs without its caller's hint.
    pub(super) const COMMON: u64 = 8;

    /// No ranges, with room for those of so many values.
    pub(super) fn with_room(values: usize) -> Result<Ranges, Error> {
        let mut all = Vec::new();
        fallible::reserve(&mut all, 2 * values + 1)?;
        Ok(Ranges {
            all,
            weight: 0,
            covered: 0,
        })
    }

    /// Sends a value to a block, and what is between it and the value before
    /// to `between`. Values come rising, no more than there is room for.
    pub(super) fn add(&mut self, value: u32, block: BlockId, between: BlockId, weight: u64) {
        if self.covered < u64::from(value) {
            self.extend(self.covered as u32, between, Self::RARE);
        }
        self.extend(value, block, weight);
        self.covered = u64::from(value) + 1;
    }

    /// Sends all values behind the last one to a block.
    pub(super) fn end(&mut self, block: BlockId) {
        if self.covered <= u64::from(u32::MAX) {
            self.extend(self.covered as u32, block, Self::RARE);
        }
    }

    /// Appends a range, or makes the last one longer; there is room.
    fn extend(&mut self, first: u32, block: BlockId, weight: u64) {
        if self.all.last().is_none_or(|last| last.block != block) {
            self.all.push(Range {
                first,
                block,
                before: self.weight,
            });
        }
        self.weight += weight;
    }

    /// The block that finds the range of the word's value, with `held` in the
    /// accumulator when it starts.
    pub(super) fn search(
        &self,
        blocks: &mut Blocks,
        word: Accumulator,
        held: Option<Accumulator>,
    ) -> Result<BlockId, Error> {
        let mut search = Search { blocks, word };
        search.find(&self.all, self.weight, held)
    }
}

struct Search<'a> {
    blocks: &'a mut Blocks,
    word: Accumulator,
}

impl Search<'_> {
    /// The block that finds the range of a value. `end` is what the ranges
    /// and those before them weigh.
    fn find(
        &mut self,
        ranges: &[Range],
        end: u64,
        held: Option<Accumulator>,
    ) -> Result<BlockId, Error> {
        let inside = Some(self.word);
        let (code, k, targets) = match ranges {
            [all] => return Ok(all.block),
            // A single value between equal neighbours is one test.
            [below, at, above] if is_single(below, at, above) => {
                (op::JUMP_EQUAL, at.first, [at.block, below.block])
            }
            // Two are two, the heavier one first.
            [below, one, between, other, above]
                if is_single(below, one, between) && is_single(between, other, above) =>
            {
                let (weight, rest) = (between.before - one.before, above.before - other.before);
                let (sooner, later) = match weight < rest {
                    true => (other, one),
                    false => (one, other),
                };
                let targets = [later.block, below.block].map(Target::to);
                let last = Block::test(inside, self.word, op::JUMP_EQUAL, later.first, targets);
                let last = self.blocks.intern(last)?;
                (op::JUMP_EQUAL, sooner.first, [sooner.block, last])
            }
            _ => {
                let (below, above) = ranges.split_at(middle(ranges, end));
                let lower = self.find(below, above[0].before, inside)?;
                let upper = self.find(above, end, inside)?;
                (op::JUMP_GREATER_OR_EQUAL, above[0].first, [upper, lower])
            }
        };
        let targets = targets.map(Target::to);
        let block = Block::test(held, self.word, code, k, targets);
        self.blocks.intern(block)
    }
}

/// Whether a range is one value between ranges that go to one block.
fn is_single(below: &Range, at: &Range, above: &Range) -> bool {
    below.block == above.block && above.first == at.first.wrapping_add(1)
}

/// Where two or more ranges are to be divided so that both parts weigh about
/// the same.
fn middle(ranges: &[Range], end: u64) -> usize {
    let half = ranges[0].before.midpoint(end);
    let heavier = ranges.partition_point(|range| range.before < half);
    let candidates = heavier.saturating_sub(1).max(1)..=heavier.clamp(1, ranges.len() - 1);
    candidates
        .min_by_key(|&at| ranges[at].before.abs_diff(half))
        .unwrap_or(1)
}

// SPDX-License-Identifier: LGPL-2.1-only
//! A binary search over ranges of system call numbers: optimization level 2.

use std::cmp::Reverse;

use super::block::{Block, BlockId, Step, Target};
use super::{Call, Compiler, NUMBER, Piece};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::filter::ArchFilter;

/// Numbers from `first` up to the next range's first go to `block`.
#[derive(Clone, Copy)]
struct Range {
    first: u32,
    block: BlockId,
    /// What the ranges before it weigh.
    before: u64,
}

/// All numbers, in ranges of which no two neighbours go to one block.
struct Ranges {
    all: Vec<Range>,
    weight: u64,
}

/// What a gap between system calls weighs, and one of x32, which hardly any
/// program uses.
const RARE: u64 = 1;

/// What a system call weighs without its caller's hint.
const COMMON: u64 = 8;

impl Compiler<'_> {
    /// Adds the search; returns where it starts. It loads the number if `load`
    /// is set.
    pub(super) fn search(&mut self, load: bool) -> Result<Target, Error> {
        // x86_64 and x32 may both have rules on one number (-1); the one that
        // `linear` tests first decides.
        let rank = |call: &Call<'_>| (Reverse(call.priority), call.turn);
        (self.calls.all).sort_unstable_by_key(|call| (call.entry.number, rank(call)));
        self.calls.all.dedup_by_key(|call| call.entry.number);
        let mut ranges = Ranges {
            all: Vec::new(),
            weight: 0,
        };
        fallible::reserve(&mut ranges.all, 2 * self.calls.all.len() + 1)?;
        let mut covered = 0u64;
        for place in 0..self.calls.all.len() {
            let call = self.calls.all[place];
            let first = call.entry.number;
            let block = self.decision(call)?;
            if covered < u64::from(first) {
                ranges.extend(covered as u32, self.default, RARE);
            }
            ranges.extend(first, block, self.weight(&call));
            covered = u64::from(first) + 1;
        }
        if covered <= u64::from(u32::MAX) {
            ranges.extend(covered as u32, self.default, RARE);
        }
        let Ranges { all, weight } = ranges;
        match self.split(&all, weight)? {
            Some(step) if load => {
                let test = Block::new([Step::Load(NUMBER.offset), step], None, Some(NUMBER));
                let test = self.blocks.intern(test)?;
                self.push(Piece::Block(test))?;
                Ok(Target::Following)
            }
            Some(step) => {
                let test = Block::new([step], Some(NUMBER), Some(NUMBER));
                Ok(Target::Block(self.blocks.intern(test)?))
            }
            None => Ok(Target::Block(all[0].block)),
        }
    }

    fn weight(&self, call: &Call<'_>) -> u64 {
        let filter = self.calls.filters[usize::from(call.turn)];
        let usual = match filter.map(ArchFilter::arch) {
            Some(Arch::X32) => RARE,
            _ => COMMON,
        };
        usual * (1 + u64::from(call.entry.hint()))
    }

    /// The block that finds the range of a number. `end` is what the ranges
    /// and those before them weigh.
    fn find(&mut self, ranges: &[Range], end: u64) -> Result<BlockId, Error> {
        match self.split(ranges, end)? {
            Some(step) => self
                .blocks
                .intern(Block::new([step], Some(NUMBER), Some(NUMBER))),
            None => Ok(ranges[0].block),
        }
    }

    /// The test that divides the ranges; `None` if there is only one.
    fn split(&mut self, ranges: &[Range], end: u64) -> Result<Option<Step>, Error> {
        let (code, k, targets) = match ranges {
            [_] => return Ok(None),
            // A single number between equal neighbours is one test.
            [below, at, above]
                if below.block == above.block && above.first == at.first.wrapping_add(1) =>
            {
                (op::JUMP_EQUAL, at.first, [at.block, below.block])
            }
            _ => {
                let (below, above) = ranges.split_at(middle(ranges, end));
                let lower = self.find(below, above[0].before)?;
                let upper = self.find(above, end)?;
                (op::JUMP_GREATER_OR_EQUAL, above[0].first, [upper, lower])
            }
        };
        Ok(Some(Step::Branch {
            code,
            k,
            targets: targets.map(Target::Block),
        }))
    }
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

impl Ranges {
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
}

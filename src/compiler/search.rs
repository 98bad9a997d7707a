// SPDX-License-Identifier: LGPL-2.1-only
//! A binary search over ranges of system call numbers: optimization level 2.

use std::cmp::Reverse;

use super::block::{Block, BlockId, Step, Target};
use super::{Call, Compiler, NUMBER, Piece};
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;

/// Numbers from `first` up to the next range's first go to `block`.
#[derive(Clone, Copy)]
struct Range {
    first: u32,
    block: BlockId,
}

impl Compiler<'_> {
    /// Adds the search; returns where it starts. It loads the number if `load`
    /// is set.
    pub(super) fn search(&mut self, load: bool) -> Result<Target, Error> {
        // x86_64 and x32 may both have rules on one number (-1); the one that
        // `linear` tests first decides.
        let rank = |call: &Call<'_>| (Reverse(call.priority), call.turn);
        (self.calls.all).sort_unstable_by_key(|call| (call.entry.number, rank(call)));
        self.calls.all.dedup_by_key(|call| call.entry.number);
        let mut ranges = Vec::new();
        fallible::reserve(&mut ranges, 2 * self.calls.all.len() + 1)?;
        let mut covered = 0u64;
        for place in 0..self.calls.all.len() {
            let call = self.calls.all[place];
            let first = call.entry.number;
            let block = self.decision(call)?;
            if covered < u64::from(first) {
                extend(&mut ranges, covered as u32, self.default);
            }
            extend(&mut ranges, first, block);
            covered = u64::from(first) + 1;
        }
        if covered <= u64::from(u32::MAX) {
            extend(&mut ranges, covered as u32, self.default);
        }
        match self.split(&ranges)? {
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
            None => Ok(Target::Block(ranges[0].block)),
        }
    }

    /// The block that finds the range of a number.
    fn find(&mut self, ranges: &[Range]) -> Result<BlockId, Error> {
        match self.split(ranges)? {
            Some(step) => self
                .blocks
                .intern(Block::new([step], Some(NUMBER), Some(NUMBER))),
            None => Ok(ranges[0].block),
        }
    }

    /// The test that divides the ranges; `None` if there is only one.
    fn split(&mut self, ranges: &[Range]) -> Result<Option<Step>, Error> {
        let (code, k, targets) = match ranges {
            [_] => return Ok(None),
            // A single number between equal neighbours is one test.
            [below, at, above]
                if below.block == above.block && above.first == at.first.wrapping_add(1) =>
            {
                (op::JUMP_EQUAL, at.first, [at.block, below.block])
            }
            _ => {
                let (below, above) = ranges.split_at(ranges.len() / 2);
                let lower = self.find(below)?;
                let upper = self.find(above)?;
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

/// Appends a range, or makes the last one longer; there is room.
fn extend(ranges: &mut Vec<Range>, first: u32, block: BlockId) {
    if ranges.last().is_none_or(|last| last.block != block) {
        ranges.push(Range { first, block });
    }
}

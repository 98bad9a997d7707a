// SPDX-License-Identifier: LGPL-2.1-only
//! The action for numbers without a rule: the default action, or the action for unknown
//! calls.

use super::block::{Accumulator, BlockId, Blocks};
use super::search::{END, Ranges};
use super::{Form, NUMBER, Section};
use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::resolved::UnknownCalls;
use crate::rule::EXTENSIONS;

/// Runs of numbers, ascending: the end of each run (exclusive) and its block. Neighbours
/// differ. Empty: all numbers get the default action.
#[derive(Debug, Default)]
pub(super) struct Unmatched {
    runs: Vec<(u64, BlockId)>,
}

impl Unmatched {
    /// All numbers get the default action, unless there are unknown calls.
    pub(super) fn new(
        section: &Section<'_>,
        unknown_calls: Option<UnknownCalls>,
        default: BlockId,
        blocks: &mut Blocks,
    ) -> Result<Unmatched, Error> {
        let mut all = Unmatched::default();
        let Some(unknown_calls) = unknown_calls.filter(|_| EXTENSIONS) else {
            return Ok(all);
        };
        let unknown = blocks.action(unknown_calls.action);
        if unknown == default {
            return Ok(all);
        }
        // x32's numbers are above those of x86_64.
        let mut arches = [
            Some(section.first.arch),
            section.second.map(|second| second.arch),
        ];
        arches.sort_unstable_by_key(|arch| *arch == Some(Arch::X32));
        let mut covered = 0;
        for arch in arches.into_iter().flatten() {
            for known in unknown_calls.known(arch)? {
                let (first, end) = (u64::from(*known.start()), u64::from(*known.end()) + 1);
                if first > covered {
                    fallible::push(&mut all.runs, (first, unknown))?;
                }
                fallible::push(&mut all.runs, (end, default))?;
                covered = end;
            }
        }
        if covered < END {
            fallible::push(&mut all.runs, (END, unknown))?;
        }
        Ok(all)
    }

    /// Whether all numbers get the default action.
    pub(super) fn is_default(&self) -> bool {
        !EXTENSIONS || self.runs.is_empty()
    }

    /// How many runs of numbers there are, at most.
    pub(super) fn count(&self) -> usize {
        self.runs.len() + 1
    }

    /// Appends the numbers before `end`, exclusive, to ranges.
    pub(super) fn fill(&self, ranges: &mut Ranges, end: u64, default: BlockId, in_gap: u64) {
        let first = self
            .runs
            .partition_point(|&(end, _)| end <= ranges.covered());
        for &(run, block) in &self.runs[first..] {
            ranges.fill(run.min(end), block, in_gap);
            if run >= end {
                break;
            }
        }
        ranges.fill(end, default, in_gap);
    }

    /// The first block of the search for a number's action, whatever its rules are.
    pub(super) fn block(
        &self,
        blocks: &mut Blocks,
        form: Form,
        default: BlockId,
        held: Accumulator,
    ) -> Result<BlockId, Error> {
        if self.is_default() {
            return Ok(default);
        }
        let mut ranges = Ranges::with_room(self.count())?;
        self.fill(&mut ranges, END, default, 1);
        Ok(ranges.search(blocks, form, NUMBER, held))
    }
}

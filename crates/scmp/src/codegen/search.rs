// SPDX-License-Identifier: LGPL-2.1-only
//! Binary search over the ranges of a word: optimization level 2.
//!
//! Values with the same target form ranges. Each test of the search divides the ranges,
//! or takes out one that is a single value. Up to five ranges get the optimal search by
//! trying all (two-way comparison trees with equality tests: Anderson, Kannan, Karloff and
//! Ladner, "Thresholds and optimal binary comparison search trees", 2002); more are divided
//! where both parts have about the same weight (bisection: Mehlhorn, "Nearly optimal binary
//! search trees", 1975).

use std::cmp::Reverse;

use super::block::{Accumulator, Block, BlockId, Blocks, Target};
use super::unmatched::Unmatched;
use super::{Compiler, Form, NUMBER, Step};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::resolved::hint;

/// More than every value of a word.
pub(super) const END: u64 = 1 << 32;

/// Values from `first` up to the next range have the target `block`.
#[derive(Clone, Copy)]
struct Range {
    first: u32,
    block: BlockId,
    /// The weight of all ranges before it.
    before: u64,
}

/// All values of a word, in ranges of which no two neighbours go to one block.
pub(super) struct Ranges {
    all: Vec<Range>,
    weight: u64,
    /// The first value that is in no range yet.
    covered: u64,
}

/// Expected frequency of a value, used to balance the search.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    /// Weight of the value itself.
    pub(super) value: u64,
    /// Weight of each value in the gap before it, up to `MAX_IN_GAP` values. Calls in a gap
    /// are made too, and at load time the kernel evaluates the filter for each number; so gaps
    /// count, but less than values.
    pub(super) in_gap: u64,
}

/// Further values of a gap are assumed not to be used.
const MAX_IN_GAP: u64 = 64;

impl Compiler {
    /// Adds the search for system calls; returns where it starts. It loads
    /// the number if `load` is set. `first` is the first of the section's architectures.
    /// Afterwards there are no `calls`.
    pub(super) fn search(
        &mut self,
        unmatched: &Unmatched,
        first: Arch,
        load: bool,
    ) -> Result<Target, Error> {
        // x86_64 and x32 may both have rules on one number: on -1, or on one with x32's bit
        // that x86_64 got before the filter covered x32. The one that `linear` tests first
        // decides.
        let calls = &mut self.calls;
        calls
            .sort_unstable_by_key(|call| (call.number, Reverse(call.priority), call.arch != first));
        calls.dedup_by_key(|call| call.number);
        let default = self.default;
        let mut ranges = Ranges::with_room(calls.len() + unmatched.count())?;
        for call in calls.drain(..) {
            let usual = match call.arch {
                Arch::X32 => Ranges::RARE,
                _ => Ranges::COMMON,
            };
            let weights = Weights {
                value: usual.value * (1 + u64::from(hint(call.priority))),
                ..usual
            };
            unmatched.fill(&mut ranges, call.number.into(), default, weights.in_gap);
            ranges.add(call.number, call.block, default, weights);
        }
        match unmatched.is_default() {
            true => ranges.end(default),
            false => unmatched.fill(&mut ranges, END, default, 1),
        }
        if let [all] = ranges.all[..] {
            return Ok(Target::to(all.block));
        }
        let held = match load {
            true => Accumulator::UNKNOWN,
            false => NUMBER,
        };
        let start = ranges.search(&mut self.blocks, self.form, NUMBER, held);
        if load {
            self.push(Step::Block(start))?;
            return Ok(Target::FOLLOWING);
        }
        Ok(Target::to(start))
    }
}

impl Ranges {
    /// Weight of a system call without a caller's hint.
    const COMMON: Weights = Weights {
        value: 64,
        in_gap: 32,
    };

    /// Weight of an x32 system call: hardly any program uses x32.
    const RARE: Weights = Weights {
        value: 1,
        in_gap: 0,
    };

    /// Weight of an argument's value.
    pub(super) const ARGUMENT: Weights = Weights {
        value: 64,
        in_gap: 1,
    };

    /// An empty list with room for `values` values and the gaps between them.
    pub(super) fn with_room(values: usize) -> Result<Ranges, Error> {
        let all = fallible::with_room(2 * values + 1)?;
        Ok(Ranges {
            all,
            weight: 0,
            covered: 0,
        })
    }

    /// Gives a value the target `block`, and the values since the previous one `between`.
    /// Values rise from call to call; there is room for all.
    pub(super) fn add(&mut self, value: u32, block: BlockId, between: BlockId, weights: Weights) {
        debug_assert!(u64::from(value) >= self.covered);
        self.fill(value.into(), between, weights.in_gap);
        self.extend(value, block, weights.value);
        self.covered = u64::from(value) + 1;
    }

    /// Gives the values before `end` that are in no range yet a target. There is room.
    pub(super) fn fill(&mut self, end: u64, block: BlockId, in_gap: u64) {
        let gap = end.saturating_sub(self.covered);
        if gap > 0 {
            let weight = in_gap * gap.min(MAX_IN_GAP);
            self.extend(self.covered as u32, block, weight);
            self.covered = end;
        }
    }

    /// The first value that is in no range yet.
    pub(super) fn covered(&self) -> u64 {
        self.covered
    }

    /// Gives all values above the last one a target.
    pub(super) fn end(&mut self, block: BlockId) {
        if self.covered < END {
            self.extend(self.covered as u32, block, 1);
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

    /// The first block of the search, which starts with `held` in the accumulator.
    pub(super) fn search(
        &self,
        blocks: &mut Blocks,
        form: Form,
        word: Accumulator,
        held: Accumulator,
    ) -> BlockId {
        let mut search = Search { blocks, word };
        match form {
            Form::ShortSearch => search.short_search(&self.all, held),
            Form::Search | Form::Linear => search.balanced(&self.all, self.weight, held),
        }
    }
}

struct Search<'a> {
    blocks: &'a mut Blocks,
    word: Accumulator,
}

impl Search<'_> {
    /// The first block of a search among these ranges. `end` is the weight of these and
    /// all earlier ranges.
    fn balanced(&mut self, ranges: &[Range], end: u64, held: Accumulator) -> BlockId {
        let inside = self.word;
        if let [all] = ranges {
            return all.block;
        }
        let choice = match ranges.len() {
            ..=MAX_OPTIMAL => Choice::best(ranges, end).1,
            _ => Choice::Divide(middle(ranges, end)),
        };
        let (code, k, targets) = match choice {
            Choice::Divide(at) => {
                let (below, above, first) = divided(ranges, at);
                let lower = self.balanced(below, first.before, inside);
                let upper = self.balanced(above, end, inside);
                (op::JUMP_GREATER_OR_EQUAL, first.first, [upper, lower])
            }
            Choice::Single(at) => {
                let (rest, count, end) = without(ranges, at, end);
                let others = self.balanced(&rest[..count], end, inside);
                (op::JUMP_EQUAL, ranges[at].first, [ranges[at].block, others])
            }
        };
        self.test(held, code, k, targets)
    }

    /// Like `balanced`, with about one test per value: up to `LEAF` ranges are tested
    /// linearly.
    fn short_search(&mut self, ranges: &[Range], held: Accumulator) -> BlockId {
        if ranges.len() <= LEAF {
            return self.leaf(ranges, held);
        }
        // The lower part has a power of two of full leaves. So two searches that begin
        // with the same ranges have equal blocks for these, which are stored once.
        let leaves = ranges.len().div_ceil(LEAF);
        let at = LEAF * (leaves.next_power_of_two() / 2);
        self.divide(ranges, at, held, Self::short_search)
    }

    /// Tests for the single values among few ranges one after another, then
    /// searches those that are left.
    fn leaf(&mut self, ranges: &[Range], held: Accumulator) -> BlockId {
        let inside = self.word;
        let [mut rest, mut singles] = [[ranges[0]; LEAF]; 2];
        let (mut left, mut count) = (0, 0);
        for &range in ranges {
            if left >= 2 && is_single(&[rest[left - 2], rest[left - 1], range]) {
                // The range below it reaches to the end of this one.
                left -= 1;
                singles[count] = rest[left];
                count += 1;
            } else {
                rest[left] = range;
                left += 1;
            }
        }
        let before_rest = if count == 0 { held } else { inside };
        let mut next = self.bisect(&rest[..left], before_rest);
        for (place, single) in singles[..count].iter().enumerate().rev() {
            let held = if place == 0 { held } else { inside };
            next = self.test(held, op::JUMP_EQUAL, single.first, [single.block, next]);
        }
        next
    }

    /// Divides ranges in the middle until each is alone.
    fn bisect(&mut self, ranges: &[Range], held: Accumulator) -> BlockId {
        if let [all] = ranges {
            return all.block;
        }
        self.divide(ranges, ranges.len() / 2, held, Self::bisect)
    }

    /// A test that divides ranges at a place; `part` searches the two parts.
    fn divide(
        &mut self,
        ranges: &[Range],
        at: usize,
        held: Accumulator,
        part: fn(&mut Self, &[Range], Accumulator) -> BlockId,
    ) -> BlockId {
        let (below, above, first) = divided(ranges, at);
        let lower = part(self, below, self.word);
        let upper = part(self, above, self.word);
        let code = op::JUMP_GREATER_OR_EQUAL;
        self.test(held, code, first.first, [upper, lower])
    }

    fn test(&mut self, held: Accumulator, code: u16, k: u32, targets: [BlockId; 2]) -> BlockId {
        let targets = targets.map(Target::to);
        let block = Block::test(held, self.word, code, k, targets);
        self.blocks.intern(block)
    }
}

/// A short search tests up to this many ranges linearly: 32 values and the gaps between
/// them.
const LEAF: usize = 64;

/// Up to this many ranges get the optimal search, found by trying all.
const MAX_OPTIMAL: usize = 5;

/// Cost of a test that never runs: it still lengthens the program.
const TEST: u64 = 16;

/// The first test of a search.
#[derive(Clone, Copy)]
enum Choice {
    /// Whether the value is in the range at this place or in a later one.
    Divide(usize),
    /// Whether it is the single value of the range at this place, around
    /// which all go to one block.
    Single(usize),
}

impl Choice {
    /// The best choice for few ranges, but more than one, and what it costs:
    /// the tests that are run, by weight.
    fn best(ranges: &[Range], end: u64) -> (u64, Choice) {
        let cost = |ranges: &[Range], end| match ranges {
            [_] => 0,
            _ => Choice::best(ranges, end).0,
        };
        let divide = |at: usize| {
            let (below, above, first) = divided(ranges, at);
            let both = cost(below, first.before) + cost(above, end);
            (both, Choice::Divide(at))
        };
        let single = |at: usize| {
            let (rest, count, end) = without(ranges, at, end);
            (cost(&rest[..count], end), Choice::Single(at))
        };
        let singles = (1..ranges.len() - 1).filter(|&at| is_single(&ranges[at - 1..=at + 1]));
        let choices = singles.map(single).chain((1..ranges.len()).map(divide));
        let (cost, choice) = choices
            .min_by_key(|&(cost, _)| cost)
            .unwrap_or((0, Choice::Divide(1)));
        (end - ranges[0].before + TEST + cost, choice)
    }
}

/// The ranges before a place, those from there on, and the first of these.
fn divided(ranges: &[Range], at: usize) -> (&[Range], &[Range], Range) {
    let (below, above) = ranges.split_at(at);
    (below, above, above[0])
}

/// The ranges without the single value at `at`, whose neighbors become one range; how
/// many ranges are left, and their end.
fn without(ranges: &[Range], at: usize, end: u64) -> ([Range; MAX_OPTIMAL], usize, u64) {
    let gone = ranges[at + 1].before - ranges[at].before;
    let mut rest = [ranges[0]; MAX_OPTIMAL];
    rest[..at].copy_from_slice(&ranges[..at]);
    for (place, range) in ranges[at + 2..].iter().enumerate() {
        rest[at + place] = Range {
            before: range.before - gone,
            ..*range
        };
    }
    (rest, ranges.len() - 2, end - gone)
}

/// Whether the middle one of three ranges is one value between values that go
/// to one block.
fn is_single(ranges: &[Range]) -> bool {
    matches!(ranges, [below, at, above]
        if below.block == above.block && above.first == at.first.wrapping_add(1))
}

/// The place that divides two or more ranges into parts of about the same weight.
fn middle(ranges: &[Range], end: u64) -> usize {
    let half = ranges[0].before.midpoint(end);
    let heavier = ranges.partition_point(|range| range.before < half);
    let candidates = heavier.saturating_sub(1).max(1)..=heavier.clamp(1, ranges.len() - 1);
    candidates
        .min_by_key(|&at| ranges[at].before.abs_diff(half))
        .unwrap_or(1)
}

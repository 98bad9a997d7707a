// SPDX-License-Identifier: LGPL-2.1-only
//! From a system call's decision tree to blocks.

use super::block::{Accumulator, Block, BlockId, Blocks, Target};
use super::search::Ranges;
use super::{Form, NUMBER};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::lower::{Branch, NodeId, Relation, Side, Tree};

/// Turns trees into blocks. One value serves all trees, to reuse its memory.
pub(super) struct TreeLowering {
    /// The tests of the levels that are being lowered, inner ones last.
    tests: Vec<NodeId>,
    /// How several equality tests of one word are compiled.
    form: Form,
}

/// Below this many values of a word, linear tests are as fast as a search.
const FEWEST_SEARCHED: usize = 4;

impl TreeLowering {
    pub(super) fn new(form: Form) -> TreeLowering {
        TreeLowering {
            tests: Vec::new(),
            form,
        }
    }

    /// The first block of a tree; inputs that the tree does not decide continue with
    /// `otherwise`.
    pub(super) fn lower(
        &mut self,
        blocks: &mut Blocks,
        arch: Arch,
        tree: &Tree,
        otherwise: BlockId,
    ) -> Result<BlockId, Error> {
        self.tests.clear();
        fallible::reserve(&mut self.tests, tree.test_count())?;
        let mut lowering = LevelLowering {
            blocks,
            arch,
            tree,
            tests: &mut self.tests,
            form: self.form,
        };
        let first = lowering.level(tree.root(), otherwise, NUMBER);
        blocks.complete()?;
        // Its predecessors leave different words in the accumulator.
        debug_assert!(blocks.get(first).loads_own_word());
        Ok(first)
    }
}

struct LevelLowering<'a> {
    blocks: &'a mut Blocks,
    arch: Arch,
    tree: &'a Tree,
    /// There is room for all tests of the tree.
    tests: &'a mut Vec<NodeId>,
    form: Form,
}

impl LevelLowering<'_> {
    /// The first block of a level. A test that decides nothing continues with the next
    /// one, the last one with `otherwise`.
    fn level(
        &mut self,
        level: Option<NodeId>,
        otherwise: BlockId,
        accumulator: Accumulator,
    ) -> BlockId {
        if self.blocks.complete().is_err() {
            return otherwise;
        }
        let start = self.tests.len();
        self.tree.push_level(level, self.tests);
        let mut next = otherwise;
        let mut word = self.needed(&self.tests[start..]);
        while let Some(needed) = word {
            let group = self.last_group(start);
            // Each test assumes that control comes from the one before it.
            word = self.needed(&self.tests[start..group]);
            let held = word.unwrap_or(accumulator);
            next = match self.tests.len() - group {
                1 => self.test(self.tests[group], needed, held, next),
                _ => self.search(group, needed, held, next),
            };
            self.tests.truncate(group);
        }
        next
    }

    /// Of the level whose tests start at `start`, the start of the last group: one test,
    /// or several equality tests of one word, which become a search.
    fn last_group(&self, start: usize) -> usize {
        let last = self.tests.len() - 1;
        match self.form {
            Form::Linear => last,
            Form::Search | Form::ShortSearch => self.start_of_values(start).unwrap_or(last),
        }
    }

    /// The start of the equality tests of one word at the end of the level; `None` if they
    /// are too few for a search.
    fn start_of_values(&self, start: usize) -> Option<usize> {
        let word = self.tree.test(*self.tests.last()?);
        let is_value = |&&id: &&NodeId| {
            let test = self.tree.test(id);
            let is_same = (test.argument, test.is_high) == (word.argument, word.is_high);
            is_same
                && test.relation == Relation::Equal
                && self.tree.side(id, Side::False) == Branch::Continue
        };
        let tests = self.tests[start..].iter().rev();
        let count = tests.take_while(is_value).count();
        (count >= FEWEST_SEARCHED).then(|| self.tests.len() - count)
    }

    /// A search among the values of the equality tests from `start` on.
    fn search(
        &mut self,
        start: usize,
        word: Accumulator,
        held: Accumulator,
        next: BlockId,
    ) -> BlockId {
        let Ok(mut ranges) = Ranges::with_room(self.tests.len() - start) else {
            return self.blocks.record_failure();
        };
        // Equality tests of one word, whose false sides decide nothing, are of one class, so
        // ranks order them by falling datum. Ranges are added by rising value.
        for place in (start..self.tests.len()).rev() {
            let id = self.tests[place];
            let [holds, _] = self.tree.sides(id);
            let block = self.side(holds, word, next);
            ranges.add(self.tree.test(id).datum, block, next, Ranges::ARGUMENT);
        }
        ranges.end(next);
        ranges.search(self.blocks, self.form, word, held)
    }

    /// The word that the last of these tests needs in the accumulator.
    fn needed(&self, tests: &[NodeId]) -> Option<Accumulator> {
        let test = self.tree.test(*tests.last()?);
        Some(Accumulator {
            offset: self.arch.argument_offset(test.argument, test.is_high),
            mask: test.mask,
        })
    }

    fn test(&mut self, id: NodeId, word: Accumulator, held: Accumulator, next: BlockId) -> BlockId {
        let [holds, fails] = self.tree.sides(id);
        let holds = self.side(holds, word, next);
        let fails = self.side(fails, word, next);
        let targets = [holds, fails].map(Target::to);
        let test = self.tree.test(id);
        let code = match test.relation {
            Relation::Equal | Relation::MaskedEqual => op::JUMP_EQUAL,
            Relation::Greater => op::JUMP_GREATER,
            Relation::GreaterOrEqual => op::JUMP_GREATER_OR_EQUAL,
        };
        let block = Block::test(held, word, code, test.datum, targets);
        self.blocks.intern(block)
    }

    fn side(&mut self, side: &Branch, accumulator: Accumulator, next: BlockId) -> BlockId {
        match *side {
            Branch::Continue => next,
            Branch::Action(action) => self.blocks.action(action),
            Branch::Level(level) => self.level(Some(level), next, accumulator),
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! From a system call's decision tree to blocks.

use super::block::{Accumulator, Block, BlockId, Blocks, Step, Target};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::tree::{Branch, NodeId, Relation, Side, Tree};

/// The first block of what a tree decides; `otherwise` is where inputs go that
/// it does not decide. `tests` is room to work in.
pub(super) fn tree(
    blocks: &mut Blocks,
    arch: Arch,
    tree: &Tree,
    otherwise: BlockId,
    tests: &mut Vec<NodeId>,
) -> Result<BlockId, Error> {
    tests.clear();
    let mut chains = Chains {
        blocks,
        arch,
        tree,
        tests,
    };
    chains.level(tree.root(), otherwise, None)
}

struct Chains<'a> {
    blocks: &'a mut Blocks,
    arch: Arch,
    tree: &'a Tree,
    /// Those of the levels that are under way, inner ones last.
    tests: &'a mut Vec<NodeId>,
}

impl Chains<'_> {
    /// The first block of a level. Tests that decide nothing go on to the
    /// next one, the last to `otherwise`.
    fn level(
        &mut self,
        first: Option<NodeId>,
        otherwise: BlockId,
        accumulator: Option<Accumulator>,
    ) -> Result<BlockId, Error> {
        let start = self.tests.len();
        self.tree.push_level(first, self.tests)?;
        let mut next = otherwise;
        while let Some(&id) = self.tests[start..].last() {
            // Each test assumes that control comes from the one before it;
            // layout reloads the accumulator where it comes from elsewhere.
            let held = match self.tests[start..].len().checked_sub(2) {
                Some(before) => Some(self.needed(self.tests[start + before])),
                None => accumulator,
            };
            next = self.test(id, held, next)?;
            self.tests.pop();
        }
        Ok(next)
    }

    /// What a test wants in the accumulator.
    fn needed(&self, id: NodeId) -> Accumulator {
        let test = self.tree.test(id);
        Accumulator {
            offset: self.arch.argument_offset(test.argument, test.high),
            mask: test.mask,
        }
    }

    fn test(
        &mut self,
        id: NodeId,
        held: Option<Accumulator>,
        next: BlockId,
    ) -> Result<BlockId, Error> {
        let needed = self.needed(id);
        let targets = [
            self.side(id, Side::True, needed, next)?,
            self.side(id, Side::False, needed, next)?,
        ]
        .map(Target::Block);
        let test = self.tree.test(id);
        let branch = Step::Branch {
            code: match test.relation {
                Relation::Equal | Relation::MaskedEqual => op::JUMP_EQUAL,
                Relation::Greater => op::JUMP_GREATER,
                Relation::GreaterOrEqual => op::JUMP_GREATER_OR_EQUAL,
            },
            k: test.datum,
            targets,
        };
        let leaves = Some(needed);
        let load = Step::Load(needed.offset);
        let and = Step::And(needed.mask);
        // A masked word can be masked further, not restored.
        let usable = held
            .filter(|held| held.offset == needed.offset && held.mask & needed.mask == needed.mask);
        let block = match usable {
            Some(held) if held.mask == needed.mask => Block::new([branch], usable, leaves),
            Some(_) => Block::new([and, branch], usable, leaves),
            None if needed.mask == u32::MAX => Block::new([load, branch], None, leaves),
            None => Block::new([load, and, branch], None, leaves),
        };
        self.blocks.intern(block)
    }

    fn side(
        &mut self,
        id: NodeId,
        side: Side,
        accumulator: Accumulator,
        next: BlockId,
    ) -> Result<BlockId, Error> {
        match self.tree.side(id, side) {
            Branch::Fall => Ok(next),
            Branch::Act(action) => self.blocks.action(action),
            Branch::Level(first) => self.level(Some(first), next, Some(accumulator)),
        }
    }
}

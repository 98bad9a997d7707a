// SPDX-License-Identifier: LGPL-2.1-only
//! From a system call's decision tree to blocks.

use super::block::{Accumulator, Block, BlockId, Blocks, Step, Target};
use crate::arch::Arch;
use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::filter::Decision;
use crate::tree::{Branch, NodeId, Relation, Side, Tree};

/// The first block of what `decision` decides; `otherwise` is where inputs
/// go that it does not decide.
pub(super) fn decision(
    blocks: &mut Blocks,
    arch: Arch,
    decision: &Decision,
    otherwise: BlockId,
) -> Result<BlockId, Error> {
    match decision {
        Decision::None => Ok(otherwise),
        Decision::Always(action) => blocks.action(*action),
        Decision::Tree(tree) => {
            let mut chains = Chains { blocks, arch, tree };
            chains.level(tree.root(), otherwise, None)
        }
    }
}

struct Chains<'a> {
    blocks: &'a mut Blocks,
    arch: Arch,
    tree: &'a Tree,
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
        // Each test assumes that control comes from the one before it;
        // layout reloads the accumulator where it comes from elsewhere.
        let mut tests = Vec::new();
        let mut held = accumulator;
        for id in self.tree.level(first) {
            let needed = self.needed(id);
            fallible::push(&mut tests, (id, held))?;
            held = Some(needed);
        }
        let mut next = otherwise;
        for (id, held) in tests.into_iter().rev() {
            next = self.test(id, held, next)?;
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

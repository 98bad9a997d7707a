// SPDX-License-Identifier: LGPL-2.1-only
//! Blocks: short runs of instructions whose jumps name other blocks.
//!
//! Equal blocks are one. A block's identity covers what it jumps to, and so
//! everything reachable from it; that is how tails are shared between rules,
//! system calls and architectures.

use std::collections::HashMap;

use crate::error::Error;
use crate::fallible;
use crate::filter::Action;
use crate::hash::FixedState;

/// A block of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BlockId(u32);

impl BlockId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a conditional jump leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// The next instruction of the same block.
    Next,
    Block(BlockId),
}

/// An instruction before jumps are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Load(u32),
    And(u32),
    Branch {
        code: u16,
        k: u32,
        targets: [Target; 2],
    },
    Return(u32),
}

/// What the accumulator holds: a word of `struct seccomp_data`, masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Accumulator {
    pub(super) offset: u32,
    pub(super) mask: u32,
}

impl Accumulator {
    pub(super) const fn word(offset: u32) -> Self {
        Accumulator {
            offset,
            mask: u32::MAX,
        }
    }
}

/// Loads, masks and two branches at most.
const MOST_STEPS: usize = 3;

/// A run of instructions that is entered at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Block {
    steps: [Option<Step>; MOST_STEPS],
    /// What must be in the accumulator on entry; `None` if it doesn't matter.
    pub(super) expects: Option<Accumulator>,
    /// What is in it on every exit.
    pub(super) leaves: Option<Accumulator>,
}

impl Block {
    pub(super) fn new<const N: usize>(
        steps: [Step; N],
        expects: Option<Accumulator>,
        leaves: Option<Accumulator>,
    ) -> Self {
        const { assert!(N <= MOST_STEPS) };
        let mut block = Block {
            steps: [None; MOST_STEPS],
            expects,
            leaves,
        };
        for (slot, step) in block.steps.iter_mut().zip(steps) {
            *slot = Some(step);
        }
        block
    }

    pub(super) fn steps(&self) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().flatten()
    }

    /// Whether the block is one return, which is copied rather than reached
    /// by a long jump.
    pub(super) fn returned(&self) -> Option<u32> {
        match self.steps[0] {
            Some(Step::Return(k)) => Some(k),
            _ => None,
        }
    }

    /// What the block jumps to, last instruction first, true before false:
    /// the order in which targets are given their places.
    pub(super) fn targets_from_last(&self) -> impl Iterator<Item = BlockId> + '_ {
        self.steps().rev().flat_map(|step| {
            let targets = match step {
                Step::Branch { targets, .. } => *targets,
                _ => [Target::Next; 2],
            };
            targets.into_iter().filter_map(|target| match target {
                Target::Block(id) => Some(id),
                Target::Next => None,
            })
        })
    }
}

/// All blocks of a program under construction.
#[derive(Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    known: HashMap<Block, BlockId, FixedState>,
}

impl Blocks {
    /// The block with this content.
    pub(super) fn intern(&mut self, block: Block) -> Result<BlockId, Error> {
        if let Some(&id) = self.known.get(&block) {
            return Ok(id);
        }
        let id = BlockId(self.blocks.len() as u32);
        self.known.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
        fallible::push(&mut self.blocks, block)?;
        self.known.insert(block, id);
        Ok(id)
    }

    /// The block that returns an action.
    pub(super) fn action(&mut self, action: Action) -> Result<BlockId, Error> {
        self.intern(Block::new([Step::Return(action.to_raw())], None, None))
    }

    pub(super) fn get(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Each block with its identity.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_blocks_are_one() {
        let mut blocks = Blocks::default();
        let allow = blocks.action(Action::Allow).unwrap();
        let kill = blocks.action(Action::KillThread).unwrap();
        assert_ne!(allow, kill);
        assert_eq!(blocks.action(Action::Allow), Ok(allow));
        assert_eq!(blocks.len(), 2);
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Blocks: short runs of instructions whose jumps name other blocks.
//!
//! Equal blocks are one. A block's identity covers what it jumps to, and so
//! everything reachable from it; that is how tails are shared between rules,
//! system calls and architectures.

use std::hash::Hasher;

use crate::error::Error;
use crate::fallible;
use crate::filter::Action;
use crate::hash::{HashIndex, Mixer};

/// A block of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockId(u32);

impl BlockId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a conditional jump leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The next instruction of the same block.
    Next,
    /// The piece that follows in the program's sequence.
    Following,
    Block(BlockId),
}

/// An instruction before jumps are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// What comes behind the last one is a filler.
    steps: [Step; MOST_STEPS],
    length: u8,
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
            steps: [Step::Return(0); MOST_STEPS],
            length: N as u8,
            expects,
            leaves,
        };
        block.steps[..N].copy_from_slice(&steps);
        block
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..usize::from(self.length)]
    }

    /// Whether the block is one return, which is copied rather than reached
    /// by a long jump.
    pub(super) fn returned(&self) -> Option<u32> {
        match self.steps[0] {
            Step::Return(k) => Some(k),
            _ => None,
        }
    }

    /// Of what tells most blocks apart.
    fn hash(&self) -> u64 {
        let mut mixer = Mixer::default();
        for step in self.steps() {
            match *step {
                Step::Load(word) | Step::And(word) | Step::Return(word) => mixer.write_u32(word),
                Step::Branch { code, k, targets } => {
                    mixer.write_u64(u64::from(code) << 32 | u64::from(k));
                    let [one, other] = targets.map(|target| target.block().map_or(0, |id| id.0));
                    mixer.write_u64(u64::from(one) << 32 | u64::from(other));
                }
            }
        }
        mixer.finish()
    }

    /// What the block jumps to, last instruction first, true before false:
    /// the order in which targets are given their places.
    pub(super) fn targets_from_last(&self) -> impl Iterator<Item = BlockId> + '_ {
        self.steps().iter().rev().flat_map(|step| {
            let targets = match step {
                Step::Branch { targets, .. } => *targets,
                _ => [Target::Next; 2],
            };
            targets.into_iter().filter_map(Target::block)
        })
    }
}

impl Target {
    pub(super) fn block(self) -> Option<BlockId> {
        match self {
            Target::Block(id) => Some(id),
            Target::Next | Target::Following => None,
        }
    }
}

/// All blocks of a program under construction.
#[derive(Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    known: HashIndex,
}

impl Blocks {
    /// The block with this content.
    pub(super) fn intern(&mut self, block: Block) -> Result<BlockId, Error> {
        let hash = block.hash();
        let is = |position: u32| self.blocks[position as usize] == block;
        if let Some(position) = self.known.find(hash, is) {
            return Ok(BlockId(position));
        }
        fallible::push(&mut self.blocks, block)?;
        if self.blocks.len() > self.known.room() {
            self.index()?;
        } else {
            self.known.insert(hash, self.blocks.len() as u32 - 1);
        }
        Ok(BlockId(self.blocks.len() as u32 - 1))
    }

    /// Makes an index of all blocks, with room for more.
    fn index(&mut self) -> Result<(), Error> {
        self.known = HashIndex::with_room(self.blocks.capacity())?;
        for (position, block) in (0..).zip(&self.blocks) {
            self.known.insert(block.hash(), position);
        }
        Ok(())
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

    /// In the order of their identities.
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

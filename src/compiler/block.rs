// SPDX-License-Identifier: LGPL-2.1-only
//! Blocks: a test, with what brings its word into the accumulator, whose jumps
//! name other blocks; or a return.
//!
//! Equal blocks are one. A block's identity covers what it jumps to, and so
//! everything reachable from it; that is how tails are shared between rules,
//! system calls and architectures.

use std::hash::Hasher;

use crate::bpf::op;
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

/// Where a conditional jump leads: to a block, or to a piece of the program's
/// sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target(u32);

impl Target {
    /// The piece that follows in the sequence.
    pub(super) const FOLLOWING: Target = Target(u32::MAX);
    /// The one behind that.
    pub(super) const SECOND: Target = Target(u32::MAX - 1);

    pub(super) fn to(block: BlockId) -> Target {
        Target(block.0)
    }

    pub(super) fn block(self) -> Option<BlockId> {
        (self.0 < Target::SECOND.0).then_some(BlockId(self.0))
    }
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

/// A test or a return; it is entered at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) code: u16,
    /// It loads the word itself.
    pub(super) loads: bool,
    pub(super) k: u32,
    /// The word that is tested, and what is in the accumulator on every exit.
    pub(super) word: Accumulator,
    /// How the word is masked on entry; all bits count as long as it is
    /// loaded.
    held: u32,
    /// When the test holds, and when it does not.
    pub(super) targets: [Target; 2],
}

impl Block {
    /// A test of a word, with `held` in the accumulator when it starts.
    pub(super) fn test(
        held: Option<Accumulator>,
        word: Accumulator,
        code: u16,
        k: u32,
        targets: [Target; 2],
    ) -> Block {
        // A masked word can be masked further, not restored.
        let usable =
            held.filter(|held| held.offset == word.offset && held.mask & word.mask == word.mask);
        Block {
            code,
            loads: usable.is_none(),
            k,
            word,
            held: usable.map_or(u32::MAX, |held| held.mask),
            targets,
        }
    }

    fn returns(action: Action) -> Block {
        Block {
            code: op::RETURN,
            loads: false,
            k: action.to_raw(),
            word: Accumulator::word(0),
            held: u32::MAX,
            targets: [Target::FOLLOWING; 2],
        }
    }

    /// Whether the block is one return, which is copied rather than reached
    /// by a long jump.
    pub(super) fn is_return(&self) -> bool {
        self.code == op::RETURN
    }

    /// What must be in the accumulator on entry; `None` if it doesn't matter.
    pub(super) fn expects(&self) -> Option<Accumulator> {
        match self.loads || self.is_return() {
            true => None,
            false => Some(Accumulator {
                mask: self.held,
                ..self.word
            }),
        }
    }

    /// Whether it can be entered with the word in the accumulator.
    pub(super) fn accepts(&self, word: Accumulator) -> bool {
        self.loads
            || self.is_return()
            || (self.word.offset == word.offset && self.held == word.mask)
    }

    /// Whether it masks the word itself.
    pub(super) fn masks(&self) -> bool {
        self.held != self.word.mask
    }

    /// What the block jumps to, in the order in which targets are given their
    /// places.
    pub(super) fn blocks(&self) -> impl Iterator<Item = BlockId> + use<> {
        self.targets.into_iter().filter_map(Target::block)
    }

    fn hash(&self) -> u64 {
        let mut mixer = Mixer::default();
        let [one, other] = self.targets;
        // Masks hardly ever tell blocks apart that are alike in the rest.
        let code = u64::from(self.code) << 32 | u64::from(self.word.offset) << 48;
        mixer.write_u64(code | u64::from(self.k));
        mixer.write_u64(u64::from(one.0) << 32 | u64::from(other.0));
        mixer.finish()
    }
}

/// All blocks of a program under construction.
///
/// That memory ran out is remembered, and said when all are there: until then
/// blocks that could not be kept only have wrong identities.
#[derive(Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    known: HashIndex,
    /// The return that was asked for last, which is most often the next one.
    last_return: Option<(Action, BlockId)>,
    exhausted: bool,
}

impl Blocks {
    /// Makes room for `extra` more blocks at once.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.blocks, extra)?;
        match self.known.room() < self.blocks.capacity() {
            true => self.index(),
            false => Ok(()),
        }
    }

    /// The block with this content.
    #[inline(always)]
    pub(super) fn intern(&mut self, block: Block) -> BlockId {
        let room = self.known.room().min(self.blocks.capacity());
        if self.blocks.len() >= room && self.reserve(1).is_err() {
            return self.exhaust();
        }
        let new = self.blocks.len() as u32;
        let is = |position: u32| self.blocks[position as usize] == block;
        let position = self.known.find_or_insert(block.hash(), is, new);
        if position == new {
            self.blocks.push(block);
        }
        BlockId(position)
    }

    /// Makes an index of all blocks, with room for more.
    #[cold]
    fn index(&mut self) -> Result<(), Error> {
        self.known.make_room(self.blocks.capacity())?;
        for (position, block) in (0..).zip(&self.blocks) {
            self.known.insert(block.hash(), position);
        }
        Ok(())
    }

    /// Some block, because memory has run out.
    #[cold]
    pub(super) fn exhaust(&mut self) -> BlockId {
        self.exhausted = true;
        BlockId(0)
    }

    /// Whether all blocks are there that were asked for.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn complete(&self) -> Result<(), Error> {
        match self.exhausted {
            true => Err(Error::OutOfMemory),
            false => Ok(()),
        }
    }

    /// The block that returns an action.
    #[inline(always)]
    pub(super) fn action(&mut self, action: Action) -> BlockId {
        match self.last_return {
            Some((last, id)) if last == action => id,
            _ => self.other_action(action),
        }
    }

    #[inline(never)]
    fn other_action(&mut self, action: Action) -> BlockId {
        let id = self.intern(Block::returns(action));
        self.last_return = Some((action, id));
        id
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
        let allow = blocks.action(Action::Allow);
        let kill = blocks.action(Action::KillThread);
        assert_ne!(allow, kill);
        assert_eq!(blocks.action(Action::Allow), allow);
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks.complete(), Ok(()));
        blocks.exhaust();
        assert_eq!(blocks.complete(), Err(Error::OutOfMemory));
    }

    #[test]
    fn a_masked_word_is_masked_further_or_loaded_anew() {
        let masked = |mask| Accumulator { offset: 16, mask };
        let test = |held, mask| {
            let targets = [Target::FOLLOWING; 2];
            Block::test(held, masked(mask), op::JUMP_EQUAL, 0, targets)
        };
        let further = test(Some(masked(7)), 3);
        assert!(!further.loads && further.masks());
        assert_eq!(further.expects(), Some(masked(7)));
        let anew = test(Some(masked(3)), 7);
        assert!(anew.loads && anew.masks());
        assert_eq!(anew.expects(), None);
        let as_it_is = test(Some(masked(3)), 3);
        assert!(!as_it_is.loads && !as_it_is.masks());
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Blocks: a test, with what brings its word into the accumulator, whose jumps
//! name other blocks; or a return.
//!
//! Equal blocks are one. A block's identity covers what it jumps to, and so
//! everything reachable from it; that is how tails are shared between rules,
//! system calls and architectures.

use std::hash::Hasher;
use std::num::NonZeroU32;

use crate::bpf::op;
use crate::error::Error;
use crate::fallible;
use crate::hash::{HashIndex, Mixer};
use crate::rule::Action;

/// A block of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockId(NonZeroU32);

impl BlockId {
    /// Behind [`Target::FOLLOWING`] and [`Target::SECOND`], which are no blocks.
    const FIRST: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

    fn at(position: usize) -> BlockId {
        BlockId(BlockId::FIRST.saturating_add(position as u32))
    }

    fn position(self) -> usize {
        (self.0.get() - BlockId::FIRST.get()) as usize
    }
}

/// Where a conditional jump leads: to a block, or to a piece of the program's
/// sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target(u32);

impl Target {
    /// The piece that follows in the sequence.
    pub(super) const FOLLOWING: Target = Target(0);
    /// The one behind that.
    pub(super) const SECOND: Target = Target(1);

    pub(super) fn to(block: BlockId) -> Target {
        Target(block.0.get())
    }

    pub(super) fn block(self) -> Option<BlockId> {
        let number = NonZeroU32::new(self.0)?;
        (number >= BlockId::FIRST).then_some(BlockId(number))
    }

    /// Below [`Blocks::targets`].
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the accumulator holds: a word of `struct seccomp_data`, masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accumulator {
    pub(super) offset: u8,
    pub(super) mask: u32,
}

impl Accumulator {
    /// Nothing that is of use: no word has this offset.
    pub(super) const UNKNOWN: Accumulator = Accumulator::word(u8::MAX);

    pub(super) const fn word(offset: u8) -> Self {
        Accumulator {
            offset,
            mask: u32::MAX,
        }
    }
}

/// What a block does about the accumulator when it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordSource {
    /// A test loads its word, a return needs none.
    Loads,
    /// The word is there already, masked with [`Block::held`].
    Held,
    /// The same, but control comes from where it is not, too: the word is
    /// loaded before the block starts.
    Reloads,
}

/// A test or a return; it is entered at its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) code: u16,
    /// Of the word that is tested.
    offset: u8,
    source: WordSource,
    pub(super) k: u32,
    /// What is left of the word in the accumulator on every exit.
    mask: u32,
    /// What is left of it on entry; all bits unless it is held.
    held: u32,
    /// When the test holds, and when it does not.
    pub(super) targets: [Target; 2],
}

impl Block {
    /// A test of a word, with `held` in the accumulator when it starts.
    pub(super) fn test(
        held: Accumulator,
        word: Accumulator,
        code: u16,
        k: u32,
        targets: [Target; 2],
    ) -> Block {
        // A masked word can be masked further, not restored.
        let is_usable = held.offset == word.offset && held.mask & word.mask == word.mask;
        let (source, held) = match is_usable {
            true => (WordSource::Held, held.mask),
            false => (WordSource::Loads, u32::MAX),
        };
        Block {
            code,
            offset: word.offset,
            source,
            k,
            mask: word.mask,
            held,
            targets,
        }
    }

    fn returns(action: Action) -> Block {
        Block {
            code: op::RETURN,
            offset: 0,
            source: WordSource::Loads,
            k: action.to_raw(),
            mask: u32::MAX,
            held: u32::MAX,
            targets: [Target::FOLLOWING; 2],
        }
    }

    /// Whether the block is one return, which is copied rather than reached
    /// by a long jump.
    pub(super) fn is_return(&self) -> bool {
        self.code == op::RETURN
    }

    /// Whether it can be entered whatever is in the accumulator.
    pub(super) fn is_free(&self) -> bool {
        self.source == WordSource::Loads
    }

    /// What has to be in the accumulator when the block starts and is not
    /// wherever control comes from.
    pub(super) fn reloads(&self) -> Option<Accumulator> {
        (self.source == WordSource::Reloads).then_some(Accumulator {
            offset: self.offset,
            mask: self.held,
        })
    }

    /// The word that it loads itself.
    pub(super) fn loads(&self) -> Option<u8> {
        (self.source == WordSource::Loads && !self.is_return()).then_some(self.offset)
    }

    /// The mask with which it masks the word itself.
    pub(super) fn masks(&self) -> Option<u32> {
        (self.held != self.mask).then_some(self.mask)
    }

    /// Whether the other is the same but for where control comes from.
    fn is_like(&self, other: &Block) -> bool {
        self.k == other.k
            && self.targets == other.targets
            && (self.code, self.offset) == (other.code, other.offset)
            && (self.mask, self.held) == (other.mask, other.held)
            && self.is_free() == other.is_free()
    }

    /// Says that it is entered with a word in the accumulator.
    fn enter(&mut self, offset: u8, mask: u32) {
        if self.source == WordSource::Held && (self.offset, self.held) != (offset, mask) {
            self.source = WordSource::Reloads;
        }
    }

    fn hash(&self) -> u64 {
        let mut mixer = Mixer::default();
        let [one, other] = self.targets;
        // Masks hardly ever tell blocks apart that are alike in the rest.
        let code = u64::from(self.code) << 32 | u64::from(self.offset) << 48;
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
    /// So many have room among the blocks and in the index.
    room: usize,
    /// The return that was asked for last, which is most often the next one.
    last_return: Option<(Action, BlockId)>,
    is_out_of_memory: bool,
}

impl Blocks {
    /// Makes room for `extra` more blocks at once.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.blocks, extra)?;
        if self.known.room() < self.blocks.capacity() {
            self.room = 0;
            self.index()?;
        }
        self.room = self.blocks.capacity();
        Ok(())
    }

    /// The block with this content.
    #[inline(always)]
    pub(super) fn intern(&mut self, block: Block) -> BlockId {
        if self.blocks.len() >= self.room && self.reserve(1).is_err() {
            return self.record_out_of_memory();
        }
        let new = self.blocks.len() as u32;
        let is = |position: u32| self.blocks[position as usize].is_like(&block);
        let position = self.known.find_or_insert(block.hash(), is, new);
        if position == new {
            self.blocks.push(block);
            for target in block.targets {
                let position = target.block().map(BlockId::position);
                if let Some(entered) = position.and_then(|at| self.blocks.get_mut(at)) {
                    entered.enter(block.offset, block.mask);
                }
            }
        }
        BlockId::at(position as usize)
    }

    /// Makes an index of all blocks, with room for more.
    fn index(&mut self) -> Result<(), Error> {
        self.known.make_room(self.blocks.capacity())?;
        for (position, block) in (0..).zip(&self.blocks) {
            self.known.insert(block.hash(), position);
        }
        Ok(())
    }

    /// Some block, because memory has run out.
    pub(super) fn record_out_of_memory(&mut self) -> BlockId {
        self.is_out_of_memory = true;
        BlockId(BlockId::FIRST)
    }

    /// Whether all blocks are there that were asked for.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn complete(&self) -> Result<(), Error> {
        match self.is_out_of_memory {
            true => Err(Error::OutOfMemory),
            false => Ok(()),
        }
    }

    /// The block that returns an action.
    #[inline]
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
        &self.blocks[id.position()]
    }

    pub(super) fn count(&self) -> usize {
        self.blocks.len()
    }

    /// How many targets there are: blocks and the two pieces.
    pub(super) fn targets(&self) -> usize {
        self.blocks.len() + BlockId::FIRST.get() as usize
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
        assert_eq!(blocks.count(), 2);
        assert_eq!(blocks.complete(), Ok(()));
        blocks.record_out_of_memory();
        assert_eq!(blocks.complete(), Err(Error::OutOfMemory));
    }

    #[test]
    fn a_masked_word_is_masked_further_or_loaded_anew() {
        let masked = |mask| Accumulator { offset: 16, mask };
        let test = |held, mask| {
            let targets = [Target::FOLLOWING; 2];
            Block::test(masked(held), masked(mask), op::JUMP_EQUAL, 0, targets)
        };
        let further = test(7, 3);
        assert!(!further.is_free() && further.masks() == Some(3));
        let anew = test(3, 7);
        assert!(anew.loads() == Some(16) && anew.masks() == Some(7));
        let as_it_is = test(3, 3);
        assert!(!as_it_is.is_free() && as_it_is.masks().is_none());
    }

    #[test]
    fn a_word_that_is_not_there_is_loaded_again() {
        let masked = |mask| Accumulator { offset: 16, mask };
        let test = |held, word, targets| Block::test(held, word, op::JUMP_EQUAL, 0, targets);
        let mut blocks = Blocks::default();
        let inner = test(masked(7), masked(3), [Target::FOLLOWING; 2]);
        let inner = blocks.intern(inner);
        blocks.intern(test(masked(7), masked(7), [Target::to(inner); 2]));
        assert_eq!(blocks.get(inner).reloads(), None);
        blocks.intern(test(masked(3), masked(3), [Target::to(inner); 2]));
        assert_eq!(blocks.get(inner).reloads(), Some(masked(7)));
        let again = test(masked(7), masked(3), [Target::FOLLOWING; 2]);
        assert_eq!(blocks.intern(again), inner);
    }
}

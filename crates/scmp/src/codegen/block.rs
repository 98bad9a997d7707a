// SPDX-License-Identifier: LGPL-2.1-only
//! Blocks, the nodes of the program's decision graph: a block is a test, together with
//! the load of its word, or a return.
//!
//! Equal blocks are stored once (hash-consing, as in BDD packages). A block contains
//! the ids of its targets. So if two blocks are equal, everything reachable from them
//! is equal, and rules, system calls and architectures share equal tails.

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
    /// Smaller numbers are [`Target::FOLLOWING`] and [`Target::SECOND`].
    const FIRST: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

    fn at(position: usize) -> BlockId {
        BlockId(BlockId::FIRST.saturating_add(position as u32))
    }

    fn position(self) -> usize {
        (self.0.get() - BlockId::FIRST.get()) as usize
    }
}

/// The target of a conditional jump: a block, or a step of the program's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target(u32);

impl Target {
    /// The step that follows in the sequence.
    pub(super) const FOLLOWING: Target = Target(0);
    /// The step after the following one.
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

/// The content of the accumulator: a word of `struct seccomp_data`, masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accumulator {
    pub(super) offset: u8,
    pub(super) mask: u32,
}

impl Accumulator {
    /// Unknown content: no word has this offset.
    pub(super) const UNKNOWN: Accumulator = Accumulator::word(u8::MAX);

    pub(super) const fn word(offset: u8) -> Self {
        Accumulator {
            offset,
            mask: u32::MAX,
        }
    }
}

/// How the word that a block tests gets into the accumulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordSource {
    /// The block loads the word. Returns, which need none, have this source too.
    Loads,
    /// The word is in the accumulator already, masked with [`Block::mask_before`].
    Held,
    /// Some predecessors leave the word in the accumulator; for the others it is loaded in
    /// front of the block.
    Reloads,
}

/// A test or a return.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) code: u16,
    /// The offset of the tested word.
    offset: u8,
    source: WordSource,
    pub(super) k: u32,
    /// The mask of the word in the accumulator after the block.
    mask_after: u32,
    /// The mask of the word before the block; all bits unless the word is held.
    mask_before: u32,
    /// The target if the test holds, and the one if it does not.
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
        let (source, mask_before) = match is_usable {
            true => (WordSource::Held, held.mask),
            false => (WordSource::Loads, u32::MAX),
        };
        Block {
            code,
            offset: word.offset,
            source,
            k,
            mask_after: word.mask,
            mask_before,
            targets,
        }
    }

    fn returns(action: Action) -> Block {
        Block {
            code: op::RETURN,
            offset: 0,
            source: WordSource::Loads,
            k: action.to_raw(),
            mask_after: u32::MAX,
            mask_before: u32::MAX,
            targets: [Target::FOLLOWING; 2],
        }
    }

    /// Whether the block is a return. Layout copies returns instead of jumping far.
    pub(super) fn is_return(&self) -> bool {
        self.code == op::RETURN
    }

    /// Whether the block does not depend on the accumulator.
    pub(super) fn loads_own_word(&self) -> bool {
        self.source == WordSource::Loads
    }

    /// The word to load in front of the block, if some predecessors do not leave it in the
    /// accumulator.
    pub(super) fn reloads(&self) -> Option<Accumulator> {
        (self.source == WordSource::Reloads).then_some(Accumulator {
            offset: self.offset,
            mask: self.mask_before,
        })
    }

    /// The offset of the word that the block itself loads.
    pub(super) fn loads(&self) -> Option<u8> {
        (self.source == WordSource::Loads && !self.is_return()).then_some(self.offset)
    }

    /// The mask that the block applies.
    pub(super) fn masks(&self) -> Option<u32> {
        (self.mask_before != self.mask_after).then_some(self.mask_after)
    }

    /// Whether both blocks are equal, apart from reloads.
    fn is_like(&self, other: &Block) -> bool {
        self.k == other.k
            && self.targets == other.targets
            && (self.code, self.offset) == (other.code, other.offset)
            && (self.mask_after, self.mask_before) == (other.mask_after, other.mask_before)
            && self.loads_own_word() == other.loads_own_word()
    }

    /// Records a predecessor, which leaves this word in the accumulator.
    fn enter(&mut self, offset: u8, mask: u32) {
        if self.source == WordSource::Held && (self.offset, self.mask_before) != (offset, mask) {
            self.source = WordSource::Reloads;
        }
    }

    fn hash(&self) -> u64 {
        let mut mixer = Mixer::default();
        let [one, other] = self.targets;
        // Masks differ rarely where the rest is equal.
        let code = u64::from(self.code) << 32 | u64::from(self.offset) << 48;
        mixer.mix(code | u64::from(self.k));
        mixer.mix(u64::from(one.0) << 32 | u64::from(other.0));
        mixer.hash()
    }
}

/// All blocks of a program under construction.
///
/// If memory runs out, [`Blocks::intern`] returns a dummy id, and [`Blocks::complete`] reports
/// the error at the end.
#[derive(Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    known: HashIndex,
    /// How many blocks there is room for, in the vector and in the index.
    room: usize,
    /// The last action with its block: most calls have the action of the call before.
    last_return: Option<(Action, BlockId)>,
    /// The action, with its block, that differs from `last_return` and was asked for last.
    // Without these two fields and `other_action`, docker takes 6 % more instructions.
    return_before: Option<(Action, BlockId)>,
    /// Set once memory has run out.
    failure: Option<Error>,
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

    /// The block with this content. If it is new, its targets may have to reload their words.
    #[inline(always)]
    pub(super) fn intern(&mut self, block: Block) -> BlockId {
        if self.blocks.len() >= self.room && self.reserve(1).is_err() {
            return self.record_failure();
        }
        let new = self.blocks.len() as u32;
        let is = |position: u32| self.blocks[position as usize].is_like(&block);
        let position = self.known.find_or_insert(block.hash(), is, new);
        if position == new {
            self.blocks.push(block);
            for target in block.targets {
                let position = target.block().map(BlockId::position);
                if let Some(entered) = position.and_then(|at| self.blocks.get_mut(at)) {
                    entered.enter(block.offset, block.mask_after);
                }
            }
        }
        BlockId::at(position as usize)
    }

    /// Rebuilds the index, with room for more blocks.
    fn index(&mut self) -> Result<(), Error> {
        self.known.make_room(self.blocks.capacity())?;
        for (position, block) in (0..).zip(&self.blocks) {
            self.known.insert(block.hash(), position);
        }
        Ok(())
    }

    /// Records that memory has run out and returns a dummy id; `complete` reports it.
    pub(super) fn record_failure(&mut self) -> BlockId {
        self.failure = Some(Error::OutOfMemory);
        BlockId(BlockId::FIRST)
    }

    /// Fails if memory has run out while blocks were made.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn complete(&self) -> Result<(), Error> {
        self.failure.map_or(Ok(()), Err)
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
        let id = match self.return_before {
            Some((before, id)) if before == action => id,
            _ => self.intern(Block::returns(action)),
        };
        self.return_before = self.last_return.replace((action, id));
        id
    }

    pub(super) fn get(&self, id: BlockId) -> &Block {
        &self.blocks[id.position()]
    }

    pub(super) fn count(&self) -> usize {
        self.blocks.len()
    }

    /// How many targets there are: all blocks and two steps.
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
        blocks.record_failure();
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
        assert!(!further.loads_own_word() && further.masks() == Some(3));
        let anew = test(3, 7);
        assert!(anew.loads() == Some(16) && anew.masks() == Some(7));
        let as_it_is = test(3, 3);
        assert!(!as_it_is.loads_own_word() && as_it_is.masks().is_none());
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

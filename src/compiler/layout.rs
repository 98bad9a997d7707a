// SPDX-License-Identifier: LGPL-2.1-only
//! From blocks to instructions: order, accumulator reloads, jump distances.
//!
//! Everything is done from the end of the program backwards. What follows an
//! instruction never changes again, so a position counted from the end is
//! final, and each block is visited once.

use super::block::{Accumulator, Block, BlockId, Blocks, Step, Target};
use crate::arch::Endian;
use crate::bpf::{Instruction, MOST_INSTRUCTIONS, Program, op};
use crate::error::Error;
use crate::fallible;

/// The farthest that a conditional jump reaches.
const FARTHEST: u32 = u8::MAX as u32;

/// Makes the program of the blocks in `sequence`, in this order, and all that
/// they lead to. A block may stand in the sequence several times.
pub(super) fn assemble(
    blocks: &Blocks,
    sequence: &[BlockId],
    endian: Endian,
) -> Result<Program, Error> {
    let order = order(blocks, sequence)?;
    let reloaded = reloaded(blocks, sequence)?;
    let mut output = Output {
        blocks,
        reversed: Vec::new(),
        nearest: fallible::filled(blocks.len(), None)?,
        farthest: fallible::filled(blocks.len(), None)?,
    };
    for id in order {
        output.block(id, reloaded[id.index()])?;
        if output.reversed.len() > MOST_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
    }
    let mut instructions = output.reversed;
    instructions.reverse();
    Ok(Program::new(instructions, endian))
}

/// All blocks from the last to the first. Those outside of the sequence
/// stand behind the last block that leads to them, the target of its last
/// instruction's false side nearest to it: the C library's order.
fn order(blocks: &Blocks, sequence: &[BlockId]) -> Result<Vec<BlockId>, Error> {
    let mut placed = fallible::filled(blocks.len(), false)?;
    for id in sequence {
        placed[id.index()] = true;
    }
    let mut order = Vec::new();
    let mut pending = Vec::new();
    for &id in sequence.iter().rev() {
        fallible::push(&mut pending, id)?;
        while let Some(&id) = pending.last() {
            let unplaced = blocks
                .get(id)
                .targets_from_last()
                .find(|target| !placed[target.index()]);
            match unplaced {
                Some(target) => {
                    placed[target.index()] = true;
                    fallible::push(&mut pending, target)?;
                }
                None => {
                    pending.pop();
                    fallible::push(&mut order, id)?;
                }
            }
        }
    }
    Ok(order)
}

/// What each block must load before it starts, because control reaches it
/// with something else in the accumulator than it expects. The blocks of the
/// sequence load for themselves.
fn reloaded(blocks: &Blocks, sequence: &[BlockId]) -> Result<Vec<Option<Accumulator>>, Error> {
    let mut reloaded = fallible::filled(blocks.len(), None)?;
    for block in blocks.iter() {
        for target in block.targets_from_last() {
            let expects = blocks.get(target).expects;
            if expects.is_some() && expects != block.leaves {
                reloaded[target.index()] = expects;
            }
        }
    }
    for id in sequence {
        reloaded[id.index()] = None;
    }
    Ok(reloaded)
}

struct Output<'a> {
    blocks: &'a Blocks,
    /// The program from its last instruction to its first.
    reversed: Vec<Instruction>,
    /// For each block, how many instructions there are from its first place
    /// (its start, a copy of its return, or a jump to it) to the end.
    nearest: Vec<Option<u32>>,
    /// The same for its last place.
    farthest: Vec<Option<u32>>,
}

impl Output<'_> {
    fn len(&self) -> u32 {
        self.reversed.len() as u32
    }

    fn block(&mut self, id: BlockId, reload: Option<Accumulator>) -> Result<(), Error> {
        let block = *self.blocks.get(id);
        while self.extend(&block)? {}
        for step in block.steps().rev() {
            let instruction = self.instruction(step)?;
            fallible::push(&mut self.reversed, instruction)?;
        }
        if let Some(accumulator) = reload {
            if accumulator.mask != u32::MAX {
                fallible::push(&mut self.reversed, plain(op::AND, accumulator.mask))?;
            }
            fallible::push(&mut self.reversed, plain(op::LOAD, accumulator.offset))?;
        }
        let start = self.len();
        self.nearest[id.index()] = Some(start);
        self.farthest[id.index()].get_or_insert(start);
        Ok(())
    }

    /// Puts copies of returns and long jumps behind a block that is next, for
    /// targets out of reach. True if it did: others may now be out of reach.
    fn extend(&mut self, block: &Block) -> Result<bool, Error> {
        let mut extended = false;
        for (after, step) in block.steps().rev().enumerate() {
            let Step::Branch { targets, .. } = step else {
                continue;
            };
            for target in targets {
                let Target::Block(id) = *target else { continue };
                if self.distance(id, after as u32)? <= FARTHEST {
                    continue;
                }
                let bridge = match self.blocks.get(id).returned() {
                    Some(k) => plain(op::RETURN, k),
                    None => {
                        let target = self.farthest[id.index()].ok_or(Error::Internal)?;
                        plain(op::JUMP, self.len() - target)
                    }
                };
                fallible::push(&mut self.reversed, bridge)?;
                self.nearest[id.index()] = Some(self.len());
                extended = true;
            }
        }
        Ok(extended)
    }

    /// How many instructions a jump to `id` skips, made by an instruction
    /// that `after` others of its block follow.
    fn distance(&self, id: BlockId, after: u32) -> Result<u32, Error> {
        let place = self.nearest[id.index()].ok_or(Error::Internal)?;
        Ok(self.len() + after - place)
    }

    /// The steps that follow in the block are out already.
    fn instruction(&self, step: &Step) -> Result<Instruction, Error> {
        Ok(match *step {
            Step::Load(offset) => plain(op::LOAD, offset),
            Step::And(mask) => plain(op::AND, mask),
            Step::Return(k) => plain(op::RETURN, k),
            Step::Branch { code, k, targets } => {
                let [when_true, when_false] = targets;
                Instruction {
                    code,
                    jump_true: self.jump(when_true)?,
                    jump_false: self.jump(when_false)?,
                    k,
                }
            }
        })
    }

    fn jump(&self, target: Target) -> Result<u8, Error> {
        match target {
            Target::Next => Ok(0),
            Target::Block(id) => u8::try_from(self.distance(id, 0)?).map_err(|_| Error::Internal),
        }
    }
}

fn plain(code: u16, k: u32) -> Instruction {
    Instruction {
        code,
        jump_true: 0,
        jump_false: 0,
        k,
    }
}

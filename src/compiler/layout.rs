// SPDX-License-Identifier: LGPL-2.1-only
//! From blocks to instructions: order, accumulator reloads, jump distances.
//!
//! Everything is done from the end of the program backwards. What follows an
//! instruction never changes again, so a position counted from the end is
//! final, and nothing is visited twice.

use super::Piece;
use super::block::{Accumulator, BlockId, Blocks, Step, Target};
use crate::arch::Endian;
use crate::bpf::{Instruction, MOST_INSTRUCTIONS, Program, op};
use crate::error::Error;
use crate::fallible;

/// The farthest that a conditional jump reaches.
const FARTHEST: u32 = u8::MAX as u32;

/// Makes the program of the pieces, which come last first, and of all blocks
/// that they lead to. Those stand behind the last piece or block that leads to
/// them, the target of its last instruction's false side nearest to it: the C
/// library's order. A block may be several pieces. `default` is the block of
/// calls that no rule matches.
pub(super) fn assemble(
    blocks: &Blocks,
    reversed: &[Piece],
    default: BlockId,
    endian: Endian,
) -> Result<Program, Error> {
    let mut output = Output {
        blocks,
        default,
        reloaded: reloaded(blocks)?,
        reversed: Vec::new(),
        places: fallible::filled(blocks.len(), None)?,
        following: Place::at(0),
        started: fallible::filled(blocks.len(), false)?,
        pending: Vec::new(),
    };
    for piece in reversed {
        if let Piece::Block(id) = *piece {
            output.started[id.index()] = true;
        }
    }
    fallible::reserve(&mut output.reversed, reversed.len() + 2 * blocks.len())?;
    for piece in reversed {
        output.piece(piece)?;
    }
    let mut instructions = output.reversed;
    instructions.reverse();
    Ok(Program::new(instructions, endian))
}

/// What each block must load before it starts, because control reaches it
/// with something else in the accumulator than it expects.
fn reloaded(blocks: &Blocks) -> Result<Vec<Option<Accumulator>>, Error> {
    let mut reloaded = fallible::filled(blocks.len(), None)?;
    for block in blocks.iter() {
        for target in block.targets_from_last() {
            let expects = blocks.get(target).expects;
            if expects.is_some() && expects != block.leaves {
                reloaded[target.index()] = expects;
            }
        }
    }
    Ok(reloaded)
}

/// Where something stands, in instructions from there to the end.
#[derive(Clone, Copy)]
struct Place {
    /// Its first place: its start, a copy of its return, or a jump to it.
    nearest: u32,
    /// Its last place.
    farthest: u32,
}

impl Place {
    fn at(start: u32) -> Place {
        Place {
            nearest: start,
            farthest: start,
        }
    }
}

struct Output<'a> {
    blocks: &'a Blocks,
    /// Of calls that no rule matches.
    default: BlockId,
    reloaded: Vec<Option<Accumulator>>,
    /// The program from its last instruction to its first.
    reversed: Vec<Instruction>,
    /// Of blocks that are out.
    places: Vec<Option<Place>>,
    /// Of the piece that went out last.
    following: Place,
    /// Blocks that are out, under way, or pieces.
    started: Vec<bool>,
    /// Blocks under way.
    pending: Vec<BlockId>,
}

impl Output<'_> {
    fn len(&self) -> u32 {
        self.reversed.len() as u32
    }

    fn piece(&mut self, piece: &Piece) -> Result<(), Error> {
        match *piece {
            Piece::Load(word) => self.push(plain(op::LOAD, word.offset))?,
            Piece::Call { number, matched } => self.call(number, matched, Target::Following)?,
            Piece::LastCall { number, matched } => {
                self.call(number, matched, Target::Block(self.default))?;
            }
            Piece::Block(id) => {
                let block = *self.blocks.get(id);
                for target in block.targets_from_last() {
                    self.start(Target::Block(target))?;
                }
                self.steps(block.steps())?;
                self.places[id.index()] = Some(match self.places[id.index()] {
                    Some(place) => Place {
                        nearest: self.len(),
                        ..place
                    },
                    None => Place::at(self.len()),
                });
            }
        }
        self.following = Place::at(self.len());
        Ok(())
    }

    fn call(&mut self, number: u32, matched: BlockId, otherwise: Target) -> Result<(), Error> {
        let targets = [Target::Block(matched), otherwise];
        // Nearly all are out and near.
        if let [Some(jump_true), Some(jump_false)] = targets.map(|target| self.jump(target).ok()) {
            return self.push(Instruction {
                code: op::JUMP_EQUAL,
                jump_true,
                jump_false,
                k: number,
            });
        }
        self.start(targets[0])?;
        self.start(targets[1])?;
        self.steps(&[Step::Branch {
            code: op::JUMP_EQUAL,
            k: number,
            targets,
        }])
    }

    /// Puts out a block, and before it, which is behind it, what it leads to.
    fn start(&mut self, target: Target) -> Result<(), Error> {
        match target {
            Target::Block(id) if !self.started[id.index()] => self.begin(id)?,
            _ => return Ok(()),
        }
        while let Some(&id) = self.pending.last() {
            let mut targets = self.blocks.get(id).targets_from_last();
            match targets.find(|target| !self.started[target.index()]) {
                Some(target) => self.begin(target)?,
                None => {
                    self.pending.pop();
                    self.block(id)?;
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, id: BlockId) -> Result<(), Error> {
        self.started[id.index()] = true;
        fallible::push(&mut self.pending, id)
    }

    fn block(&mut self, id: BlockId) -> Result<(), Error> {
        self.steps(self.blocks.get(id).steps())?;
        if let Some(accumulator) = self.reloaded[id.index()] {
            if accumulator.mask != u32::MAX {
                self.push(plain(op::AND, accumulator.mask))?;
            }
            self.push(plain(op::LOAD, accumulator.offset))?;
        }
        self.places[id.index()] = Some(Place::at(self.len()));
        Ok(())
    }

    /// Puts out the instructions of a block.
    fn steps(&mut self, steps: &[Step]) -> Result<(), Error> {
        while self.extend(steps)? {}
        for step in steps.iter().rev() {
            let instruction = self.instruction(step)?;
            self.push(instruction)?;
        }
        Ok(())
    }

    fn push(&mut self, instruction: Instruction) -> Result<(), Error> {
        if self.reversed.len() == MOST_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
        fallible::push(&mut self.reversed, instruction)
    }

    /// Puts copies of returns and long jumps behind the instructions that are
    /// next, for targets out of reach. True if it did: others may now be out
    /// of reach.
    fn extend(&mut self, steps: &[Step]) -> Result<bool, Error> {
        let mut extended = false;
        for (after, step) in steps.iter().rev().enumerate() {
            let Step::Branch { targets, .. } = step else {
                continue;
            };
            for &target in targets {
                if self.distance(target, after as u32)? <= FARTHEST {
                    continue;
                }
                let returned = target.block().and_then(|id| self.blocks.get(id).returned());
                let bridge = match returned {
                    Some(k) => plain(op::RETURN, k),
                    None => plain(op::JUMP, self.len() - self.place(target)?.farthest),
                };
                self.push(bridge)?;
                let nearest = self.len();
                match target {
                    Target::Block(id) => {
                        if let Some(place) = &mut self.places[id.index()] {
                            place.nearest = nearest;
                        }
                    }
                    _ => self.following.nearest = nearest,
                }
                extended = true;
            }
        }
        Ok(extended)
    }

    fn place(&self, target: Target) -> Result<Place, Error> {
        match target {
            Target::Next => Ok(Place::at(self.len())),
            Target::Following => Ok(self.following),
            Target::Block(id) => self.places[id.index()].ok_or(Error::Internal),
        }
    }

    /// How many instructions a jump to `target` skips, made by an instruction
    /// that `after` others of its block follow.
    fn distance(&self, target: Target, after: u32) -> Result<u32, Error> {
        match target {
            Target::Next => Ok(0),
            _ => Ok(self.len() + after - self.place(target)?.nearest),
        }
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

    /// The jump from the next instruction; an error if the target is not out
    /// yet or too far.
    #[inline]
    fn jump(&self, target: Target) -> Result<u8, Error> {
        u8::try_from(self.distance(target, 0)?).map_err(|_| Error::Internal)
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

// SPDX-License-Identifier: LGPL-2.1-only
//! From blocks to instructions: order, accumulator reloads, jump distances.
//!
//! Everything is done from the end of the program backwards. What follows an
//! instruction never changes again, so a position counted from the end is
//! final, and nothing is visited twice.

use super::Piece;
use super::block::{Block, BlockId, Blocks, Target};
use crate::arch::Endian;
use crate::bpf::{Instruction, MOST_INSTRUCTIONS, Program, op};
use crate::error::Error;
use crate::fallible;

/// The farthest that a conditional jump reaches.
const FARTHEST: u32 = u8::MAX as u32;

/// Makes the program of the pieces, which come last first, and of all blocks
/// that they lead to. Those stand behind the last piece or block that leads to
/// them, the target of its false side nearest to it: the C library's order. A
/// block may be several pieces. `default` is the block of calls that no rule
/// matches.
pub(super) fn assemble(
    blocks: &Blocks,
    reversed: &[Piece],
    default: BlockId,
    endian: Endian,
) -> Result<Program, Error> {
    let mut output = Output {
        blocks,
        default,
        reversed: Vec::new(),
        states: fallible::filled(blocks.len(), State::PENDING)?,
        following: Place::NOWHERE,
        second: Place::NOWHERE,
    };
    output.find_reloads();
    for piece in reversed {
        if let Piece::Block(id) = *piece {
            output.state_mut(id).started = true;
        }
    }
    fallible::reserve(&mut output.reversed, reversed.len() + 2 * blocks.len())?;
    let mut rest = reversed;
    while let Some((piece, others)) = rest.split_first() {
        output.piece(piece)?;
        rest = &others[output.near_calls(others)..];
    }
    let mut instructions = output.reversed;
    instructions.reverse();
    Ok(Program::new(instructions, endian))
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
    /// Too far from any instruction, and from the end.
    const NOWHERE: Place = Place {
        nearest: u32::MAX / 2,
        farthest: u32::MAX / 2,
    };

    fn is_known(self) -> bool {
        self.nearest != Place::NOWHERE.nearest
    }

    fn at(start: u32) -> Place {
        Place {
            nearest: start,
            farthest: start,
        }
    }
}

/// What is known of a block.
#[derive(Clone, Copy)]
struct State {
    place: Place,
    /// It is out, under way, or a piece.
    started: bool,
    /// It must load what it expects before it starts, because control reaches
    /// it with something else in the accumulator.
    reloads: bool,
    /// While it is under way, the one that leads to it and is under way too.
    outer: Option<BlockId>,
}

impl State {
    /// Of one that is not out.
    const PENDING: State = State {
        place: Place::NOWHERE,
        started: false,
        reloads: false,
        outer: None,
    };
}

struct Output<'a> {
    blocks: &'a Blocks,
    /// Of calls that no rule matches.
    default: BlockId,
    /// The program from its last instruction to its first.
    reversed: Vec<Instruction>,
    states: Vec<State>,
    /// Of the piece that went out last.
    following: Place,
    /// Of the one before.
    second: Place,
}

impl Output<'_> {
    fn len(&self) -> u32 {
        self.reversed.len() as u32
    }

    #[inline]
    fn state(&self, id: BlockId) -> &State {
        &self.states[id.index()]
    }

    #[inline]
    fn state_mut(&mut self, id: BlockId) -> &mut State {
        &mut self.states[id.index()]
    }

    fn find_reloads(&mut self) {
        for block in self.blocks.iter().filter(|block| !block.is_return()) {
            for target in block.targets {
                let Some(id) = target.block() else { continue };
                if !self.blocks.get(id).accepts(block.word) {
                    self.state_mut(id).reloads = true;
                }
            }
        }
    }

    /// Puts out the first of these pieces as long as they are tests for calls
    /// whose blocks are out and near, as nearly all are; returns how many.
    fn near_calls(&mut self, pieces: &[Piece]) -> usize {
        let first = self.reversed.len();
        let room = self.reversed.capacity().min(MOST_INSTRUCTIONS) - first;
        let pieces = &pieces[..room.min(pieces.len())];
        push_near_calls(&mut self.reversed, pieces, &self.states);
        let count = self.reversed.len() - first;
        if count > 0 {
            let last = self.len();
            self.second = Place::at(last - 1);
            self.following = Place::at(last);
        }
        count
    }

    fn piece(&mut self, piece: &Piece) -> Result<(), Error> {
        match *piece {
            Piece::Call { number, block } => self.call(number, block, Target::FOLLOWING)?,
            Piece::LastCall { number, block } => {
                self.call(number, block, Target::to(self.default))?;
            }
            Piece::Load(word) => self.push(plain(op::LOAD, word.offset))?,
            Piece::Block(id) => {
                let block = *self.blocks.get(id);
                for target in block.blocks() {
                    self.start(target)?;
                }
                self.instructions(&block)?;
                let nearest = self.len();
                let place = &mut self.state_mut(id).place;
                match place.is_known() {
                    true => place.nearest = nearest,
                    false => *place = Place::at(nearest),
                }
            }
        }
        self.second = self.following;
        self.following = Place::at(self.len());
        Ok(())
    }

    fn call(&mut self, number: u32, block: BlockId, otherwise: Target) -> Result<(), Error> {
        let targets = [Target::to(block), otherwise];
        for target in targets.into_iter().filter_map(Target::block) {
            self.start(target)?;
        }
        self.far_branch(op::JUMP_EQUAL, number, targets)
    }

    /// Puts out a block, and before it, which is behind it, what it leads to.
    fn start(&mut self, target: BlockId) -> Result<(), Error> {
        if self.state(target).started {
            return Ok(());
        }
        self.state_mut(target).started = true;
        let mut innermost = Some(target);
        while let Some(id) = innermost {
            let block = self.blocks.get(id);
            let mut targets = block.blocks();
            match targets.find(|target| !self.state(*target).started) {
                Some(target) => {
                    let state = self.state_mut(target);
                    state.started = true;
                    state.outer = innermost;
                    innermost = Some(target);
                }
                None => {
                    self.block(id, block)?;
                    innermost = self.state(id).outer;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn block(&mut self, id: BlockId, block: &Block) -> Result<(), Error> {
        self.instructions(block)?;
        if self.state(id).reloads {
            if let Some(word) = block.expects() {
                if word.mask != u32::MAX {
                    self.push(plain(op::AND, word.mask))?;
                }
                self.push(plain(op::LOAD, word.offset))?;
            }
        }
        let place = Place::at(self.len());
        self.state_mut(id).place = place;
        Ok(())
    }

    /// Puts out the instructions of a block.
    #[inline(always)]
    fn instructions(&mut self, block: &Block) -> Result<(), Error> {
        if block.is_return() {
            return self.push(plain(op::RETURN, block.k));
        }
        match self.branch(block.code, block.k, block.targets) {
            Some(branch) => self.push(branch)?,
            None => self.far_branch(block.code, block.k, block.targets)?,
        }
        if block.masks() {
            self.push(plain(op::AND, block.word.mask))?;
        }
        if block.loads {
            self.push(plain(op::LOAD, block.word.offset))?;
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, instruction: Instruction) -> Result<(), Error> {
        if self.reversed.len() == MOST_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
        fallible::push(&mut self.reversed, instruction)
    }

    /// The next instruction; `None` if a target is not out yet or too far.
    #[inline]
    fn branch(&self, code: u16, k: u32, targets: [Target; 2]) -> Option<Instruction> {
        let [jump_true, jump_false] = targets.map(|target| self.distance(target));
        (jump_true <= FARTHEST && jump_false <= FARTHEST).then_some(Instruction {
            code,
            jump_true: jump_true as u8,
            jump_false: jump_false as u8,
            k,
        })
    }

    /// How many instructions a jump from the next one skips; too many if the
    /// target is not out yet.
    #[inline]
    fn distance(&self, target: Target) -> u32 {
        self.len().wrapping_sub(self.place(target).nearest)
    }

    /// Puts out a branch whose targets are out, behind it copies of returns
    /// and long jumps for those out of reach. One of these may put the other
    /// target out of reach.
    #[cold]
    fn far_branch(&mut self, code: u16, k: u32, targets: [Target; 2]) -> Result<(), Error> {
        loop {
            if let Some(branch) = self.branch(code, k, targets) {
                return self.push(branch);
            }
            for target in targets {
                let place = self.place(target);
                if !place.is_known() {
                    return Err(Error::Internal);
                }
                if self.distance(target) <= FARTHEST {
                    continue;
                }
                let block = target.block().map(|id| self.blocks.get(id));
                let bridge = match block.filter(|block| block.is_return()) {
                    Some(block) => plain(op::RETURN, block.k),
                    None => plain(op::JUMP, self.len() - place.farthest),
                };
                self.push(bridge)?;
                let nearest = self.len();
                let place = match target {
                    Target::FOLLOWING => &mut self.following,
                    Target::SECOND => &mut self.second,
                    _ => &mut self.state_mut(target.block().ok_or(Error::Internal)?).place,
                };
                place.nearest = nearest;
            }
        }
    }

    #[inline]
    fn place(&self, target: Target) -> Place {
        match target {
            Target::FOLLOWING => self.following,
            Target::SECOND => self.second,
            _ => match target.block() {
                Some(id) => self.state(id).place,
                None => Place::NOWHERE,
            },
        }
    }
}

// By itself, for the processor's registers.
#[inline(never)]
fn push_near_calls(reversed: &mut Vec<Instruction>, pieces: &[Piece], states: &[State]) {
    let tests = (reversed.len() as u32..).zip(pieces);
    let tests = tests.map_while(|(length, piece)| {
        let Piece::Call { number, block } = *piece else {
            return None;
        };
        let skipped = length.wrapping_sub(states[block.index()].place.nearest);
        (skipped <= FARTHEST).then_some(Instruction {
            code: op::JUMP_EQUAL,
            jump_true: skipped as u8,
            jump_false: 0,
            k: number,
        })
    });
    reversed.extend(tests);
}

fn plain(code: u16, k: u32) -> Instruction {
    Instruction {
        code,
        jump_true: 0,
        jump_false: 0,
        k,
    }
}

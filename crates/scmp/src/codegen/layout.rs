// SPDX-License-Identifier: LGPL-2.1-only
//! From blocks to instructions: their order, accumulator reloads, jump distances.
//!
//! A conditional jump of BPF skips at most 255 instructions, forwards. The program is
//! emitted backwards, from its last instruction: the targets of a jump are emitted before
//! the jump, so that its distances are known at once. Positions are counted from the
//! end and therefore final. Other assemblers iterate for this (branch relaxation); here
//! each block is visited once. If a target is out of reach, a copy of its return or an
//! unconditional jump to it is emitted, in reach, and later jumps use this bridge too.

use super::block::{Block, BlockId, Blocks, Target};
use super::{Compiler, Step, TestedCall};
use crate::bpf::{Instruction, MAX_INSTRUCTIONS, Program, op};
use crate::error::Error;
use crate::fallible;

/// The farthest that a conditional jump reaches.
const FARTHEST: u32 = u8::MAX as u32;

/// Makes the program of the steps and of all blocks that they lead to. A block is placed after
/// every step and block that jumps to it; if a block has two targets to place, that of the
/// false side comes first: the C library's order. Two architectures with equal
/// searches share one block, which the sequence then contains twice.
pub(super) fn assemble(compiler: &Compiler) -> Result<Program, Error> {
    let Compiler {
        endian,
        blocks,
        calls,
        reversed,
        ..
    } = compiler;
    let mut output = Layout {
        blocks,
        reversed: Vec::new(),
        states: fallible::filled(blocks.targets(), TargetState::PENDING)?,
    };
    for target in [Target::FOLLOWING, Target::SECOND] {
        output.state_mut(target).started = true;
    }
    for step in reversed {
        if let Step::Block(id) = *step {
            output.state_mut(Target::to(id)).started = true;
        }
    }
    let length = calls.len() + reversed.len() + 2 * blocks.count();
    fallible::reserve(&mut output.reversed, length)?;
    for step in reversed {
        let following = output.state(Target::FOLLOWING).place;
        match *step {
            Step::Calls {
                start,
                end,
                otherwise,
            } => output.calls(&calls[start..end], otherwise)?,
            Step::Load(word) => output.push(plain(op::LOAD, u32::from(word.offset)))?,
            Step::Block(id) => output.block_step(id)?,
        }
        output.state_mut(Target::SECOND).place = following;
        output.state_mut(Target::FOLLOWING).place = Place::at(output.len());
    }
    let mut instructions = output.reversed;
    instructions.reverse();
    Program::new(instructions, *endian)
}

/// The position of a target, as the number of instructions from there to the end.
#[derive(Clone, Copy)]
struct Place {
    /// The target, or the nearest bridge to it: a copy of its return, or a jump.
    nearest: u32,
    /// The target itself, which is behind all bridges.
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

/// The state of a target.
#[derive(Clone, Copy)]
struct TargetState {
    place: Place,
    /// The target is emitted, is being emitted, or is a step.
    started: bool,
    /// While the target is being emitted: the block that waits for it.
    outer: Option<BlockId>,
}

impl TargetState {
    /// The state before emission starts.
    const PENDING: TargetState = TargetState {
        place: Place::NOWHERE,
        started: false,
        outer: None,
    };
}

struct Layout<'a> {
    blocks: &'a Blocks,
    /// The program from its last instruction to its first.
    reversed: Vec<Instruction>,
    /// The state of each target.
    states: Vec<TargetState>,
}

impl Layout<'_> {
    fn len(&self) -> u32 {
        self.reversed.len() as u32
    }

    fn state(&self, target: Target) -> &TargetState {
        &self.states[target.index()]
    }

    fn state_mut(&mut self, target: Target) -> &mut TargetState {
        &mut self.states[target.index()]
    }

    /// Emits the tests of calls; other numbers go to `otherwise`.
    fn calls(&mut self, calls: &[TestedCall], otherwise: BlockId) -> Result<(), Error> {
        let mut otherwise = Target::to(otherwise);
        let mut rest = calls;
        while let Some((call, sooner)) = rest.split_last() {
            let targets = [Target::to(call.block), otherwise];
            for target in targets {
                self.start(target)?;
            }
            self.far_branch(op::JUMP_EQUAL, call.number, targets)?;
            rest = &sooner[..sooner.len() - self.near_calls(sooner)];
            // The test that was emitted last.
            otherwise = Target::FOLLOWING;
            self.state_mut(otherwise).place = Place::at(self.len());
        }
        Ok(())
    }

    /// Emits tests from the last call backwards, until the block of a call is not emitted or is
    /// out of reach; returns how many. Nearly all are in reach.
    fn near_calls(&mut self, calls: &[TestedCall]) -> usize {
        let first = self.reversed.len();
        let room = self.reversed.capacity().min(MAX_INSTRUCTIONS) - first;
        let tests = (first as u32..).zip(calls.iter().rev().take(room));
        let states = &self.states;
        let tests = tests.map_while(|(length, call)| {
            let place = states[Target::to(call.block).index()].place;
            let skipped = length.wrapping_sub(place.nearest);
            (skipped <= FARTHEST).then_some(Instruction::new(
                op::JUMP_EQUAL,
                [skipped as u8, 0],
                call.number,
            ))
        });
        self.reversed.extend(tests);
        self.reversed.len() - first
    }

    fn block_step(&mut self, id: BlockId) -> Result<(), Error> {
        let block = *self.blocks.get(id);
        for target in block.targets {
            self.start(target)?;
        }
        self.instructions(&block)?;
        let nearest = self.len();
        let place = &mut self.state_mut(Target::to(id)).place;
        match place.is_known() {
            true => place.nearest = nearest,
            false => *place = Place::at(nearest),
        }
        Ok(())
    }

    /// Emits successors first; emission is backwards, so they land after the block. The
    /// walk is depth-first, with `outer` as its stack, because decision trees may be deep.
    fn start(&mut self, target: Target) -> Result<(), Error> {
        let Some(mut id) = self.begin(target, None) else {
            return Ok(());
        };
        loop {
            let block = self.blocks.get(id);
            let [one, other] = block.targets;
            if let Some(inner) = self
                .begin(one, Some(id))
                .or_else(|| self.begin(other, Some(id)))
            {
                id = inner;
                continue;
            }
            self.block(block)?;
            let place = Place::at(self.len());
            let state = self.state_mut(Target::to(id));
            state.place = place;
            match state.outer {
                Some(outer) => id = outer,
                None => return Ok(()),
            }
        }
    }

    /// Marks a target as started; returns its block if it was not started before.
    fn begin(&mut self, target: Target, outer: Option<BlockId>) -> Option<BlockId> {
        let state = self.state_mut(target);
        if state.started {
            return None;
        }
        state.started = true;
        state.outer = outer;
        target.block()
    }

    fn block(&mut self, block: &Block) -> Result<(), Error> {
        self.instructions(block)?;
        if let Some(word) = block.reloads() {
            if word.mask != u32::MAX {
                self.push(plain(op::AND, word.mask))?;
            }
            self.push(plain(op::LOAD, u32::from(word.offset)))?;
        }
        Ok(())
    }

    /// Emits the instructions of a block.
    // flatpak: -1 % of all instructions
    #[inline(always)]
    fn instructions(&mut self, block: &Block) -> Result<(), Error> {
        if block.is_return() {
            return self.push(plain(op::RETURN, block.k));
        }
        match self.branch(block.code, block.k, block.targets) {
            Some(branch) => self.push(branch)?,
            None => self.far_branch(block.code, block.k, block.targets)?,
        }
        if let Some(mask) = block.masks() {
            self.push(plain(op::AND, mask))?;
        }
        if let Some(offset) = block.loads() {
            self.push(plain(op::LOAD, u32::from(offset)))?;
        }
        Ok(())
    }

    fn push(&mut self, instruction: Instruction) -> Result<(), Error> {
        if self.reversed.len() == MAX_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
        fallible::push(&mut self.reversed, instruction)
    }

    /// The jump as the next instruction; `None` if a target is not emitted or too far.
    fn branch(&self, code: u16, k: u32, targets: [Target; 2]) -> Option<Instruction> {
        let jumps = targets.map(|target| self.distance(target));
        let near = jumps.iter().all(|&skipped| skipped <= FARTHEST);
        near.then_some(Instruction::new(
            code,
            jumps.map(|skipped| skipped as u8),
            k,
        ))
    }

    /// How many instructions a jump from the next instruction skips; more than
    /// `FARTHEST` if the target is not emitted.
    fn distance(&self, target: Target) -> u32 {
        self.len().wrapping_sub(self.state(target).place.nearest)
    }

    /// Emits a jump whose targets are emitted; for those out of reach, first a copy of
    /// the return or an unconditional jump, which lands after the jump. This may put the
    /// other target out of reach, hence the loop.
    fn far_branch(&mut self, code: u16, k: u32, targets: [Target; 2]) -> Result<(), Error> {
        loop {
            if let Some(branch) = self.branch(code, k, targets) {
                return self.push(branch);
            }
            for target in targets {
                let place = self.state(target).place;
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
                self.state_mut(target).place.nearest = nearest;
            }
        }
    }
}

fn plain(code: u16, k: u32) -> Instruction {
    Instruction::new(code, [0, 0], k)
}

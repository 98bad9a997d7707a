// SPDX-License-Identifier: LGPL-2.1-only
//! Programs, written from their end to their start.

use scmp::bpf::{Instruction, MAX_INSTRUCTIONS, Program, op};
use scmp::{Endian, Error};

/// Offset of the system call's number in `struct seccomp_data`.
pub const NUMBER_OFFSET: u32 = 0;

/// Offset of the architecture's audit token.
pub const TOKEN_OFFSET: u32 = 4;

/// An instruction, counted from the end of the program, which is written backwards. A
/// position counted from there never changes.
#[derive(Clone, Copy)]
pub struct Label(usize);

/// A jump may lead over this many instructions, and over the two long jumps that may be
/// written between it and them.
const NEAR: usize = u8::MAX as usize - 2;

/// The end of a program, last instruction first.
#[derive(Default)]
pub struct Code {
    backwards: Vec<Instruction>,
}

impl Code {
    /// An existing program, before which others are written, and its start.
    pub fn before(program: &Program) -> (Code, Label) {
        let backwards: Vec<_> = program.instructions().iter().rev().copied().collect();
        let start = Label(backwards.len());
        (Code { backwards }, start)
    }

    /// The program.
    pub fn finish(mut self, endian: Endian) -> Result<Program, Error> {
        self.backwards.reverse();
        Program::new(self.backwards, endian)
    }

    /// Writes an instruction before what was written last. Each of `jumps` leads over so many
    /// instructions.
    pub fn push(&mut self, code: u16, k: u32, jumps: [u8; 2]) -> Result<Label, Error> {
        // So that neither time nor memory is wasted on what can't become a program.
        if self.backwards.len() >= MAX_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
        self.backwards.push(Instruction::new(code, jumps, k));
        Ok(Label(self.backwards.len()))
    }

    /// Writes a return of a value.
    pub fn result(&mut self, value: u32) -> Result<Label, Error> {
        self.push(op::RETURN, value, [0, 0])
    }

    /// Writes a load of a word of `struct seccomp_data`, before what was written last.
    pub fn load(&mut self, offset: u32) -> Result<Label, Error> {
        self.push(op::LOAD, offset, [0, 0])
    }

    /// Whether a label is the start of what has been written.
    pub fn is_last(&self, label: Label) -> bool {
        self.distance(label) == 0
    }

    fn distance(&self, to: Label) -> usize {
        self.backwards.len() - to.0
    }

    /// The label, or a long jump to it.
    fn near(&mut self, to: Label) -> Result<Label, Error> {
        match self.distance(to) {
            0..=NEAR => Ok(to),
            far => self.push(op::JUMP, far as u32, [0, 0]),
        }
    }

    /// Writes a test of the word that was loaded, before loads and masks are written.
    pub fn test(&mut self, code: u16, k: u32, yes: Label, no: Label) -> Result<Label, Error> {
        let yes = self.near(yes)?;
        let no = self.near(no)?;
        let jump = |to| u8::try_from(self.distance(to)).map_err(|_| Error::Internal);
        let jumps = [jump(yes)?, jump(no)?];
        self.push(code, k, jumps)
    }
}

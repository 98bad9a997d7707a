// SPDX-License-Identifier: LGPL-2.1-only
//! Classic BPF programs as seccomp(2) takes them.

use crate::error::{Error, Invalid};
use crate::fallible;
use crate::rule::Endian;

/// Operation codes of linux/bpf_common.h and linux/filter.h of which this library's programs
/// consist. `scmp_verify::op` has all that the kernel accepts.
pub mod op {
    /// Load a word of `struct seccomp_data` (`BPF_LD | BPF_W | BPF_ABS`).
    pub const LOAD: u16 = 0x20;
    /// And the accumulator with a constant (`BPF_ALU | BPF_AND | BPF_K`).
    pub const AND: u16 = 0x54;
    /// Jump always (`BPF_JMP | BPF_JA`).
    pub const JUMP: u16 = 0x05;
    /// Jump if equal (`BPF_JMP | BPF_JEQ | BPF_K`).
    pub const JUMP_EQUAL: u16 = 0x15;
    /// Jump if greater, unsigned (`BPF_JMP | BPF_JGT | BPF_K`).
    pub const JUMP_GREATER: u16 = 0x25;
    /// Jump if greater or equal, unsigned (`BPF_JMP | BPF_JGE | BPF_K`).
    pub const JUMP_GREATER_OR_EQUAL: u16 = 0x35;
    /// Return a constant (`BPF_RET | BPF_K`).
    pub const RETURN: u16 = 0x06;
}

/// One instruction, `struct sock_filter` of linux/filter.h, in host order.
///
/// ```
/// use scmp::{Action, Filter};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rule(Action::Log, "ptrace", [])?;
/// let program = filter.program()?;
/// let last = program.instructions().last().copied();
/// assert_eq!(last.unwrap().code, scmp::bpf::op::RETURN);
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Instruction {
    /// Operation, see [`op`].
    pub code: u16,
    /// Instructions to skip if a condition holds.
    pub jump_true: u8,
    /// Instructions to skip if it does not.
    pub jump_false: u8,
    /// The constant.
    pub k: u32,
}

/// A filter program.
///
/// ```
/// use scmp::{Action, Filter};
///
/// let mut filter = Filter::new(Action::Allow)?;
/// filter.rule(Action::Log, "ptrace", [])?;
/// let program = filter.program()?;
/// assert!(program.instructions().len() <= scmp::bpf::MAX_LOADED);
/// # Ok::<(), scmp::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Program {
    instructions: Vec<Instruction>,
    /// Of a program in the other byte order than the host's: the instructions
    /// with their fields in that order.
    swapped: Option<Vec<Instruction>>,
    endian: Endian,
}

/// The most instructions that `struct sock_fprog` can describe.
pub const MAX_INSTRUCTIONS: usize = u16::MAX as usize;

/// The most instructions that the kernel loads: `BPF_MAXINSNS` of
/// linux/bpf_common.h.
pub const MAX_LOADED: usize = 4096;

/// Size of an instruction in an exported program, in bytes.
pub const INSTRUCTION_SIZE: usize = 8;

impl Program {
    /// A program for an architecture of this byte order. All that loading and
    /// exporting need is made here: a program may be loaded in a signal handler.
    ///
    /// ```
    /// use scmp::bpf::{Instruction, Program, op};
    /// use scmp::{Action, Endian};
    ///
    /// let (code, k) = (op::RETURN, Action::Allow.to_raw());
    /// let allow = Instruction::new(code, [0, 0], k);
    /// let program = Program::new(vec![allow], Endian::HOST)?;
    /// # assert_eq!(program.instructions(), [allow]);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(instructions: Vec<Instruction>, endian: Endian) -> Result<Program, Error> {
        let swapped = match endian == Endian::HOST {
            true => None,
            false => {
                let mut swapped = fallible::copy_of(&instructions)?;
                swapped.iter_mut().for_each(Instruction::swap_bytes);
                Some(swapped)
            }
        };
        Ok(Program {
            instructions,
            swapped,
            endian,
        })
    }

    /// Reads a program that [`Program::to_bytes`] wrote. It may be one that the kernel
    /// refuses: `scmp_verify::validate` checks that.
    ///
    /// ```
    /// use scmp::Endian;
    /// use scmp::bpf::Program;
    ///
    /// let allow = [6, 0, 0, 0, 0, 0, 0xff, 0x7f];
    /// let program = Program::from_bytes(&allow, Endian::Little)?;
    /// assert_eq!(program.to_bytes()?, allow);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the bytes end within an instruction;
    /// [`Error::ProgramTooLong`] beyond [`MAX_INSTRUCTIONS`];
    /// [`Error::OutOfMemory`].
    pub fn from_bytes(bytes: &[u8], endian: Endian) -> Result<Program, Error> {
        if bytes.len() % INSTRUCTION_SIZE != 0 {
            return Err(Error::InvalidArgument(Invalid::InstructionSize));
        }
        let length = bytes.len() / INSTRUCTION_SIZE;
        if length > MAX_INSTRUCTIONS {
            return Err(Error::ProgramTooLong);
        }
        let mut instructions = fallible::with_room(length)?;
        for each in bytes.chunks_exact(INSTRUCTION_SIZE) {
            instructions.push(Instruction::from_bytes(each, endian));
        }
        Program::new(instructions, endian)
    }

    /// The instructions, with their fields in the host's byte order.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Log, "ptrace", [])?;
    /// let program = filter.program()?;
    /// assert_eq!(program.instructions()[0].code, scmp::bpf::op::LOAD);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The instructions, with their fields in the byte order of the program's
    /// architecture: in memory they are the array of `struct sock_filter` that
    /// seccomp_export_bpf(3) writes and seccomp(2) reads.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Log, "ptrace", [])?;
    /// let program = filter.program()?;
    /// assert_eq!(program.exported(), program.instructions()); // Of the host's byte order.
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn exported(&self) -> &[Instruction] {
        self.swapped.as_ref().unwrap_or(&self.instructions)
    }

    /// The byte order in which the program is exported.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Log, "ptrace", [])?;
    /// let program = filter.program()?;
    /// assert_eq!(program.endian(), scmp::Endian::HOST);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn endian(&self) -> Endian {
        self.endian
    }

    /// The program as an array of `struct sock_filter` in the byte order of
    /// its architecture: what seccomp_export_bpf(3) writes.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Log, "ptrace", [])?;
    /// let program = filter.program()?;
    /// std::fs::write("/dev/null", program.to_bytes()?).expect("a file");
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = fallible::with_room(self.instructions.len() * INSTRUCTION_SIZE)?;
        for instruction in &self.instructions {
            bytes.extend_from_slice(&instruction.to_bytes(self.endian));
        }
        Ok(bytes)
    }
}

impl Instruction {
    /// An instruction. `jumps` are the numbers of instructions that it skips if its condition
    /// holds, and if not; both are 0 for instructions without a condition.
    ///
    /// ```
    /// use scmp::bpf::{Instruction, op};
    ///
    /// let is_close = Instruction::new(op::JUMP_EQUAL, [0, 1], 57);
    /// assert_eq!((is_close.jump_true, is_close.jump_false), (0, 1));
    /// ```
    pub const fn new(code: u16, jumps: [u8; 2], k: u32) -> Instruction {
        let [jump_true, jump_false] = jumps;
        Instruction {
            code,
            jump_true,
            jump_false,
            k,
        }
    }

    /// The instruction in the first eight of `bytes`.
    fn from_bytes(bytes: &[u8], endian: Endian) -> Instruction {
        let code = [bytes[0], bytes[1]];
        let k = [bytes[4], bytes[5], bytes[6], bytes[7]];
        let (code, k) = match endian {
            Endian::Little => (u16::from_le_bytes(code), u32::from_le_bytes(k)),
            Endian::Big => (u16::from_be_bytes(code), u32::from_be_bytes(k)),
        };
        Instruction::new(code, [bytes[2], bytes[3]], k)
    }

    fn swap_bytes(&mut self) {
        self.code = self.code.swap_bytes();
        self.k = self.k.swap_bytes();
    }

    /// The instruction as a `struct sock_filter` of this byte order.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.rule(Action::Log, "ptrace", [])?;
    /// let program = filter.program()?;
    /// let first = program.instructions()[0].to_bytes(program.endian());
    /// assert_eq!(program.to_bytes()?[..8], first);
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn to_bytes(&self, endian: Endian) -> [u8; INSTRUCTION_SIZE] {
        let (code, k) = match endian {
            Endian::Little => (self.code.to_le_bytes(), self.k.to_le_bytes()),
            Endian::Big => (self.code.to_be_bytes(), self.k.to_be_bytes()),
        };
        let mut bytes = [0; INSTRUCTION_SIZE];
        bytes[..2].copy_from_slice(&code);
        bytes[2] = self.jump_true;
        bytes[3] = self.jump_false;
        bytes[4..].copy_from_slice(&k);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn export_follows_the_byte_order() {
        let instruction = Instruction::new(op::JUMP_EQUAL, [1, 2], 0x0102_0304);
        let export = |endian| {
            let program = Program::new(vec![instruction], endian).unwrap();
            let [exported] = program.exported() else {
                panic!("one instruction");
            };
            let bytes = program.to_bytes().unwrap();
            // The bytes in memory equal the exported bytes.
            assert_eq!(exported.to_bytes(Endian::HOST), bytes[..]);
            bytes
        };
        assert_eq!(export(Endian::Little), [0x15, 0, 1, 2, 4, 3, 2, 1]);
        assert_eq!(export(Endian::Big), [0, 0x15, 1, 2, 1, 2, 3, 4]);
    }

    #[test]
    fn import_is_the_reverse_of_export() {
        let bytes = [0, 0x15, 1, 2, 1, 2, 3, 4, 0, 6, 0, 0, 0, 0, 0, 1];
        let program = Program::from_bytes(&bytes, Endian::Big).unwrap();
        assert_eq!(program.instructions()[0].k, 0x0102_0304);
        assert_eq!(program.to_bytes().unwrap(), bytes);
        assert!(Program::from_bytes(&bytes[..15], Endian::Big).is_err());
        let long = vec![0; (MAX_INSTRUCTIONS + 1) * INSTRUCTION_SIZE];
        assert_eq!(
            Program::from_bytes(&long, Endian::Little),
            Err(Error::ProgramTooLong)
        );
    }
}

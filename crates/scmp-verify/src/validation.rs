// SPDX-License-Identifier: LGPL-2.1-only
//! Checks whether the kernel accepts a program.

use thiserror::Error as ThisError;

use crate::assembly::Statement;
use crate::op;
use crate::operation::{Arithmetic, Operation, Order, Register, Source};
use scmp::bpf::{Instruction, MAX_LOADED, Program};

/// Size of `struct seccomp_data`, in bytes.
const SECCOMP_DATA_SIZE: u32 = 64;

/// Words of scratch memory: `BPF_MEMWORDS` of linux/filter.h.
pub(crate) const SCRATCH_WORDS: usize = 16;

/// Why the kernel refuses a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Flaw {
    /// It has no instructions.
    #[error("the program is empty")]
    Empty,
    /// It has so many instructions, more than [`MAX_LOADED`]. Such a program can be run
    /// and analysed, but not loaded.
    #[error("the program has {0} instructions, the kernel takes {MAX_LOADED}")]
    TooLong(usize),
    /// An instruction is the reason.
    #[error("instruction {index} ({:#06x}, {}): {fault}", .instruction.code, statement(*.index, *.instruction))]
    Instruction {
        /// Its place in the program, from 0.
        index: usize,
        /// The instruction.
        instruction: Instruction,
        /// What is wrong with it.
        fault: InstructionFault,
    },
}

/// What is wrong with an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum InstructionFault {
    /// The operation is not one of [`op`]. Programs of sockets may have it.
    #[error("seccomp programs can't have this operation")]
    UnknownOperation,
    /// It loads from outside of `struct seccomp_data`, or not a whole word.
    #[error("it loads from offset {0}, which is no word of struct seccomp_data")]
    LoadOffset(u32),
    /// It loads or stores a word of scratch memory that does not exist.
    #[error("it names word {0} of the scratch memory, which has 16")]
    ScratchWord(u32),
    /// It loads a word of scratch memory that was not stored on all ways to it, as far
    /// as the kernel looks.
    #[error("it loads word {0} of the scratch memory, which may not have been stored")]
    NotStored(u8),
    /// It divides by a constant 0.
    #[error("it divides by 0")]
    DivisionByZero,
    /// It shifts by a constant beyond 31.
    #[error("it shifts a word of 32 bits by {0}")]
    ShiftCount(u32),
    /// It jumps past the end.
    #[error("it jumps past the end of the program")]
    JumpTarget,
    /// The last instruction is no return.
    #[error("the program does not end with a return")]
    NoReturn,
}

/// Whether the kernel accepts the program, on a machine of its byte order. Like the kernel,
/// this looks at every instruction, also at those that are never reached.
///
/// The rules are those of bpf_check_classic (net/core/filter.c) and
/// seccomp_check_filter (kernel/seccomp.c), of Linux 6.18.
///
/// ```
/// use scmp::Endian;
/// use scmp::bpf::Program;
///
/// let add_one = [0x04, 0, 0, 0, 1, 0, 0, 0];
/// let program = Program::from_bytes(&add_one, Endian::Little)?;
/// let flaw = scmp_verify::validate(&program).unwrap_err().to_string();
/// assert!(flaw.starts_with("instruction 0 (0x0004, add 1): "));
/// # Ok::<(), scmp::Error>(())
/// ```
///
/// # Errors
/// [`Flaw::TooLong`], else the [`Flaw`] of the first instruction that has one.
pub fn validate(program: &Program) -> Result<(), Flaw> {
    match program.instructions().len() {
        ..=MAX_LOADED => decode(program).map(drop),
        length => Err(Flaw::TooLong(length)),
    }
}

/// The program as operations that can be executed or analysed without further checks: at
/// least one, the last one returns, jumps stay inside, and scratch memory is stored before
/// it is loaded.
///
/// # Errors
/// As for [`validate`], but programs may be longer than the kernel takes.
pub(crate) fn decode(program: &Program) -> Result<Vec<Operation>, Flaw> {
    let instructions = program.instructions();
    if instructions.is_empty() {
        return Err(Flaw::Empty);
    }
    let mut scratch = Scratch::new(instructions.len());
    let decoded = instructions.iter().enumerate();
    let decoded = decoded.map(|(index, &instruction)| {
        operation(instruction, index, instructions.len())
            .and_then(|operation| scratch.check(index, operation))
            .map_err(|fault| Flaw::Instruction {
                index,
                instruction,
                fault,
            })
    });
    decoded.collect()
}

/// The words of scratch memory that are stored on all ways to an instruction, as
/// check_load_and_stores (net/core/filter.c) has them. It takes the instruction behind a
/// return for one that the return leads to.
struct Scratch {
    /// The words stored on all ways that have led to here, a bit for each.
    stored: u16,
    /// For each instruction, the words stored on all ways by which jumps lead to it.
    by_jumps: Vec<u16>,
}

impl Scratch {
    fn new(length: usize) -> Scratch {
        Scratch {
            stored: 0,
            by_jumps: vec![u16::MAX; length],
        }
    }

    /// Must be called in program order; returns its argument.
    fn check(&mut self, index: usize, operation: Operation) -> Result<Operation, InstructionFault> {
        self.stored &= self.by_jumps[index];
        let targets = match operation {
            Operation::Store(_, word) => {
                self.stored |= 1 << word;
                return Ok(operation);
            }
            Operation::Recall(_, word) if self.stored >> word & 1 == 0 => {
                return Err(InstructionFault::NotStored(word));
            }
            Operation::Jump(target) => [target; 2],
            Operation::Branch {
                when_true,
                when_false,
                ..
            } => [when_true, when_false],
            _ => return Ok(operation),
        };
        for target in targets {
            self.by_jumps[target] &= self.stored;
        }
        // The next instruction is reached by jumps only.
        self.stored = u16::MAX;
        Ok(operation)
    }
}

/// The operation of the instruction at a place, in a program of this length.
pub(crate) fn operation(
    instruction: Instruction,
    index: usize,
    length: usize,
) -> Result<Operation, InstructionFault> {
    use Operation::{Compute, Jump, Load, Recall, Return, Set, Store};
    use Register::{Accumulator, Index};

    let Instruction { code, k, .. } = instruction;
    let following = length - index - 1;
    let word = || match k < SCRATCH_WORDS as u32 {
        true => Ok(k as u8),
        false => Err(InstructionFault::ScratchWord(k)),
    };
    let operation = match code {
        op::LOAD if k < SECCOMP_DATA_SIZE && k % 4 == 0 => Load((k / 4) as u8),
        op::LOAD => return Err(InstructionFault::LoadOffset(k)),
        op::JUMP => Jump(target(index, k as usize, length)?),
        op::RETURN => Return(Source::Constant(k)),
        op::RETURN_ACCUMULATOR => Return(Source::Register(Accumulator)),
        op::LOAD_CONSTANT => Set(Accumulator, Source::Constant(k)),
        op::LOAD_SIZE => Set(Accumulator, Source::Constant(SECCOMP_DATA_SIZE)),
        op::LOAD_SCRATCH => Recall(Accumulator, word()?),
        op::INDEX_CONSTANT => Set(Index, Source::Constant(k)),
        op::INDEX_SIZE => Set(Index, Source::Constant(SECCOMP_DATA_SIZE)),
        op::INDEX_SCRATCH => Recall(Index, word()?),
        op::STORE => Store(Accumulator, word()?),
        op::STORE_INDEX => Store(Index, word()?),
        op::INDEX_FROM_ACCUMULATOR => Set(Index, Source::Register(Accumulator)),
        op::ACCUMULATOR_FROM_INDEX => Set(Accumulator, Source::Register(Index)),
        op::NEGATE => Compute(Arithmetic::Negate, Source::Constant(0)),
        _ => {
            let operand = match code & op::BY_INDEX {
                0 => Source::Constant(k),
                _ => Source::Register(Index),
            };
            with_operand(instruction, operand, index, length)?
        }
    };
    match operation {
        Jump(_) | Return(_) | Operation::Branch { .. } => Ok(operation),
        _ if following == 0 => Err(InstructionFault::NoReturn),
        _ => Ok(operation),
    }
}

/// Where a jump leads that skips so many instructions.
fn target(index: usize, skipped: usize, length: usize) -> Result<usize, InstructionFault> {
    let following = length - index - 1;
    match skipped < following {
        true => Ok(index + 1 + skipped),
        false => Err(InstructionFault::JumpTarget),
    }
}

/// The operation of a conditional jump, or of arithmetic with two operands.
fn with_operand(
    instruction: Instruction,
    operand: Source,
    index: usize,
    length: usize,
) -> Result<Operation, InstructionFault> {
    let compute = |arithmetic| Ok(Operation::Compute(arithmetic, operand));
    let branch = |order| {
        Ok(Operation::Branch {
            order,
            datum: operand,
            when_true: target(index, instruction.jump_true.into(), length)?,
            when_false: target(index, instruction.jump_false.into(), length)?,
        })
    };
    match (instruction.code & !op::BY_INDEX, operand) {
        (op::JUMP_EQUAL, _) => branch(Order::Equal),
        (op::JUMP_GREATER, _) => branch(Order::Greater),
        (op::JUMP_GREATER_OR_EQUAL, _) => branch(Order::GreaterOrEqual),
        (op::JUMP_ANY_BIT, _) => branch(Order::AnyBit),
        (op::AND, _) => compute(Arithmetic::And),
        (op::ADD, _) => compute(Arithmetic::Add),
        (op::SUBTRACT, _) => compute(Arithmetic::Subtract),
        (op::MULTIPLY, _) => compute(Arithmetic::Multiply),
        (op::DIVIDE, Source::Constant(0)) => Err(InstructionFault::DivisionByZero),
        (op::DIVIDE, _) => compute(Arithmetic::Divide),
        (op::OR, _) => compute(Arithmetic::Or),
        (op::XOR, _) => compute(Arithmetic::Xor),
        (op::SHIFT_LEFT | op::SHIFT_RIGHT, Source::Constant(count @ 32..)) => {
            Err(InstructionFault::ShiftCount(count))
        }
        (op::SHIFT_LEFT, _) => compute(Arithmetic::ShiftLeft),
        (op::SHIFT_RIGHT, _) => compute(Arithmetic::ShiftRight),
        _ => Err(InstructionFault::UnknownOperation),
    }
}

/// The instruction at a place, as a listing has it.
fn statement(place: usize, instruction: Instruction) -> String {
    let place = place as u32;
    let text = Statement { place, instruction }.to_string();
    text.trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::tests::program;

    const RETURN: (u16, u8, u8, u32) = (op::RETURN, 0, 0, 0);

    fn fault_of(instructions: &[(u16, u8, u8, u32)]) -> Option<(usize, InstructionFault)> {
        match validate(&program(instructions)) {
            Ok(()) => None,
            Err(Flaw::Instruction { index, fault, .. }) => Some((index, fault)),
            Err(flaw) => panic!("{flaw}"),
        }
    }

    #[test]
    fn an_empty_program_is_refused() {
        assert_eq!(validate(&program(&[])), Err(Flaw::Empty));
    }

    #[test]
    fn jumps_stay_inside() {
        let past = Some((0, InstructionFault::JumpTarget));
        for (jump, expected) in [
            ((op::JUMP, 0, 0, 1), None),
            ((op::JUMP, 0, 0, 2), past),
            ((op::JUMP, 0, 0, u32::MAX), past),
            ((op::JUMP_EQUAL, 1, 0, 0), None),
            ((op::JUMP_EQUAL, 2, 0, 0), past),
            ((op::JUMP_GREATER, 0, 2, 0), past),
            ((op::JUMP_GREATER_OR_EQUAL, 0, 255, 0), past),
            ((op::JUMP_ANY_BIT | op::BY_INDEX, 0, 2, 0), past),
        ] {
            assert_eq!(fault_of(&[jump, RETURN, RETURN]), expected, "{jump:?}");
        }
    }

    #[test]
    fn the_last_instruction_returns() {
        let open = Some((1, InstructionFault::NoReturn));
        assert_eq!(fault_of(&[RETURN, (op::AND, 0, 0, 1)]), open);
        let past = Some((1, InstructionFault::JumpTarget));
        assert_eq!(fault_of(&[RETURN, (op::JUMP, 0, 0, 0)]), past);
    }

    #[test]
    fn what_is_never_reached_counts() {
        let unknown = Some((1, InstructionFault::UnknownOperation));
        assert_eq!(fault_of(&[RETURN, (0x40, 0, 0, 1), RETURN]), unknown);
    }

    /// What sockets' programs may have, and codes that only look like some of seccomp's.
    #[test]
    fn other_operations_are_refused() {
        let accepted: Vec<u16> = (0..0x200)
            .filter(|&code| {
                let fault = fault_of(&[(op::STORE, 0, 0, 1), (code, 0, 0, 1), RETURN, RETURN]);
                fault != Some((1, InstructionFault::UnknownOperation))
            })
            .collect();
        let mut known = vec![
            0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x16, 0x20, 0x60, 0x61, 0x80, 0x81, 0x84,
            0x87,
        ];
        for code in [
            0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0xa4, 0x15, 0x25, 0x35, 0x45,
        ] {
            known.extend([code, code | op::BY_INDEX]);
        }
        known.sort_unstable();
        assert_eq!(accepted, known);
    }

    #[test]
    fn constants_are_checked() {
        use InstructionFault::{LoadOffset, ScratchWord, ShiftCount};
        for (code, k, fault) in [
            (op::LOAD, 0, None),
            (op::LOAD, 60, None),
            (op::LOAD, 2, Some(LoadOffset(2))),
            (op::LOAD, 64, Some(LoadOffset(64))),
            (op::LOAD, 1 << 31, Some(LoadOffset(1 << 31))),
            (op::DIVIDE, 0, Some(InstructionFault::DivisionByZero)),
            (op::DIVIDE | op::BY_INDEX, 0, None),
            (op::SHIFT_LEFT, 31, None),
            (op::SHIFT_LEFT, 32, Some(ShiftCount(32))),
            (op::SHIFT_RIGHT, 99, Some(ShiftCount(99))),
            (op::SHIFT_RIGHT | op::BY_INDEX, 99, None),
            (op::STORE, 15, None),
            (op::STORE, 16, Some(ScratchWord(16))),
            (op::LOAD_SCRATCH, 16, Some(ScratchWord(16))),
        ] {
            let found = fault_of(&[(code, 0, 0, k), RETURN]);
            assert_eq!(found, fault.map(|fault| (0, fault)), "{code:#x} {k}");
        }
    }

    #[test]
    fn scratch_memory_is_stored_before_it_is_loaded() {
        const STORE: (u16, u8, u8, u32) = (op::STORE, 0, 0, 3);
        const LOAD: (u16, u8, u8, u32) = (op::LOAD_SCRATCH, 0, 0, 3);
        let not_stored = |index| Some((index, InstructionFault::NotStored(3)));
        assert_eq!(fault_of(&[LOAD, RETURN]), not_stored(0));
        assert_eq!(fault_of(&[STORE, LOAD, RETURN]), None);
        let other = (op::INDEX_SCRATCH, 0, 0, 3);
        assert_eq!(
            fault_of(&[(op::STORE_INDEX, 0, 0, 2), other, RETURN]),
            not_stored(1)
        );
        // One of two ways stores it, or both.
        let branch = (op::JUMP_EQUAL, 0, 1, 7);
        assert_eq!(fault_of(&[branch, STORE, LOAD, RETURN]), not_stored(2));
        let branch = (op::JUMP_EQUAL, 0, 2, 7);
        let both = [branch, STORE, (op::JUMP, 0, 0, 1), STORE, LOAD, RETURN];
        assert_eq!(fault_of(&both), None);
        // The instruction behind a return counts as reached, the one behind a jump not.
        assert_eq!(fault_of(&[RETURN, LOAD, RETURN]), not_stored(1));
        assert_eq!(fault_of(&[STORE, RETURN, LOAD, RETURN]), None);
        assert_eq!(fault_of(&[(op::JUMP, 0, 0, 1), LOAD, RETURN]), None);
    }

    #[test]
    fn long_programs_are_refused() {
        let program = |length| program(&vec![RETURN; length]);
        assert_eq!(validate(&program(4096)), Ok(()));
        assert_eq!(validate(&program(4097)), Err(Flaw::TooLong(4097)));
        assert!(decode(&program(4097)).is_ok());
    }
}

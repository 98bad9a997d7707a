// SPDX-License-Identifier: LGPL-2.1-only
//! Checks that the kernel accepts a program and that this crate can analyse it.

use std::fmt;

use thiserror::Error as ThisError;

use scmp::bpf::{Instruction, Program, op};

/// Size of `struct seccomp_data`, in bytes.
const SECCOMP_DATA_SIZE: u32 = 64;

/// Why a program can't be analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Flaw {
    /// It has no instructions; the kernel refuses it.
    #[error("the program is empty")]
    Empty,
    /// An instruction is the reason.
    #[error("instruction {index} (code {:#06x}, {}): {fault}", .instruction.code, CodeName(.instruction.code))]
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
    /// The operation is not one of [`op`]. The kernel may know it.
    #[error("this operation is not supported")]
    UnknownOperation,
    /// It loads from outside of `struct seccomp_data`, or not a whole word; the
    /// kernel refuses the program.
    #[error("it loads from offset {0}, which is no word of struct seccomp_data")]
    LoadOffset(u32),
    /// It jumps past the end; the kernel refuses the program.
    #[error("it jumps past the end of the program")]
    JumpTarget,
    /// The last instruction is no return; the kernel refuses the program.
    #[error("the program does not end with a return")]
    NoReturn,
}

/// Whether the kernel's checks would accept the program and all of its
/// operations are of [`op`]. Like the kernel, this looks at every instruction,
/// also at those that are never reached. The length is not limited: the kernel
/// takes at most 4096 instructions (`BPF_MAXINSNS`).
///
/// The rules are those of bpf_check_classic (net/core/filter.c) and
/// seccomp_check_filter (kernel/seccomp.c).
///
/// ```
/// use scmp::Endian;
/// use scmp::bpf::Program;
///
/// let add_one = [0x04, 0, 0, 0, 1, 0, 0, 0];
/// let program = Program::from_bytes(&add_one, Endian::Little)?;
/// let flaw = scmp_verify::validate(&program).unwrap_err().to_string();
/// assert!(flaw.starts_with("instruction 0 (code 0x0004, BPF_ALU | BPF_ADD | BPF_K)"));
/// # Ok::<(), scmp::Error>(())
/// ```
///
/// # Errors
/// The [`Flaw`] of the first instruction that has one.
pub fn validate(program: &Program) -> Result<(), Flaw> {
    operations(program).try_for_each(|operation| operation.map(|_| ()))
}

/// The program as operations that can be executed or analysed without further
/// checks: at least one, the last one returns, and jumps stay inside.
///
/// # Errors
/// As for [`validate`].
pub(crate) fn decode(program: &Program) -> Result<Vec<Operation>, Flaw> {
    operations(program).collect()
}

/// What a valid instruction does. Jumps name the place to which they lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Load this word of `struct seccomp_data`, 0 to 15.
    Load(u8),
    And(u32),
    Jump(usize),
    Branch {
        order: Order,
        datum: u32,
        when_true: usize,
        when_false: usize,
    },
    Return(u32),
}

/// How a word is compared with a constant, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `word == constant`.
    Equal,
    /// `word > constant`.
    Greater,
    /// `word >= constant`.
    GreaterOrEqual,
}

fn operations(program: &Program) -> impl Iterator<Item = Result<Operation, Flaw>> + '_ {
    let instructions = program.instructions();
    let empty = instructions.is_empty().then_some(Err(Flaw::Empty));
    let all = instructions
        .iter()
        .enumerate()
        .map(|(index, &instruction)| {
            operation(instruction, index, instructions.len()).map_err(|fault| Flaw::Instruction {
                index,
                instruction,
                fault,
            })
        });
    empty.into_iter().chain(all)
}

/// The operation of the instruction at a place, in a program of this length.
fn operation(
    instruction: Instruction,
    index: usize,
    length: usize,
) -> Result<Operation, InstructionFault> {
    let Instruction {
        code,
        jump_true,
        jump_false,
        k,
    } = instruction;
    let following = length - index - 1;
    let target = |skipped: usize| match skipped < following {
        true => Ok(index + 1 + skipped),
        false => Err(InstructionFault::JumpTarget),
    };
    let branch = |order| {
        Ok(Operation::Branch {
            order,
            datum: k,
            when_true: target(usize::from(jump_true))?,
            when_false: target(usize::from(jump_false))?,
        })
    };
    let operation = match code {
        op::RETURN => Operation::Return(k),
        op::LOAD if k < SECCOMP_DATA_SIZE && k % 4 == 0 => Operation::Load((k / 4) as u8),
        op::LOAD => return Err(InstructionFault::LoadOffset(k)),
        op::AND => Operation::And(k),
        op::JUMP => Operation::Jump(target(k as usize)?),
        op::JUMP_EQUAL => branch(Order::Equal)?,
        op::JUMP_GREATER => branch(Order::Greater)?,
        op::JUMP_GREATER_OR_EQUAL => branch(Order::GreaterOrEqual)?,
        _ => return Err(InstructionFault::UnknownOperation),
    };
    match operation {
        Operation::Load(_) | Operation::And(_) if following == 0 => Err(InstructionFault::NoReturn),
        operation => Ok(operation),
    }
}

/// A code as linux/bpf_common.h and linux/filter.h spell it.
struct CodeName(u16);

impl fmt::Display for CodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match names(self.0) {
            Some([class, parts @ ..]) => {
                write!(f, "BPF_{class}")?;
                let parts = parts.iter().filter(|part| !part.is_empty());
                parts
                    .into_iter()
                    .try_for_each(|part| write!(f, " | BPF_{part}"))
            }
            None => f.write_str("no operation of classic BPF"),
        }
    }
}

/// The names of a code's class and of its other parts.
fn names(code: u16) -> Option<[&'static str; 3]> {
    let source = if code & 0x08 == 0 { "K" } else { "X" };
    let (names, bits) = match code & 0x07 {
        class @ (0 | 1) => {
            let class = if class == 0 { "LD" } else { "LDX" };
            let size = *["W", "H", "B"].get(usize::from(code >> 3 & 3))?;
            let modes = ["IMM", "ABS", "IND", "MEM", "LEN", "MSH"];
            ([class, size, modes.get(usize::from(code >> 5 & 7))?], 0xff)
        }
        2 => (["ST", "", ""], 0x07),
        3 => (["STX", "", ""], 0x07),
        4 => {
            let operations = [
                "ADD", "SUB", "MUL", "DIV", "OR", "AND", "LSH", "RSH", "NEG", "MOD", "XOR",
            ];
            let operation = *operations.get(usize::from(code >> 4 & 15))?;
            (["ALU", operation, source], 0xff)
        }
        5 => {
            let operation =
                *["JA", "JEQ", "JGT", "JGE", "JSET"].get(usize::from(code >> 4 & 15))?;
            (["JMP", operation, source], 0xff)
        }
        6 => {
            let value = *["K", "X", "A"].get(usize::from(code >> 3 & 3))?;
            (["RET", value, ""], 0x1f)
        }
        _ => match code & 0xf8 {
            0 => (["MISC", "TAX", ""], 0xff),
            0x80 => (["MISC", "TXA", ""], 0xff),
            _ => return None,
        },
    };
    (code & !bits == 0).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scmp::Endian;

    const RETURN: (u16, u8, u8, u32) = (op::RETURN, 0, 0, 0);

    fn fault_of(instructions: &[(u16, u8, u8, u32)]) -> Option<(usize, InstructionFault)> {
        let instructions = instructions
            .iter()
            .map(|&(code, jump_true, jump_false, k)| Instruction {
                code,
                jump_true,
                jump_false,
                k,
            })
            .collect();
        match validate(&Program::new(instructions, Endian::Little).unwrap()) {
            Ok(()) => None,
            Err(Flaw::Instruction { index, fault, .. }) => Some((index, fault)),
            Err(Flaw::Empty) => panic!("it is not empty"),
        }
    }

    #[test]
    fn an_empty_program_is_refused() {
        let empty = Program::new(Vec::new(), Endian::Little).unwrap();
        assert_eq!(validate(&empty), Err(Flaw::Empty));
    }

    #[test]
    fn loads_are_of_words() {
        for (offset, fits) in [
            (0, true),
            (60, true),
            (2, false),
            (64, false),
            (1 << 31, false),
        ] {
            let fault = fault_of(&[(op::LOAD, 0, 0, offset), RETURN]);
            let expected = (!fits).then_some((0, InstructionFault::LoadOffset(offset)));
            assert_eq!(fault, expected);
        }
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
        assert_eq!(fault_of(&[RETURN, (0x45, 0, 0, 1), RETURN]), unknown);
    }

    #[test]
    fn operations_have_their_headers_names() {
        for (code, name) in [
            (0x00, "BPF_LD | BPF_W | BPF_IMM"),
            (op::LOAD, "BPF_LD | BPF_W | BPF_ABS"),
            (0x30, "BPF_LD | BPF_B | BPF_ABS"),
            (0x81, "BPF_LDX | BPF_W | BPF_LEN"),
            (0xb1, "BPF_LDX | BPF_B | BPF_MSH"),
            (0x02, "BPF_ST"),
            (0x03, "BPF_STX"),
            (0x04, "BPF_ALU | BPF_ADD | BPF_K"),
            (op::AND, "BPF_ALU | BPF_AND | BPF_K"),
            (0x84, "BPF_ALU | BPF_NEG | BPF_K"),
            (0xac, "BPF_ALU | BPF_XOR | BPF_X"),
            (op::JUMP, "BPF_JMP | BPF_JA | BPF_K"),
            (0x45, "BPF_JMP | BPF_JSET | BPF_K"),
            (0x1d, "BPF_JMP | BPF_JEQ | BPF_X"),
            (op::RETURN, "BPF_RET | BPF_K"),
            (0x16, "BPF_RET | BPF_A"),
            (0x07, "BPF_MISC | BPF_TAX"),
            (0x87, "BPF_MISC | BPF_TXA"),
        ] {
            assert_eq!(CodeName(code).to_string(), name, "{code:#x}");
        }
        for code in [
            0x18, 0xb4, 0x55, 0x1e, 0x26, 0x0a, 0x17, 0xc0, 0x145, 0xffff,
        ] {
            let name = CodeName(code).to_string();
            assert_eq!(name, "no operation of classic BPF", "{code:#x}");
        }
    }
}

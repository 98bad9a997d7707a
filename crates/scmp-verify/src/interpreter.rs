// SPDX-License-Identifier: LGPL-2.1-only
//! Runs a program on one system call, as the kernel would.

use scmp::Endian;
use scmp::bpf::{Instruction, Program, op};
use thiserror::Error as ThisError;

/// What a filter sees of a system call: `struct seccomp_data`.
///
/// ```
/// use scmp::Arch;
/// use scmp_verify::SyscallData;
///
/// let read = SyscallData {
///     number: Arch::X86_64.syscall_number("read").unwrap() as u32,
///     audit_token: Arch::X86_64.audit_token(),
///     instruction_pointer: 0,
///     arguments: [0; 6],
/// };
/// # let _ = read;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyscallData {
    /// System call number.
    pub number: u32,
    /// `AUDIT_ARCH_*` value of the architecture.
    pub audit_token: u32,
    /// Address of the calling instruction.
    pub instruction_pointer: u64,
    /// Arguments; 32-bit architectures fill the low half.
    pub arguments: [u64; 6],
}

/// Why a program decides nothing. The kernel refuses such programs, except
/// that it knows operations that this library never uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub enum Fault {
    /// It ran past its end.
    #[error("the program runs past its end")]
    RanOff,
    /// It loads from outside of `struct seccomp_data`, or not a whole word.
    #[error("the program loads from offset {0}")]
    BadLoad(u32),
    /// It has an operation that programs of this library never have.
    #[error("the program has operation {0:#x}")]
    BadOperation(u16),
}

impl SyscallData {
    /// The word at this byte offset of `struct seccomp_data`.
    fn word(&self, offset: u32, endian: Endian) -> Option<u32> {
        let double = match offset {
            0 => return Some(self.number),
            4 => return Some(self.audit_token),
            8 | 12 => self.instruction_pointer,
            16..64 if offset % 4 == 0 => self.arguments[(offset as usize - 16) / 8],
            _ => return None,
        };
        let second = offset % 8 == 4;
        let high = second == (endian == Endian::Little);
        Some(if high { double >> 32 } else { double } as u32)
    }
}

/// The value that the program returns for a system call.
///
/// ```
/// use scmp::{Action, Arch};
/// use scmp_verify::{SyscallData, profile::Profile, run};
///
/// let mut built = Profile::parse("default errno 1\nallow read")?.build()?;
/// let read = SyscallData {
///     number: Arch::X86_64.syscall_number("read").unwrap() as u32,
///     audit_token: Arch::X86_64.audit_token(),
///     instruction_pointer: 0,
///     arguments: [0; 6],
/// };
/// assert_eq!(run(built.filter.program()?, &read)?, Action::Allow.to_raw());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors A [`Fault`] if the program reaches an instruction that
/// [`validate`](crate::validate) refuses.
pub fn run(program: &Program, data: &SyscallData) -> Result<u32, Fault> {
    trace(program, data, |_| {})
}

/// Runs the program as [`run`] does, and calls `visit` with the place of each
/// instruction, from 0, before it is executed. Jumps lead forward, so the
/// places rise.
///
/// ```
/// use scmp::{Action, Arch};
/// use scmp_verify::{SyscallData, profile::Profile, trace};
///
/// let mut built = Profile::parse("default errno 1\nallow read")?.build()?;
/// let read = SyscallData {
///     number: Arch::X86_64.syscall_number("read").unwrap() as u32,
///     audit_token: Arch::X86_64.audit_token(),
///     instruction_pointer: 0,
///     arguments: [0; 6],
/// };
/// let mut places = Vec::new();
/// trace(built.filter.program()?, &read, |place| places.push(place))?;
/// assert_eq!(places[0], 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As for [`run`].
pub fn trace(
    program: &Program,
    data: &SyscallData,
    mut visit: impl FnMut(usize),
) -> Result<u32, Fault> {
    let instructions = program.instructions();
    let mut accumulator = 0u32;
    let mut at = 0usize;
    loop {
        let &Instruction {
            code,
            jump_true,
            jump_false,
            k,
        } = instructions.get(at).ok_or(Fault::RanOff)?;
        visit(at);
        at += 1;
        let condition = match code {
            op::RETURN => return Ok(k),
            op::LOAD => {
                accumulator = data.word(k, program.endian()).ok_or(Fault::BadLoad(k))?;
                continue;
            }
            op::AND => {
                accumulator &= k;
                continue;
            }
            op::JUMP => {
                at = at.checked_add(k as usize).ok_or(Fault::RanOff)?;
                continue;
            }
            op::JUMP_EQUAL => accumulator == k,
            op::JUMP_GREATER => accumulator > k,
            op::JUMP_GREATER_OR_EQUAL => accumulator >= k,
            _ => return Err(Fault::BadOperation(code)),
        };
        at += usize::from(if condition { jump_true } else { jump_false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: SyscallData = SyscallData {
        number: 5,
        audit_token: 6,
        instruction_pointer: 7,
        arguments: [0x1_0000_0002, 0, 0, 0, 0, 0x3_0000_0004],
    };

    fn program(instructions: &[(u16, u8, u8, u32)]) -> Program {
        let instructions = instructions
            .iter()
            .map(|&(code, jump_true, jump_false, k)| Instruction {
                code,
                jump_true,
                jump_false,
                k,
            })
            .collect();
        Program::new(instructions, Endian::Little).unwrap()
    }

    #[test]
    fn words_follow_the_byte_order() {
        assert_eq!(DATA.word(16, Endian::Little), Some(2));
        assert_eq!(DATA.word(16, Endian::Big), Some(1));
        assert_eq!(DATA.word(60, Endian::Little), Some(3));
        assert_eq!(DATA.word(60, Endian::Big), Some(4));
        assert_eq!(DATA.word(64, Endian::Big), None);
        assert_eq!(DATA.word(18, Endian::Big), None);
    }

    #[test]
    fn jumps_and_returns() {
        let program = program(&[
            (op::LOAD, 0, 0, 0),
            (op::JUMP_EQUAL, 0, 1, 5),
            (op::JUMP, 0, 0, 1),
            (op::RETURN, 0, 0, 1),
            (op::RETURN, 0, 0, 2),
        ]);
        assert_eq!(run(&program, &DATA), Ok(2));
        let mut places = Vec::new();
        assert_eq!(trace(&program, &DATA, |at| places.push(at)), Ok(2));
        assert_eq!(places, [0, 1, 2, 4]);
    }

    #[test]
    fn faults() {
        assert_eq!(run(&program(&[]), &DATA), Err(Fault::RanOff));
        assert_eq!(
            run(&program(&[(op::LOAD, 0, 0, 2)]), &DATA),
            Err(Fault::BadLoad(2))
        );
        assert_eq!(
            run(&program(&[(0x07, 0, 0, 0)]), &DATA),
            Err(Fault::BadOperation(7))
        );
    }
}

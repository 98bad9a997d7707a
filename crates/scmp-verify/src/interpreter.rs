// SPDX-License-Identifier: LGPL-2.1-only
//! Runs programs on one system call, as the kernel would.

use scmp::bpf::Program;
use scmp::{Action, Endian};
use thiserror::Error as ThisError;

use crate::operation::Operation;
use crate::validation::{InstructionFault, SCRATCH_WORDS, operation};

/// What a filter sees of a system call: `struct seccomp_data`.
///
/// ```
/// use scmp::Arch;
/// use scmp_verify::SyscallData;
///
/// let number = Arch::X86_64.syscall_number("read").unwrap() as u32;
/// let read = SyscallData::new(Arch::X86_64.audit_token(), number, [0; 6]);
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

/// Why a program decides nothing. The kernel refuses such programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Fault {
    /// It has no instructions.
    #[error("the program is empty")]
    Empty,
    /// It has come to an instruction that can't be executed.
    #[error("instruction {index}: {fault}")]
    Instruction {
        /// The instruction's place in the program, from 0.
        index: usize,
        /// What is wrong with it.
        fault: InstructionFault,
    },
}

impl SyscallData {
    /// A call from address 0.
    ///
    /// ```
    /// use scmp::Arch;
    /// use scmp_verify::SyscallData;
    ///
    /// let close = Arch::Aarch64.syscall_number("close").unwrap() as u32;
    /// let data = SyscallData::new(Arch::Aarch64.audit_token(), close, [3, 0, 0, 0, 0, 0]);
    /// assert_eq!((data.audit_token, data.number), (0xc000_00b7, 57));
    /// ```
    pub const fn new(audit_token: u32, number: u32, arguments: [u64; 6]) -> SyscallData {
        SyscallData {
            number,
            audit_token,
            instruction_pointer: 0,
            arguments,
        }
    }

    /// The word at this place of `struct seccomp_data`, 0 to 15.
    pub(crate) fn word(&self, place: u8, endian: Endian) -> u32 {
        let double = match place {
            0 => return self.number,
            1 => return self.audit_token,
            2 | 3 => self.instruction_pointer,
            _ => self.arguments[usize::from(place) / 2 - 2],
        };
        let second = place % 2 == 1;
        let high = second == (endian == Endian::Little);
        (if high { double >> 32 } else { double }) as u32
    }
}

/// The value that the program returns for a system call.
///
/// ```
/// use scmp::{Action, Arch};
/// use scmp_verify::{SyscallData, profile::Profile, run};
///
/// let mut built = Profile::parse("default errno 1\nallow read")?.build()?;
/// let number = Arch::X86_64.syscall_number("read").unwrap() as u32;
/// let read = SyscallData::new(Arch::X86_64.audit_token(), number, [0; 6]);
/// assert_eq!(run(built.filter.program()?, &read)?, Action::Allow.to_raw());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`Fault`] if the program reaches an instruction that
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
/// let number = Arch::X86_64.syscall_number("read").unwrap() as u32;
/// let read = SyscallData::new(Arch::X86_64.audit_token(), number, [0; 6]);
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
    // The accumulator and the index register.
    let mut registers = [0; 2];
    let mut scratch = [None; SCRATCH_WORDS];
    let mut at = 0;
    loop {
        let &instruction = instructions.get(at).ok_or(Fault::Empty)?;
        visit(at);
        let index = at;
        let fault = |fault| Fault::Instruction { index, fault };
        let operation = operation(instruction, at, instructions.len()).map_err(fault)?;
        at += 1;
        match operation {
            Operation::Load(word) => registers[0] = data.word(word, program.endian()),
            Operation::Set(register, source) => {
                registers[register as usize] = source.value(&registers);
            }
            Operation::Recall(register, word) => {
                let stored = scratch[usize::from(word)];
                let missing = InstructionFault::NotStored(word);
                registers[register as usize] = stored.ok_or(missing).map_err(fault)?;
            }
            Operation::Store(register, word) => {
                scratch[usize::from(word)] = Some(registers[register as usize]);
            }
            Operation::Compute(arithmetic, source) => {
                let second = source.value(&registers);
                match arithmetic.apply(registers[0], second) {
                    Some(result) => registers[0] = result,
                    None => return Ok(0),
                }
            }
            Operation::Jump(target) => at = target,
            Operation::Branch {
                order,
                datum,
                when_true,
                when_false,
            } => {
                let holds = order.holds(registers[0], datum.value(&registers));
                at = if holds { when_true } else { when_false };
            }
            Operation::Return(source) => return Ok(source.value(&registers)),
        }
    }
}

/// The decision of several filters of one thread, the oldest first: the value with the
/// action that comes first of kill-process, kill-thread, trap, errno, notify, trace, log,
/// allow. If several filters return that action, the newest one's value counts. Data that
/// the kernel ignores is left out ([`effective`](crate::decision::effective)). Without
/// filters, all is allowed.
///
/// This is seccomp_run_filters (kernel/seccomp.c). The kernel does not load a filter if
/// its thread's filters would have more than 32,768 instructions, counting 4 more for each
/// but the new one.
///
/// ```
/// use scmp::Action;
/// use scmp_verify::{SyscallData, profile::Profile, run_stack};
///
/// let program = |text| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(Profile::parse(text)?.build()?.filter.program()?.clone())
/// };
/// let stack = [program("default errno 1")?, program("default log")?];
/// let call = SyscallData::new(scmp::Arch::native().audit_token(), 0, [0; 6]);
/// assert_eq!(run_stack(&stack, &call)?, Action::errno(1)?.to_raw());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The newest program's [`Fault`] of those that have one, as for [`run`].
pub fn run_stack(programs: &[Program], data: &SyscallData) -> Result<u32, Fault> {
    let allow = Action::Allow.to_raw();
    programs.iter().rev().try_fold(allow, |newer, program| {
        Ok(prevailing(newer, effective(run(program, data)?)))
    })
}

/// The value of the stricter action; of equal ones, the newer filter's.
pub(crate) fn prevailing(newer: u32, older: u32) -> u32 {
    match precedence(older) < precedence(newer) {
        true => older,
        false => newer,
    }
}

/// The order in which the kernel compares the results of several filters: the least counts.
pub(crate) fn precedence(value: u32) -> i32 {
    // seccomp_run_filters (kernel/seccomp.c): as signed numbers, without data.
    (value & ACTION) as i32
}

/// `SECCOMP_RET_ACTION_FULL`.
const ACTION: u32 = 0xffff_0000;

/// The value without the data that the kernel ignores: it reads that of trap and trace, and
/// that of errno, up to 4095 (__seccomp_filter, kernel/seccomp.c). Values with the same
/// result here do the same to a call.
///
/// ```
/// use scmp_verify::decision::effective;
///
/// assert_eq!(effective(0x7fff_0007), 0x7fff_0000);
/// assert_eq!(effective(0x0005_ffff), 0x0005_0fff);
/// assert_eq!(effective(0x0003_0007), 0x0003_0007);
/// ```
pub fn effective(value: u32) -> u32 {
    let data = value & !ACTION;
    match value & ACTION {
        // Trap, trace.
        0x0003_0000 | 0x7ff0_0000 => value,
        errno @ 0x0005_0000 => errno | data.min(4095),
        action => action,
    }
}

/// How strict an action is: less is stricter. Data does not count. An action that the kernel
/// does not know kills the process.
///
/// ```
/// use scmp::Action;
/// use scmp_verify::decision::strictness;
///
/// let errno = Action::errno(1)?;
/// assert!(strictness(errno.to_raw()) < strictness(Action::Allow.to_raw()));
/// assert!(strictness(Action::KillProcess.to_raw()) < strictness(errno.to_raw()));
/// # Ok::<(), scmp::Error>(())
/// ```
pub fn strictness(value: u32) -> i32 {
    Action::from_raw(value & ACTION).map_or(i32::MIN, |_| precedence(value))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::op;
    use scmp::bpf::Instruction;

    const DATA: SyscallData = SyscallData {
        number: 5,
        audit_token: 6,
        instruction_pointer: 7,
        arguments: [0x1_0000_0002, 0, 0, 0, 0, 0x3_0000_0004],
    };

    /// A call of x86_64.
    pub(crate) fn call(number: u32, arguments: [u64; 6]) -> SyscallData {
        SyscallData::new(scmp::Arch::X86_64.audit_token(), number, arguments)
    }

    /// Codes, both jumps and constants.
    pub(crate) fn program(instructions: &[(u16, u8, u8, u32)]) -> Program {
        let instructions = instructions
            .iter()
            .map(|&(code, jump_true, jump_false, k)| {
                Instruction::new(code, [jump_true, jump_false], k)
            })
            .collect();
        Program::new(instructions, Endian::Little).unwrap()
    }

    #[test]
    fn words_follow_the_byte_order() {
        assert_eq!(DATA.word(4, Endian::Little), 2);
        assert_eq!(DATA.word(4, Endian::Big), 1);
        assert_eq!(DATA.word(15, Endian::Little), 3);
        assert_eq!(DATA.word(15, Endian::Big), 4);
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

    fn value(instructions: &[(u16, u8, u8, u32)]) -> u32 {
        run(&program(instructions), &DATA).unwrap()
    }

    #[test]
    fn registers_and_scratch_memory() {
        assert_eq!(value(&[(op::RETURN_ACCUMULATOR, 0, 0, 7)]), 0);
        let moves = [
            (op::LOAD_SIZE, 0, 0, 0),
            (op::STORE, 0, 0, 15),
            (op::INDEX_CONSTANT, 0, 0, 9),
            (op::STORE_INDEX, 0, 0, 0),
            (op::INDEX_SCRATCH, 0, 0, 15),
            (op::LOAD_SCRATCH, 0, 0, 0),
            (op::SHIFT_LEFT, 0, 0, 8),
            (op::OR | op::BY_INDEX, 0, 0, 0),
            (op::RETURN_ACCUMULATOR, 0, 0, 0),
        ];
        assert_eq!(value(&moves), 9 << 8 | 64);
        let swap = [
            (op::LOAD_CONSTANT, 0, 0, 5),
            (op::INDEX_FROM_ACCUMULATOR, 0, 0, 0),
            (op::LOAD_CONSTANT, 0, 0, 6),
            (op::ACCUMULATOR_FROM_INDEX, 0, 0, 0),
            (op::INDEX_SIZE, 0, 0, 0),
            (op::MULTIPLY | op::BY_INDEX, 0, 0, 0),
            (op::RETURN_ACCUMULATOR, 0, 0, 0),
        ];
        assert_eq!(value(&swap), 5 * 64);
    }

    #[test]
    fn arithmetic_is_of_32_bits() {
        let most = u32::MAX;
        for (code, first, second, expected) in [
            (op::ADD, most, 2, 1),
            (op::SUBTRACT, 1, 2, most),
            (op::MULTIPLY, 0x1_0001, 0x1_0001, 0x2_0001),
            (op::DIVIDE, most, 10, most / 10),
            (op::AND, 12, 10, 8),
            (op::OR, 12, 10, 14),
            (op::XOR, 12, 10, 6),
            (op::SHIFT_LEFT, 0x8000_0001, 31, 1 << 31),
            (op::SHIFT_RIGHT, 0x8000_0001, 31, 1),
        ] {
            let by_constant = [
                (op::LOAD_CONSTANT, 0, 0, first),
                (code, 0, 0, second),
                (op::RETURN_ACCUMULATOR, 0, 0, 0),
            ];
            assert_eq!(value(&by_constant), expected, "{code:#x}");
            let by_index = [
                (op::LOAD_CONSTANT, 0, 0, first),
                (op::INDEX_CONSTANT, 0, 0, second),
                (code | op::BY_INDEX, 0, 0, 77),
                (op::RETURN_ACCUMULATOR, 0, 0, 0),
            ];
            assert_eq!(value(&by_index), expected, "{code:#x}");
        }
        let by_index = |code, second| {
            value(&[
                (op::LOAD_CONSTANT, 0, 0, 5),
                (op::INDEX_CONSTANT, 0, 0, second),
                (code | op::BY_INDEX, 0, 0, 0),
                (op::OR, 0, 0, 0x100),
                (op::RETURN_ACCUMULATOR, 0, 0, 0),
            ])
        };
        assert_eq!(by_index(op::DIVIDE, 0), 0);
        assert_eq!(by_index(op::DIVIDE, 1), 0x105);
        assert_eq!(by_index(op::SHIFT_LEFT, 33), 0x10a);
        let negated = [
            (op::LOAD_CONSTANT, 0, 0, 5),
            (op::NEGATE, 0, 0, 77),
            (op::RETURN_ACCUMULATOR, 0, 0, 0),
        ];
        assert_eq!(value(&negated), 5u32.wrapping_neg());
    }

    #[test]
    fn jumps_compare_with_the_index() {
        for (code, datum, expected) in [
            (op::JUMP_EQUAL, 5, 1),
            (op::JUMP_EQUAL, 4, 2),
            (op::JUMP_GREATER, 5, 2),
            (op::JUMP_GREATER_OR_EQUAL, 5, 1),
            (op::JUMP_ANY_BIT, 2, 2),
            (op::JUMP_ANY_BIT, 12, 1),
        ] {
            for (by, k) in [(0, datum), (op::BY_INDEX, 77)] {
                let jump = [
                    (op::INDEX_CONSTANT, 0, 0, datum),
                    (op::LOAD, 0, 0, 0),
                    (code | by, 0, 1, k),
                    (op::RETURN, 0, 0, 1),
                    (op::RETURN, 0, 0, 2),
                ];
                assert_eq!(value(&jump), expected, "{code:#x} {by}");
            }
        }
    }

    #[test]
    fn filters_of_a_stack_have_precedence() {
        let returns = |value| program(&[(op::RETURN, 0, 0, value)]);
        let decide = |values: &[u32]| {
            let stack: Vec<Program> = values.iter().map(|&value| returns(value)).collect();
            run_stack(&stack, &DATA).unwrap()
        };
        let allow = 0x7fff_0000;
        assert_eq!(decide(&[]), allow);
        assert_eq!(decide(&[allow | 7]), allow);
        // Data that the kernel ignores: of kill-thread, of a large errno.
        assert_eq!(decide(&[9]), 0);
        assert_eq!(decide(&[0x5_ffff]), 0x5_0fff);
        assert_eq!(decide(&[0x3_ffff]), 0x3_ffff);
        assert_eq!(decide(&[0x5_0001, 0x5_0002]), 0x5_0002);
        let rising = [
            0x8000_0000, // kill-process
            0,           // kill-thread
            0x0003_0000,
            0x0005_0000,
            0x7fc0_0000,
            0x7ff0_0000,
            0x7ffc_0000,
            allow,
        ];
        for (place, &first) in rising.iter().enumerate() {
            for &second in &rising[place..] {
                assert_eq!(decide(&[first, second]), first);
                assert_eq!(decide(&[second, first]), first);
            }
        }
    }

    // A value between log and allow was taken for one that lets calls through.
    #[test]
    fn unknown_actions_are_the_strictest() {
        for unknown in [0x7ffd_0000, 0x7ffe_0001, 0x0004_0000, 0x9000_0000] {
            assert_eq!(strictness(unknown), strictness(0x8000_0000));
            assert!(strictness(unknown) < strictness(0));
        }
    }

    #[test]
    fn faults() {
        assert_eq!(run(&program(&[]), &DATA), Err(Fault::Empty));
        let at_0 = |fault| Err(Fault::Instruction { index: 0, fault });
        for (instruction, fault) in [
            ((op::LOAD, 0, 0, 2), InstructionFault::LoadOffset(2)),
            ((op::LOAD_SCRATCH, 0, 0, 3), InstructionFault::NotStored(3)),
            ((op::JUMP, 0, 0, 1), InstructionFault::JumpTarget),
            ((0x40, 0, 0, 0), InstructionFault::UnknownOperation),
        ] {
            let program = program(&[instruction, (op::RETURN, 0, 0, 0)]);
            assert_eq!(run(&program, &DATA), at_0(fault));
        }
        let open = program(&[(op::LOAD, 0, 0, 0)]);
        assert_eq!(run(&open, &DATA), at_0(InstructionFault::NoReturn));
    }
}

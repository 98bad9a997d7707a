// SPDX-License-Identifier: LGPL-2.1-only
//! The running kernel against this crate: which programs it accepts, and what it does with
//! system calls. Each program is installed in a child process of its own.
//!
//! `SCMP_PROGRAMS=n` tries n programs, `SCMP_SEED=s` begins elsewhere.
#![cfg(target_os = "linux")]

mod confined;
mod programs;

use std::collections::BTreeMap;
use std::ffi::c_long;
use std::time::Instant;

use confined::Shared;
use programs::random::{Random, setting};
use scmp::bpf::{Instruction, Program};
use scmp::{Arch, Endian};
use scmp_verify::{Flaw, InstructionFault, SyscallData, op, run, run_stack, validate};

const CALLS: usize = 12;

/// What the child writes and its parent reads.
#[repr(C)]
struct Board {
    /// For each filter 0 if it was installed, else an errno.
    installed: [i32; 4],
    /// The calls' results without filters, and with them as far as the child came: a
    /// value, or a negative errno.
    natural: [c_long; CALLS],
    filtered: [c_long; CALLS],
    done: usize,
}

/// What has become of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Result(c_long),
    Killed,
}

impl Shared<Board> {
    /// Installs the programs, the first one first, in a child that then makes the calls. Gives 0
    /// or an errno for each program, and for each call its result without filters and its outcome
    /// with them. Calls after one that kills are left out.
    fn attempt(
        &self,
        programs: &[&Program],
        calls: &[SyscallData],
    ) -> (Vec<i32>, Vec<(c_long, Outcome)>) {
        assert!(calls.len() <= CALLS);
        // SAFETY: the numbers are of calls that take no pointers.
        let make = |call: &SyscallData| unsafe { confined::make(call) };
        let (board, status) = self.in_child(|board| {
            for (natural, call) in board.natural.iter_mut().zip(calls) {
                *natural = make(call);
            }
            for (installed, program) in board.installed.iter_mut().zip(programs) {
                *installed = confined::install(program, 0);
            }
            for (at, call) in calls.iter().enumerate() {
                board.filtered[at] = make(call);
                board.done = at + 1;
            }
        });
        assert!(libc::WIFSIGNALED(status), "{status:#x}");
        let results = board.filtered[..board.done].iter().copied();
        let mut outcomes: Vec<Outcome> = results.map(Outcome::Result).collect();
        match libc::WTERMSIG(status) {
            libc::SIGSYS => outcomes.push(Outcome::Killed),
            libc::SIGSEGV => assert_eq!(outcomes.len(), calls.len()),
            signal => panic!("signal {signal}"),
        }
        let installed = board.installed[..programs.len()].to_vec();
        (installed, board.natural.into_iter().zip(outcomes).collect())
    }
}

/// What the kernel does for a filter's value in a process without a tracer or a
/// supervisor.
fn expected(value: u32, natural: c_long) -> Outcome {
    match value >> 16 {
        // Allow and log.
        0x7fff | 0x7ffc => Outcome::Result(natural),
        5 => Outcome::Result(-c_long::from((value as u16).min(4095))),
        // Trace and notify.
        0x7ff0 | 0x7fc0 => Outcome::Result(-c_long::from(libc::ENOSYS)),
        _ => Outcome::Killed,
    }
}

/// Calls that take no pointers, and some that do not exist.
fn numbers() -> [u32; 6] {
    let known = [libc::SYS_getpid, libc::SYS_getppid, libc::SYS_getuid];
    let [a, b, c] = known.map(|number| number as u32);
    [a, b, c, 1000, 0x3fff_0000, u32::MAX]
}

fn getpid(arguments: [u64; 6]) -> SyscallData {
    let token = Arch::native().audit_token();
    SyscallData::new(token, libc::SYS_getpid as u32, arguments)
}

fn shared() -> Option<Shared<Board>> {
    // SAFETY: the board consists of numbers.
    unsafe { Shared::new() }
}

fn program(instructions: &[(u16, u32)]) -> Program {
    let plain = |&(code, k)| Instruction::new(code, [0, 0], k);
    let instructions = instructions.iter().map(plain);
    Program::new(instructions.collect(), Endian::HOST).unwrap()
}

/// The address from which libc::syscall() calls, a byte from each child.
fn instruction_pointer(shared: &Shared<Board>, call: SyscallData) -> u64 {
    let bytes = (0..8).map(|place| {
        let half = match Endian::HOST {
            Endian::Little => place / 4,
            Endian::Big => 1 - place / 4,
        };
        let byte = program(&[
            (op::LOAD, 8 + 4 * half),
            (op::SHIFT_RIGHT, 8 * (place % 4)),
            (op::AND, 0xff),
            (op::OR, 0x5_0000),
            (op::RETURN_ACCUMULATOR, 0),
        ]);
        match shared.attempt(&[&byte], &[call]) {
            (installed, outcomes) if installed == [0] => match outcomes[..] {
                [(_, Outcome::Result(negative))] => (-negative as u64) << (8 * place),
                _ => panic!("{outcomes:?}"),
            },
            other => panic!("{other:?}"),
        }
    });
    bytes.sum()
}

/// What a program's calls look like to the filter.
fn calls(random: &mut Random, program: &Program, instruction_pointer: u64) -> Vec<SyscallData> {
    let calls = (0..CALLS).map(|_| {
        let mut call = programs::call(random, program, &numbers());
        call.instruction_pointer = instruction_pointer;
        // Registers of 32-bit machines.
        call.arguments = call.arguments.map(|argument| argument as usize as u64);
        call
    });
    calls.collect()
}

#[test]
fn the_kernel_agrees() {
    let Some(shared) = shared() else {
        return;
    };
    let started = Instant::now();
    let first = setting("SCMP_SEED", 1 << 43);
    let count = setting("SCMP_PROGRAMS", 2_000);
    let instruction_pointer = instruction_pointer(&shared, getpid([0; 6]));
    let [mut accepted, mut compared, mut killed] = [0u64; 3];
    let mut refused = BTreeMap::<&str, u64>::new();
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let program = programs::program(&mut random);
        let calls = calls(&mut random, &program, instruction_pointer);
        let (installed, outcomes) = shared.attempt(&[&program], &calls);
        let flaw = validate(&program).err();
        let explain = || format!("seed {seed}: {flaw:?}\n{:x?}", program.instructions());
        match flaw {
            Some(flaw) => {
                assert_eq!(installed, [libc::EINVAL], "{}", explain());
                *refused.entry(name(flaw)).or_default() += 1;
                continue;
            }
            None => assert_eq!(installed, [0], "{}", explain()),
        }
        accepted += 1;
        for (call, (natural, outcome)) in calls.iter().zip(outcomes) {
            let value = run(&program, call).expect("it is valid");
            let expected = expected(value, natural);
            assert_eq!(outcome, expected, "{value:#x} for {call:x?}\n{}", explain());
            compared += 1;
            killed += u64::from(outcome == Outcome::Killed);
        }
    }
    println!(
        "{accepted} of {count} programs accepted, {compared} calls compared, {killed} killed, \
         refused: {refused:?}, {:.1?}",
        started.elapsed()
    );
    assert!(accepted * 2 > count && compared > 4 * count);
    if count >= 1_000 {
        assert_eq!(refused.len(), 7, "{refused:?}");
    }
}

fn name(flaw: Flaw) -> &'static str {
    let Flaw::Instruction { fault, .. } = flaw else {
        panic!("{flaw}");
    };
    match fault {
        InstructionFault::UnknownOperation => "operation",
        InstructionFault::LoadOffset(_) => "offset",
        InstructionFault::ScratchWord(_) => "scratch word",
        InstructionFault::NotStored(_) => "not stored",
        InstructionFault::DivisionByZero | InstructionFault::ShiftCount(_) => "constant",
        InstructionFault::JumpTarget => "jump",
        InstructionFault::NoReturn => "no return",
        other => panic!("{other}"),
    }
}

/// Each code in a program that is otherwise valid, with constants at the edges of what
/// operations take.
#[test]
fn the_kernel_accepts_the_same_instructions() {
    let Some(shared) = shared() else {
        return;
    };
    let edges = [0, 1, 7, 8, 15, 16, 31, 32, 60, 62, 64, 1 << 31, u32::MAX];
    let known = programs::CODES.map(|code| edges.map(|k| (code, k)));
    let others = (0..0x200).chain((9..16).map(|bit| 1 << bit | op::RETURN));
    let others = others.map(|code| (code, 1));
    let mut accepted = 0;
    for (code, k) in others.chain(known.into_iter().flatten()) {
        let stored = [(op::STORE, 1), (op::STORE, 15)];
        let returns = [(op::RETURN, 0x7fff_0000); 9];
        let program = program(&[&stored[..], &[(code, k)], &returns].concat());
        let (installed, _) = shared.attempt(&[&program], &[]);
        let flaw = validate(&program).err();
        assert_eq!(installed == [0], flaw.is_none(), "{code:#x} {k}: {flaw:?}");
        accepted += u64::from(flaw.is_none());
    }
    assert!(accepted > 300, "{accepted}");
}

#[test]
fn the_kernel_takes_4096_instructions() {
    let Some(shared) = shared() else {
        return;
    };
    for length in [0, 1, 4096, 4097, 65535] {
        let program = program(&vec![(op::RETURN, 0x7fff_0000); length]);
        let (installed, _) = shared.attempt(&[&program], &[]);
        let valid = validate(&program).is_ok();
        assert_eq!(installed, [if valid { 0 } else { libc::EINVAL }]);
    }
}

/// Filters that return arguments of the call, so that each call is another case.
#[test]
fn the_kernel_combines_filters() {
    let Some(shared) = shared() else {
        return;
    };
    let mut random = Random::new(setting("SCMP_SEED", 1 << 44));
    let low = 4 * u32::from(Endian::HOST == Endian::Big);
    let argument = |number: u32| {
        let all = program(&[
            (op::LOAD, 0),
            (op::JUMP_EQUAL, libc::SYS_seccomp as u32),
            // For the next filter.
            (op::RETURN, 0x7fff_0000),
            (op::LOAD, 16 + 8 * number + low),
            (op::RETURN_ACCUMULATOR, 0),
        ]);
        let mut instructions = all.instructions().to_vec();
        instructions[1].jump_false = 1;
        Program::new(instructions, Endian::HOST).unwrap()
    };
    let stack = [0, 1, 2, 3].map(argument);
    let values = [
        0x7fff_0000,
        0x7fff_0001,
        0x7ffc_0000,
        0x7ff0_0000,
        0x7fc0_0000,
        0x5_0001,
        0x5_0002,
        0x5_0003,
    ];
    for turn in 0..100 {
        let calls: [SyscallData; CALLS] = std::array::from_fn(|_| {
            getpid(std::array::from_fn(|_| match random.chance(2) {
                // Kill-process, kill-thread, trap, no action.
                true => random.pick(&[0x8000_0000, 0, 0x3_0000, 0x1234_0000]),
                false => random.pick(&values),
            }))
        });
        let (installed, outcomes) = shared.attempt(&stack.each_ref(), &calls);
        assert_eq!(installed, [0; 4]);
        for (call, (natural, outcome)) in calls.iter().zip(outcomes) {
            let value = run_stack(&stack, call).unwrap();
            let expected = expected(value, natural);
            assert_eq!(outcome, expected, "turn {turn}: {value:#x} for {call:x?}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The functions that proofs make of random programs, against the interpreter.
//!
//! `SCMP_PROGRAMS=n` tries n programs, `SCMP_SEED=s` begins elsewhere.

mod programs;

use std::time::Instant;

use programs::random::{Random, setting};
use scmp::Endian;
use scmp::bpf::{Instruction, Program};
use scmp_verify::decision::{Analysis, Unanswered};
use scmp_verify::proof::{Answer, compare};
use scmp_verify::{SyscallData, op, run, run_stack, validate};

/// Random calls for a program; the numbers include what it compares with.
fn calls(random: &mut Random, program: &Program) -> Vec<SyscallData> {
    let calls = (0..40).map(|_| {
        let mut call = programs::call(random, program, &[0]);
        let words = call.arguments;
        call.number = words[random.below(6)] as u32;
        if random.chance(50) {
            call.audit_token = words[random.below(6)] as u32;
        }
        call
    });
    calls.collect()
}

/// The same program behind a jump that skips nothing.
fn behind_a_jump(program: &Program) -> Program {
    let mut instructions = vec![Instruction::new(op::JUMP, [0, 0], 0)];
    instructions.extend(program.instructions());
    Program::new(instructions, program.endian()).expect("memory")
}

#[test]
fn functions_have_the_values_that_programs_return() {
    let started = Instant::now();
    let first = setting("SCMP_SEED", 1 << 45);
    let count = setting("SCMP_PROGRAMS", 300);
    let [mut understood, mut gave_up, mut distinct] = [0u64; 3];
    let mut slowest = (0.0, 0);
    let mut previous = None;
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let program = programs::program(&mut random);
        let began = Instant::now();
        let mut analysis = Analysis::new();
        let function = match analysis.of_program(&program) {
            Ok(function) => function,
            Err(Unanswered::GaveUp) => {
                gave_up += 1;
                continue;
            }
            Err(why) => {
                assert!(validate(&program).is_err(), "seed {seed}: {why}");
                continue;
            }
        };
        let took = (began.elapsed().as_secs_f64(), seed);
        if took > slowest {
            slowest = took;
        }
        understood += 1;
        let calls = calls(&mut random, &program);
        for call in &calls {
            let value = analysis.value(function, call);
            assert_eq!(run(&program, call), Ok(value), "seed {seed}: {call:x?}");
        }
        distinct += u64::from(analysis.constant_value(function).is_none());
        let answer = compare(&program, &behind_a_jump(&program));
        assert_eq!(answer, Ok(Answer::Equal), "seed {seed}");
        // Together with the program before it.
        if let Some(older) = previous.replace(program.clone()) {
            let stack = [older, program];
            let Ok(function) = analysis.of_stack(&stack) else {
                continue;
            };
            for call in &calls {
                let value = analysis.value(function, call);
                assert_eq!(run_stack(&stack, call), Ok(value), "seed {seed}: {call:x?}");
            }
        }
    }
    println!(
        "{understood} of {count} programs understood, {distinct} of them not constant, \
         {gave_up} too complex, slowest {slowest:?}, {:.1?}",
        started.elapsed()
    );
    assert!(understood * 2 > count && distinct * 2 > understood);
    assert!(gave_up * 50 < understood);
}

/// The values of a mask's bits.
fn values_under(mask: u32) -> Vec<u32> {
    let mut values = vec![0u32];
    // All subsets (Knuth 4A, 7.1.3).
    while let Some(next) = values.last().map(|last| last.wrapping_sub(mask) & mask) {
        if next == 0 {
            break;
        }
        values.push(next);
    }
    values
}

/// Each operation on words of a few bits, for all their values: with these no proof gives
/// up.
#[test]
fn arithmetic_is_exact() {
    let arithmetic = programs::CODES.into_iter().filter(|code| code & 7 == 4);
    let jumps = programs::CODES.into_iter().filter(|code| code & 7 == 5);
    let masks = [0xf, 0x3c, 0x8000_0005, 0xf000_0000];
    for code in arithmetic.chain(jumps) {
        for (first, second) in masks.iter().flat_map(|&a| masks.map(|b| (a, b))) {
            let k = if code == op::SHIFT_LEFT || code == op::SHIFT_RIGHT {
                second % 32
            } else {
                second
            };
            let instruction = |code, k| Instruction::new(code, [u8::from(code & 7 == 5), 0], k);
            let low = 4 * u32::from(Endian::HOST == Endian::Big);
            let program = [
                instruction(op::LOAD, 16 + low),
                instruction(op::AND, first),
                instruction(op::STORE, 3),
                instruction(op::LOAD, 24 + low),
                instruction(op::AND, second),
                instruction(op::INDEX_FROM_ACCUMULATOR, 0),
                instruction(op::LOAD_SCRATCH, 3),
                instruction(code, if code == op::JUMP { 1 } else { k }),
                instruction(op::RETURN, 7),
                instruction(op::RETURN_ACCUMULATOR, 0),
            ];
            let program = Program::new(program.to_vec(), Endian::HOST).unwrap();
            let mut analysis = Analysis::new();
            let function = analysis.of_program(&program).expect("few bits");
            let others = values_under(second);
            for (a, b) in
                (values_under(first).iter()).flat_map(|&a| others.iter().map(move |&b| (a, b)))
            {
                let call = SyscallData::new(0, 0, [a.into(), b.into(), 0, 0, 0, 0]);
                let value = analysis.value(function, &call);
                assert_eq!(run(&program, &call), Ok(value), "{code:#x} {a:#x} {b:#x}");
            }
        }
    }
}

/// Sums and comparisons of two whole words have functions that are too large, but their low
/// bits have not.
#[test]
fn only_bits_that_matter_are_too_complex() {
    let program = |code, mask| {
        let instructions = [
            (op::LOAD, 16),
            (op::INDEX_FROM_ACCUMULATOR, 0),
            (op::LOAD, 24),
            (code, 0),
            (op::AND, mask),
            (op::JUMP_EQUAL, 5),
            (op::RETURN, 1),
            (op::RETURN, 2),
        ];
        let instructions = instructions
            .map(|(code, k)| Instruction::new(code, [0, u8::from(code == op::JUMP_EQUAL)], k));
        Program::new(instructions.to_vec(), Endian::HOST).unwrap()
    };
    for code in [op::ADD, op::SUBTRACT, op::MULTIPLY] {
        let code = code | op::BY_INDEX;
        let understood = |mask| Analysis::new().of_program(&program(code, mask)).is_ok();
        assert!(understood(7), "{code:#x}");
        assert!(!understood(u32::MAX), "{code:#x}");
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Any bytes as programs: the check of validity, the interpreter and the exact comparison.
//!
//! The first byte says the byte order, and whether instructions are taken as they are or
//! have an operation and a constant out of a few, so that most programs are understood.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scmp::bpf::{INSTRUCTION_SIZE, Program};
use scmp::{Action, Arch, Endian};
use scmp_fuzz::Input;
use scmp_verify::proof::{self, Answer, NotUnderstood, RuleSet, Side};
use scmp_verify::{Fault, Flaw, SyscallData, op, run, trace, validate};

/// Longer programs are run and validated; they are compared only if one is refused. States
/// double with each mask behind a test, two instructions: 28 take about 1 s, 36 take 16 s.
const MAX_COMPARED: usize = 28;

/// The most operations of a program that is compared whose functions may be large.
const MAX_COSTLY: usize = 3;

/// The first ones are those of this library's programs.
const OPERATIONS: [u16; 32] = [
    op::LOAD,
    op::AND,
    op::JUMP,
    op::JUMP_EQUAL,
    op::JUMP_GREATER,
    op::JUMP_GREATER_OR_EQUAL,
    op::RETURN,
    op::JUMP_ANY_BIT,
    op::LOAD_CONSTANT,
    op::LOAD_SIZE,
    op::LOAD_SCRATCH,
    op::INDEX_CONSTANT,
    op::INDEX_SCRATCH,
    op::STORE,
    op::STORE_INDEX,
    op::INDEX_FROM_ACCUMULATOR,
    op::ACCUMULATOR_FROM_INDEX,
    op::RETURN_ACCUMULATOR,
    op::NEGATE,
    op::ADD,
    op::SUBTRACT,
    op::MULTIPLY,
    op::DIVIDE,
    op::OR,
    op::XOR,
    op::SHIFT_LEFT,
    op::SHIFT_RIGHT,
    op::ADD | op::BY_INDEX,
    op::DIVIDE | op::BY_INDEX,
    op::SHIFT_LEFT | op::BY_INDEX,
    op::JUMP_EQUAL | op::BY_INDEX,
    op::JUMP_GREATER | op::BY_INDEX,
];

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let mode = input.byte();
    let endian = if mode & 1 == 0 {
        Endian::Little
    } else {
        Endian::Big
    };
    let plain = mode & 2 == 0;
    let change = Change {
        place: input.byte(),
        byte: input.byte(),
        by: input.byte(),
    };
    let calls: Vec<SyscallData> = (0..4).map(|_| call(&mut input)).collect();
    let mut bytes = input.rest().to_vec();
    if !plain {
        simplify(&mut bytes, endian);
    }
    let Ok(program) = Program::from_bytes(&bytes, endian) else {
        assert!(
            !bytes.len().is_multiple_of(INSTRUCTION_SIZE) || bytes.len() > 65535 * INSTRUCTION_SIZE
        );
        return;
    };
    assert_eq!(program.to_bytes().as_deref(), Ok(&bytes[..]));
    let mut changed = bytes.clone();
    change.apply(&mut changed);
    let changed = Program::from_bytes(&changed, endian).expect("no longer than before");

    let calls = near(&program, calls);
    let flaws = [&program, &changed].map(|program| {
        let flaw = flaw(program);
        for call in &calls {
            runs(program, call, flaw);
        }
        flaw
    });
    compare(&program, &program, [flaws[0]; 2], &calls);
    compare(&program, &changed, flaws, &calls);
    check(&program, flaws[0], &calls);
});

struct Change {
    place: u8,
    byte: u8,
    by: u8,
}

impl Change {
    /// Changes one byte of one instruction.
    fn apply(&self, bytes: &mut [u8]) {
        let instructions = bytes.len() / INSTRUCTION_SIZE;
        if instructions > 0 {
            let instruction = usize::from(self.place) % instructions;
            let byte = usize::from(self.byte) % INSTRUCTION_SIZE;
            bytes[instruction * INSTRUCTION_SIZE + byte] ^= self.by;
        }
    }
}

/// Why a program is refused, if it is.
fn flaw(program: &Program) -> Option<Flaw> {
    let flaw = validate(program).err()?;
    assert!(!flaw.to_string().is_empty());
    match flaw {
        Flaw::Empty => assert!(program.instructions().is_empty()),
        Flaw::Instruction {
            index, instruction, ..
        } => assert_eq!(program.instructions().get(index), Some(&instruction)),
        _ => {}
    }
    Some(flaw)
}

/// A program that is accepted has a value for every call. One that is refused has a fault
/// only where control comes to the end, or to an instruction that has a flaw.
fn runs(program: &Program, call: &SyscallData, flaw: Option<Flaw>) {
    let mut places = Vec::new();
    let result = trace(program, call, |place| places.push(place));
    assert_eq!(result, run(program, call));
    assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
    let last = places.last().map(|&place| program.instructions()[place]);
    match result {
        Ok(value) => {
            let last = last.expect("an instruction");
            match last.code {
                op::RETURN => assert_eq!(last.k, value),
                op::RETURN_ACCUMULATOR => {}
                // By zero.
                code => assert_eq!((code, value), (op::DIVIDE | op::BY_INDEX, 0)),
            }
        }
        Err(fault) => {
            assert!(flaw.is_some(), "{fault:?} {call:x?}");
            match fault {
                Fault::Empty => assert_eq!(flaw, Some(Flaw::Empty)),
                Fault::Instruction { index, .. } => assert_eq!(places.last(), Some(&index)),
                _ => {}
            }
        }
    }
}

fn value(program: &Program, call: &SyscallData) -> u32 {
    run(program, call).expect("a valid program has a value")
}

fn is_short(program: &Program) -> bool {
    let instructions = program.instructions();
    let costly = instructions.iter().filter(|instruction| {
        let cheap = [op::AND, op::OR, op::XOR, op::SHIFT_LEFT, op::SHIFT_RIGHT];
        match instruction.code & 7 {
            4 => !cheap.contains(&instruction.code),
            5 => instruction.code & op::BY_INDEX != 0,
            _ => instruction.code == op::RETURN_ACCUMULATOR,
        }
    });
    instructions.len() <= MAX_COMPARED && costly.count() <= MAX_COSTLY
}

fn compare(first: &Program, second: &Program, flaws: [Option<Flaw>; 2], calls: &[SyscallData]) {
    let refused = match flaws {
        [Some(flaw), _] => Some((Side::First, flaw)),
        [None, Some(flaw)] => Some((Side::Second, flaw)),
        [None, None] => None,
    };
    if let Some((program, flaw)) = refused {
        let expected = Err(NotUnderstood { program, flaw });
        assert_eq!(proof::compare(first, second), expected);
        return;
    }
    if !is_short(first) {
        return;
    }
    match proof::compare(first, second).expect("both are valid") {
        Answer::Equal => {
            for call in calls {
                assert_eq!(value(first, call), value(second, call), "{call:x?}");
            }
        }
        Answer::Different(difference) => {
            let call = &difference.input;
            assert_ne!(value(first, call), value(second, call), "{call:x?}");
            assert_eq!(difference.first, value(first, call));
            assert_eq!(difference.second, [value(second, call)]);
        }
        Answer::GaveUp => {}
    }
}

/// Against no rules: kill-thread, which is 0, for x86_64, and allow for all others.
fn check(program: &Program, flaw: Option<Flaw>, calls: &[SyscallData]) {
    let arches = match program.endian() {
        Endian::Little => [Arch::X86_64],
        Endian::Big => [Arch::S390x],
    };
    let rules = RuleSet::new(Action::KillThread, Action::Allow, false, &arches);
    if let Some(flaw) = flaw {
        let expected = Err(NotUnderstood {
            program: Side::First,
            flaw,
        });
        assert_eq!(proof::check(program, &rules), expected);
        return;
    }
    if !is_short(program) {
        return;
    }
    match proof::check(program, &rules).expect("it is valid") {
        Answer::Equal => {
            for call in calls {
                assert_eq!([value(program, call)], rules.actions(call)[..], "{call:x?}");
            }
        }
        Answer::Different(difference) => {
            let call = &difference.input;
            assert_eq!(difference.first, value(program, call));
            assert_eq!(difference.second, rules.actions(call));
            assert!(!difference.second.contains(&difference.first), "{call:x?}");
        }
        Answer::GaveUp => {}
    }
}

/// Replaces operations, and constants that only few values make valid.
fn simplify(bytes: &mut [u8], endian: Endian) {
    for instruction in bytes.chunks_exact_mut(INSTRUCTION_SIZE) {
        let code = OPERATIONS[usize::from(instruction[0]) % OPERATIONS.len()];
        instruction[2] &= 3;
        instruction[3] &= 3;
        let mut k = u32::from_le_bytes([
            instruction[4],
            instruction[5],
            instruction[6],
            instruction[7],
        ]);
        match code {
            op::LOAD => k = k % 16 * 4,
            op::JUMP => k %= 4,
            op::SHIFT_LEFT | op::SHIFT_RIGHT => k %= 32,
            op::STORE | op::STORE_INDEX | op::LOAD_SCRATCH | op::INDEX_SCRATCH => k %= 4,
            _ => {}
        }
        let (code, k) = match endian {
            Endian::Little => (code.to_le_bytes(), k.to_le_bytes()),
            Endian::Big => (code.to_be_bytes(), k.to_be_bytes()),
        };
        instruction[..2].copy_from_slice(&code);
        instruction[4..].copy_from_slice(&k);
    }
}

fn call(input: &mut Input) -> SyscallData {
    SyscallData {
        number: u32::from(input.short()),
        audit_token: input.pick(&[0xc000_003e, 0x4000_0003, 0x8000_0016, 0]),
        instruction_pointer: u64::from(input.byte()),
        arguments: std::array::from_fn(|_| u64::from(input.byte())),
    }
}

/// The calls, and some with words of the program's constants.
fn near(program: &Program, mut calls: Vec<SyscallData>) -> Vec<SyscallData> {
    let constants = program
        .instructions()
        .iter()
        .map(|instruction| instruction.k);
    for (place, k) in constants.take(64).enumerate() {
        for word in [k.wrapping_sub(1), k, k.wrapping_add(1)] {
            let mut call = calls[place % 4];
            let double = u64::from(word) << 32 | u64::from(word);
            match place % 3 {
                0 => call.number = word,
                1 => call.arguments = [double; 6],
                _ => call.arguments[place / 3 % 6] = double,
            }
            calls.push(call);
        }
    }
    calls
}

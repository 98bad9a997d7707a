// SPDX-License-Identifier: LGPL-2.1-only
//! Any bytes as programs: the interpreter and the exact comparison.
//!
//! The first byte says the byte order, and whether instructions are taken as they are or
//! have an operation and a constant out of a few, so that most programs are understood.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Program, SyscallData, op, run};
use scmp::proof::{self, Verdict};
use scmp_fuzz::Input;

/// Longer programs are run, but not compared: states may double with each test.
const MOST_COMPARED: usize = 20;

const OPERATIONS: [u16; 8] = [
    op::LOAD,
    op::AND,
    op::JUMP,
    op::JUMP_EQUAL,
    op::JUMP_GREATER,
    op::JUMP_GREATER_OR_EQUAL,
    op::RETURN,
    op::JUMP_EQUAL,
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
    for call in &calls {
        let _ = run(&program, call);
        let _ = run(&changed, call);
    }
    if program.instructions().len() <= MOST_COMPARED {
        if let Verdict::Different(difference) = proof::compare(&program, &program) {
            panic!("a program differs from itself: {difference:x?}");
        }
        compare(&program, &changed, &calls);
    }
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

/// What a fault is about does not matter.
fn decides(program: &Program, call: &SyscallData) -> Option<u32> {
    run(program, call).ok()
}

fn compare(first: &Program, second: &Program, calls: &[SyscallData]) {
    match proof::compare(first, second) {
        Verdict::Equal => {
            for call in calls {
                assert_eq!(decides(first, call), decides(second, call), "{call:x?}");
            }
        }
        Verdict::Different(difference) => {
            let call = &difference.input;
            assert_ne!(decides(first, call), decides(second, call), "{call:x?}");
            assert_eq!(difference.first, run(first, call));
            assert_eq!(difference.second, [run(second, call)]);
        }
        _ => {}
    }
}

/// Replaces operations, loads, masks and jumps by such as programs of this library have.
fn simplify(bytes: &mut [u8], endian: Endian) {
    for instruction in bytes.chunks_exact_mut(INSTRUCTION_SIZE) {
        let code = OPERATIONS[usize::from(instruction[0] & 7)];
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

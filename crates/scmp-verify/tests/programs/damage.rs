// SPDX-License-Identifier: LGPL-2.1-only
//! Random changes of instructions.

use scmp::Arch;
use scmp::bpf::Instruction;
use scmp_verify::op;

use super::random::Random;

/// Every code that the kernel accepts in some place.
pub const CODES: [u16; 41] = [
    op::LOAD,
    op::LOAD_CONSTANT,
    op::LOAD_SIZE,
    op::LOAD_SCRATCH,
    op::INDEX_CONSTANT,
    op::INDEX_SIZE,
    op::INDEX_SCRATCH,
    op::STORE,
    op::STORE_INDEX,
    op::INDEX_FROM_ACCUMULATOR,
    op::ACCUMULATOR_FROM_INDEX,
    op::ADD,
    op::ADD | op::BY_INDEX,
    op::SUBTRACT,
    op::SUBTRACT | op::BY_INDEX,
    op::MULTIPLY,
    op::MULTIPLY | op::BY_INDEX,
    op::DIVIDE,
    op::DIVIDE | op::BY_INDEX,
    op::AND,
    op::AND | op::BY_INDEX,
    op::OR,
    op::OR | op::BY_INDEX,
    op::XOR,
    op::XOR | op::BY_INDEX,
    op::SHIFT_LEFT,
    op::SHIFT_LEFT | op::BY_INDEX,
    op::SHIFT_RIGHT,
    op::SHIFT_RIGHT | op::BY_INDEX,
    op::NEGATE,
    op::JUMP,
    op::JUMP_EQUAL,
    op::JUMP_EQUAL | op::BY_INDEX,
    op::JUMP_GREATER,
    op::JUMP_GREATER | op::BY_INDEX,
    op::JUMP_GREATER_OR_EQUAL,
    op::JUMP_GREATER_OR_EQUAL | op::BY_INDEX,
    op::JUMP_ANY_BIT,
    op::JUMP_ANY_BIT | op::BY_INDEX,
    op::RETURN,
    op::RETURN_ACCUMULATOR,
];

/// Constants and words of system calls.
pub fn word(random: &mut Random) -> u32 {
    match random.below(10) {
        0..6 => random.below(9) as u32,
        6 => 1 << random.below(32),
        7 => random.pick(&[0xff, 0x100, 0xffff, 0x7fff_ffff, u32::MAX - 1, u32::MAX]),
        8 => Arch::native().audit_token(),
        _ => random.word() as u32,
    }
}

/// Makes another instruction of it.
pub fn damage(instruction: &mut Instruction, random: &mut Random) {
    let before = *instruction;
    // Other instructions ignore these fields, so they are rarely changed there.
    let jumps = instruction.code & 7 == 5 || random.chance(5);
    while *instruction == before {
        match random.below(if jumps { 8 } else { 6 }) {
            0 => instruction.code = random.below(0x100) as u16,
            1 | 2 => instruction.code = random.pick(&CODES),
            3 => instruction.k = word(random),
            4 => instruction.k = instruction.k.wrapping_add(random.pick(&[1, u32::MAX])),
            5 => instruction.k ^= 1 << random.below(32),
            6 => instruction.jump_true = random.below(5) as u8,
            _ => instruction.jump_false = random.below(5) as u8,
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Operation codes of linux/bpf_common.h and linux/filter.h that the kernel accepts in
//! seccomp programs, those of [`scmp::bpf::op`] included. `A` is the accumulator, `X` the
//! index register, `K` the instruction's constant.
//!
//! ```
//! use scmp_verify::op;
//!
//! // BPF_ALU | BPF_ADD | BPF_X
//! assert_eq!(op::ADD | op::BY_INDEX, 0x0c);
//! ```

use scmp::bpf;

/// In codes of arithmetic and of conditional jumps: the second operand is `X`, not `K`
/// (`BPF_X`).
pub const BY_INDEX: u16 = 0x08;

/// `A` becomes the word at offset `K` of `struct seccomp_data` (`BPF_LD | BPF_W | BPF_ABS`).
pub const LOAD: u16 = bpf::op::LOAD;
/// `A = K` (`BPF_LD | BPF_IMM`).
pub const LOAD_CONSTANT: u16 = 0x00;
/// `A` becomes the size of `struct seccomp_data`, 64 (`BPF_LD | BPF_W | BPF_LEN`).
pub const LOAD_SIZE: u16 = 0x80;
/// `A` becomes word `K` of the scratch memory (`BPF_LD | BPF_MEM`).
pub const LOAD_SCRATCH: u16 = 0x60;
/// `X = K` (`BPF_LDX | BPF_IMM`).
pub const INDEX_CONSTANT: u16 = 0x01;
/// `X` becomes the size of `struct seccomp_data`, 64 (`BPF_LDX | BPF_W | BPF_LEN`).
pub const INDEX_SIZE: u16 = 0x81;
/// `X` becomes word `K` of the scratch memory (`BPF_LDX | BPF_MEM`).
pub const INDEX_SCRATCH: u16 = 0x61;
/// Word `K` of the scratch memory becomes `A` (`BPF_ST`).
pub const STORE: u16 = 0x02;
/// Word `K` of the scratch memory becomes `X` (`BPF_STX`).
pub const STORE_INDEX: u16 = 0x03;
/// `X = A` (`BPF_MISC | BPF_TAX`).
pub const INDEX_FROM_ACCUMULATOR: u16 = 0x07;
/// `A = X` (`BPF_MISC | BPF_TXA`).
pub const ACCUMULATOR_FROM_INDEX: u16 = 0x87;

/// `A += K` (`BPF_ALU | BPF_ADD | BPF_K`).
pub const ADD: u16 = 0x04;
/// `A -= K` (`BPF_ALU | BPF_SUB | BPF_K`).
pub const SUBTRACT: u16 = 0x14;
/// `A *= K` (`BPF_ALU | BPF_MUL | BPF_K`).
pub const MULTIPLY: u16 = 0x24;
/// `A /= K`, unsigned (`BPF_ALU | BPF_DIV | BPF_K`). `K` is not 0; if `X` is, the program
/// returns 0.
pub const DIVIDE: u16 = 0x34;
/// `A &= K` (`BPF_ALU | BPF_AND | BPF_K`).
pub const AND: u16 = bpf::op::AND;
/// `A |= K` (`BPF_ALU | BPF_OR | BPF_K`).
pub const OR: u16 = 0x44;
/// `A <<= K` (`BPF_ALU | BPF_LSH | BPF_K`). `K` is below 32; of `X`, five bits count (the
/// kernel's compilers for some machines may differ if it is above 31).
pub const SHIFT_LEFT: u16 = 0x64;
/// `A >>= K`, unsigned (`BPF_ALU | BPF_RSH | BPF_K`). `K` and `X` as for [`SHIFT_LEFT`].
pub const SHIFT_RIGHT: u16 = 0x74;
/// `A = -A` (`BPF_ALU | BPF_NEG`).
pub const NEGATE: u16 = 0x84;
/// `A ^= K` (`BPF_ALU | BPF_XOR | BPF_K`).
pub const XOR: u16 = 0xa4;

/// Jump always, over `K` instructions (`BPF_JMP | BPF_JA`).
pub const JUMP: u16 = bpf::op::JUMP;
/// Jump if `A == K` (`BPF_JMP | BPF_JEQ | BPF_K`).
pub const JUMP_EQUAL: u16 = bpf::op::JUMP_EQUAL;
/// Jump if `A > K`, unsigned (`BPF_JMP | BPF_JGT | BPF_K`).
pub const JUMP_GREATER: u16 = bpf::op::JUMP_GREATER;
/// Jump if `A >= K`, unsigned (`BPF_JMP | BPF_JGE | BPF_K`).
pub const JUMP_GREATER_OR_EQUAL: u16 = bpf::op::JUMP_GREATER_OR_EQUAL;
/// Jump if `A & K` is not 0 (`BPF_JMP | BPF_JSET | BPF_K`).
pub const JUMP_ANY_BIT: u16 = 0x45;
/// Return `K` (`BPF_RET | BPF_K`).
pub const RETURN: u16 = bpf::op::RETURN;
/// Return `A` (`BPF_RET | BPF_A`).
pub const RETURN_ACCUMULATOR: u16 = 0x16;

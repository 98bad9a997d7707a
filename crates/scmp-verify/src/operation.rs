// SPDX-License-Identifier: LGPL-2.1-only
//! What a valid instruction does.

/// What a valid instruction does. Jumps name the place to which they lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Load this word of `struct seccomp_data`, 0 to 15, into the accumulator.
    Load(u8),
    /// Set a register.
    Set(Register, Source),
    /// Load this word of the scratch memory, 0 to 15, into a register.
    Recall(Register, u8),
    /// Store a register in this word of the scratch memory, 0 to 15.
    Store(Register, u8),
    /// Change the accumulator.
    Compute(Arithmetic, Source),
    Jump(usize),
    /// Compare the accumulator.
    Branch {
        order: Order,
        datum: Source,
        when_true: usize,
        when_false: usize,
    },
    Return(Source),
}

/// The discriminant is the place in an array of both registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Register {
    Accumulator = 0,
    Index = 1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Constant(u32),
    Register(Register),
}

impl Source {
    /// The operand, given the accumulator and the index register.
    pub(crate) fn value<T: From<u32> + Copy>(self, registers: &[T; 2]) -> T {
        match self {
            Source::Constant(value) => value.into(),
            Source::Register(register) => registers[register as usize],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    /// Ignores the second operand.
    Negate,
}

impl Arithmetic {
    /// The result, `None` for a division by zero.
    ///
    /// A shift's count is taken modulo 32, as the kernel's interpreter does, and the
    /// processors for which its JIT compilers use the plain instruction: x86_64, aarch64,
    /// riscv64. tests/kernel.rs compares the machine that it runs on.
    pub(crate) fn apply(self, first: u32, second: u32) -> Option<u32> {
        Some(match self {
            Arithmetic::Add => first.wrapping_add(second),
            Arithmetic::Subtract => first.wrapping_sub(second),
            Arithmetic::Multiply => first.wrapping_mul(second),
            Arithmetic::Divide => return first.checked_div(second),
            Arithmetic::And => first & second,
            Arithmetic::Or => first | second,
            Arithmetic::Xor => first ^ second,
            Arithmetic::ShiftLeft => first.wrapping_shl(second),
            Arithmetic::ShiftRight => first.wrapping_shr(second),
            Arithmetic::Negate => first.wrapping_neg(),
        })
    }
}

/// How a word is compared with another, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `first == second`.
    Equal,
    /// `first > second`.
    Greater,
    /// `first >= second`.
    GreaterOrEqual,
    /// `first & second != 0`.
    AnyBit,
}

impl Order {
    pub(crate) fn holds(self, first: u32, second: u32) -> bool {
        match self {
            Order::Equal => first == second,
            Order::Greater => first > second,
            Order::GreaterOrEqual => first >= second,
            Order::AnyBit => first & second != 0,
        }
    }
}

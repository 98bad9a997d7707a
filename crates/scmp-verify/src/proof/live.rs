// SPDX-License-Identifier: LGPL-2.1-only
//! Which registers and words of scratch memory a program may still read.

use crate::operation::{Arithmetic, Operation, Register, Source};

/// Some of the registers and words: a bit for each word of scratch memory, then one for each
/// register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Live(u32);

impl Live {
    pub(super) fn has(self, register: Register) -> bool {
        self.0 & bit(register) != 0
    }

    pub(super) fn has_scratch(self, word: u8) -> bool {
        self.0 >> word & 1 != 0
    }

    fn and(self, other: Live) -> Live {
        Live(self.0 | other.0)
    }

    fn with(self, source: Source) -> Live {
        match source {
            Source::Constant(_) => self,
            Source::Register(register) => Live(self.0 | bit(register)),
        }
    }

    fn without(self, register: Register) -> Live {
        Live(self.0 & !bit(register))
    }
}

fn bit(register: Register) -> u32 {
    match register {
        Register::Accumulator => 1 << 16,
        Register::Index => 1 << 17,
    }
}

/// What is read after each place of a program, before it is written.
pub(super) fn before_each(operations: &[Operation]) -> Vec<Live> {
    let accumulator = Source::Register(Register::Accumulator);
    let mut live = vec![Live::default(); operations.len()];
    for (at, &operation) in operations.iter().enumerate().rev() {
        let after = live.get(at + 1).copied().unwrap_or_default();
        live[at] = match operation {
            Operation::Load(_) => after.without(Register::Accumulator),
            Operation::Set(register, source) if after.has(register) => {
                after.without(register).with(source)
            }
            Operation::Recall(register, word) if after.has(register) => {
                Live(after.without(register).0 | 1 << word)
            }
            Operation::Store(register, word) if after.has_scratch(word) => {
                Live(after.0 & !(1 << word)).with(Source::Register(register))
            }
            // Division by zero returns, so the divisor is live even if A is not.
            Operation::Compute(Arithmetic::Divide, source) => after.with(source),
            Operation::Compute(_, source) if after.has(Register::Accumulator) => after.with(source),
            Operation::Set(..)
            | Operation::Recall(..)
            | Operation::Store(..)
            | Operation::Compute(..) => after,
            Operation::Jump(target) => live[target],
            Operation::Branch {
                datum,
                when_true,
                when_false,
                ..
            } => {
                let after = live[when_true].and(live[when_false]);
                after.with(datum).with(accumulator)
            }
            Operation::Return(source) => Live::default().with(source),
        };
    }
    live
}

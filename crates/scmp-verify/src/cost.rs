// SPDX-License-Identifier: LGPL-2.1-only
//! What the kernel does to decide a system call: how many instructions it runs, and whether
//! it runs any.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use scmp::Action;
use scmp::bpf::Program;

use crate::decision::Unanswered;
use crate::operation::{Arithmetic, Operation, Order, Register, Source};
use crate::proof::operations;
use crate::validation::SCRATCH_WORDS;

/// What a program costs for the calls with one number of one architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// No call executes fewer instructions.
    pub least: usize,
    /// No call executes more instructions. Where the arguments decide, ways through the
    /// program count whose conditions exclude each other.
    pub most: usize,
    /// Whether the kernel allows the calls without running the program. Since Linux 5.11 it
    /// does so for calls of its own architecture and of the compatible one of 32 bits, if
    /// all of the filters that are installed allow them and never look at arguments
    /// (seccomp_is_const_allow, kernel/seccomp.c).
    pub in_bitmap: bool,
}

/// A word that does not depend on arguments.
type Known = Option<u32>;

/// What is known before an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    at: usize,
    accumulator: Known,
    index: Known,
    scratch: [Known; SCRATCH_WORDS],
}

/// The most states of a program.
const MAX_STATES: usize = 1 << 18;

/// The cost of a program for calls of an architecture (its `AUDIT_ARCH_*` value) with this
/// number.
///
/// ```
/// use scmp::Arch;
/// use scmp_verify::{cost, profile::Profile};
///
/// let mut built = Profile::parse("default errno 1\nallow read socket(a0 == 1)")?.build()?;
/// let program = built.filter.program()?;
/// let token = Arch::X86_64.audit_token();
/// let [read, socket] = [0, 41].map(|number| cost::of_call(program, token, number));
/// assert!(read?.in_bitmap && !socket?.in_bitmap);
/// assert!(socket?.least < socket?.most);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Unanswered`].
pub fn of_call(program: &Program, audit_token: u32, number: u32) -> Result<Cost, Unanswered> {
    let operations = operations(program)?;
    let words = [number, audit_token];
    let start = State {
        at: 0,
        // The kernel clears both registers.
        accumulator: Some(0),
        index: Some(0),
        scratch: [None; SCRATCH_WORDS],
    };
    // How many instructions were executed before each state. Jumps lead forward: a state's
    // bounds are known when its place is reached.
    let mut waiting: Vec<HashMap<State, (usize, usize), FxBuildHasher>> =
        vec![HashMap::default(); operations.len()];
    waiting[0].insert(start, (0, 0));
    let mut states = 0;
    let (mut least, mut most) = (usize::MAX, 0);
    for at in 0..operations.len() {
        for (state, (few, many)) in std::mem::take(&mut waiting[at]) {
            states += 1;
            if states > MAX_STATES {
                return Err(Unanswered::GaveUp);
            }
            let (few, many) = (few + 1, many + 1);
            let next = state.successors(operations[at], words);
            if next == [None, None] {
                (least, most) = (least.min(few), most.max(many));
            }
            for next in next.into_iter().flatten() {
                let bounds = waiting[next.at].entry(next).or_insert((few, many));
                *bounds = (bounds.0.min(few), bounds.1.max(many));
            }
        }
    }
    Ok(Cost {
        least,
        most,
        in_bitmap: in_bitmap(&operations, words),
    })
}

impl State {
    fn value(&self, source: Source) -> Known {
        match source {
            Source::Constant(value) => Some(value),
            Source::Register(Register::Accumulator) => self.accumulator,
            Source::Register(Register::Index) => self.index,
        }
    }

    fn set(&mut self, register: Register, value: Known) {
        match register {
            Register::Accumulator => self.accumulator = value,
            Register::Index => self.index = value,
        }
    }

    fn moved(self, at: usize) -> State {
        State { at, ..self }
    }

    /// What may come next; nothing if the program ends.
    fn successors(mut self, operation: Operation, words: [u32; 2]) -> [Option<State>; 2] {
        let to = |at: usize| Some(self.moved(at));
        match operation {
            Operation::Return(_) => return [None, None],
            Operation::Jump(target) => return [to(target), None],
            Operation::Branch {
                order,
                datum,
                when_true,
                when_false,
            } => {
                let both = (self.accumulator, self.value(datum));
                return match both {
                    (Some(first), Some(second)) => match order.holds(first, second) {
                        true => [to(when_true), None],
                        false => [to(when_false), None],
                    },
                    _ if when_true == when_false => [to(when_true), None],
                    _ => [to(when_true), to(when_false)],
                };
            }
            Operation::Load(word) => self.accumulator = words.get(usize::from(word)).copied(),
            Operation::Set(register, source) => self.set(register, self.value(source)),
            Operation::Recall(register, word) => {
                self.set(register, self.scratch[usize::from(word)]);
            }
            Operation::Store(register, word) => {
                let value = self.value(Source::Register(register));
                self.scratch[usize::from(word)] = value;
            }
            // Programs of masks have it.
            Operation::Compute(Arithmetic::And, Source::Constant(0)) => {
                self.accumulator = Some(0);
            }
            Operation::Compute(arithmetic, source) => {
                let operands = self.accumulator.zip(self.value(source));
                self.accumulator = match operands.map(|(a, b)| arithmetic.apply(a, b)) {
                    // A division by 0 ends the program.
                    Some(None) => return [None, None],
                    result => result.flatten(),
                };
            }
        }
        self.at += 1;
        [Some(self), None]
    }
}

/// Follows the program as the kernel does when it is installed.
fn in_bitmap(operations: &[Operation], words: [u32; 2]) -> bool {
    let mut at = 0;
    let mut accumulator = 0;
    loop {
        at = match operations[at] {
            Operation::Load(word @ 0..=1) => {
                accumulator = words[usize::from(word)];
                at + 1
            }
            Operation::Compute(Arithmetic::And, Source::Constant(mask)) => {
                accumulator &= mask;
                at + 1
            }
            Operation::Jump(target) => target,
            Operation::Branch {
                order:
                    order @ (Order::Equal | Order::Greater | Order::GreaterOrEqual | Order::AnyBit),
                datum: Source::Constant(datum),
                when_true,
                when_false,
            } => match order.holds(accumulator, datum) {
                true => when_true,
                false => when_false,
            },
            Operation::Return(Source::Constant(value)) => {
                return value == Action::Allow.to_raw();
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::{SyscallData, trace};
    use scmp::Arch;

    #[test]
    fn bounds_hold_and_are_reached() {
        let text =
            "default errno 1\nallow read write\nallow socket(a0 == 1, a1 > 5) clone(a0 & 7 == 0)";
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        let program = built.filter.program().unwrap();
        let audit_token = Arch::X86_64.audit_token();
        for number in [0, 1, 2, 41, 56, 0x4000_0000, u32::MAX] {
            let cost = of_call(program, audit_token, number).unwrap();
            let mut lengths = Vec::new();
            for first in [0, 1, 2, 7, 1 << 32] {
                for second in [0, 5, 6, 1 << 40] {
                    let data = SyscallData {
                        number,
                        audit_token,
                        instruction_pointer: 0,
                        arguments: [first, second, 0, 0, 0, 0],
                    };
                    let mut length = 0;
                    trace(program, &data, |_| length += 1).unwrap();
                    lengths.push(length);
                }
            }
            assert_eq!(lengths.iter().min(), Some(&cost.least), "{number}");
            assert_eq!(lengths.iter().max(), Some(&cost.most), "{number}");
            assert_eq!(cost.in_bitmap, number <= 1, "{number}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What the kernel does to decide a system call: how many instructions it runs, and whether
//! it runs any.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use scmp::bpf::Program;
use scmp::{Action, Arch};

use crate::decision::Unanswered;
use crate::operation::{Arithmetic, Operation, Source};
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
    /// all of the filters that are installed allow them and read nothing else than the number
    /// and the architecture (seccomp_is_const_allow, kernel/seccomp.c). It does not on MIPS,
    /// nor for calls of x32.
    pub in_bitmap: bool,
}

/// A word that does not depend on arguments.
type Known = Option<u32>;

/// What is known before an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    at: usize,
    /// The accumulator and the index register.
    registers: [Known; 2],
    scratch: [Known; SCRATCH_WORDS],
}

/// The most states of a program for one call: some 60 MB.
const MAX_STATES: usize = 1 << 18;

/// The most states for all calls.
const MAX_ALL_STATES: usize = 1 << 26;

/// Says what programs cost. Gives up after 67 million states, some 20 seconds.
#[derive(Clone, Debug)]
pub struct Meter {
    /// How many more states may be looked at.
    left: usize,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter::new()
    }
}

impl Meter {
    /// For any programs and calls, which share one limit of time.
    pub fn new() -> Meter {
        Meter {
            left: MAX_ALL_STATES,
        }
    }

    /// The cost of a program for calls of an architecture (its `AUDIT_ARCH_*` value) with
    /// this number.
    ///
    /// ```
    /// use scmp::Arch;
    /// use scmp_verify::{cost::Meter, profile::Profile};
    ///
    /// let mut built = Profile::parse("default errno 1\nallow read socket(a0 == 1)")?.build()?;
    /// let program = built.filter.program()?;
    /// let token = Arch::X86_64.audit_token();
    /// let mut meter = Meter::new();
    /// let read = meter.of_call(program, token, 0)?;
    /// let socket = meter.of_call(program, token, 41)?;
    /// assert!(read.in_bitmap && !socket.in_bitmap);
    /// assert!(socket.least < socket.most);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn of_call(
        &mut self,
        program: &Program,
        audit_token: u32,
        number: u32,
    ) -> Result<Cost, Unanswered> {
        let operations = operations(program)?;
        let words = [number, audit_token];
        let [least, most] = self.bounds(&operations, words)?;
        Ok(Cost {
            least,
            most,
            in_bitmap: has_bit(audit_token, number) && is_constant_allow(&operations, words),
        })
    }

    /// The fewest and the most instructions that are executed.
    fn bounds(
        &mut self,
        operations: &[Operation],
        words: [u32; 2],
    ) -> Result<[usize; 2], Unanswered> {
        let start = State {
            at: 0,
            // The kernel clears both registers.
            registers: [Some(0); 2],
            scratch: [None; SCRATCH_WORDS],
        };
        // How many instructions were executed before each state. Jumps lead forward: a
        // state's bounds are known when its place is reached.
        let mut waiting: Vec<HashMap<State, (usize, usize), FxBuildHasher>> =
            vec![HashMap::default(); operations.len()];
        waiting[0].insert(start, (0, 0));
        let mut states = MAX_STATES;
        let (mut least, mut most) = (usize::MAX, 0);
        for at in 0..operations.len() {
            for (state, (few, many)) in std::mem::take(&mut waiting[at]) {
                for limit in [&mut states, &mut self.left] {
                    *limit = limit.checked_sub(1).ok_or(Unanswered::GaveUp)?;
                }
                let (few, many) = (few + 1, many + 1);
                state.successors(operations[at], words, |next| match next {
                    None => (least, most) = (least.min(few), most.max(many)),
                    Some(next) => {
                        let bounds = waiting[next.at].entry(next).or_insert((few, many));
                        *bounds = (bounds.0.min(few), bounds.1.max(many));
                    }
                });
            }
        }
        Ok([least, most])
    }
}

impl State {
    fn moved(self, at: usize) -> State {
        State { at, ..self }
    }

    /// Calls `next` with each state that may come after an operation, or with `None` where the
    /// program may end.
    fn successors(
        mut self,
        operation: Operation,
        words: [u32; 2],
        mut next: impl FnMut(Option<State>),
    ) {
        let to = |at| Some(self.moved(at));
        let accumulator = self.registers[0];
        match operation {
            Operation::Return(_) => return next(None),
            Operation::Jump(target) => return next(to(target)),
            Operation::Branch {
                order,
                datum,
                when_true,
                when_false,
            } => {
                let both = accumulator.zip(datum.value(&self.registers));
                return match both.map(|(first, second)| order.holds(first, second)) {
                    Some(true) => next(to(when_true)),
                    Some(false) => next(to(when_false)),
                    None => {
                        next(to(when_true));
                        next(to(when_false));
                    }
                };
            }
            Operation::Load(word) => self.registers[0] = words.get(usize::from(word)).copied(),
            Operation::Set(register, source) => {
                self.registers[register as usize] = source.value(&self.registers);
            }
            Operation::Recall(register, word) => {
                self.registers[register as usize] = self.scratch[usize::from(word)];
            }
            Operation::Store(register, word) => {
                self.scratch[usize::from(word)] = self.registers[register as usize];
            }
            // `A & 0` comes from comparisons with mask 0; its result is 0 whatever the word is.
            Operation::Compute(Arithmetic::And, Source::Constant(0)) => {
                self.registers[0] = Some(0);
            }
            Operation::Compute(arithmetic, source) => {
                let second = source.value(&self.registers);
                // A division by 0 ends the program.
                if arithmetic == Arithmetic::Divide {
                    match second {
                        Some(0) => return next(None),
                        Some(_) => {}
                        None => next(None),
                    }
                }
                let operands = accumulator.zip(second);
                self.registers[0] = operands.and_then(|(a, b)| arithmetic.apply(a, b));
            }
        }
        self.at += 1;
        next(Some(self));
    }
}

/// Whether kernels have a bitmap of calls of this architecture that they allow without running
/// filters. Those of MIPS have none: its asm/seccomp.h has no SECCOMP_ARCH_NATIVE, unlike that
/// of the other architectures. x32's numbers are beyond the end of x86_64's.
pub fn has_bitmap(arch: Arch) -> bool {
    !matches!(
        arch,
        Arch::Mips
            | Arch::Mipsel
            | Arch::Mips64
            | Arch::Mipsel64
            | Arch::Mips64n32
            | Arch::Mipsel64n32
            | Arch::X32
    )
}

fn has_bit(audit_token: u32, number: u32) -> bool {
    let mut arches = Arch::all().filter(|arch| arch.audit_token() == audit_token);
    arches.any(has_bitmap) && number < MAX_CALLS
}

/// More than any architecture's bitmap has; ARM's own calls, from 0xf0000 on, are beyond it.
const MAX_CALLS: u32 = 1024;

/// Follows the program as the kernel does when it is installed.
fn is_constant_allow(operations: &[Operation], words: [u32; 2]) -> bool {
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
                order,
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
    use crate::interpreter::tests::{call, program};
    use crate::profile::Profile;
    use crate::{op, trace};
    use scmp::arch::X32_SYSCALL_BIT;

    #[test]
    fn bounds_hold_and_are_reached() {
        let text =
            "default errno 1\nallow read write\nallow socket(a0 == 1, a1 > 5) clone(a0 & 7 == 0)";
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        let program = built.filter.program().unwrap();
        let audit_token = Arch::X86_64.audit_token();
        for number in [0, 1, 2, 41, 56, 0x4000_0000, u32::MAX] {
            let cost = Meter::new().of_call(program, audit_token, number).unwrap();
            let mut lengths = Vec::new();
            for first in [0, 1, 2, 7, 1 << 32] {
                for second in [0, 5, 6, 1 << 40] {
                    let data = call(number, [first, second, 0, 0, 0, 0]);
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

    // A division was never taken for the end of a program.
    #[test]
    fn a_division_may_end_the_program() {
        let cost = |loads: &[(u16, u8, u8, u32)]| {
            let end = [(op::DIVIDE | op::BY_INDEX, 0, 0, 0), (op::RETURN, 0, 0, 0)];
            let program = program(&[loads, &end].concat());
            Meter::new().of_call(&program, 7, 7).unwrap()
        };
        // By an argument.
        let load = (op::LOAD, 0, 0, 16);
        let by_argument = cost(&[load, (op::INDEX_FROM_ACCUMULATOR, 0, 0, 0)]);
        assert_eq!((by_argument.least, by_argument.most), (3, 4));
        // Of an argument, by 0.
        let by_zero = cost(&[load]);
        assert_eq!((by_zero.least, by_zero.most), (2, 2));
    }

    // Each call had a limit, but not all of them together.
    #[test]
    fn all_calls_have_one_limit() {
        let mut built = Profile::parse("default errno 1\nallow read")
            .unwrap()
            .build()
            .unwrap();
        let program = built.filter.program().unwrap();
        let mut meter = Meter { left: 10 };
        let mut of_call = || meter.of_call(program, Arch::X86_64.audit_token(), 0);
        assert!(of_call().is_ok());
        assert_eq!(of_call(), Err(Unanswered::GaveUp));
    }

    // Regression: states of calls that gave up were not subtracted from the limit.
    #[test]
    fn a_call_that_gives_up_counts() {
        // Every branch on an argument doubles the states.
        let scratch_word = |word: u32| {
            [
                (op::LOAD, 0, 0, 16),
                (op::JUMP_ANY_BIT, 0, 1, 1 << word),
                (op::LOAD_CONSTANT, 0, 0, 1),
                (op::STORE, 0, 0, word),
            ]
        };
        let end = (op::RETURN, 0, 0, 0);
        let branches = (0..16).flat_map(scratch_word);
        let program = program(&branches.chain([end]).collect::<Vec<_>>());
        let mut meter = Meter::new();
        assert_eq!(meter.of_call(&program, 7, 7), Err(Unanswered::GaveUp));
        assert!(meter.left <= MAX_ALL_STATES - MAX_STATES);
    }

    // A bitmap was told of for every architecture.
    #[test]
    fn mips_has_no_bitmap() {
        let allow = program(&[(op::RETURN, 0, 0, 0x7fff_0000)]);
        let in_bitmap = |arch: Arch, number| {
            let cost = Meter::new().of_call(&allow, arch.audit_token(), number);
            cost.unwrap().in_bitmap
        };
        for arch in Arch::all() {
            let expected = !arch.name().starts_with("mips");
            assert_eq!(in_bitmap(arch, 3), expected, "{arch}");
            assert!(!in_bitmap(arch, X32_SYSCALL_BIT | 3), "{arch}");
        }
        assert!(!in_bitmap(Arch::Arm, 0xf_0002));
        // Of an architecture that is not known, nothing is said.
        assert!(!Meter::new().of_call(&allow, 7, 3).unwrap().in_bitmap);
    }
}

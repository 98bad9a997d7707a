// SPDX-License-Identifier: LGPL-2.1-only
//! Exact checks of programs: for all inputs, not for samples.
//!
//! A seccomp program is loop-free and compares 32-bit words with constants
//! under masks, so what it decides is a function of 512 bits that has a
//! canonical form (`diagram`). Two programs, or a program and the rules that
//! it was made from, decide the same if and only if the forms are equal; if
//! they are not, the forms name an input. The form may grow too large; then
//! the answer is [`Verdict::GaveUp`], never a guess.
//!
//! ```
//! use scmp::proof::{self, Verdict};
//! use scmp::{Action, Comparisons, Filter, Match, Optimization};
//!
//! let mut filter = Filter::new(Action::KillThread)?;
//! for number in 0..40 {
//!     filter.add_rule(Action::Allow, number, &Comparisons::default(), Match::Exact)?;
//! }
//! let linear = filter.program()?.clone();
//! filter.attributes_mut().optimization = Optimization::Search;
//! assert!(matches!(proof::compare(&linear, filter.program()?), Verdict::Equal));
//! # Ok::<(), scmp::Error>(())
//! ```

mod diagram;
mod function;
mod rules;

pub use rules::{Rule, RuleSet};

use crate::arch::Endian;
use crate::bpf::{Fault, Program, SyscallData, run};
use diagram::{Diagrams, Node};

/// The diagrams have outgrown their budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TooComplex;

/// The most nodes of all diagrams of a check together; about 500 MB.
const MOST_NODES: usize = 16_000_000;

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They decide the same for every input.
    Equal,
    /// They decide differently for some input.
    Different(Box<Difference>),
    /// The check would take too much memory.
    GaveUp,
}

/// An input on which two sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The input.
    pub input: SyscallData,
    /// What the first program returns for it.
    pub first: Result<u32, Fault>,
    /// What the second program returns, or what the rules allow: one value,
    /// or several if matching rules have different actions.
    pub second: Vec<Result<u32, Fault>>,
}

/// Compares two programs of the same byte order.
pub fn compare(first: &Program, second: &Program) -> Verdict {
    let mut diagrams = Diagrams::new(MOST_NODES);
    let mut functions = || -> Result<(Node, Node), TooComplex> {
        Ok((
            function::of_program(&mut diagrams, first)?,
            function::of_program(&mut diagrams, second)?,
        ))
    };
    match functions() {
        Err(TooComplex) => Verdict::GaveUp,
        Ok((one, other)) if one == other => Verdict::Equal,
        Ok((one, other)) => {
            let input = input(diagrams.difference(one, other), first.endian());
            Verdict::Different(Box::new(Difference {
                input,
                first: run(first, &input),
                second: vec![run(second, &input)],
            }))
        }
    }
}

/// Compares a program with rules. Where matching rules have different
/// actions, any of these actions is right.
pub fn check(program: &Program, rules: &RuleSet) -> Verdict {
    let mut diagrams = Diagrams::new(MOST_NODES);
    let mut wrong = || -> Result<Option<[u32; 16]>, TooComplex> {
        let decided = function::of_program(&mut diagrams, program)?;
        let never = diagrams.constant(0)?;
        for value in diagrams.values(decided) {
            let Some(value) = value else {
                let fault = diagrams.fault()?;
                return Ok(Some(diagrams.somewhere(decided, fault)));
            };
            let here = diagrams.is_value(decided, value)?;
            let allowed = rules.allowed(&mut diagrams, value)?;
            let wrong = diagrams.choose(allowed, never, here)?;
            if wrong != never {
                return Ok(Some(diagrams.difference(wrong, never)));
            }
        }
        Ok(None)
    };
    match wrong() {
        Err(TooComplex) => Verdict::GaveUp,
        Ok(None) => Verdict::Equal,
        Ok(Some(words)) => {
            let input = input(words, program.endian());
            Verdict::Different(Box::new(Difference {
                input,
                first: run(program, &input),
                second: rules.actions(&input).into_iter().map(Ok).collect(),
            }))
        }
    }
}

/// The system call whose `struct seccomp_data` has these words.
fn input(words: [u32; 16], endian: Endian) -> SyscallData {
    let double = |index: usize| {
        let (low, high) = match endian {
            Endian::Little => (words[index], words[index + 1]),
            Endian::Big => (words[index + 1], words[index]),
        };
        u64::from(high) << 32 | u64::from(low)
    };
    SyscallData {
        number: words[0],
        audit_token: words[1],
        instruction_pointer: double(2),
        arguments: [4, 6, 8, 10, 12, 14].map(double),
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Exact checks of programs: for all inputs, not for samples.
//!
//! A seccomp program is loop-free, so what it decides is a function of the 512 bits of
//! `struct seccomp_data` that has a canonical form (`diagram`). Two programs, or a program
//! and the rules that it was made from, decide the same if and only if the forms are equal;
//! if they are not, the forms name an input. The form may grow too large; then the answer
//! is [`Answer::GaveUp`], never a guess. Programs that only compare words with constants,
//! under masks, as nearly all do, stay far below that. Sums, products and comparisons of
//! two whole words exceed it, unless only their low bits matter. A program that
//! [`validate`](crate::validate) refuses for one of its instructions is [`NotUnderstood`],
//! whether or not the instruction matters; one that is only too long is understood.
//!
//! ```
//! use scmp::{Action, Comparisons, Filter, Optimization, RuleMode};
//! use scmp_verify::proof::{self, Answer};
//!
//! let mut filter = Filter::new(Action::KillThread)?;
//! for number in 0..40 {
//!     filter.add_rule(Action::Allow, number, &Comparisons::NONE, RuleMode::Exact)?;
//! }
//! let linear = filter.program()?.clone();
//! filter.attributes_mut().optimization = Optimization::Search;
//! assert_eq!(proof::compare(&linear, filter.program()?)?, Answer::Equal);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arguments;
pub(crate) mod diagram;
pub(crate) mod function;
mod interner;
mod live;
mod rules;
pub(crate) mod stack;
mod symbolic;

use rules::Allowed;
pub use rules::RuleSet;

use std::fmt;

use thiserror::Error as ThisError;

use scmp::Endian;
use scmp::bpf::Program;

use crate::operation::Operation;
use crate::validation::decode;
use crate::{Flaw, SyscallData};
use diagram::{Diagrams, Limits, Node};

/// A check has outgrown its limits, or memory has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooComplex;

/// Limits of a check. A node takes up to 63 bytes, a merge up to 39, and a hash table is
/// copied when it grows: a check has taken up to 860 MB. The steps take half a minute. Of
/// the profiles in `data/profiles`, the largest needs 1,035,140 nodes and 2,845,437 steps.
pub(crate) const LIMITS: Limits = Limits {
    nodes: 8_000_000,
    merged: 8_000_000,
    steps: 500_000_000,
};

/// The most pairs of an instruction and what registers and scratch memory hold before it,
/// of one program.
pub(crate) const MAX_STATES: usize = 1 << 20;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They decide the same for every input.
    Equal,
    /// They decide differently for some input.
    Different(Box<Difference>),
    /// The check would take too much time or memory.
    GaveUp,
}

/// A program that a check can't answer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error("the {program} program: {flaw}")]
pub struct NotUnderstood {
    /// The program that was refused.
    pub program: Side,
    /// The reason.
    pub flaw: Flaw,
}

/// One of the two sides of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first argument.
    First,
    /// The second argument.
    Second,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::First => "first",
            Side::Second => "second",
        })
    }
}

/// An input on which two sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The input.
    pub input: SyscallData,
    /// What the first program returns for it.
    pub first: u32,
    /// What the second program returns, or what the rules allow: one value,
    /// or several if matching rules have different actions.
    pub second: Vec<u32>,
}

/// Compares two programs. They may be of different byte orders: the numbers that a system
/// call is made of count, not the bytes in which `struct seccomp_data` has them.
///
/// ```
/// use scmp::Optimization;
/// use scmp_verify::{profile::Profile, proof};
///
/// let mut built = Profile::parse("default errno 1\nallow read write close")?.build()?;
/// let by_priority = built.filter.program()?.clone();
/// built.filter.attributes_mut().optimization = Optimization::Search;
/// let answer = proof::compare(&by_priority, built.filter.program()?)?;
/// assert_eq!(answer, proof::Answer::Equal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`NotUnderstood`] if [`validate`](crate::validate) refuses one of them, except for its
/// length.
pub fn compare(first: &Program, second: &Program) -> Result<Answer, NotUnderstood> {
    let operations = [
        understood(first, Side::First)?,
        understood(second, Side::Second)?,
    ];
    let mut diagrams = Diagrams::new(LIMITS);
    let mut functions = || -> Result<[Node; 2], TooComplex> {
        let [one, other] = &operations;
        Ok([
            function::of_program(&mut diagrams, one, MAX_STATES)?,
            function::of_program(&mut diagrams, other, MAX_STATES)?,
        ])
    };
    Ok(match functions() {
        Err(TooComplex) => Answer::GaveUp,
        Ok([one, other]) if one == other => Answer::Equal,
        Ok([one, other]) => {
            let words = diagrams.difference(one, other);
            Answer::Different(Box::new(Difference {
                input: input(words),
                first: diagrams.value(one, &words),
                second: vec![diagrams.value(other, &words)],
            }))
        }
    })
}

/// Compares a program with rules. Where matching rules have different
/// actions, any of these actions is right.
///
/// ```
/// use scmp_verify::{profile::Profile, proof};
///
/// let build = |text| Profile::parse(text).unwrap().build();
/// let rules = build("default log\nallow read")?.rules;
/// let mut other = build("default log\nallow read write")?.filter;
/// let answer = proof::check(other.program()?, &rules)?;
/// assert!(matches!(answer, proof::Answer::Different(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`NotUnderstood`] if [`validate`](crate::validate) refuses the program, except for its
/// length.
pub fn check(program: &Program, rules: &RuleSet) -> Result<Answer, NotUnderstood> {
    let operations = understood(program, Side::First)?;
    let mut diagrams = Diagrams::new(LIMITS);
    let mut wrong = || -> Result<Option<([u32; 16], u32)>, TooComplex> {
        let decided = function::of_program(&mut diagrams, &operations, MAX_STATES)?;
        let allowed = Allowed::by(rules, &mut diagrams)?;
        for value in diagrams.values(decided)? {
            let here = diagrams.is_value(decided, value)?;
            let right = allowed.where_right(&mut diagrams, value)?;
            let wrong = diagrams.without(here, right)?;
            if wrong != Node::NO {
                return Ok(Some((diagrams.difference(wrong, Node::NO), value)));
            }
        }
        Ok(None)
    };
    Ok(match wrong() {
        Err(TooComplex) => Answer::GaveUp,
        Ok(None) => Answer::Equal,
        Ok(Some((words, value))) => {
            let input = input(words);
            Answer::Different(Box::new(Difference {
                input,
                first: value,
                second: rules.actions(&input),
            }))
        }
    })
}

/// The program's operations. Their loads count the words as a little-endian program has
/// them, low halves first, so that programs of both byte orders have the same functions.
fn understood(program: &Program, side: Side) -> Result<Vec<Operation>, NotUnderstood> {
    operations(program).map_err(|flaw| NotUnderstood {
        program: side,
        flaw,
    })
}

pub(crate) fn operations(program: &Program) -> Result<Vec<Operation>, Flaw> {
    let mut operations = decode(program)?;
    if program.endian() == Endian::Big {
        for operation in &mut operations {
            match operation {
                Operation::Load(word) if *word >= FIRST_HALF => *word ^= 1,
                _ => {}
            }
        }
    }
    Ok(operations)
}

/// The first word of `struct seccomp_data` that is half of a 64-bit value.
const FIRST_HALF: u8 = 2;

/// The system call that has these words.
pub(crate) fn input(words: [u32; 16]) -> SyscallData {
    let double = |low: usize| u64::from(words[low + 1]) << 32 | u64::from(words[low]);
    SyscallData {
        number: words[0],
        audit_token: words[1],
        instruction_pointer: double(2),
        arguments: [4, 6, 8, 10, 12, 14].map(double),
    }
}

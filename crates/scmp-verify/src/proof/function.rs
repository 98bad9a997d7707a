// SPDX-License-Identifier: LGPL-2.1-only
//! What a program decides, as a diagram.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::TooComplex;
use super::diagram::{Diagrams, Node};
use crate::operation::{Arithmetic, Operation, Source};

/// What the accumulator holds: a word of `struct seccomp_data` under a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Held {
    word: u8,
    mask: u32,
}

/// The accumulator at the start of a program, and any word under an empty mask.
const ZERO: Held = Held { word: 0, mask: 0 };

impl Held {
    fn word(word: u8) -> Held {
        Held {
            word,
            mask: u32::MAX,
        }
    }

    fn and(self, mask: u32) -> Held {
        match self.mask & mask {
            0 => ZERO,
            mask => Held { mask, ..self },
        }
    }
}

/// An instruction's place, and what the accumulator holds before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    /// Programs have at most 65,535 instructions.
    at: u32,
    held: Held,
}

impl State {
    fn new(at: usize, held: Held) -> State {
        State {
            at: at as u32,
            held,
        }
    }

    /// What comes after the instruction, the true side of a branch first.
    fn successors(self, operation: Operation) -> Result<[Option<State>; 2], TooComplex> {
        let State { at, held } = self;
        let next = at as usize + 1;
        let only = |state| [Some(state), None];
        Ok(match operation {
            Operation::Return(Source::Constant(_)) => [None, None],
            Operation::Load(word) => only(State::new(next, Held::word(word))),
            Operation::Compute(Arithmetic::And, Source::Constant(mask)) => {
                only(State::new(next, held.and(mask)))
            }
            Operation::Jump(target) => only(State::new(target, held)),
            Operation::Branch {
                datum: Source::Constant(_),
                when_true,
                when_false,
                ..
            } => [when_true, when_false].map(|target| Some(State::new(target, held))),
            _ => return Err(TooComplex),
        })
    }
}

/// The value that a program returns, as a function of the input. Gives up
/// beyond so many states.
pub(crate) fn of_program(
    diagrams: &mut Diagrams,
    operations: &[Operation],
    most_states: usize,
) -> Result<Node, TooComplex> {
    let start = State::new(0, ZERO);
    let reached = reach(operations, start, most_states)?;
    let mut decided = HashMap::<State, Node, FxBuildHasher>::default();
    decided
        .try_reserve(most_states.min(reached.len()))
        .map_err(|_| TooComplex)?;
    // Jumps lead forward, so what they lead to is known.
    for (&operation, states) in operations.iter().zip(&reached).rev() {
        for &state in states {
            let sides = state
                .successors(operation)?
                .map(|next| next.map(|next| decided[&next]));
            let node = match (operation, sides) {
                (Operation::Return(Source::Constant(value)), _) => diagrams.constant(value)?,
                (
                    Operation::Branch {
                        order,
                        datum: Source::Constant(datum),
                        ..
                    },
                    [Some(when_true), Some(when_false)],
                ) => {
                    let ends = [diagrams.constant(1)?, diagrams.constant(0)?];
                    let Held { word, mask } = state.held;
                    let condition = diagrams.compare(word.into(), mask, order, datum, ends)?;
                    diagrams.choose(condition, when_true, when_false)?
                }
                (_, sides) => sides.into_iter().flatten().next().ok_or(TooComplex)?,
            };
            decided.try_reserve(1).map_err(|_| TooComplex)?;
            decided.insert(state, node);
        }
    }
    Ok(decided[&start])
}

/// The states in which control may reach each instruction.
fn reach(
    operations: &[Operation],
    start: State,
    most_states: usize,
) -> Result<Vec<Vec<State>>, TooComplex> {
    let mut reached: Vec<Vec<State>> = vec![Vec::new(); operations.len()];
    let mut known = HashSet::<State, FxBuildHasher>::default();
    let mut add = |reached: &mut Vec<Vec<State>>, state: State| {
        known.try_reserve(1).map_err(|_| TooComplex)?;
        if known.insert(state) {
            if known.len() > most_states {
                return Err(TooComplex);
            }
            let states = &mut reached[state.at as usize];
            states.try_reserve(1).map_err(|_| TooComplex)?;
            states.push(state);
        }
        Ok(())
    };
    add(&mut reached, start)?;
    for (at, &operation) in operations.iter().enumerate() {
        for index in 0..reached[at].len() {
            let state = reached[at][index];
            for next in state.successors(operation)?.into_iter().flatten() {
                add(&mut reached, next)?;
            }
        }
    }
    Ok(reached)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Order;
    use crate::proof::LIMITS;

    fn and(mask: u32) -> Operation {
        Operation::Compute(Arithmetic::And, Source::Constant(mask))
    }

    /// So many times: unless the word is 0, one bit is masked out of it or not.
    fn masks_that_double(count: u32) -> Vec<Operation> {
        let mut operations = vec![Operation::Load(4)];
        for bit in 0..count {
            let next = operations.len() + 1;
            operations.push(Operation::Branch {
                order: Order::Equal,
                datum: Source::Constant(1 << bit),
                when_true: next + 1,
                when_false: next,
            });
            operations.push(and(!(1 << bit)));
        }
        operations.push(Operation::Return(Source::Constant(0)));
        operations
    }

    #[test]
    fn states_are_limited() {
        let reached = |count, most| {
            let states = reach(&masks_that_double(count), State::new(0, ZERO), most);
            states.map(|states| states.iter().map(Vec::len).sum::<usize>())
        };
        let few = reached(4, 1_000).unwrap();
        assert_eq!(reached(4, few), Ok(few));
        assert_eq!(reached(4, few - 1), Err(TooComplex));
        assert_eq!(reached(32, 10_000), Err(TooComplex));
    }

    #[test]
    fn masks_add_up() {
        let mut diagrams = Diagrams::new(LIMITS);
        let mut of = |operations: &[Operation]| of_program(&mut diagrams, operations, 100);
        let branch = Operation::Branch {
            order: Order::Equal,
            datum: Source::Constant(0),
            when_true: 4,
            when_false: 5,
        };
        let ends = [
            Operation::Return(Source::Constant(7)),
            Operation::Return(Source::Constant(8)),
        ];
        let twice = [Operation::Load(4), and(6), and(3), branch];
        let once = [Operation::Load(4), and(2), Operation::Jump(3), branch];
        let none = [Operation::Load(4), and(2), and(1), branch];
        let [twice, once, none] = [twice, once, none].map(|start| [&start[..], &ends].concat());
        assert_eq!(of(&twice), of(&once));
        assert_eq!(of(&none), of(&ends[..1]));
    }
}

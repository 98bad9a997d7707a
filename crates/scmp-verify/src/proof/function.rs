// SPDX-License-Identifier: LGPL-2.1-only
//! What a program decides, as a diagram.

use super::TooComplex;
use super::diagram::{Diagrams, Node};
use super::interner::Interner;
use super::live::{self, Live};
use super::symbolic::{Word, Words};
use crate::operation::{Arithmetic, Operation, Order, Register, Source};
use crate::validation::SCRATCH_WORDS;

/// An instruction's place, and what is in registers and scratch memory before it. What is
/// not read any more is 0, so that fewer states differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    /// Programs have at most 65,535 instructions.
    at: u32,
    accumulator: Word,
    /// The place of the rest in [`Walk::others`].
    others: u32,
}

/// Index register and scratch memory, which programs of this library do not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Others {
    index: Word,
    scratch: [Word; SCRATCH_WORDS],
}

/// Limit of distinct [`Others`] in a proof. One takes up to half a kilobyte.
const MAX_OTHERS: usize = 1 << 17;

/// What follows a state.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// The state at this place of [`Walk::states`].
    State(u32),
    Value(Node),
}

/// What an instruction does in a state: the first where the condition is 1, else the second.
#[derive(Clone, Copy, Debug)]
struct Step {
    state: u32,
    condition: Node,
    sides: [Next; 2],
}

/// The value that a program returns, as a function of the input. Gives up
/// beyond so many states.
pub(crate) fn of_program(
    diagrams: &mut Diagrams,
    operations: &[Operation],
    most_states: usize,
) -> Result<Node, TooComplex> {
    let mut walk = Walk::new(diagrams, operations, most_states);
    let steps = walk.steps()?;
    let mut decided: Vec<Node> = Vec::new();
    decided
        .try_reserve_exact(steps.len())
        .map_err(|_| TooComplex)?;
    decided.resize(steps.len(), Node::NO);
    // Jumps lead forward, so what they lead to is known.
    for step in steps.iter().rev() {
        let [yes, no] = step.sides.map(|next| match next {
            Next::State(state) => decided[state as usize],
            Next::Value(node) => node,
        });
        decided[step.state as usize] = walk.words.diagrams.choose(step.condition, yes, no)?;
    }
    Ok(decided[0])
}

/// All states in which control may come to the instructions.
struct Walk<'a> {
    words: Words<'a>,
    operations: &'a [Operation],
    live: Vec<Live>,
    states: Interner<State>,
    others: Interner<Others>,
    /// For each instruction, its states.
    reached: Vec<Vec<u32>>,
}

impl<'a> Walk<'a> {
    fn new(
        diagrams: &'a mut Diagrams,
        operations: &'a [Operation],
        most_states: usize,
    ) -> Walk<'a> {
        Walk {
            words: Words::new(diagrams),
            operations,
            live: live::before_each(operations),
            states: Interner::new(most_states),
            others: Interner::new(MAX_OTHERS),
            reached: vec![Vec::new(); operations.len()],
        }
    }

    /// The steps of all states, by ascending places of their instructions. The first state
    /// is the one at the start.
    fn steps(&mut self) -> Result<Vec<Step>, TooComplex> {
        let start = Others {
            index: Word::ZERO,
            scratch: [Word::ZERO; SCRATCH_WORDS],
        };
        let (start, _) = self.others.place(start)?;
        self.state(0, Word::ZERO, start)?;
        let mut steps = Vec::new();
        for at in 0..self.operations.len() {
            for state in std::mem::take(&mut self.reached[at]) {
                steps.try_reserve(1).map_err(|_| TooComplex)?;
                steps.push(self.step(state)?);
            }
        }
        Ok(steps)
    }

    /// The state before an instruction, with only what is read later.
    fn state(&mut self, at: usize, accumulator: Word, others: u32) -> Result<Next, TooComplex> {
        let live = self.live[at];
        let accumulator = match live.has(Register::Accumulator) {
            true => accumulator,
            false => Word::ZERO,
        };
        let others = match others {
            // Index 0 is the all-zero `Others`.
            0 => 0,
            others => {
                let mut kept = self.others.item(others);
                if !live.has(Register::Index) {
                    kept.index = Word::ZERO;
                }
                for (place, word) in (0..).zip(&mut kept.scratch) {
                    if !live.has_scratch(place) {
                        *word = Word::ZERO;
                    }
                }
                self.others.place(kept)?.0
            }
        };
        let at = at as u32;
        let (place, is_new) = self.states.place(State {
            at,
            accumulator,
            others,
        })?;
        if is_new {
            let reached = &mut self.reached[at as usize];
            reached.try_reserve(1).map_err(|_| TooComplex)?;
            reached.push(place);
        }
        Ok(Next::State(place))
    }

    fn step(&mut self, place: u32) -> Result<Step, TooComplex> {
        let state = self.states.item(place);
        let State {
            at,
            mut accumulator,
            mut others,
        } = state;
        let next = at as usize + 1;
        let mut condition = Node::YES;
        let mut otherwise = None;
        let mut target = next;
        match self.operations[at as usize] {
            Operation::Load(word) => accumulator = self.words.input(word),
            Operation::Set(Register::Accumulator, source) => {
                accumulator = self.value(state, source);
            }
            Operation::Set(Register::Index, source) => {
                let index = self.value(state, source);
                others = self.change(others, |others| others.index = index)?;
            }
            Operation::Recall(Register::Accumulator, word) => {
                accumulator = self.others.item(others).scratch[usize::from(word)];
            }
            Operation::Recall(Register::Index, word) => {
                others = self.change(others, |others| {
                    others.index = others.scratch[usize::from(word)];
                })?;
            }
            Operation::Store(register, word) => {
                let value = self.value(state, Source::Register(register));
                others = self.change(others, |others| others.scratch[usize::from(word)] = value)?;
            }
            Operation::Compute(arithmetic, source) => {
                let second = self.value(state, source);
                if arithmetic == Arithmetic::Divide {
                    let bits = Word::Constant(u32::MAX);
                    condition = self.words.compare(Order::AnyBit, second, bits)?;
                    otherwise = Some(Next::Value(Node::NO));
                }
                if self.live[next].has(Register::Accumulator) {
                    accumulator = self.words.compute(arithmetic, accumulator, second)?;
                }
            }
            Operation::Jump(to) => target = to,
            Operation::Branch {
                order,
                datum,
                when_true,
                when_false,
            } => {
                let second = self.value(state, datum);
                condition = self.words.compare(order, accumulator, second)?;
                target = when_true;
                // Skip an unreachable side.
                match self.words.diagrams.constant_value(condition) {
                    Some(0) => target = when_false,
                    Some(_) => {}
                    None => otherwise = Some(self.state(when_false, accumulator, others)?),
                }
            }
            Operation::Return(source) => {
                let value = self.value(state, source);
                let value = Next::Value(self.words.value(value)?);
                return Ok(Step {
                    state: place,
                    condition,
                    sides: [value; 2],
                });
            }
        }
        let then = self.state(target, accumulator, others)?;
        Ok(Step {
            state: place,
            condition,
            sides: [then, otherwise.unwrap_or(then)],
        })
    }

    fn value(&self, state: State, source: Source) -> Word {
        match source {
            Source::Constant(value) => Word::Constant(value),
            Source::Register(Register::Accumulator) => state.accumulator,
            Source::Register(Register::Index) => self.others.item(state.others).index,
        }
    }

    fn change(&mut self, others: u32, change: impl FnOnce(&mut Others)) -> Result<u32, TooComplex> {
        let mut changed = self.others.item(others);
        change(&mut changed);
        Ok(self.others.place(changed)?.0)
    }
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
            let mut diagrams = Diagrams::new(LIMITS);
            let operations = masks_that_double(count);
            let mut walk = Walk::new(&mut diagrams, &operations, most);
            walk.steps().map(|steps| steps.len())
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

    /// The true side of each branch stores a word that nobody loads.
    #[test]
    fn what_is_not_read_makes_no_states() {
        let mut operations = vec![Operation::Load(4)];
        for word in 0..16 {
            let next = operations.len() + 1;
            operations.push(Operation::Branch {
                order: Order::Equal,
                datum: Source::Constant(word.into()),
                when_true: next,
                when_false: next + 2,
            });
            operations.push(Operation::Set(Register::Index, Source::Constant(7)));
            operations.push(Operation::Store(Register::Index, word));
        }
        operations.push(Operation::Return(Source::Constant(0)));
        let mut diagrams = Diagrams::new(LIMITS);
        let mut walk = Walk::new(&mut diagrams, &operations, 1_000);
        assert_eq!(walk.steps().unwrap().len(), operations.len());
    }
}

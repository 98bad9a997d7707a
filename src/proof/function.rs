// SPDX-License-Identifier: LGPL-2.1-only
//! What a program decides, as a diagram.

use super::TooComplex;
use super::diagram::{Diagrams, Node, Order};
use crate::bpf::{Instruction, Program, op};

/// What the accumulator holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// What every program starts with.
    Zero,
    /// A word of `struct seccomp_data` under a mask.
    Word { word: usize, mask: u32 },
}

/// The accumulator before an instruction, and what the program decides from
/// there.
struct State {
    held: Held,
    decides: Option<Node>,
}

/// The value that the program returns, as a function of the input; a fault
/// where the kernel would refuse the program.
pub(super) fn of_program(diagrams: &mut Diagrams, program: &Program) -> Result<Node, TooComplex> {
    let mut walk = Walk {
        instructions: program.instructions(),
        states: program.instructions().iter().map(|_| Vec::new()).collect(),
        fault: diagrams.fault()?,
    };
    walk.reach();
    // Jumps lead forward, so what they lead to is known.
    for at in (0..walk.states.len()).rev() {
        for state in 0..walk.states[at].len() {
            let held = walk.states[at][state].held;
            let decides = walk.decide(diagrams, at, held)?;
            walk.states[at][state].decides = Some(decides);
        }
    }
    Ok(walk.decided(0, Held::Zero))
}

struct Walk<'a> {
    instructions: &'a [Instruction],
    /// For each instruction, the states in which control reaches it.
    states: Vec<Vec<State>>,
    fault: Node,
}

impl Walk<'_> {
    /// Finds all states, from the first instruction on.
    fn reach(&mut self) {
        self.add(0, Held::Zero);
        for at in 0..self.instructions.len() {
            for state in 0..self.states[at].len() {
                let held = self.states[at][state].held;
                for (next, held) in self.successors(at, held).into_iter().flatten() {
                    self.add(next, held);
                }
            }
        }
    }

    fn add(&mut self, at: usize, held: Held) {
        if let Some(states) = self.states.get_mut(at) {
            if states.iter().all(|state| state.held != held) {
                states.push(State {
                    held,
                    decides: None,
                });
            }
        }
    }

    /// Where control goes, true side first, and with what. Neither for a
    /// return or a fault.
    fn successors(&self, at: usize, held: Held) -> [Option<(usize, Held)>; 2] {
        let Instruction {
            code,
            jump_true,
            jump_false,
            k,
        } = self.instructions[at];
        let next = at + 1;
        match code {
            op::LOAD if k < 64 && k % 4 == 0 => {
                let word = Held::Word {
                    word: k as usize / 4,
                    mask: u32::MAX,
                };
                [Some((next, word)), None]
            }
            op::AND => {
                let held = match held {
                    Held::Zero => Held::Zero,
                    Held::Word { word, mask } => Held::Word {
                        word,
                        mask: mask & k,
                    },
                };
                [Some((next, held)), None]
            }
            op::JUMP => [Some((next.saturating_add(k as usize), held)), None],
            op::JUMP_EQUAL | op::JUMP_GREATER | op::JUMP_GREATER_OR_EQUAL => [
                Some((next + usize::from(jump_true), held)),
                Some((next + usize::from(jump_false), held)),
            ],
            _ => [None, None],
        }
    }

    fn decided(&self, at: usize, held: Held) -> Node {
        self.states
            .get(at)
            .and_then(|states| states.iter().find(|state| state.held == held))
            .and_then(|state| state.decides)
            .unwrap_or(self.fault)
    }

    fn decide(&self, diagrams: &mut Diagrams, at: usize, held: Held) -> Result<Node, TooComplex> {
        let Instruction { code, k, .. } = self.instructions[at];
        if code == op::RETURN {
            return diagrams.constant(k);
        }
        let next = self
            .successors(at, held)
            .map(|next| next.map_or(self.fault, |(next, held)| self.decided(next, held)));
        let order = match code {
            op::JUMP_EQUAL => Order::Equal,
            op::JUMP_GREATER => Order::Greater,
            op::JUMP_GREATER_OR_EQUAL => Order::GreaterOrEqual,
            _ => return Ok(next[0]),
        };
        let [when_true, when_false] = next;
        let ends = [diagrams.constant(1)?, diagrams.constant(0)?];
        let condition = match held {
            Held::Word { word, mask } => diagrams.compare(word, mask, order, k, ends)?,
            // A word under no mask bit is zero.
            Held::Zero => diagrams.compare(0, 0, order, k, ends)?,
        };
        diagrams.choose(condition, when_true, when_false)
    }
}

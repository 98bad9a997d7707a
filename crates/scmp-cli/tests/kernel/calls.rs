// SPDX-License-Identifier: LGPL-2.1-only
//! System calls near the edges of a filter's conditions.

use scmp::bpf::Program;
use scmp_verify::{SyscallData, op};

use crate::child::{ARCHES, is_executed};
use crate::random::Random;
use crate::shown::{Decision, Filter, Values};

pub struct Calls<'a> {
    random: &'a mut Random,
    /// Numbers with their decisions: those that depend on arguments, all others.
    by_arguments: Vec<(u32, u32, &'a [Decision])>,
    plain: Vec<(u32, u32, &'a [Decision])>,
    /// What the programs compare words with.
    constants: Vec<u32>,
    tokens: Vec<u32>,
}

impl<'a> Calls<'a> {
    pub fn new(
        random: &'a mut Random,
        filter: &'a Filter,
        programs: &[Program],
        has_32_bit_calls: bool,
    ) -> Calls<'a> {
        let tokens = ARCHES.iter().map(|arch| arch.audit_token());
        let mut tokens: Vec<u32> = tokens.take(1 + usize::from(has_32_bit_calls)).collect();
        tokens.dedup();
        let (mut by_arguments, mut plain) = (Vec::new(), Vec::new());
        for architecture in &filter.architectures {
            let token = architecture.audit_token;
            if !tokens.contains(&token) {
                continue;
            }
            let calls = architecture.calls.iter();
            let calls = calls.map(|call| (token, call.number, &call.decisions[..]));
            let unknown = architecture.unknown.iter().flat_map(|range| {
                [range.first, range.last].map(|number| (token, number, &range.decisions[..]))
            });
            for entry in calls.chain(unknown) {
                match entry.2.len() {
                    1 => plain.push(entry),
                    _ => by_arguments.push(entry),
                }
            }
        }
        let instructions = programs.iter().flat_map(Program::instructions);
        let compares = |code| {
            let jumps = [op::JUMP_EQUAL, op::JUMP_GREATER, op::JUMP_GREATER_OR_EQUAL];
            jumps.contains(&code) || code == op::JUMP_ANY_BIT || code == op::AND
        };
        let compares = instructions.filter(|instruction| compares(instruction.code));
        let mut constants: Vec<u32> = compares.map(|instruction| instruction.k).collect();
        constants.extend([0, u32::MAX]);
        constants.sort_unstable();
        constants.dedup();
        Calls {
            random,
            by_arguments,
            plain,
            constants,
            tokens,
        }
    }

    pub fn next(&mut self) -> SyscallData {
        loop {
            let call = self.any();
            if !is_executed(&call) {
                return call;
            }
        }
    }

    fn any(&mut self) -> SyscallData {
        let random = self.random.below(10);
        let (audit_token, number, decisions) = match random {
            0..6 if !self.by_arguments.is_empty() => self.random.pick(&self.by_arguments),
            0..9 if !self.plain.is_empty() => self.random.pick(&self.plain),
            // Numbers beside those that the programs know.
            _ => {
                let near = self.random.pick(&[0, 1, u32::MAX]);
                let number = self.random.pick(&self.constants).wrapping_add(near);
                (self.random.pick(&self.tokens), number, &[][..])
            }
        };
        let mut arguments = [0; 6];
        for argument in &mut arguments {
            *argument = self.word() << 32 | self.word();
            if self.random.chance(60) {
                *argument &= u64::from(u32::MAX);
            }
        }
        self.satisfy(decisions, &mut arguments);
        if audit_token != ARCHES[0].audit_token() || size_of::<usize>() == 4 {
            arguments = arguments.map(|argument| argument & u64::from(u32::MAX));
        }
        SyscallData::new(audit_token, number, arguments)
    }

    fn word(&mut self) -> u64 {
        let near = self.random.pick(&[0, 0, 0, 1, u32::MAX]);
        u64::from(self.random.pick(&self.constants).wrapping_add(near))
    }

    /// Sets the arguments that a condition tests to values at its edges.
    fn satisfy(&mut self, decisions: &[Decision], arguments: &mut [u64; 6]) {
        let terms: Vec<_> = decisions
            .iter()
            .flat_map(|decision| decision.when.iter().flatten())
            .collect();
        if terms.is_empty() {
            return;
        }
        let term = self.random.pick(&terms);
        for test in term {
            let (Some(argument), false) = (test.argument(), test.values.is_empty()) else {
                continue;
            };
            let edge = match self.random.pick(&test.values) {
                Values::Range { first, last } => self.random.pick(&[first, last]),
                Values::Masked { mask, value } => value | self.random.word() & !mask,
            };
            let edge = match self.random.below(10) {
                0 => edge.wrapping_add(1),
                1 => edge.wrapping_sub(1),
                2 => edge ^ 1 << self.random.below(64),
                _ => edge,
            };
            // What is not tested may be anything.
            arguments[argument] = match (test.width, self.random.chance(70)) {
                (32, true) => edge & u64::from(u32::MAX),
                (32, false) => edge & u64::from(u32::MAX) | self.word() << 32,
                _ => edge,
            };
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use super::block::{Accumulator, Target};
use super::unmatched::Unmatched;
use super::{Compiler, NUMBER, Step, TestedCall};
use crate::error::Error;
use crate::fallible;

impl Compiler {
    /// Adds the tests, in the order of the calls; returns where they start. They load
    /// the number if `load` is set.
    pub(super) fn linear(
        &mut self,
        calls: &[TestedCall],
        unmatched: &Unmatched,
        load: bool,
    ) -> Result<Target, Error> {
        let held = match load && calls.is_empty() {
            true => Accumulator::UNKNOWN,
            false => NUMBER,
        };
        let otherwise = unmatched.block(&mut self.blocks, self.form, self.default, held)?;
        let Some((last, sooner)) = calls.split_last() else {
            return Ok(Target::to(otherwise));
        };
        fallible::reserve(&mut self.reversed, calls.len() + 2)?;
        if !unmatched.is_default() {
            self.reversed.push(Step::Unmatched(otherwise));
        }
        self.reversed.push(Step::LastCall {
            number: last.number,
            block: last.block,
        });
        let sooner = sooner.iter().rev().map(|call| Step::Call {
            number: call.number,
            block: call.block,
        });
        self.reversed.extend(sooner);
        if load {
            self.push(Step::Load(NUMBER))?;
        }
        Ok(Target::FOLLOWING)
    }
}

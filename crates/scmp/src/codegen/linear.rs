// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use super::block::Target;
use super::{Compiler, NUMBER, Step, TestedCall};
use crate::error::Error;
use crate::fallible;

impl Compiler {
    /// Adds the tests, in the order of the calls; returns where they start. They load
    /// the number if `load` is set.
    pub(super) fn linear(&mut self, calls: &[TestedCall], load: bool) -> Result<Target, Error> {
        let Some((last, sooner)) = calls.split_last() else {
            return Ok(Target::to(self.default));
        };
        fallible::reserve(&mut self.reversed, calls.len() + 1)?;
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

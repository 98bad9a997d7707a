// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use super::block::{Accumulator, Target};
use super::unmatched::Unmatched;
use super::{Compiler, NUMBER, Step};
use crate::error::Error;

impl Compiler {
    /// Adds the tests of the calls from `start` on; returns where they start. They load the
    /// number if `load` is set.
    pub(super) fn linear(
        &mut self,
        start: usize,
        unmatched: &Unmatched,
        load: bool,
    ) -> Result<Target, Error> {
        let end = self.calls.len();
        let held = match load && start == end {
            true => Accumulator::UNKNOWN,
            false => NUMBER,
        };
        let otherwise = unmatched.block(&mut self.blocks, self.form, self.default, held)?;
        if start == end {
            return Ok(Target::to(otherwise));
        }
        self.push(Step::Calls {
            start,
            end,
            otherwise,
        })?;
        if load {
            self.push(Step::Load(NUMBER))?;
        }
        Ok(Target::FOLLOWING)
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use super::block::Target;
use super::{Compiler, NUMBER, Piece};
use crate::error::Error;

impl Compiler<'_> {
    /// Adds the tests; returns where they start. They load the number if
    /// `load` is set.
    pub(super) fn linear(&mut self, load: bool) -> Result<Target, Error> {
        self.calls.sort_by_priority()?;
        let mut start = Target::Block(self.default);
        for place in (0..self.calls.all.len()).rev() {
            let call = self.calls.all[place];
            let number = call.entry.number;
            let matched = self.decision(call)?;
            self.push(match start {
                Target::Following => Piece::Call { number, matched },
                _ => Piece::LastCall { number, matched },
            })?;
            start = Target::Following;
        }
        if load && start == Target::Following {
            self.push(Piece::Load(NUMBER))?;
        }
        Ok(start)
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use std::cmp::Reverse;

use super::block::Target;
use super::{Call, Calls, Compiler, NUMBER, Piece};
use crate::error::Error;
use crate::fallible;
use crate::filter::PLAIN_PRIORITY;

impl Compiler<'_> {
    /// Adds the tests; returns where they start. They load the number if
    /// `load` is set.
    pub(super) fn linear(&mut self, load: bool) -> Result<Target, Error> {
        let Calls { plain, others, .. } = &mut self.calls;
        others.sort_unstable_by_key(|call| (Reverse(call.priority), call.turn, call.number));
        let sooner = others.partition_point(|call| call.priority > PLAIN_PRIORITY);
        let (sooner, later) = others.split_at(sooner);
        let start = self.reversed.len();
        fallible::reserve(&mut self.reversed, plain.len() + others.len() + 1)?;
        self.reversed.extend(later.iter().rev().map(Call::piece));
        let plain = plain.iter().rev().map(|call| Piece::Call {
            number: call.number,
            block: self.choices[call.choice as usize],
        });
        self.reversed.extend(plain);
        self.reversed.extend(sooner.iter().rev().map(Call::piece));
        let Some(last) = self.reversed.get_mut(start) else {
            return Ok(Target::to(self.default));
        };
        if let Piece::Call { number, block } = *last {
            *last = Piece::LastCall { number, block };
        }
        if load {
            self.push(Piece::Load(NUMBER))?;
        }
        Ok(Target::FOLLOWING)
    }
}

impl Call {
    fn piece(&self) -> Piece {
        let Call { number, block, .. } = *self;
        Piece::Call { number, block }
    }
}

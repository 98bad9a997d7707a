// SPDX-License-Identifier: LGPL-2.1-only
//! One test for each system call, by priority: optimization level 1.

use super::block::{Block, BlockId, Step, Target};
use super::{Call, NUMBER, SectionCompiler, chains};
use crate::bpf::op;
use crate::error::Error;

impl SectionCompiler<'_> {
    /// Adds the tests; returns the first. It loads the number itself if
    /// `load` is set.
    pub(super) fn linear(
        &mut self,
        mut calls: Vec<Call<'_>>,
        load: bool,
    ) -> Result<BlockId, Error> {
        calls.sort_unstable_by_key(|call| call.rank());
        let mut next = self.default;
        for (place, call) in calls.iter().enumerate().rev() {
            let matched =
                chains::decision(self.blocks, call.arch, &call.entry.decision, self.default)?;
            let test = Step::Branch {
                code: op::JUMP_EQUAL,
                k: call.entry.number,
                targets: [Target::Block(matched), Target::Block(next)],
            };
            let block = match load && place == 0 {
                true => Block::new([Step::Load(NUMBER.offset), test], None, Some(NUMBER)),
                false => Block::new([test], Some(NUMBER), Some(NUMBER)),
            };
            next = self.place(block)?;
        }
        Ok(next)
    }
}

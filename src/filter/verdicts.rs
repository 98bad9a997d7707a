// SPDX-License-Identifier: LGPL-2.1-only
//! Unconditional rules that all architectures of a filter have in common.
//!
//! Most rules of most filters compare nothing and name a call that every
//! architecture numbers in its own way. They are kept once, by name; what an
//! architecture's numbers make of them is asked when a program is made.

use super::Action;
use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::syscalls::{self, Row};

const WORDS: usize = syscalls::count().div_ceil(64);

/// A set of rows.
#[derive(Default)]
pub(super) struct RowSet([u64; WORDS]);

impl RowSet {
    #[inline]
    pub(super) fn add(&mut self, row: Row) {
        self.0[row.index() / 64] |= 1 << (row.index() % 64);
    }

    pub(super) fn has(&self, row: Row) -> bool {
        self.0[row.index() / 64] >> (row.index() % 64) & 1 != 0
    }
}

/// An action for each named system call that has one.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// By row: one more than its action's place, or 0; empty as long as there
    /// is none.
    choices: Vec<u16>,
    /// All that were chosen.
    actions: Vec<Action>,
    count: usize,
}

/// A system call without conditions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainCall {
    pub(crate) number: u32,
    /// The place of its action among [`Verdicts::actions`].
    pub(crate) choice: u32,
}

impl Verdicts {
    pub(super) fn copy(&self) -> Result<Verdicts, Error> {
        Ok(Verdicts {
            choices: fallible::copy_of(&self.choices, 0)?,
            actions: fallible::copy_of(&self.actions, 0)?,
            count: self.count,
        })
    }

    /// How many calls have one.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Each action that some call has.
    pub(crate) fn actions(&self) -> &[Action] {
        &self.actions
    }

    fn choice(&self, row: Row) -> Option<u32> {
        u32::from(*self.choices.get(row.index())?).checked_sub(1)
    }

    pub(crate) fn get(&self, row: Row) -> Option<Action> {
        let choice = self.choice(row)?;
        Some(self.actions[choice as usize])
    }

    /// Adds a rule, unless the call has one.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    #[inline]
    pub(super) fn add(&mut self, row: Row, action: Action) -> Result<(), Error> {
        if self.choices.is_empty() {
            self.choices = fallible::filled(syscalls::count(), 0)?;
        }
        let choice = &mut self.choices[row.index()];
        if *choice != 0 {
            return Ok(());
        }
        // There can't be more than calls. Most often it is the last one.
        let place = match self.actions.iter().rposition(|&known| known == action) {
            Some(place) => place,
            None => {
                fallible::push(&mut self.actions, action)?;
                self.actions.len() - 1
            }
        };
        *choice = place as u16 + 1;
        self.count += 1;
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        *self = Verdicts::default();
    }

    /// Puts the calls that the architecture has, but for those in `without`,
    /// behind those in `calls`: by the numbers that the kernel sees, rising.
    /// There is room for as many as there are verdicts.
    pub(super) fn on(&self, arch: Arch, without: &RowSet, calls: &mut Vec<PlainCall>) {
        let choice = |row: Row| self.choice(row).filter(|_| !without.has(row));
        for (number, row) in arch.calls() {
            if let Some(choice) = choice(row) {
                calls.push(PlainCall { number, choice });
            }
        }
        for (number, row) in arch.private_calls() {
            if let Some(choice) = choice(row) {
                calls.push(PlainCall { number, choice });
            }
        }
    }

    /// The same of calls that the architecture lacks and knows no other way
    /// to, by their pseudo numbers, falling: text shows them, though the kernel
    /// never sees them.
    pub(super) fn lacking_on(&self, arch: Arch, without: &RowSet, calls: &mut Vec<PlainCall>) {
        for row in syscalls::by_pseudo() {
            let choice = self.choice(row).filter(|_| !without.has(row));
            let number = choice.and_then(|_| arch.lacking(row));
            if let (Some(choice), Some(number)) = (choice, number) {
                calls.push(PlainCall { number, choice });
            }
        }
    }
}

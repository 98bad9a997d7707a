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
use crate::syscalls::{self, Row, RowSet};

/// An action for each named system call that has one.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// By row: one more than its action's place, or 0; empty as long as there
    /// is none.
    choices: Vec<u16>,
    /// All that were chosen.
    actions: Vec<Action>,
    /// Those that have one.
    rows: RowSet,
    count: usize,
}

impl Verdicts {
    pub(super) fn copy(&self) -> Result<Verdicts, Error> {
        Ok(Verdicts {
            choices: fallible::copy_of(&self.choices, 0)?,
            actions: fallible::copy_of(&self.actions, 0)?,
            rows: self.rows,
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

    #[inline(always)]
    pub(crate) fn get(&self, row: Row) -> Option<Action> {
        let choice = self.choice(row)?;
        Some(self.actions[choice as usize])
    }

    /// Adds a rule, unless the call has one.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    #[inline(always)]
    pub(super) fn add(&mut self, row: Row, action: Action) -> Result<(), Error> {
        if let Some(1..) = self.choices.get(row.index()) {
            return Ok(());
        }
        let place = match self.actions.last() {
            Some(&last) if last == action => self.actions.len() - 1,
            _ => self.place_of(action)?,
        };
        // There can't be more than calls.
        self.choices[row.index()] = place as u16 + 1;
        self.rows.add(row);
        self.count += 1;
        Ok(())
    }

    /// The place of an action, which is added if need be, and of the first one
    /// also room for all calls.
    #[cold]
    fn place_of(&mut self, action: Action) -> Result<usize, Error> {
        if self.choices.is_empty() {
            self.choices = fallible::filled(syscalls::count(), 0)?;
        }
        match self.actions.iter().position(|&known| known == action) {
            Some(place) => Ok(place),
            None => {
                fallible::push(&mut self.actions, action)?;
                Ok(self.actions.len() - 1)
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Verdicts::default();
    }

    /// Visits the calls that the architecture has, but for those in `without`:
    /// by the numbers that the kernel sees, rising, with the places of their
    /// actions among [`Verdicts::actions`].
    #[inline]
    pub(super) fn on(&self, arch: Arch, without: &RowSet, mut visit: impl FnMut(u32, Row, u32)) {
        arch.calls(&self.rows.without(without), |number, row| {
            if let Some(choice) = self.choice(row) {
                visit(number, row, choice);
            }
        });
    }

    /// The same of calls that the architecture lacks and knows no other way
    /// to, by their pseudo numbers, in the order of their names: text shows them,
    /// though the kernel never sees them.
    #[inline]
    pub(super) fn lacking_on(
        &self,
        arch: Arch,
        without: &RowSet,
        mut visit: impl FnMut(u32, Row, u32),
    ) {
        arch.lacking_calls(&self.rows.without(without), |number, row| {
            if let Some(choice) = self.choice(row) {
                visit(number, row, choice);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_visited_by_the_numbers_that_are_theirs() {
        let mut verdicts = Verdicts::default();
        for row in syscalls::rows() {
            verdicts.add(row, Action::Allow).unwrap();
        }
        let none = RowSet::default();
        for arch in Arch::all() {
            let (mut on, mut lacking) = (Vec::new(), Vec::new());
            verdicts.on(arch, &none, |number, row, choice| {
                on.push((number, row, choice))
            });
            verdicts.lacking_on(arch, &none, |number, row, choice| {
                lacking.push((number, row, choice));
            });
            assert!(on.len() > 200 && on.len() + lacking.len() <= verdicts.count());
            assert!(
                on.is_sorted_by(|one, next| one.0 < next.0),
                "{}",
                arch.name()
            );
            assert!(on.iter().chain(&lacking).all(|call| call.2 == 0));
            for (number, row, _) in on {
                let name = syscalls::name(row);
                assert_eq!(arch.row(number as i32), Some(row), "{} {name}", arch.name());
            }
            for (number, row, _) in lacking {
                let (number, name) = (number as i32, syscalls::name(row));
                assert!(
                    number < -99 && arch.row(number).is_some(),
                    "{} {name}",
                    arch.name()
                );
            }
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Unconditional rules that all architectures of a filter have in common.
//!
//! Most rules compare nothing and name a call that no architecture multiplexes. They are
//! stored once, by name, and translated to an architecture's numbers when the filter is
//! resolved.

use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::resolved::View;
use crate::rule::Action;
use crate::syscalls::{self, Row, RowSet};

/// An action for each named system call that has one.
#[derive(Debug, Default)]
pub(super) struct SharedRules {
    /// For each row, 1 + the index of its action, or 0 without one. Empty while no call
    /// has a rule.
    choices: Vec<u16>,
    /// The distinct actions.
    actions: Vec<Action>,
    /// Rows that have an action.
    rows: RowSet,
    count: usize,
}

impl SharedRules {
    pub(super) fn copy(&self) -> Result<SharedRules, Error> {
        Ok(SharedRules {
            choices: fallible::copy_of(&self.choices, 0)?,
            actions: fallible::copy_of(&self.actions, 0)?,
            rows: self.rows,
            count: self.count,
        })
    }

    /// How many calls have a rule.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    fn choice(&self, row: Row) -> Option<u32> {
        u32::from(*self.choices.get(row.index())?).checked_sub(1)
    }

    pub(super) fn get(&self, row: Row) -> Option<Action> {
        let choice = self.choice(row)?;
        Some(self.actions[choice as usize])
    }

    /// Adds a rule, unless the call has one.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    // docker and openssh: -2 % of all instructions
    #[inline(always)]
    pub(super) fn add(&mut self, row: Row, action: Action) -> Result<(), Error> {
        if let Some(1..) = self.choices.get(row.index()) {
            return Ok(());
        }
        let place = match self.actions.last() {
            Some(&last) if last == action => self.actions.len() - 1,
            _ => self.place_of(action)?,
        };
        // There are no more actions than calls, so the index fits.
        self.choices[row.index()] = place as u16 + 1;
        self.rows.add(row);
        self.count += 1;
        Ok(())
    }

    /// The index of an action, which is added if it is new. Allocates `choices` first if
    /// they are empty.
    // Inlined, it makes `add` save all registers: 15 instructions more a rule (systemd's: 4 %).
    #[inline(never)]
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
        *self = SharedRules::default();
    }

    /// Visits the calls that have a rule, except those in `without`, by rising number:
    /// first calls that the kernel sees, then for text the calls that the architecture
    /// lacks, by pseudo number (negative, wrapped to `u32`).
    pub(super) fn visit(
        &self,
        arch: Arch,
        without: &RowSet,
        view: View,
        mut visit: impl FnMut(u32, Row, Action),
    ) {
        let rows = self.rows.without(without);
        let mut visit = |number, row| {
            if let Some(action) = self.get(row) {
                visit(number, row, action);
            }
        };
        arch.calls(&rows, &mut visit);
        if view == View::Text {
            arch.lacking_calls(&rows, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_visited_by_the_numbers_that_are_theirs() {
        let mut shared = SharedRules::default();
        for row in syscalls::rows() {
            shared.add(row, Action::Allow).unwrap();
        }
        let none = RowSet::default();
        for arch in Arch::all() {
            let mut all = Vec::new();
            shared.visit(arch, &none, View::Text, |number, row, action| {
                assert_eq!(
                    (arch.row(number as i32), action),
                    (Some(row), Action::Allow)
                );
                all.push(number);
            });
            let seen = all.partition_point(|&number| number as i32 >= 0);
            let (on, lacking) = all.split_at(seen);
            assert!(on.len() > 200 && all.len() <= shared.count());
            for part in [on, lacking] {
                assert!(part.is_sorted_by(|one, next| one < next), "{}", arch.name());
            }
            assert!(lacking.iter().all(|&number| (number as i32) < -99));
        }
    }
}

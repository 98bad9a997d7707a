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
    /// The action of each of `rows`, by row; others have any. Empty while no call has a rule.
    actions: Vec<Action>,
    /// Rows that have an action.
    rows: RowSet,
    count: usize,
}

impl SharedRules {
    pub(super) fn copy(&self) -> Result<SharedRules, Error> {
        Ok(SharedRules {
            actions: fallible::copy_of(&self.actions)?,
            rows: self.rows,
            count: self.count,
        })
    }

    /// How many calls have a rule.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self, row: Row) -> Option<Action> {
        self.rows.has(row).then(|| self.action(row))
    }

    /// The action of a row that has one.
    fn action(&self, row: Row) -> Action {
        self.actions[row.index()]
    }

    /// Adds a rule, unless the call has one.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    // docker and openssh: -2 % of all instructions
    #[inline(always)]
    pub(super) fn add(&mut self, row: Row, action: Action) -> Result<(), Error> {
        if self.rows.has(row) {
            return Ok(());
        }
        if self.actions.is_empty() {
            self.make_room()?;
        }
        if let Some(place) = self.actions.get_mut(row.index()) {
            *place = action;
        }
        self.rows.add(row);
        self.count += 1;
        Ok(())
    }

    // Inlined, it makes `add` save all registers: 15 instructions more a rule (systemd's: 4 %).
    #[inline(never)]
    fn make_room(&mut self) -> Result<(), Error> {
        self.actions = fallible::filled(syscalls::count(), Action::Trace(0))?;
        Ok(())
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
        mut visit: impl FnMut(u32, Action),
    ) {
        let rows = self.rows.without(without);
        let mut visit = |number, row: Row| {
            visit(number, self.action(row));
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
        let action = |row: Row| Action::errno(row.index() as i32).unwrap();
        for row in syscalls::rows() {
            shared.add(row, action(row)).unwrap();
        }
        let none = RowSet::default();
        for arch in Arch::all() {
            let mut all = Vec::new();
            shared.visit(arch, &none, View::Text, |number, of_row| {
                assert_eq!(arch.row(number as i32).map(action), Some(of_row));
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

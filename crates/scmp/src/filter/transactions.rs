// SPDX-License-Identifier: LGPL-2.1-only
//! Transactions: changes of a filter that can be undone.

use super::Filter;
use crate::error::Error;

impl Filter {
    /// Opens a transaction: [`Filter::reject_transaction`] restores the rules, whether their
    /// order decides, and the architectures as they are now; settings ([`Filter::attributes_mut`],
    /// `unknown_calls`, `for_kernel`) stay. Transactions nest.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.start_transaction()?;
    /// filter.rule(Action::Notify, "mount", [])?;
    /// filter.reject_transaction();
    /// assert!(!filter.notifies());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn start_transaction(&mut self) -> Result<(), Error> {
        self.policy.start_transaction()
    }

    /// Ends the innermost transaction and undoes its changes. Does nothing
    /// without one.
    ///
    /// ```
    /// use scmp::{Action, Arch, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.start_transaction()?;
    /// filter.remove_arch(Arch::native())?;
    /// filter.reject_transaction();
    /// assert!(filter.has_arch(Arch::native()));
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn reject_transaction(&mut self) {
        if self.policy.reject_transaction() {
            self.generated = None;
        }
    }

    /// Ends the innermost transaction and keeps its changes. Does nothing
    /// without one.
    ///
    /// ```
    /// use scmp::{Action, Filter};
    ///
    /// let mut filter = Filter::new(Action::Allow)?;
    /// filter.start_transaction()?;
    /// filter.rule(Action::Notify, "mount", [])?;
    /// filter.commit_transaction();
    /// assert!(filter.notifies());
    /// # Ok::<(), scmp::Error>(())
    /// ```
    pub fn commit_transaction(&mut self) {
        self.policy.commit_transaction();
    }
}

/// A transaction that is rejected unless it is committed, also if the caller's iterator
/// panics.
pub(super) struct RejectOnDrop<'a>(pub(super) &'a mut Filter);

impl RejectOnDrop<'_> {
    pub(super) fn commit(self) {
        self.0.commit_transaction();
        std::mem::forget(self);
    }
}

impl Drop for RejectOnDrop<'_> {
    fn drop(&mut self) {
        self.0.reject_transaction();
    }
}

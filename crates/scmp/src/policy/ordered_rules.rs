// SPDX-License-Identifier: LGPL-2.1-only
//! Rules that decide by their order: of those on one number, the first that matches.

use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::resolved::OrderedRule;
use crate::rule::EXTENSIONS;

/// The rules of all architectures, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct OrderedRules {
    rules: Vec<OrderedRule>,
}

impl OrderedRules {
    pub(super) fn copy(&self) -> Result<OrderedRules, Error> {
        let mut rules = Vec::new();
        if !EXTENSIONS {
            return Ok(OrderedRules { rules });
        }
        fallible::reserve(&mut rules, self.rules.len())?;
        for rule in &self.rules {
            rules.push(OrderedRule {
                condition: rule.condition.copy()?,
                ..*rule
            });
        }
        Ok(OrderedRules { rules })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rules.len()
    }

    pub(super) fn push(&mut self, rule: OrderedRule) -> Result<(), Error> {
        fallible::push(&mut self.rules, rule)
    }

    /// Keeps the first `count` rules.
    pub(super) fn truncate(&mut self, count: usize) {
        self.rules.truncate(count);
    }

    pub(super) fn remove_arch(&mut self, arch: Arch) {
        self.rules.retain(|rule| rule.arch != arch);
    }

    /// Makes room for the rules of `other`.
    pub(super) fn reserve_for(&mut self, other: &OrderedRules) -> Result<(), Error> {
        fallible::reserve(&mut self.rules, other.rules.len())
    }

    /// Takes the rules of `other`; there is room for them.
    pub(super) fn append(&mut self, other: &mut OrderedRules) {
        self.rules.append(&mut other.rules);
    }

    /// The architecture's rules, sorted by number; rules of one number stay in the order in
    /// which they were added. Reads the rules of all architectures, of which a filter has at
    /// most 23.
    pub(super) fn of(&self, arch: Arch) -> Result<Vec<&OrderedRule>, Error> {
        let mut own = Vec::new();
        if !EXTENSIONS {
            return Ok(own);
        }
        for rule in self.rules.iter().filter(|rule| rule.arch == arch) {
            fallible::push(&mut own, rule)?;
        }
        // By their places too: a stable sort would allocate.
        own.sort_unstable_by_key(|rule| (rule.number, std::ptr::from_ref(*rule)));
        Ok(own)
    }
}

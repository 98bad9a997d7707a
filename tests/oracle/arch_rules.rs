// SPDX-License-Identifier: LGPL-2.1-only
//! The rules of each architecture of a filter, with transactions.

use scmp::Arch;
use scmp_verify::proof::RuleSet;

/// Each architecture has rules of its own, `R`: architectures come and go between rules.
#[derive(Clone, Debug)]
pub struct ArchRules<R> {
    /// In the order in which the filter came to cover them.
    pub of_each: Vec<(Arch, R)>,
    saved: Vec<Vec<(Arch, R)>>,
}

impl<R: Clone> ArchRules<R> {
    pub fn new() -> ArchRules<R> {
        ArchRules {
            of_each: Vec::new(),
            saved: Vec::new(),
        }
    }

    pub fn cover(&mut self, arch: Arch, empty: R) {
        self.of_each.push((arch, empty));
    }

    pub fn uncover(&mut self, arch: Arch) {
        self.of_each.retain(|(covered, _)| *covered != arch);
    }

    pub fn arches(&self) -> impl Iterator<Item = Arch> {
        self.of_each.iter().map(|(arch, _)| *arch)
    }

    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.of_each.iter_mut().map(|(_, rules)| rules)
    }

    pub fn start(&mut self) {
        self.saved.push(self.of_each.clone());
    }

    pub fn reject(&mut self) {
        if let Some(saved) = self.saved.pop() {
            self.of_each = saved;
        }
    }

    pub fn commit(&mut self) {
        self.saved.pop();
    }
}

impl ArchRules<RuleSet> {
    /// The rules of all architectures, added to a set without any.
    pub fn merged(&self, mut all: RuleSet) -> RuleSet {
        for (_, rules) in &self.of_each {
            all.merge(rules.clone());
        }
        all
    }
}

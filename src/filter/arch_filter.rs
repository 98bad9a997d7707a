// SPDX-License-Identifier: LGPL-2.1-only
//! The rules of one architecture of a filter, by system call number.

use super::{Action, Comparisons};
use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::tree::{Chain, Pruned, Tree};

/// What the rules of one system call decide.
#[derive(Debug)]
pub(crate) enum Decision {
    /// There is only a priority.
    None,
    /// An unconditional rule.
    Always(Action),
    /// Conditional rules.
    Tree(Tree),
}

/// The priority that a caller gave stands above the weight.
const USER_SHIFT: u32 = 16;
const USER_MASK: u32 = 0x00ff_0000;
const WEIGHT_MASK: u32 = 0x0000_ffff;

/// The rules of one system call.
#[derive(Debug)]
pub(crate) struct Entry {
    /// As the kernel sees it; pseudo numbers are negative numbers that have
    /// wrapped.
    pub(crate) number: u32,
    pub(crate) decision: Decision,
    /// Higher ones are tested first: the caller's hint, then those with fewer
    /// tests.
    pub(crate) priority: u32,
    /// A rule, not a priority, brought the entry.
    from_rule: bool,
}

impl Entry {
    fn new(number: u32, decision: Decision) -> Entry {
        let mut entry = Entry {
            number,
            decision,
            priority: 0,
            from_rule: true,
        };
        entry.weigh();
        entry
    }

    fn copy(&self) -> Result<Entry, Error> {
        Ok(Entry {
            decision: match &self.decision {
                Decision::None => Decision::None,
                Decision::Always(action) => Decision::Always(*action),
                Decision::Tree(tree) => Decision::Tree(tree.copy()?),
            },
            ..*self
        })
    }

    fn weigh(&mut self) {
        let weight = match &self.decision {
            Decision::Tree(tree) => tree.weight(),
            _ => 0,
        };
        self.priority = self.priority & !WEIGHT_MASK | WEIGHT_MASK.wrapping_sub(weight);
    }

    fn decide(&mut self, decision: Decision) {
        self.decision = decision;
        self.weigh();
    }

    pub(crate) fn has_rules(&self) -> bool {
        !matches!(self.decision, Decision::None)
    }
}

/// The rules of one architecture.
#[derive(Debug)]
pub(crate) struct ArchFilter {
    arch: Arch,
    /// Sorted by number.
    entries: Vec<Entry>,
}

/// A rule on one system call number.
pub(crate) struct NumberRule<'a> {
    pub(crate) number: u32,
    pub(crate) action: Action,
    pub(crate) comparisons: &'a Comparisons,
}

/// What remains to be done for a rule that has been accepted. Doing it can't
/// fail.
pub(crate) enum Accepted {
    /// Nothing: the filter decides the rule's inputs already.
    Redundant,
    /// Insert it where it belongs; there is room.
    Insert,
    /// Put this in the place of the number's decision.
    Decide(Decision),
    /// The same; nothing of the old rules remains, not even the caller's
    /// priority, which the C library forgets then.
    DecideAnew(Decision),
}

impl ArchFilter {
    pub(crate) fn new(arch: Arch) -> ArchFilter {
        ArchFilter {
            arch,
            entries: Vec::new(),
        }
    }

    pub(crate) fn copy(&self) -> Result<ArchFilter, Error> {
        let mut entries = Vec::new();
        fallible::reserve(&mut entries, self.entries.len())?;
        for entry in &self.entries {
            entries.push(entry.copy()?);
        }
        Ok(ArchFilter {
            arch: self.arch,
            entries,
        })
    }

    pub(crate) fn arch(&self) -> Arch {
        self.arch
    }

    /// By number.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The number of system calls that PFC counts for its search tree.
    pub(crate) fn rule_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.from_rule).count()
    }

    fn position(&self, number: u32) -> Result<usize, usize> {
        self.entries
            .binary_search_by_key(&number, |entry| entry.number)
    }

    /// Makes room for `extra` more system calls.
    pub(crate) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.entries, extra)
    }

    /// Checks a rule and prepares for it; the filter still decides as before.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`], [`Error::OutOfMemory`].
    pub(crate) fn accept(&mut self, rule: &NumberRule<'_>) -> Result<Accepted, Error> {
        let chain = Chain::new(rule.comparisons, self.arch.word_size());
        let entry = match self.position(rule.number) {
            Ok(position) => &mut self.entries[position].decision,
            Err(_) => &mut Decision::None,
        };
        match entry {
            // Of unconditional rules the first stays.
            Decision::Always(_) => Ok(Accepted::Redundant),
            _ if chain.is_empty() => Ok(Accepted::Decide(Decision::Always(rule.action))),
            Decision::None => Ok(Accepted::Decide(Decision::Tree(Tree::with_rule(
                &chain,
                rule.action,
            )?))),
            Decision::Tree(tree) if tree.may_prune(&chain) => {
                let mut pruned = tree.copy_for(&chain)?;
                match pruned.prune(&chain, rule.action) {
                    Pruned::Redundant => Ok(Accepted::Redundant),
                    Pruned::Alone => Ok(Accepted::DecideAnew(Decision::Tree(Tree::with_rule(
                        &chain,
                        rule.action,
                    )?))),
                    Pruned::Needed => {
                        pruned.check(&chain, rule.action)?;
                        pruned.insert(&chain, rule.action);
                        Ok(Accepted::Decide(Decision::Tree(pruned)))
                    }
                }
            }
            Decision::Tree(tree) => {
                tree.check(&chain, rule.action)?;
                tree.reserve_for(&chain)?;
                Ok(Accepted::Insert)
            }
        }
    }

    /// Does what [`ArchFilter::accept`] prepared; room for a new system call
    /// has been reserved.
    pub(crate) fn apply(&mut self, rule: &NumberRule<'_>, accepted: Accepted) {
        let position = self.position(rule.number);
        match (accepted, position) {
            (Accepted::Redundant, _) => {}
            (Accepted::Decide(decision) | Accepted::DecideAnew(decision), Err(position)) => {
                self.entries
                    .insert(position, Entry::new(rule.number, decision));
            }
            (Accepted::Decide(decision), Ok(position)) => self.entries[position].decide(decision),
            (Accepted::DecideAnew(decision), Ok(position)) => {
                self.entries[position].priority = 0;
                self.entries[position].decide(decision);
            }
            (Accepted::Insert, position) => {
                let entry = position.ok().map(|position| &mut self.entries[position]);
                if let Some(entry) = entry {
                    if let Decision::Tree(tree) = &mut entry.decision {
                        let chain = Chain::new(rule.comparisons, self.arch.word_size());
                        tree.insert(&chain, rule.action);
                    }
                    entry.weigh();
                }
            }
        }
    }

    /// Raises the priority of a system call; room for it has been reserved.
    pub(crate) fn prioritize(&mut self, number: u32, priority: u8) {
        let hint = u32::from(priority) << USER_SHIFT;
        match self.position(number) {
            Ok(position) => {
                let entry = &mut self.entries[position];
                if hint > entry.priority & USER_MASK {
                    entry.priority = entry.priority & !USER_MASK | hint;
                }
            }
            Err(position) => self.entries.insert(
                position,
                Entry {
                    number,
                    decision: Decision::None,
                    priority: hint,
                    from_rule: false,
                },
            ),
        }
    }
}

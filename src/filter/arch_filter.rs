// SPDX-License-Identifier: LGPL-2.1-only
//! The rules of one architecture of a filter, by system call number.

use super::number_index::NumberIndex;
use super::{Action, Comparisons};
use crate::arch::Arch;
use crate::error::Error;
use crate::fallible;
use crate::tree::{Chain, Pruned, Tree};

/// What the rules of one system call decide.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Decision<'a> {
    /// There is only a priority.
    None,
    /// An unconditional rule.
    Always(Action),
    /// Conditional rules.
    Tree(&'a Tree),
}

/// The same, as it is kept.
#[derive(Clone, Copy, Debug)]
enum Kept {
    None,
    Always(Action),
    /// Its position among the trees.
    Tree(u32),
}

/// The priority that a caller gave stands above the weight.
const USER_SHIFT: u32 = 16;
const USER_MASK: u32 = 0x00ff_0000;
const WEIGHT_MASK: u32 = 0x0000_ffff;

/// The rules of one system call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// As the kernel sees it; pseudo numbers are negative numbers that have
    /// wrapped.
    pub(crate) number: u32,
    /// Higher ones are tested first: the caller's hint, then those with fewer
    /// tests.
    pub(crate) priority: u32,
    decision: Kept,
    /// A rule, not a priority, brought the entry.
    from_rule: bool,
}

impl Entry {
    pub(crate) fn has_rules(&self) -> bool {
        !matches!(self.decision, Kept::None)
    }

    /// The priority that the caller gave, 0 to 255.
    pub(crate) fn hint(&self) -> u8 {
        ((self.priority & USER_MASK) >> USER_SHIFT) as u8
    }

    fn weigh(&mut self, tests: u32) {
        self.priority = self.priority & !WEIGHT_MASK | WEIGHT_MASK.wrapping_sub(tests);
    }
}

/// The rules of one architecture.
#[derive(Debug)]
pub(crate) struct ArchFilter {
    arch: Arch,
    /// In the order in which they came.
    entries: Vec<Entry>,
    by_number: NumberIndex,
    trees: Vec<Tree>,
}

/// What remains to be done for a rule that has been accepted. Doing it can't
/// fail, once [`ArchFilter::reserve`] has made room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// Nothing: the filter decides the rule's inputs already.
    Redundant,
    /// [`ArchFilter::decide`]: the rule is unconditional.
    Always,
    /// [`ArchFilter::insert`].
    Insert,
    /// [`ArchFilter::replace`], with a tree that has been prepared.
    Replace { tree: u32, anew: bool },
}

impl ArchFilter {
    pub(crate) fn new(arch: Arch) -> ArchFilter {
        ArchFilter {
            arch,
            entries: Vec::new(),
            by_number: NumberIndex::default(),
            trees: Vec::new(),
        }
    }

    pub(crate) fn copy(&self) -> Result<ArchFilter, Error> {
        let mut trees = Vec::new();
        fallible::reserve(&mut trees, self.trees.len())?;
        for tree in &self.trees {
            trees.push(tree.copy()?);
        }
        Ok(ArchFilter {
            arch: self.arch,
            entries: fallible::copy_of(&self.entries, 0)?,
            by_number: self.by_number.copy()?,
            trees,
        })
    }

    pub(crate) fn arch(&self) -> Arch {
        self.arch
    }

    /// How many system calls have rules or a priority.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// By rising number.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let positions = self.by_number.positions();
        positions.map(|position| &self.entries[position as usize])
    }

    pub(crate) fn decision(&self, entry: &Entry) -> Decision<'_> {
        match entry.decision {
            Kept::None => Decision::None,
            Kept::Always(action) => Decision::Always(action),
            Kept::Tree(tree) => Decision::Tree(&self.trees[tree as usize]),
        }
    }

    /// The number of system calls that PFC counts for its search tree.
    pub(crate) fn rule_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.from_rule).count()
    }

    /// Makes room for `extra` more system calls.
    pub(crate) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.entries, extra)?;
        fallible::reserve(&mut self.trees, extra)?;
        self.by_number.reserve(extra)
    }

    /// Checks a rule and prepares for it; the filter still decides as before.
    /// A tree that is to replace another is put behind those in `prepared`.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`], [`Error::OutOfMemory`].
    pub(crate) fn accept(
        &mut self,
        number: u32,
        action: Action,
        comparisons: &Comparisons,
        prepared: &mut Vec<Tree>,
    ) -> Result<Accepted, Error> {
        let kept = match self.by_number.get(number) {
            Some(position) => self.entries[position as usize].decision,
            None => Kept::None,
        };
        // Of unconditional rules the first stays.
        if let Kept::Always(_) = kept {
            return Ok(Accepted::Redundant);
        }
        let chain = Chain::new(comparisons, self.arch.word_size());
        if chain.is_empty() {
            return Ok(Accepted::Always);
        }
        let mut replace = |tree: Tree, anew: bool| {
            let place = prepared.len() as u32;
            fallible::push(prepared, tree)?;
            Ok(Accepted::Replace { tree: place, anew })
        };
        let tree = match kept {
            Kept::Tree(tree) => &mut self.trees[tree as usize],
            _ => return replace(Tree::with_rule(&chain, action)?, false),
        };
        if !tree.may_prune(&chain) {
            tree.check(&chain, action)?;
            tree.reserve_for(&chain)?;
            return Ok(Accepted::Insert);
        }
        let mut pruned = tree.copy_for(&chain)?;
        match pruned.prune(&chain, action) {
            Pruned::Redundant => Ok(Accepted::Redundant),
            Pruned::Alone => replace(Tree::with_rule(&chain, action)?, true),
            Pruned::Needed => {
                pruned.check(&chain, action)?;
                pruned.insert(&chain, action);
                replace(pruned, false)
            }
        }
    }

    /// Inserts a rule in its call's tree.
    pub(crate) fn insert(&mut self, number: u32, action: Action, comparisons: &Comparisons) {
        let chain = Chain::new(comparisons, self.arch.word_size());
        let Some(position) = self.by_number.get(number) else {
            return;
        };
        let entry = &mut self.entries[position as usize];
        if let Kept::Tree(tree) = entry.decision {
            let tree = &mut self.trees[tree as usize];
            tree.insert(&chain, action);
            entry.weigh(tree.weight());
        }
    }

    /// Puts a tree in the place of a call's decision. `anew`: nothing of the
    /// old rules remains in it, not even the caller's priority, which the C
    /// library forgets then.
    pub(crate) fn replace(&mut self, number: u32, tree: Tree, anew: bool) {
        let next = self.trees.len() as u32;
        let entry = self.entry(number);
        if anew {
            entry.priority = 0;
        }
        entry.weigh(tree.weight());
        match entry.decision {
            Kept::Tree(place) => self.trees[place as usize] = tree,
            _ => {
                entry.decision = Kept::Tree(next);
                self.trees.push(tree);
            }
        }
    }

    /// Adds an unconditional rule, unless there is one; room for a new system
    /// call has been reserved.
    pub(crate) fn decide(&mut self, number: u32, action: Action) {
        let entry = self.entry(number);
        if !matches!(entry.decision, Kept::Always(_)) {
            entry.decision = Kept::Always(action);
            entry.weigh(0);
        }
    }

    /// The entry of a system call; a new one has come with a rule.
    fn entry(&mut self, number: u32) -> &mut Entry {
        let next = self.entries.len();
        let position = self.by_number.get_or_set(number, next as u32) as usize;
        if position == next {
            self.entries.push(Entry {
                number,
                priority: 0,
                decision: Kept::None,
                from_rule: true,
            });
        }
        &mut self.entries[position]
    }

    /// Raises the priority of a system call; room for it has been reserved.
    pub(crate) fn prioritize(&mut self, number: u32, priority: u8) {
        let hint = u32::from(priority) << USER_SHIFT;
        let known = self.entries.len();
        let entry = self.entry(number);
        if hint > entry.priority & USER_MASK {
            entry.priority = entry.priority & !USER_MASK | hint;
        }
        if self.entries.len() > known {
            self.entries[known].from_rule = false;
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Levels: ordered sets of tests.
//!
//! A level is a treap (Aragon and Seidel, "Randomized search trees", 1989): a
//! binary search tree by the order in which tests run, and a heap by a hash of
//! the node with the tree's [`Seed`]. So the first test, the last one, and the place of a new
//! one are found in logarithmic expected time, and recursion is not deep: not even for rules
//! that somebody has made up for that, because the seed is not known to whoever writes rules.

use std::cmp::{Ordering, Reverse};

use super::rule_tests::{Rank, Test, TestStep};
use super::{Branch, NodeId, Slot, Tree};
use crate::error::Error;
use crate::hash::Mixer;

/// The tests of a level run in this order.
pub(super) type Order = (Reverse<Rank>, NodeId);

/// Makes the shape of levels unforeseeable. Nothing else depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed(u32);

impl Default for Seed {
    /// From the stack's address, which the kernel draws for each program (`randomize_va_space`
    /// in proc_sys_kernel(5)). Random bytes would take a system call.
    fn default() -> Seed {
        let here = 0_u8;
        let mut mixer = Mixer::default();
        mixer.mix((&raw const here).addr() as u64);
        Seed(mixer.hash() as u32)
    }
}

/// The two subtrees of a treap's node: tests that run before it, and after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Children {
    before: Option<NodeId>,
    after: Option<NodeId>,
}

impl Children {
    const NONE: Children = Children {
        before: None,
        after: None,
    };

    fn on(self, goes_after: bool) -> Option<NodeId> {
        if goes_after { self.after } else { self.before }
    }

    pub(super) fn both(self) -> (Option<NodeId>, Option<NodeId>) {
        (self.before, self.after)
    }
}

impl Tree {
    pub(super) fn order(&self, id: NodeId) -> Order {
        (Reverse(self.node(id).rank), id)
    }

    /// The root of the level at `slot`; `None` if there is no level.
    pub(super) fn level_at(&self, slot: Slot) -> Option<NodeId> {
        match slot {
            Slot::Root => self.root,
            Slot::Below(id, side) => match self.side(id, side) {
                Branch::Level(level) => Some(level),
                _ => None,
            },
        }
    }

    /// Changes the root or a side. A caller that may undo the change logs the node first.
    fn set_level_at(&mut self, slot: Slot, level: Option<NodeId>) {
        match slot {
            Slot::Root => self.root = level,
            Slot::Below(id, side) => {
                self.node_mut(id).sides[side as usize] = match level {
                    Some(level) => Branch::Level(level),
                    None => Branch::Continue,
                }
            }
        }
    }

    /// Appends the nodes of a level to `nodes`, in the order in which their tests run.
    /// There is room for [`Tree::test_count`] nodes.
    pub(crate) fn push_level(&self, level: Option<NodeId>, nodes: &mut Vec<NodeId>) {
        let Some(id) = level else { return };
        let Children { before, after } = self.node(id).children;
        self.push_level(before, nodes);
        nodes.push(id);
        self.push_level(after, nodes);
    }

    /// Whether all tests of a level pass.
    pub(super) fn all_of(
        &self,
        level: Option<NodeId>,
        pass: &mut dyn FnMut(NodeId) -> bool,
    ) -> bool {
        let Some(id) = level else { return true };
        let Children { before, after } = self.node(id).children;
        self.all_of(before, pass) && pass(id) && self.all_of(after, pass)
    }

    /// The test of a level that runs first.
    pub(super) fn first_of(&self, level: Option<NodeId>) -> Option<NodeId> {
        let mut id = level?;
        while let Some(before) = self.node(id).children.before {
            id = before;
        }
        Some(id)
    }

    /// The test of a level that runs last.
    pub(super) fn last_of(&self, level: Option<NodeId>) -> Option<NodeId> {
        let mut id = level?;
        while let Some(after) = self.node(id).children.after {
            id = after;
        }
        Some(id)
    }

    /// The first test of a level that runs after `order`.
    pub(super) fn next_of(&self, level: Option<NodeId>, order: Order) -> Option<NodeId> {
        let (mut next, mut rest) = (None, level);
        while let Some(id) = rest {
            let Children { before, after } = self.node(id).children;
            rest = match self.order(id) > order {
                true => {
                    next = Some(id);
                    before
                }
                false => after,
            };
        }
        next
    }

    /// [`Tree::next_of`] for a node that is, or was, on the level: begins at its child.
    pub(super) fn behind(&self, level: Option<NodeId>, last: Order) -> Option<NodeId> {
        let (_, id) = last;
        match self.node(id).children.after {
            None => self.next_of(level, last),
            after => self.first_of(after),
        }
    }

    /// The first test of a level whose rank is below `rank`.
    pub(super) fn first_below(&self, level: Option<NodeId>, rank: Rank) -> Option<NodeId> {
        self.next_of(level, (Reverse(rank), NodeId::LAST))
    }

    /// The node of a level with this test and rank; if there is none, the first
    /// one whose rank is below.
    pub(super) fn ranked(
        &self,
        level: Option<NodeId>,
        test: &Test,
        rank: Rank,
    ) -> Result<NodeId, Option<NodeId>> {
        let (mut below, mut rest) = (None, level);
        while let Some(id) = rest {
            let node = self.node(id);
            let Children { before, after } = node.children;
            rest = match node.rank.cmp(&rank) {
                Ordering::Greater => after,
                Ordering::Less => {
                    below = Some(id);
                    before
                }
                Ordering::Equal if node.test == *test => return Ok(id),
                // Tests of one rank differ in their masks.
                Ordering::Equal => {
                    if let Ok(id) = self.ranked(before, test, rank) {
                        return Ok(id);
                    }
                    after
                }
            };
        }
        Err(below)
    }

    /// The node on the level at `slot` with which a step is merged.
    ///
    /// `>` and `<=` have the same test and different ranks; so have `>=` and `<`. A
    /// level may therefore have a test twice. As in the C library, the step is merged
    /// with a node of higher rank that has the test, or else with the first node of equal or lower
    /// rank if that has it.
    pub(super) fn find(&self, slot: Slot, step: &TestStep) -> Option<NodeId> {
        let level = self.level_at(slot)?;
        // flatpak: -1.4 % of all instructions
        if self.is_alone(level) {
            return (self.node(level).test == step.test).then_some(level);
        }
        self.find_among(level, step)
    }

    /// Whether a level is one test.
    pub(super) fn is_alone(&self, level: NodeId) -> bool {
        self.node(level).children == Children::NONE
    }

    fn find_among(&self, level: NodeId, step: &TestStep) -> Option<NodeId> {
        let level = Some(level);
        for rank in step.test.ranks() {
            match self.ranked(level, &step.test, rank) {
                Ok(id) => return Some(id),
                Err(below) if rank == step.rank => {
                    return below.filter(|&next| self.node(next).test == step.test);
                }
                Err(_) => {}
            }
        }
        None
    }

    /// Adds the newest node to the level at `slot`. Its id is the largest, so it runs last among
    /// equal ranks.
    pub(super) fn insert_node(&mut self, slot: Slot, id: NodeId) {
        let rank = self.node(id).rank;
        let mut rest = self.level_at(slot);
        let mut top = None;
        while let Some(other) = rest {
            if self.heap_key(other) <= self.heap_key(id) {
                let (before, after) = self.split(rest, rank);
                self.node_mut(id).children = Children { before, after };
                break;
            }
            // Among equal ranks, tests that were added earlier run first.
            let goes_after = self.node(other).rank >= rank;
            top = Some((other, goes_after));
            rest = self.node(other).children.on(goes_after);
        }
        match top {
            None => self.set_level_at(slot, Some(id)),
            Some((top, true)) => self.node_mut(top).children.after = Some(id),
            Some((top, false)) => self.node_mut(top).children.before = Some(id),
        }
    }

    /// Splits a level: what runs before a new test with this rank, and after it.
    fn split(&mut self, level: Option<NodeId>, rank: Rank) -> (Option<NodeId>, Option<NodeId>) {
        let Some(id) = level else { return (None, None) };
        let Children { before, after } = self.node(id).children;
        match self.node(id).rank >= rank {
            true => {
                let (middle, last) = self.split(after, rank);
                self.node_mut(id).children.after = middle;
                (level, last)
            }
            false => {
                let (first, middle) = self.split(before, rank);
                self.node_mut(id).children.before = middle;
                (first, level)
            }
        }
    }

    /// Takes a node with all below it off the level at `slot`.
    pub(super) fn remove_node(&mut self, slot: Slot, id: NodeId) -> Result<(), Error> {
        let level = self.level_at(slot);
        let level = self.removed(level, id)?;
        if let Slot::Below(above, _) = slot {
            self.edit(above)?;
        }
        self.set_level_at(slot, level);
        Ok(())
    }

    fn removed(&mut self, level: Option<NodeId>, id: NodeId) -> Result<Option<NodeId>, Error> {
        let Some(top) = level else { return Ok(None) };
        let Children { before, after } = self.node(top).children;
        if top == id {
            // For `behind`.
            self.edit(id)?.children = Children::NONE;
            return self.concatenate(before, after);
        }
        match self.order(top) < self.order(id) {
            true => {
                let after = self.removed(after, id)?;
                self.edit(top)?.children.after = after;
            }
            false => {
                let before = self.removed(before, id)?;
                self.edit(top)?.children.before = before;
            }
        }
        Ok(level)
    }

    /// Makes one level of two, of which one runs before the other.
    fn concatenate(
        &mut self,
        first: Option<NodeId>,
        second: Option<NodeId>,
    ) -> Result<Option<NodeId>, Error> {
        let (Some(one), Some(other)) = (first, second) else {
            return Ok(first.or(second));
        };
        match self.heap_key(one) > self.heap_key(other) {
            true => {
                let after = self.concatenate(self.node(one).children.after, second)?;
                self.edit(one)?.children.after = after;
                Ok(first)
            }
            false => {
                let before = self.concatenate(first, self.node(other).children.before)?;
                self.edit(other)?.children.before = before;
                Ok(second)
            }
        }
    }

    /// The heap's order: the finalizer of MurmurHash3, a bijection.
    fn heap_key(&self, id: NodeId) -> u32 {
        let mut hash = id.0.get() ^ self.seed.0;
        hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
        hash ^ hash >> 16
    }
}

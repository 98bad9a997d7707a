// SPDX-License-Identifier: LGPL-2.1-only
//! The decision tree of one system call: what its conditional rules decide.
//!
//! A tree is a set of tests (a *level*), which run in the order of their
//! [`Rank`], equal ones as they came. Each side of a test is nothing, an action,
//! or another level. Evaluation runs down a level; an action ends it, and
//! whatever decides nothing goes on with the next test of the level above.
//! `seccomp_export_pfc` prints exactly this.
//!
//! Two things make it right by construction, and set it apart from the C
//! library's tree. Every side owns what is below it: nodes are never shared,
//! so a rule added below one test can't be reached through another. And a
//! side changes only in ways that leave each input with the action of a rule
//! that matches it (see `insert` and `prune`).
//!
//! Levels are lists, in no order while rules come: finding a test asks
//! `index`, and what wants the order sorts.

mod chain;
mod index;
mod insert;
mod prune;
mod rules;
mod shape;

pub(crate) use chain::{Chain, MOST_TESTS, Relation, Side};
use chain::{Rank, Test};
use insert::Way;
pub(crate) use prune::Pruned;
pub(crate) use rules::{RuleList, RuleStore, Rules};
pub(crate) use shape::Shape;

use std::cmp::Reverse;
use std::num::NonZeroU32;

use crate::error::Error;
use crate::fallible;
use crate::hash::HashIndex;
use crate::rule::{Action, WordSize};

/// A node of a tree: one more than its place, so that `None` needs no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    #[inline]
    fn at(place: usize) -> NodeId {
        NodeId(NonZeroU32::MIN.saturating_add(place as u32))
    }

    #[inline]
    fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a side of a test leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Branch {
    /// On to the next test of the level, or of the level above.
    Fall,
    /// The verdict.
    Act(Action),
    /// A level, by its first node.
    Level(NodeId),
}

#[derive(Clone, Copy, Debug)]
struct Node {
    test: Test,
    rank: Rank,
    /// Where its level hangs; `None` if it has been taken off. What hung below
    /// a side that has become an action keeps this, but a side that acts never
    /// leads to a level again.
    above: Option<Slot>,
    /// For each side, the low word of the bound that a rule with another
    /// action has to be tighter than: see `Tree::tightens`.
    bounds: [u32; 2],
    /// The first node that was made of the same test of the same rule: a test
    /// that stands below two sides is two nodes.
    origin: NodeId,
    /// Of a first node: how many there are.
    copies: u32,
    /// The C library would not free it any more: see `Tree::lighten`.
    pinned: bool,
    sides: [Branch; 2],
    next: Option<NodeId>,
}

/// Where a level hangs: at the root, or on a side of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot(NonZeroU32);

impl Slot {
    const ROOT: Slot = Slot(NonZeroU32::MIN);

    #[inline]
    fn below(id: NodeId, side: Side) -> Slot {
        Slot(id.0.saturating_mul(Self::SIDES).saturating_add(side as u32))
    }

    const SIDES: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

    /// The test and its side; `None` at the root.
    #[inline]
    fn side(self) -> Option<(NodeId, Side)> {
        let id = NonZeroU32::new(self.0.get() / 2)?;
        let side = match self.0.get() % 2 {
            0 => Side::True,
            _ => Side::False,
        };
        Some((NodeId(id), side))
    }
}

/// The decision tree of one system call and architecture.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// Nodes by level and test.
    index: HashIndex,
    root: Option<NodeId>,
    /// How many tests the C library counts, which sets the priority that PFC
    /// shows and the program follows. See `Tree::lighten`.
    weight: u32,
}

impl Tree {
    /// Makes this the tree of rules that all have the same action, and of
    /// which none can make another redundant ([`Shape::may_prune`]).
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn rebuild(
        &mut self,
        rules: Rules<'_>,
        action: Action,
        word_size: WordSize,
    ) -> Result<(), Error> {
        self.nodes.clear();
        self.index = HashIndex::default();
        self.root = None;
        self.weight = 0;
        // Rules that begin alike add a test each; the first adds some more.
        let first = rules.iter().next().unwrap_or_default();
        let first = Chain::new(first, word_size).most_nodes();
        fallible::reserve(&mut self.nodes, rules.count() + first)?;
        self.reserve_index(rules.count())?;
        let mut way = Way::default();
        let mut last = Chain::new(&[], word_size);
        for (before, rule) in (0..).zip(rules.iter()) {
            let chain = Chain::new(rule, word_size);
            self.reserve_for(&chain)?;
            self.insert_after(&mut way, &last, &chain, action, rules.first(before));
            last = chain;
        }
        // Most trees are complete now, and what comes next needs memory; one that
        // is kept gets an index when the next rule comes.
        self.index = HashIndex::default();
        Ok(())
    }

    /// A copy with room for one more rule and sorted levels.
    pub(crate) fn copy_for(&self, chain: &Chain<'_>) -> Result<Tree, Error> {
        let mut tree = self.copy_with_room(chain.most_nodes())?;
        tree.sort()?;
        Ok(tree)
    }

    /// A copy.
    pub(crate) fn copy(&self) -> Result<Tree, Error> {
        self.copy_with_room(0)
    }

    fn copy_with_room(&self, nodes: usize) -> Result<Tree, Error> {
        let mut tree = Tree {
            nodes: fallible::copy_of(&self.nodes, nodes)?,
            index: HashIndex::default(),
            ..*self
        };
        tree.reserve_index(nodes)?;
        Ok(tree)
    }

    /// Makes room for one more rule.
    #[inline]
    pub(crate) fn reserve_for(&mut self, chain: &Chain<'_>) -> Result<(), Error> {
        let extra = chain.most_nodes();
        fallible::reserve(&mut self.nodes, extra)?;
        self.reserve_index(extra)
    }

    pub(crate) fn weight(&self) -> u32 {
        self.weight
    }

    /// How many tests there are, at most.
    pub(crate) fn test_count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The first test of the outermost level; `None` if the tree is empty.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root
    }

    #[inline]
    pub(crate) fn test(&self, id: NodeId) -> &Test {
        &self.node(id).test
    }

    #[inline]
    pub(crate) fn side(&self, id: NodeId, side: Side) -> Branch {
        self.node(id).sides[side as usize]
    }

    #[inline]
    pub(crate) fn sides(&self, id: NodeId) -> &[Branch; 2] {
        &self.node(id).sides
    }

    /// The tests of a level, in no order.
    #[inline]
    fn level(&self, first: Option<NodeId>) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(first, |&id| self.node(id).next)
    }

    /// Puts the tests of a level behind those in `tests`, in their order; there
    /// is room for as many as [`Tree::test_count`] says.
    #[inline]
    pub(crate) fn push_level(&self, first: Option<NodeId>, tests: &mut Vec<NodeId>) {
        let start = tests.len();
        for id in self.level(first) {
            tests.push(id);
        }
        // Most levels are one test.
        if tests.len() - start > 1 {
            self.sort_tests(&mut tests[start..]);
        }
    }

    #[inline(never)]
    fn sort_tests(&self, tests: &mut [NodeId]) {
        tests.sort_unstable_by_key(|&id| self.order(id));
    }

    /// The tests of a level run in this order.
    fn order(&self, id: NodeId) -> (Reverse<Rank>, NodeId) {
        (Reverse(self.node(id).rank), id)
    }

    /// Puts every level's list in the order of its tests.
    fn sort(&mut self) -> Result<(), Error> {
        let mut tests = Vec::new();
        let mut slots = Vec::new();
        fallible::reserve(&mut tests, self.test_count())?;
        fallible::push(&mut slots, Slot::ROOT)?;
        while let Some(slot) = slots.pop() {
            tests.clear();
            self.push_level(self.first_of(slot), &mut tests);
            let mut next = None;
            for &id in tests.iter().rev() {
                self.node_mut(id).next = next;
                next = Some(id);
                for side in Side::BOTH {
                    if let Branch::Level(_) = self.side(id, side) {
                        fallible::push(&mut slots, Slot::below(id, side))?;
                    }
                }
            }
            self.set_first_of(slot, next);
        }
        Ok(())
    }

    #[inline]
    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }

    #[inline]
    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.place()]
    }

    #[inline]
    fn first_of(&self, slot: Slot) -> Option<NodeId> {
        match slot.side() {
            None => self.root,
            Some((id, side)) => match self.side(id, side) {
                Branch::Level(first) => Some(first),
                _ => None,
            },
        }
    }

    #[inline]
    fn set_first_of(&mut self, slot: Slot, first: Option<NodeId>) {
        match slot.side() {
            None => self.root = first,
            Some((id, side)) => {
                self.node_mut(id).sides[side as usize] = match first {
                    Some(first) => Branch::Level(first),
                    None => Branch::Fall,
                }
            }
        }
    }

    /// No side leads to another level.
    fn is_leaf(&self, id: NodeId) -> bool {
        !self
            .node(id)
            .sides
            .iter()
            .any(|branch| matches!(branch, Branch::Level(_)))
    }

    /// Whether every action at or below `id` is `action`.
    fn only_acts(&self, id: NodeId, action: Action) -> bool {
        self.node(id).sides.iter().all(|&branch| match branch {
            Branch::Fall => true,
            Branch::Act(other) => other == action,
            Branch::Level(first) => self.level_only_acts(first, action),
        })
    }

    fn level_only_acts(&self, first: NodeId, action: Action) -> bool {
        self.level(Some(first)).all(|id| self.only_acts(id, action))
    }

    /// Takes the weight of the tests at and below `id`, which go, off the
    /// tree's; returns it.
    ///
    /// The C library counts the tests that it frees. Of a test that two sides
    /// lead to it has one copy, freed with the last of the two. It frees a
    /// test that is taken off its level only if none follows it there, nor has
    /// followed as the last one and been taken off; the others go on weighing.
    fn lighten(&mut self, id: NodeId) -> u32 {
        if self.node(id).next.is_some() || self.node(id).pinned {
            return 0;
        }
        let weight = self.drop_copies(id);
        self.weight = self.weight.wrapping_sub(weight);
        weight
    }

    /// Counts the tests at and below `id` of which these are the last copies.
    fn drop_copies(&mut self, id: NodeId) -> u32 {
        let Node { origin, sides, .. } = *self.node(id);
        let first = self.node_mut(origin);
        first.copies -= 1;
        let mut last = u32::from(first.copies == 0);
        for side in sides {
            let Branch::Level(first) = side else { continue };
            if self.level(Some(first)).any(|id| self.node(id).pinned) {
                continue;
            }
            let mut next = Some(first);
            while let Some(id) = next {
                last += self.drop_copies(id);
                next = self.node(id).next;
            }
        }
        last
    }
}

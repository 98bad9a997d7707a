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
//! A rule that comes is checked against the tree and the rules before it, and
//! then inserted. `runs` tells from the rules alone whether the C library would
//! drop something for it or refuse it as not needed; only then is `prune` asked.

mod chain;
mod insert;
mod level;
mod prune;
mod rules;
mod runs;
mod shape;

pub(crate) use chain::{Chain, MOST_TESTS, Relation, Side};
use chain::{Rank, Test};
use level::Neighbors;
pub(crate) use prune::{Pruned, Reach};
pub(crate) use rules::{RuleList, RuleStore, Rules};
pub(crate) use shape::Shape;

use std::num::NonZeroU32;

use crate::error::Error;
use crate::fallible;
use crate::rule::Action;
use crate::rule::WordSize;

/// A node of a tree: one more than its place, so that `None` needs no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    /// Not before any other.
    const LAST: NodeId = NodeId(NonZeroU32::MAX);

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
    /// A level: see [`Tree::push_level`].
    Level(NodeId),
}

#[derive(Clone, Copy, Debug)]
struct Node {
    test: Test,
    rank: Rank,
    /// Its place on its level.
    neighbors: Neighbors,
    /// For each side, the low word of the bound that a rule with another
    /// action has to be tighter than: see `Tree::tightens`.
    bounds: [u32; 2],
    /// The first node that was made of the same test of the same rule: a test
    /// that stands below two sides is two nodes.
    origin: NodeId,
    /// The place in the store of the rule that decided something here last.
    rule: u32,
    /// Of a first node: how many there are.
    copies: u8,
    /// The C library leaks this node when it is dropped: see
    /// `Tree::subtract_freed_weight`.
    leaked_in_c: bool,
    sides: [Branch; 2],
}

/// Where a level hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Root,
    Below(NodeId, Side),
}

/// What actions the rules of a tree have had.
#[derive(Clone, Copy, Debug, Default)]
enum Actions {
    #[default]
    None,
    One(Action),
    Several,
}

/// The decision tree of one system call and architecture.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    root: Option<NodeId>,
    actions: Actions,
    /// How many tests the C library counts, which sets the priority that PFC
    /// shows and the program follows. See `Tree::subtract_freed_weight`.
    weight: u32,
    /// While a change may have to be taken back: nodes as they were before.
    log: Vec<(NodeId, Node)>,
    /// The root and the weight as they were.
    logged: (Option<NodeId>, u32),
    is_logged: bool,
}

impl Tree {
    /// Makes this the tree of rules that all have the same action, and of
    /// which none dropped another when it came, nor was refused ([`Reach`]).
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
        self.root = None;
        self.actions = Actions::None;
        self.weight = 0;
        // Rules that begin alike add a test each; the first adds some more.
        let first = rules.iter().next().map(|(_, rule)| rule);
        let first = Chain::new(first.unwrap_or_default(), word_size).most_nodes();
        fallible::reserve(&mut self.nodes, rules.count() + first)?;
        for (before, (place, rule)) in (0..).zip(rules.iter()) {
            let chain = Chain::new(rule, word_size);
            self.reserve_for(&chain)?;
            self.insert(&chain, action, rules.first(before), place);
        }
        Ok(())
    }

    /// A copy.
    pub(crate) fn copy(&self) -> Result<Tree, Error> {
        Ok(Tree {
            nodes: fallible::copy_of(&self.nodes, 0)?,
            root: self.root,
            actions: self.actions,
            weight: self.weight,
            ..Tree::default()
        })
    }

    /// Makes room for one more rule.
    #[inline]
    pub(crate) fn reserve_for(&mut self, chain: &Chain<'_>) -> Result<(), Error> {
        fallible::reserve(&mut self.nodes, chain.most_nodes())
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

    /// The outermost level; `None` if the tree is empty.
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

    #[inline]
    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }

    #[inline]
    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.place()]
    }

    /// A node that is going to change in a way that may have to be taken back.
    fn edit(&mut self, id: NodeId) -> Result<&mut Node, Error> {
        let node = *self.node(id);
        if self.is_logged {
            fallible::push(&mut self.log, (id, node))?;
        }
        Ok(self.node_mut(id))
    }

    /// From now on changes by way of [`Tree::edit`] can be taken back.
    fn start_log(&mut self) {
        self.is_logged = true;
        self.logged = (self.root, self.weight);
    }

    /// Undoes the logged changes, if there are any.
    pub(crate) fn take_back(&mut self) {
        if self.is_logged {
            while let Some((id, node)) = self.log.pop() {
                *self.node_mut(id) = node;
            }
            (self.root, self.weight) = self.logged;
            self.is_logged = false;
        }
    }

    /// Makes the logged changes permanent.
    pub(crate) fn keep_changes(&mut self) {
        self.log.clear();
        self.is_logged = false;
    }

    /// No side leads to another level.
    fn is_leaf(&self, id: NodeId) -> bool {
        !self
            .node(id)
            .sides
            .iter()
            .any(|branch| matches!(branch, Branch::Level(_)))
    }

    /// Whether every action on a level and below it is `action`.
    fn only_acts(&self, level: NodeId, action: Action) -> bool {
        match self.actions {
            // There is one at least.
            Actions::One(only) => only == action,
            _ => self.all_of(Some(level), &mut |id| {
                self.node(id).sides.iter().all(|&branch| match branch {
                    Branch::Fall => true,
                    Branch::Act(other) => other == action,
                    Branch::Level(level) => self.only_acts(level, action),
                })
            }),
        }
    }

    /// Takes the weight of the tests at and below `id`, on the level at `slot`,
    /// which go, off the tree's; returns it.
    ///
    /// The C library counts the tests that it frees. Of a test that two sides
    /// lead to it has one copy, freed with the last of the two. It frees a
    /// test that is taken off its level only if none follows it there, nor has
    /// followed as the last one and been taken off; the others go on weighing.
    fn subtract_freed_weight(&mut self, slot: Slot, id: NodeId) -> Result<u32, Error> {
        if self.last_of(self.level_at(slot)) != Some(id) || self.node(id).leaked_in_c {
            return Ok(0);
        }
        let weight = self.drop_copies(id)?;
        self.weight = self.weight.wrapping_sub(weight);
        Ok(weight)
    }

    /// Counts the tests at and below `id` of which these are the last copies.
    fn drop_copies(&mut self, id: NodeId) -> Result<u32, Error> {
        let Node { origin, sides, .. } = *self.node(id);
        let first = self.edit(origin)?;
        first.copies -= 1;
        let mut last = u32::from(first.copies == 0);
        for side in sides {
            let Branch::Level(level) = side else { continue };
            if self.all_of(Some(level), &mut |id| !self.node(id).leaked_in_c) {
                last += self.drop_level_copies(Some(level))?;
            }
        }
        Ok(last)
    }

    fn drop_level_copies(&mut self, level: Option<NodeId>) -> Result<u32, Error> {
        let Some(id) = level else { return Ok(0) };
        let (before, after) = self.node(id).neighbors.both();
        let mut last = self.drop_copies(id)?;
        last += self.drop_level_copies(before)?;
        last += self.drop_level_copies(after)?;
        Ok(last)
    }
}

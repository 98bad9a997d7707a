// SPDX-License-Identifier: LGPL-2.1-only
//! The decision tree of one system call: what its conditional rules decide.
//!
//! The root of a tree is a *level*: tests that run one after another, in the order of
//! their [`Rank`], tests of equal rank in the order in which they were added. A test has
//! two sides, for its two outcomes. A side holds nothing, an action, or another level.
//! Evaluation runs the tests of a level in order. A side with an action ends the
//! evaluation; after a side with nothing, or after a level that decides nothing, the
//! next test runs. `seccomp_export_pfc` prints this tree.
//!
//! The tree differs from the C library's in two ways, which make it correct. Nodes are
//! never shared between sides, so a rule that is added below one test can't be reached
//! through another. A side changes only so that each input keeps the action of a rule
//! that it matches (see `insert` and `prune`).
//!
//! `policy` plans a rule: `Rules::reach` says, from the rules alone, which nodes `prune` must
//! visit, if any; `prune` drops redundant rules under the undo log; `check` looks for a
//! contradiction. `insert` adds the rule when the plan is committed.
//!
//! | module | content |
//! |---|---|
//! | `rule_tests` | a rule's comparisons as 32-bit tests |
//! | `rules` | the rules of each system call, as they were added |
//! | `argument_use`, `runs` | which rules may make each other redundant |
//! | `level` | the ordered set of tests, a treap |
//! | `covers` | which rules may match all inputs of a new one |
//! | `insert` | adding a rule |
//! | `prune` | dropping what a new rule makes redundant |

mod argument_use;
mod covers;
mod insert;
mod level;
mod prune;
mod rule_tests;
mod rules;
mod runs;

pub(crate) use argument_use::ArgumentUse;
use covers::Covers;
use level::{Children, Seed};
pub(crate) use prune::{Pruned, Reach};
pub(crate) use rule_tests::{MAX_TESTS, Relation, RuleTests, Side};
use rule_tests::{Rank, Test};
pub(crate) use rules::{RuleList, RuleStore, Rules};

use std::num::NonZeroU32;

use crate::error::Error;
use crate::fallible;
use crate::rule::Action;
use crate::rule::WordSize;

/// A node of a tree. Stored as index + 1, so that `Option<NodeId>` has four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    /// No node is greater.
    const LAST: NodeId = NodeId(NonZeroU32::MAX);

    fn at(place: usize) -> NodeId {
        NodeId(NonZeroU32::MIN.saturating_add(place as u32))
    }

    fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a side of a test leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Branch {
    /// Nothing: the next test of the level runs, or of the level above.
    Continue,
    /// The decision.
    Action(Action),
    /// A level: see [`Tree::push_level`].
    Level(NodeId),
}

#[derive(Clone, Copy, Debug)]
struct Node {
    test: Test,
    rank: Rank,
    /// Its children in the treap of its level.
    children: Children,
    /// For each side, the low word of the datum with which later rules are compared
    /// (`Tree::tightens`): that of the rule which made the node (true side), or of the one that
    /// decided the side last (false side).
    bounds: [u32; 2],
    /// The first node that was made for the same test of the same rule. A rule's test below
    /// two sides has two nodes, here called copies; the C library has one node for both.
    origin: NodeId,
    /// The rule that made the node or last decided a side, by its place in the store.
    rule: u32,
    /// In an origin: how many copies are left, itself included.
    copies: u8,
    /// The C library leaks this node when it is dropped: see
    /// `Tree::subtract_freed_weight`.
    leaked_in_c: bool,
    sides: [Branch; 2],
}

/// The place of a level: the root, or a side of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Root,
    Below(NodeId, Side),
}

/// The actions of the rules that were added to a tree.
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
    seed: Seed,
    root: Option<NodeId>,
    actions: Actions,
    /// An index of the tree's rules for `is_covered`; filled at its first use.
    covers: Covers,
    /// How many tests the C library counts, which sets the priority that PFC
    /// shows and the program follows. See `Tree::subtract_freed_weight`.
    weight: u32,
    /// Undo log: changed nodes with their former content.
    log: Vec<(NodeId, Node)>,
    /// Undo log: the former root and weight.
    logged: (Option<NodeId>, u32),
    is_logged: bool,
}

impl Tree {
    /// The tree of rules that have the same action and of which none makes
    /// another redundant ([`Reach::Nothing`]).
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn build(
        rules: Rules<'_>,
        action: Action,
        word_size: WordSize,
    ) -> Result<Tree, Error> {
        // An estimate: rules that begin alike add about one test each. `reserve_for`
        // guarantees the room.
        let first = rules.iter().next().map(|(_, rule)| rule);
        let first = RuleTests::new(first.unwrap_or_default(), word_size).max_nodes();
        let mut tree = Tree {
            nodes: fallible::with_room(rules.count() + first)?,
            ..Tree::default()
        };
        for (before, (place, rule)) in (0..).zip(rules.iter()) {
            let tests = RuleTests::new(rule, word_size);
            tree.reserve_for(&tests)?;
            tree.insert(&tests, action, rules.take(before), place);
        }
        Ok(tree)
    }

    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(crate) fn copy(&self) -> Result<Tree, Error> {
        Ok(Tree {
            nodes: fallible::copy_of(&self.nodes)?,
            seed: self.seed,
            root: self.root,
            actions: self.actions,
            weight: self.weight,
            ..Tree::default()
        })
    }

    /// Makes room for one more rule.
    pub(crate) fn reserve_for(&mut self, tests: &RuleTests<'_>) -> Result<(), Error> {
        fallible::reserve(&mut self.nodes, tests.max_nodes())
    }

    pub(crate) fn weight(&self) -> u32 {
        self.weight
    }

    /// An upper bound of the tests on all levels: dropped ones count too.
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

    pub(crate) fn test(&self, id: NodeId) -> &Test {
        &self.node(id).test
    }

    pub(crate) fn side(&self, id: NodeId, side: Side) -> Branch {
        self.node(id).sides[side as usize]
    }

    pub(crate) fn sides(&self, id: NodeId) -> &[Branch; 2] {
        &self.node(id).sides
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.place()]
    }

    /// A node that is about to change; logs it while the log is on.
    fn edit(&mut self, id: NodeId) -> Result<&mut Node, Error> {
        #[cfg(test)]
        faults::count_edit();
        if self.is_logged {
            let node = *self.node(id);
            fallible::push(&mut self.log, (id, node))?;
        }
        Ok(self.node_mut(id))
    }

    /// Starts the undo log: changes by [`Tree::edit`] can be undone from now on.
    fn start_log(&mut self) {
        self.is_logged = true;
        self.logged = (self.root, self.weight);
    }

    /// Undoes the logged changes, if there are any.
    pub(crate) fn undo(&mut self) {
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
            // The level has at least one action.
            Actions::One(only) => only == action,
            _ => self.all_of(Some(level), &mut |id| {
                self.node(id).sides.iter().all(|&branch| match branch {
                    Branch::Continue => true,
                    Branch::Action(other) => other == action,
                    Branch::Level(level) => self.only_acts(level, action),
                })
            }),
        }
    }

    /// Subtracts the weight of the tests at and below `id`, which leave the level at
    /// `slot`, from the tree's weight; returns what was subtracted.
    ///
    /// The C library subtracts only what it frees. A test below two sides is one node
    /// there, and is freed with the second side. Two kinds of tests are never freed and
    /// continue to count: one that leaves its level while another follows it, and one that
    /// became the last of its level because the one behind it had left.
    fn subtract_freed_weight(&mut self, slot: Slot, id: NodeId) -> Result<u32, Error> {
        if self.last_of(self.level_at(slot)) != Some(id) || self.node(id).leaked_in_c {
            return Ok(0);
        }
        let weight = self.drop_copies(id)?;
        self.weight = self.weight.wrapping_sub(weight);
        Ok(weight)
    }

    /// Removes one copy of each test at and below `id`; returns how many have none left.
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
        let (before, after) = self.node(id).children.both();
        let mut last = self.drop_copies(id)?;
        last += self.drop_level_copies(before)?;
        last += self.drop_level_copies(after)?;
        Ok(last)
    }
}

#[cfg(test)]
pub(crate) mod faults {
    //! Panics in the middle of a change.

    use std::cell::Cell;

    thread_local! {
        /// How many more edits of a tree succeed; `None`: all.
        pub(crate) static EDITS_LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    }

    pub(super) fn count_edit() {
        if let Some(left) = EDITS_LEFT.get() {
            EDITS_LEFT.set(left.checked_sub(1));
            assert!(left > 0, "an edit that a test makes fail");
        }
    }
}

#[cfg(test)]
pub(crate) mod worked_example;

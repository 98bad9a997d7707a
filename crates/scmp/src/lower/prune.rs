// SPDX-License-Identifier: LGPL-2.1-only
//! What the C library drops for a new rule, and which rules it refuses as not
//! needed.
//!
//! When a rule comes whose comparisons are among those of rules with the same
//! action, these need not be tested any more; when its own comparisons
//! contain those of a rule that is there, it is not needed itself. The C
//! library finds some such pairs and leaves others, and what it leaves shows
//! in the program. It compares the new rule's tests (the chain) with each level of
//! the tree, and this walk does the same, with one exception: whether a rule is
//! redundant is asked of the rules as well, since the walk may have compared one of
//! its exits only.
//!
//! The walk looks for a *match*: tests of the tree, each below the one before,
//! that are equal to successive tests of the chain, up to the end of one of the two.
//! Before the match it may skip tests of one of the two, and only of one. The flags of
//! [`MatchState`] say what a match is like:
//!
//! | in the tree | new rule | `tree_leads` | `chain_leads` | `tree_ended` | `chain_ended` | outcome |
//! |---|---|---|---|---|---|---|
//! | `a0 == 1, a1 == 2` | `a1 == 2` | yes | no | yes | yes | drops the rule in the tree |
//! | `a0 == 1, a1 == 2, a2 == 3` | `a1 == 2` | yes | no | no | yes | drops the rule in the tree |
//! | `a1 == 2` | `a0 == 1, a1 == 2` | no | yes | yes | yes | the new rule is redundant |
//! | `a1 == 2` | `a0 == 1, a1 == 2, a2 == 3` | no | yes | yes | no | the new rule is redundant |
//! | `a1 == 2, a2 == 3` | `a0 == 1, a1 == 2` | no | yes | no | yes | nothing |
//! | `a0 == 1` | `a0 == 1, a1 == 2` | no | no | yes | no | nothing; insertion leaves out `a1 == 2` |
//! | `a0 == 1, a1 == 2` | `a0 == 1` | no | no | no | yes | nothing; insertion cuts off `a1 == 2` |
//!
//! `matched` says that there is a match as far as the walk has come; `matched_once`
//! that there was one, so nothing may be skipped any more. Therefore nothing comes of
//! `a0 == 1, a1 == 2, a2 == 3` in the tree and `a0 == 1, a2 == 3` as the new rule: `a0 == 1`
//! is equal, `a1 == 2` is not. Nor of `a0 == 1, a2 == 3` and `a1 == 2, a2 == 3`: each would have to skip a
//! test. The tests below hold the table.
//!
//! The order of a level also counts. Below a skipped test of the tree, a test that
//! runs before the chain's (of a later argument, say) ends the search on that level; a
//! skipped test of the chain ends it at the first test that runs after the chain's.
//!
//! # Where the walk need not go
//! The C library's walk visits all of the tree for every rule. [`Reach`] says
//! how far a walk has to go to have the same outcome:
//!
//! - A test is dropped only where the tree has the whole chain behind a test
//!   that it skips. A path in the tree consists of tests of the rule that made the
//!   last node of the path, so the comparisons of the new rule are a run of that rule, which
//!   does not start at its first test: [`Rules::contain`] says so.
//! - A rule is redundant only where the chain, behind tests that it skips, begins as the
//!   outermost level does. All of that is found by looking up a test on a level
//!   ([`Walk::landmarks`]), and it comes first, since tests that run before the
//!   chain's come first on a level.
//! - Without one of the two, what else the walk finds changes nothing.
//!
//! So a walk goes to the nodes that lead to such runs, which are marked, and
//! to landmarks. But a match may end the walk before it has dropped everything: if a
//! test has both sides taken (`keeps` in [`Walk::equal`]), or if one of the same rank
//! follows it. `==` alone makes neither; with other comparisons a walk that may drop
//! something goes everywhere.

use super::chain::{Chain, Exit, Link, Position};
use super::level::Order;
use super::runs::starts;
use super::{Branch, NodeId, RuleList, RuleStore, Rules, Shape, Side, Slot, Tree};
use crate::error::Error;
use crate::fallible;
use crate::rule::Action;

/// How far a walk has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It would find nothing.
    Nothing,
    /// To the beginnings of rules that the new one may contain.
    Beginnings,
    /// And to the rules that contain the new one; all compare by `==` only.
    Containing,
    /// To each test.
    Everything,
}

/// What a walk has seen on its way down, and what it found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct MatchState {
    /// The tests compared last were equal.
    matched: bool,
    /// Some tests on the way were equal, so the next ones have to be too.
    matched_once: bool,
    /// The tree ended with the last equal test.
    tree_ended: bool,
    /// The chain ended with the last equal test.
    chain_ended: bool,
    /// The tree has tests before the chain's first one.
    tree_leads: bool,
    /// The chain has tests before the tree's first one.
    chain_leads: bool,
}

impl MatchState {
    fn merge(&mut self, other: MatchState) {
        self.matched |= other.matched;
        self.matched_once |= other.matched_once;
        self.tree_ended |= other.tree_ended;
        self.chain_ended |= other.chain_ended;
        self.tree_leads |= other.tree_leads;
        self.chain_leads |= other.chain_leads;
    }
}

/// What pruning says of the new rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pruned {
    /// It has to be added.
    Needed,
    /// It has to be added, and nothing else is left in the tree.
    Alone,
    /// The tree decides it already.
    Redundant,
}

/// A node that leads to something that may be dropped, by its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    slot: Slot,
    order: Order,
}

/// Nodes of a level that are visited in any case, in no order.
type Landmarks = [Option<NodeId>; 5];

struct Walk<'a> {
    tree: &'a mut Tree,
    chain: &'a Chain<'a>,
    action: Action,
    /// The nodes that are visited beside landmarks; `None` if all are.
    marks: Option<&'a [Mark]>,
    /// How many ranks a test may have: one if all rules compare by `==`.
    ranks: usize,
    freed: u32,
    /// The test with which the tree ended last.
    leaf: Option<NodeId>,
    /// Positions of the chain from which nothing begins on the outermost level.
    tried: u32,
}

impl Rules<'_> {
    /// How far a walk has to go when a rule comes; `shape` is that of all rules
    /// and the new one. The list has been indexed.
    pub(crate) fn reach(self, chain: &Chain<'_>, shape: Shape) -> Reach {
        let is_contained = self.contain(chain);
        match (shape.is_equality(), is_contained) {
            (true, true) => Reach::Containing,
            (false, true) => Reach::Everything,
            (true, false) if !self.are_contained_in(chain) => Reach::Nothing,
            (_, false) => Reach::Beginnings,
        }
    }
}

impl Tree {
    /// Drops what a new rule makes redundant, and checks whether it can be
    /// inserted; the tree has the rules of `list`. If it is [`Pruned::Needed`],
    /// [`Tree::keep_changes`] or [`Tree::take_back`] must follow. Else the tree is as
    /// it was.
    ///
    /// # Errors
    /// As for [`Tree::check`]; [`Error::OutOfMemory`].
    pub(crate) fn prune(
        &mut self,
        chain: &Chain<'_>,
        action: Action,
        store: &mut RuleStore,
        list: RuleList,
        reach: Reach,
    ) -> Result<Pruned, Error> {
        let marks = match reach {
            Reach::Containing => self.marks(chain, store, list)?,
            _ => Vec::new(),
        };
        self.start_log();
        let mut pruned = self.walk(chain, action, store.of(list), reach, &marks);
        if pruned == Ok(Pruned::Needed) {
            pruned = self.check(chain, action).map(|()| Pruned::Needed);
        }
        if pruned != Ok(Pruned::Needed) {
            self.take_back();
        }
        pruned
    }

    fn walk(
        &mut self,
        chain: &Chain<'_>,
        action: Action,
        before: Rules<'_>,
        reach: Reach,
        marks: &[Mark],
    ) -> Result<Pruned, Error> {
        let mut walk = Walk {
            tree: self,
            chain,
            action,
            marks: (reach != Reach::Everything).then_some(marks),
            ranks: if reach == Reach::Containing { 1 } else { 3 },
            freed: 0,
            leaf: None,
            tried: 0,
        };
        let mut state = MatchState::default();
        if let Exit::Link(first) = chain.first() {
            walk.level(Slot::Root, first, &mut state)?;
        }
        let Walk { freed, leaf, .. } = walk;
        if freed > 0 {
            return Ok(match self.is_empty() {
                true => Pruned::Alone,
                false => Pruned::Needed,
            });
        }
        let is_found = state.matched && state.tree_ended && state.chain_leads;
        Ok(match leaf.filter(|_| is_found) {
            Some(leaf) if before.have_all_inputs(chain, self.node(leaf).rule) => Pruned::Redundant,
            _ => Pruned::Needed,
        })
    }

    /// The nodes that lead to runs of rules that are like the new one.
    fn marks(
        &self,
        chain: &Chain<'_>,
        store: &mut RuleStore,
        list: RuleList,
    ) -> Result<Vec<Mark>, Error> {
        let mut marks = Vec::new();
        let end = starts(chain).count();
        store.visit_containing(list, chain, |rule, first| {
            let known = marks.len();
            let behind = starts(rule).skip_while(|&start| start < first).nth(end);
            let behind = behind.map_or(usize::MAX, usize::from);
            let mut slot = Slot::Root;
            let mut exit = rule.first();
            while let Exit::Link(position) = exit {
                if position.comparison() >= behind {
                    break;
                }
                let link = rule.link(position);
                let Some(id) = self.find(slot, &link) else {
                    marks.truncate(known);
                    return Ok(false);
                };
                if position.comparison() < usize::from(first) {
                    let order = self.order(id);
                    fallible::push(&mut marks, Mark { slot, order })?;
                }
                slot = Slot::Below(id, Side::True);
                exit = link.exits[Side::True as usize];
            }
            Ok(true)
        })?;
        marks.sort_unstable();
        marks.dedup();
        Ok(marks)
    }

    fn decides_nothing(&self, id: NodeId) -> bool {
        self.node(id).sides == [Branch::Fall; 2]
    }

    /// Takes a node with all below it off its level; returns the weight of
    /// what the C library frees.
    fn drop_node(&mut self, slot: Slot, id: NodeId) -> Result<u32, Error> {
        let freed = self.subtract_freed_weight(slot, id)?;
        let is_last = self.last_of(self.level_at(slot)) == Some(id);
        self.take(slot, id)?;
        if let (true, Some(last)) = (is_last, self.last_of(self.level_at(slot))) {
            self.edit(last)?.leaked_in_c = true;
        }
        Ok(freed)
    }
}

impl Walk<'_> {
    /// Compares the level at `slot` with the chain from `position` on.
    fn level(
        &mut self,
        slot: Slot,
        position: Position,
        state: &mut MatchState,
    ) -> Result<(), Error> {
        let before = *state;
        let mut here = before;
        // A match has been broken off: nothing below can be one.
        if before.matched || !before.matched_once {
            self.compare_level(slot, position, before, &mut here)?;
        }
        if here.matched {
            state.merge(here);
        } else {
            state.matched = false;
        }
        Ok(())
    }

    /// Leaves `here.matched` set if the walk ends with a finding.
    fn compare_level(
        &mut self,
        slot: Slot,
        position: Position,
        before: MatchState,
        here: &mut MatchState,
    ) -> Result<(), Error> {
        let link = self.chain.link(position);
        if self.tree.level_at(slot).is_none() {
            return Ok(());
        }
        let landmarks = self.landmarks(slot, &link, before);
        let mut looked_behind_link = false;
        let mut last = None;
        while let Some(id) = self.next(slot, &landmarks, last) {
            last = Some(self.tree.order(id));
            let done = if self.tree.node(id).test == link.test {
                self.equal(slot, id, position, before, here)?
            } else if self.tree.node(id).rank < link.rank {
                before.chain_leads || self.below_tree(slot, id, position, before, here)?
            } else if before.tree_leads {
                true
            } else if looked_behind_link {
                // What is there does not depend on the node, and nothing has
                // been dropped yet.
                false
            } else {
                looked_behind_link = true;
                self.below_chain(slot, &link, before, here)?
            };
            if done {
                return Ok(());
            }
        }
        here.matched = false;
        Ok(())
    }

    /// The nodes of a level that have the link's test, and of others the first one
    /// that runs before the link, and the first one that runs after it if that
    /// ends the comparison.
    fn landmarks(&self, slot: Slot, link: &Link, state: MatchState) -> Landmarks {
        let mut landmarks = [None; 5];
        if self.marks.is_none() {
            return landmarks;
        }
        let level = self.tree.level_at(slot);
        if level.is_none_or(|level| self.tree.is_alone(level)) {
            landmarks[0] = level;
            return landmarks;
        }
        let is_other = |&id: &NodeId| self.tree.node(id).test != link.test;
        let other = |first: Option<NodeId>| {
            let mut next = first;
            while let Some(id) = next {
                if is_other(&id) {
                    break;
                }
                next = self.tree.next_of(level, self.tree.order(id));
            }
            next
        };
        for (landmark, rank) in landmarks.iter_mut().zip(link.test.ranks()).take(self.ranks) {
            *landmark = self.tree.ranked(level, &link.test, rank).ok();
        }
        landmarks[3] = other(self.tree.first_of(level));
        if state.chain_leads {
            landmarks[4] = other(self.tree.first_below(level, link.rank));
        }
        landmarks
    }

    /// The next node of a level that is visited.
    fn next(&self, slot: Slot, landmarks: &Landmarks, last: Option<Order>) -> Option<NodeId> {
        let level = self.tree.level_at(slot);
        let Some(marks) = self.marks else {
            return match last {
                None => self.tree.first_of(level),
                Some(last) => self.tree.next_of(level, last),
            };
        };
        let is_next = |order: &Order| last.is_none_or(|last| *order > last);
        let passed = |mark: &Mark| (mark.slot, Some(mark.order)) <= (slot, last);
        let mark = marks.get(marks.partition_point(passed));
        let mark = mark.filter(|mark| mark.slot == slot).map(|mark| mark.order);
        let nodes = landmarks.iter().flatten();
        let orders = nodes.map(|&id| self.tree.order(id)).filter(is_next);
        orders.chain(mark).min().map(|(_, id)| id)
    }

    /// Both have the test: goes on with both. True if the walk ends.
    fn equal(
        &mut self,
        slot: Slot,
        id: NodeId,
        position: Position,
        before: MatchState,
        here: &mut MatchState,
    ) -> Result<bool, Error> {
        let link = self.chain.link(position);
        here.matched = true;
        here.matched_once = true;
        here.chain_ended |= link.ends_chain();
        if self.tree.is_leaf(id) {
            here.tree_ended = true;
            self.leaf = Some(id);
        }
        // A side that the chain has nothing on must be kept.
        let keeps = Side::BOTH.into_iter().any(|side| {
            self.tree.side(id, side) != Branch::Fall && link.exits[side as usize] == Exit::Reject
        });
        if keeps {
            return Ok(true);
        }
        if here.chain_ended && here.tree_ended && !self.same_actions(id, &link) {
            return Ok(true);
        }
        for side in Side::BOTH {
            if let Exit::Link(next) = link.exits[side as usize] {
                let mut below = before;
                below.matched = true;
                below.matched_once = true;
                self.level(Slot::Below(id, side), next, &mut below)?;
                if below.matched {
                    here.merge(below);
                }
                if self.sweep(slot, id)? {
                    return Ok(false);
                }
            }
        }
        // The C library looks at the whole level.
        let level = self.tree.level_at(slot);
        let level_acts = |level| self.tree.only_acts(level, self.action);
        if !here.matched || !level.is_none_or(level_acts) {
            return Ok(false);
        }
        // The C library also drops the tests around a match; what was kept
        // above would go with them.
        if link.ends_chain() && here.tree_leads {
            self.freed += self.tree.drop_node(slot, id)?;
            return Ok(self.tree.is_empty());
        }
        Ok(here.tree_ended && here.chain_leads)
    }

    /// Looks for the chain below a test that it lacks. True if it was found.
    fn below_tree(
        &mut self,
        slot: Slot,
        id: NodeId,
        position: Position,
        before: MatchState,
        here: &mut MatchState,
    ) -> Result<bool, Error> {
        for side in Side::BOTH {
            if let Branch::Level(_) = self.tree.side(id, side) {
                let mut below = before;
                below.matched = false;
                below.tree_leads = true;
                self.level(Slot::Below(id, side), position, &mut below)?;
                let gone = self.sweep(slot, id)?;
                if below.matched {
                    here.merge(below);
                    return Ok(true);
                }
                if gone {
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    /// Looks on this level for the chain behind its first test. True if it
    /// was found.
    fn below_chain(
        &mut self,
        slot: Slot,
        link: &Link,
        before: MatchState,
        here: &mut MatchState,
    ) -> Result<bool, Error> {
        for side in Side::BOTH {
            if let Exit::Link(next) = link.exits[side as usize] {
                // Two exits may lead there; the second time is like the first.
                let bit = 1 << next.index();
                if slot == Slot::Root && self.tried & bit != 0 {
                    continue;
                }
                let mut below = before;
                below.matched = false;
                below.chain_leads = true;
                self.level(slot, next, &mut below)?;
                if below.matched {
                    here.merge(below);
                    return Ok(true);
                }
                if slot == Slot::Root {
                    self.tried |= bit;
                }
            }
        }
        Ok(false)
    }

    /// The tree decides here what the chain does.
    fn same_actions(&self, id: NodeId, link: &Link) -> bool {
        Side::BOTH.into_iter().all(|side| {
            let new = match link.exits[side as usize] {
                Exit::Accept => Branch::Act(self.action),
                _ => Branch::Fall,
            };
            self.tree.side(id, side) == new
        })
    }

    /// Takes the node off its level if nothing is left below it. True if so.
    fn sweep(&mut self, slot: Slot, id: NodeId) -> Result<bool, Error> {
        if !self.tree.decides_nothing(id) {
            return Ok(false);
        }
        self.freed += self.tree.drop_node(slot, id)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;

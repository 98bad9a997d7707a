// SPDX-License-Identifier: LGPL-2.1-only
//! Dropping what a new rule makes redundant, as the C library does.
//!
//! A rule in the tree is redundant if all its inputs match a new rule with the same
//! action. A new rule is redundant if all its inputs match a rule in the tree. The C
//! library finds some such pairs and misses others, which shows in its programs. So this
//! module compares the new rule's tests with the levels of the tree in the way the C
//! library does, with two exceptions. A new rule is ignored only if an earlier rule
//! matches all its inputs (`covers`). The C library compares only one exit of a
//! test in some cases, and then ignores rules that are needed. And only the node of an overlap
//! is dropped, not the tests above it, which may lead to other decisions.
//!
//! The walk looks for an *overlap*: a path in the tree whose tests are equal to successive
//! tests of the new rule, up to the end of the path or of the rule. In front of an overlap
//! the walk may skip tests of the tree or tests of the rule, not of both. The fields of
//! [`Overlap`] describe an overlap:
//!
//! | in the tree | new rule | `skipped_in_tree` | `skipped_in_rule` | `tree_ended` | `rule_ended` | outcome |
//! |---|---|---|---|---|---|---|
//! | `a0 == 1, a1 == 2` | `a1 == 2` | yes | no | yes | yes | drops the rule in the tree |
//! | `a0 == 1, a1 == 2, a2 == 3` | `a1 == 2` | yes | no | no | yes | drops the rule in the tree |
//! | `a1 == 2` | `a0 == 1, a1 == 2` | no | yes | yes | yes | the new rule is redundant |
//! | `a1 == 2` | `a0 == 1, a1 == 2, a2 == 3` | no | yes | yes | no | the new rule is redundant |
//! | `a1 == 2, a2 == 3` | `a0 == 1, a1 == 2` | no | yes | no | yes | nothing |
//! | `a0 == 1` | `a0 == 1, a1 == 2` | no | no | yes | no | nothing; insertion leaves out `a1 == 2` |
//! | `a0 == 1, a1 == 2` | `a0 == 1` | no | no | no | yes | nothing; insertion cuts off `a1 == 2` |
//!
//! `equal` is set while the tests compared last are equal. `began` is set from the
//! first equal test on; the walk skips no test afterwards. So the rule `a0 == 1, a2 == 3`
//! changes nothing in a tree with `a0 == 1, a1 == 2, a2 == 3`: `a0 == 1` is equal, the next
//! tests differ. `a0 == 1, a2 == 3` and `a1 == 2, a2 == 3` do not overlap either: the walk
//! would have to skip a test of each. The unit tests of this module contain the table.
//!
//! The order of the tests on a level also matters. A test of the tree that runs after the
//! rule's test is skipped in the tree; at one that runs before it, the rule's test is
//! skipped. Behind a skipped test of the tree, the search of a level ends at a test that runs
//! before the rule's. Behind a skipped test of the rule, it ends at the first test that runs
//! after the rule's.
//!
//! # Which nodes the walk visits
//! The C library visits the whole tree for every rule. [`Reach`] says which nodes a walk
//! must visit for the same outcome:
//!
//! - A test is dropped only where the tree contains all tests of the new rule behind a
//!   skipped test. All tests of a path belong to the rule that made its last node. So the
//!   comparisons of the new rule are a run of that rule's, behind its first test:
//!   [`Rules::contain`] finds such rules.
//! - A new rule is redundant only where the outermost level begins like the rest of the
//!   rule behind skipped tests. Looking up a test on a level finds these places
//!   ([`Walk::landmarks`]).
//! - Everything else that the walk may find changes nothing.
//!
//! So the walk visits the nodes that lead to such runs (*marks*) and, on each level that it
//! comes to, the nodes that a look-up finds (*landmarks*). One case needs the whole tree: an
//! overlap may end the walk before it has dropped everything, if a test has decisions on both
//! sides (`other_side_decides` in [`Walk::equal`]) or is followed by a test of equal rank.
//! Rules that compare by `==` only have neither.

use super::level::Order;
use super::rule_tests::{Exit, Position, RuleTests, TestStep};
use super::runs::starts;
use super::{ArgumentUse, Branch, NodeId, RuleList, RuleStore, Rules, Side, Slot, Tree};
use crate::error::Error;
use crate::fallible;
use crate::rule::Action;

/// Which nodes a walk visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// None: it would find nothing.
    Nothing,
    /// Landmarks: where rules begin that the new one may contain.
    RuleStarts,
    /// Landmarks, and marks: what leads to rules that contain the new one. All rules of the
    /// call compare by `==` only.
    ContainingRules,
    /// All.
    Everything,
}

/// What a walk has compared so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Overlap {
    /// The tests compared last were equal.
    equal: bool,
    /// Some tests were equal, so the next ones must be equal too.
    began: bool,
    /// The path in the tree ended with the last equal test.
    tree_ended: bool,
    /// The rule ended with the last equal test.
    rule_ended: bool,
    /// Tests of the tree were skipped.
    skipped_in_tree: bool,
    /// Tests of the rule were skipped.
    skipped_in_rule: bool,
}

impl Overlap {
    /// After equal tests and then a test that differs, nothing below can be an overlap.
    fn may_continue(self) -> bool {
        self.equal || !self.began
    }

    fn merge(&mut self, other: Overlap) {
        self.equal |= other.equal;
        self.began |= other.began;
        self.tree_ended |= other.tree_ended;
        self.rule_ended |= other.rule_ended;
        self.skipped_in_tree |= other.skipped_in_tree;
        self.skipped_in_rule |= other.skipped_in_rule;
    }
}

/// Whether the new rule must be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pruned {
    /// It must be added.
    Needed,
    /// It must be added, and makes all others redundant: the caller replaces them.
    Alone,
    /// The tree decides its inputs already.
    Redundant,
}

/// A node that leads to nodes which may be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    slot: Slot,
    order: Order,
}

/// Nodes of a level that every walk visits.
#[derive(Clone, Copy, Default)]
struct Landmarks {
    /// Those that have the rule's test, one for each rank.
    equal: [Option<NodeId>; 3],
    /// The first node with another test.
    first_other: Option<NodeId>,
    /// The first such node that runs after the rule's test.
    first_after: Option<NodeId>,
}

impl Landmarks {
    /// Unordered.
    fn iter(&self) -> impl Iterator<Item = NodeId> {
        let others = [self.first_other, self.first_after];
        self.equal.into_iter().chain(others).flatten()
    }
}

struct Walk<'a> {
    tree: &'a mut Tree,
    tests: &'a RuleTests<'a>,
    action: Action,
    /// The nodes that the walk visits besides landmarks; `None`: it visits all nodes.
    marks: Option<&'a [Mark]>,
    /// Weight of the dropped nodes that the C library frees. If it leaks all of them (0),
    /// a redundant new rule is still found, and [`Pruned::Alone`] is not the outcome.
    freed: u32,
    /// The last equal test that ended a path.
    last_leaf: Option<NodeId>,
    /// Positions of the rule, a bit each, from which the root level is known to have no overlap.
    /// Only the root level is compared from several positions without dropping anything.
    tried: u32,
}

impl Rules<'_> {
    /// Which nodes a walk visits for a new rule; `argument_use` is that of all rules
    /// with the new one. The list has been indexed.
    pub(crate) fn reach(self, tests: &RuleTests<'_>, argument_use: ArgumentUse) -> Reach {
        let is_contained = self.contain(tests);
        match (argument_use.is_equality(), is_contained) {
            (true, true) => Reach::ContainingRules,
            (false, true) => Reach::Everything,
            (true, false) if !self.are_contained_in(tests) => Reach::Nothing,
            (_, false) => Reach::RuleStarts,
        }
    }
}

impl Tree {
    /// Drops what a new rule makes redundant, and checks whether the rule can be
    /// inserted; the tree has the rules of `list`. After [`Pruned::Needed`],
    /// [`Tree::keep_changes`] or [`Tree::undo`] must follow. Otherwise the tree is
    /// unchanged.
    ///
    /// # Errors
    /// As for [`Tree::check`]; [`Error::OutOfMemory`].
    pub(crate) fn prune(
        &mut self,
        tests: &RuleTests<'_>,
        action: Action,
        store: &mut RuleStore,
        list: RuleList,
        reach: Reach,
    ) -> Result<Pruned, Error> {
        let marks = match reach {
            Reach::ContainingRules => self.marks(tests, store, list)?,
            _ => Vec::new(),
        };
        self.start_log();
        let mut pruned = self.walk(tests, action, store.list(list), reach, &marks);
        if pruned == Ok(Pruned::Needed) {
            pruned = self.check(tests, action).map(|()| Pruned::Needed);
        }
        if pruned != Ok(Pruned::Needed) {
            self.undo();
        }
        pruned
    }

    fn walk(
        &mut self,
        tests: &RuleTests<'_>,
        action: Action,
        before: Rules<'_>,
        reach: Reach,
        marks: &[Mark],
    ) -> Result<Pruned, Error> {
        let mut walk = Walk {
            tree: self,
            tests,
            action,
            marks: (reach != Reach::Everything).then_some(marks),
            freed: 0,
            last_leaf: None,
            tried: 0,
        };
        let mut state = Overlap::default();
        if let Exit::Step(first) = tests.first() {
            walk.level(Slot::Root, first, &mut state)?;
        }
        let Walk {
            freed, last_leaf, ..
        } = walk;
        if freed > 0 {
            return Ok(match self.is_empty() {
                true => Pruned::Alone,
                false => Pruned::Needed,
            });
        }
        let is_found = state.equal && state.tree_ended && state.skipped_in_rule;
        Ok(match last_leaf.filter(|_| is_found) {
            Some(leaf) if self.is_covered(before, tests, self.node(leaf).rule) => Pruned::Redundant,
            _ => Pruned::Needed,
        })
    }

    /// The nodes that lead to runs equal to the new rule. Forgets runs that are no longer in
    /// the tree.
    fn marks(
        &self,
        tests: &RuleTests<'_>,
        store: &mut RuleStore,
        list: RuleList,
    ) -> Result<Vec<Mark>, Error> {
        let mut marks = Vec::new();
        let end = starts(tests).count();
        store.visit_containing(list, tests, |rule, first| {
            let known = marks.len();
            let behind = starts(rule).skip_while(|&start| start < first).nth(end);
            let behind = behind.map_or(usize::MAX, usize::from);
            let mut slot = Slot::Root;
            let mut exit = rule.first();
            while let Exit::Step(position) = exit {
                if position.comparison() >= behind {
                    break;
                }
                let step = rule.step(position);
                let Some(id) = self.find(slot, &step) else {
                    marks.truncate(known);
                    return Ok(false);
                };
                if position.comparison() < usize::from(first) {
                    let order = self.order(id);
                    fallible::push(&mut marks, Mark { slot, order })?;
                }
                slot = Slot::Below(id, Side::True);
                exit = step.exits[Side::True as usize];
            }
            Ok(true)
        })?;
        marks.sort_unstable();
        marks.dedup();
        Ok(marks)
    }

    fn decides_nothing(&self, id: NodeId) -> bool {
        self.node(id).sides == [Branch::Continue; 2]
    }

    /// Removes a node from its level, with everything below it; returns the weight of
    /// the nodes that the C library frees.
    fn drop_node(&mut self, slot: Slot, id: NodeId) -> Result<u32, Error> {
        let freed = self.subtract_freed_weight(slot, id)?;
        let is_last = self.last_of(self.level_at(slot)) == Some(id);
        self.remove_node(slot, id)?;
        if let (true, Some(last)) = (is_last, self.last_of(self.level_at(slot))) {
            self.edit(last)?.leaked_in_c = true;
        }
        Ok(freed)
    }
}

impl Walk<'_> {
    /// Compares the level at `slot` with the rule's tests from `position` on. `state` says what
    /// has been compared on the way to the level; the result is merged into it.
    fn level(&mut self, slot: Slot, position: Position, state: &mut Overlap) -> Result<(), Error> {
        let before = *state;
        let mut here = before;
        if before.may_continue() {
            self.compare_level(slot, position, before, &mut here)?;
        }
        if here.equal {
            state.merge(here);
        } else {
            state.equal = false;
        }
        Ok(())
    }

    /// Compares a level that is reached in the state `before`. The result is added to `here`,
    /// which starts as a copy of `before`; `here.equal` is true at the end if the comparison
    /// ended with equal tests.
    fn compare_level(
        &mut self,
        slot: Slot,
        position: Position,
        before: Overlap,
        here: &mut Overlap,
    ) -> Result<(), Error> {
        let Some(level) = self.tree.level_at(slot) else {
            return Ok(());
        };
        let step = self.tests.step(position);
        let is_alone = self.tree.is_alone(level);
        let (landmarks, mut next) = match is_alone {
            true => (Landmarks::default(), Some(level)),
            false => {
                let landmarks = self.landmarks(level, &step, before);
                let first = self.next(slot, &landmarks, None);
                (landmarks, first)
            }
        };
        let mut has_skipped_in_rule = false;
        while let Some(id) = next {
            let order = self.tree.order(id);
            let done = if self.tree.node(id).test == step.test {
                self.equal(slot, id, &step, before, here)?
            } else if self.tree.node(id).rank < step.rank {
                before.skipped_in_rule || self.skip_in_tree(slot, id, position, before, here)?
            } else if before.skipped_in_tree {
                true
            } else if has_skipped_in_rule {
                // To skip tests of the rule has the same result at each node of the level,
                // and drops nothing: once is enough.
                false
            } else {
                has_skipped_in_rule = true;
                self.skip_in_rule(slot, &step, before, here)?
            };
            if done {
                return Ok(());
            }
            next = match is_alone {
                true => None,
                false => self.next(slot, &landmarks, Some(order)),
            };
        }
        here.equal = false;
        Ok(())
    }

    /// The nodes of a level that have the step's test, the first other node of the level,
    /// and the first one that runs after the step, if that ends the comparison.
    fn landmarks(&self, level: NodeId, step: &TestStep, state: Overlap) -> Landmarks {
        let mut landmarks = Landmarks::default();
        if self.marks.is_none() {
            return landmarks;
        }
        let level = Some(level);
        let is_other = |&id: &NodeId| self.tree.node(id).test != step.test;
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
        let equal = |rank| self.tree.ranked(level, &step.test, rank).ok();
        landmarks.equal = step.test.ranks().map(equal);
        landmarks.first_other = other(self.tree.first_of(level));
        if state.skipped_in_rule {
            landmarks.first_after = other(self.tree.first_below(level, step.rank));
        }
        landmarks
    }

    /// The node of a level that the walk visits next.
    fn next(&self, slot: Slot, landmarks: &Landmarks, last: Option<Order>) -> Option<NodeId> {
        let level = self.tree.level_at(slot);
        let Some(marks) = self.marks else {
            return match last {
                None => self.tree.first_of(level),
                Some(last) => self.tree.behind(level, last),
            };
        };
        let is_next = |order: &Order| last.is_none_or(|last| *order > last);
        let passed = |mark: &Mark| (mark.slot, Some(mark.order)) <= (slot, last);
        let mark = marks.get(marks.partition_point(passed));
        let mark = mark.filter(|mark| mark.slot == slot).map(|mark| mark.order);
        let orders = landmarks.iter().map(|id| self.tree.order(id));
        let orders = orders.filter(is_next);
        orders.chain(mark).min().map(|(_, id)| id)
    }

    /// Tree and rule have the same test: compares what follows. True if the comparison of
    /// this level is finished.
    fn equal(
        &mut self,
        slot: Slot,
        id: NodeId,
        step: &TestStep,
        before: Overlap,
        here: &mut Overlap,
    ) -> Result<bool, Error> {
        here.equal = true;
        here.began = true;
        here.rule_ended |= step.ends_rule();
        if self.tree.is_leaf(id) {
            here.tree_ended = true;
            self.last_leaf = Some(id);
        }
        // A decision on a side where the rule does not match must be kept.
        let other_side_decides = Side::BOTH.into_iter().any(|side| {
            self.tree.side(id, side) != Branch::Continue
                && step.exits[side as usize] == Exit::Mismatch
        });
        if other_side_decides {
            return Ok(true);
        }
        if here.rule_ended && here.tree_ended && !self.same_actions(id, step) {
            return Ok(true);
        }
        for side in Side::BOTH {
            if let Exit::Step(next) = step.exits[side as usize] {
                let mut below = before;
                below.equal = true;
                below.began = true;
                self.level(Slot::Below(id, side), next, &mut below)?;
                if below.equal {
                    here.merge(below);
                }
                if self.sweep(slot, id)? {
                    return Ok(false);
                }
            }
        }
        let drops = step.ends_rule() && here.skipped_in_tree;
        let ends = here.tree_ended && here.skipped_in_rule;
        if !here.equal || !(drops || ends) {
            return Ok(false);
        }
        // As in the C library, every action of the level must be that of the rule.
        let level = self.tree.level_at(slot);
        if level.is_some_and(|level| !self.tree.only_acts(level, self.action)) {
            return Ok(false);
        }
        // The C library drops the tests above an overlap too, although these may lead to
        // decisions that must be kept; here only the node of the overlap is dropped.
        if drops {
            self.freed += self.tree.drop_node(slot, id)?;
            return Ok(self.tree.is_empty());
        }
        Ok(true)
    }

    /// Skips a test of the tree: looks for the rule below it. True if there is an overlap.
    fn skip_in_tree(
        &mut self,
        slot: Slot,
        id: NodeId,
        position: Position,
        before: Overlap,
        here: &mut Overlap,
    ) -> Result<bool, Error> {
        for side in Side::BOTH {
            if let Branch::Level(_) = self.tree.side(id, side) {
                let mut below = before;
                below.equal = false;
                below.skipped_in_tree = true;
                self.level(Slot::Below(id, side), position, &mut below)?;
                let gone = self.sweep(slot, id)?;
                if below.equal {
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

    /// Skips a test of the rule: looks for the remaining ones on this level. True if
    /// there is an overlap.
    fn skip_in_rule(
        &mut self,
        slot: Slot,
        step: &TestStep,
        before: Overlap,
        here: &mut Overlap,
    ) -> Result<bool, Error> {
        for side in Side::BOTH {
            if let Exit::Step(next) = step.exits[side as usize] {
                // Two exits may lead to one position; the result is the same.
                let bit = 1 << next.index();
                if slot == Slot::Root && self.tried & bit != 0 {
                    continue;
                }
                let mut below = before;
                below.equal = false;
                below.skipped_in_rule = true;
                self.level(slot, next, &mut below)?;
                if below.equal {
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

    /// The actions of the node are those of the rule.
    fn same_actions(&self, id: NodeId, step: &TestStep) -> bool {
        Side::BOTH.into_iter().all(|side| {
            let new = match step.exits[side as usize] {
                Exit::Match => Branch::Action(self.action),
                _ => Branch::Continue,
            };
            self.tree.side(id, side) == new
        })
    }

    /// Removes the node from its level if both sides are empty. True if so.
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

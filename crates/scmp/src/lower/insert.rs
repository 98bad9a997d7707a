// SPDX-License-Identifier: LGPL-2.1-only
//! Adding a rule to a tree.
//!
//! Insertion follows the rule's tests level by level. If a level has the test, the
//! node's sides take over the exits of the rule's test (`merge`). If not, the level gets
//! a new node (`attach`). Tests to which two exits lead are inserted below both. A *side*
//! belongs to a node, an *exit* to a test of the rule.
//!
//! Two properties hold afterwards. First, each action in the tree is reached only
//! by inputs that match a rule with this action. Second, an input that matches the
//! new rule reaches its action, or before it the action of another rule that the
//! input matches. Both hold because of how a node changes:
//!
//! - A new node has an action only for inputs that pass all tests of the rule.
//! - A side without a decision gets what the rule has there.
//! - An action stays, or is replaced by that of another rule which the same inputs
//!   match.
//! - A level is replaced by the new action only if all actions below it are equal
//!   to the new one.

use super::rule_tests::{Exit, MAX_POSITIONS, Position, RuleTests, TestStep};
use super::{Actions, Branch, Children, Node, NodeId, Rules, Side, Slot, Tree};
use crate::error::Error;
use crate::rule::Action;

/// A rule that is being inserted.
struct Insertion<'a> {
    tests: &'a RuleTests<'a>,
    action: Action,
    /// The rules that were added before it.
    before: Rules<'a>,
    /// Its place in the store.
    place: u32,
    /// For each of its tests, the first node that was made for it.
    origins: [Option<NodeId>; MAX_POSITIONS],
    /// Whether one of the rules before it matches all its inputs; `None` before this is
    /// computed.
    is_covered: Option<bool>,
}

impl Tree {
    /// Whether a rule can be added without contradicting one that is there.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`] if the same comparisons, or the same and
    /// more, already lead to another action.
    pub(crate) fn check(&self, tests: &RuleTests<'_>, action: Action) -> Result<(), Error> {
        match tests.first() {
            Exit::Step(first) => self.check_level(Slot::Root, tests, first, action),
            _ => Ok(()),
        }
    }

    /// Adds a rule after [`Tree::check`] has accepted it, [`Tree::reserve_for`] has made
    /// room and `prune` has dropped what the rule makes redundant; changes must not be logged.
    /// `before` are the rules that the tree has, `place` is the new rule's place in the store.
    pub(crate) fn insert(
        &mut self,
        tests: &RuleTests<'_>,
        action: Action,
        before: Rules<'_>,
        place: u32,
    ) {
        let Exit::Step(first) = tests.first() else {
            return;
        };
        self.actions = match self.actions {
            Actions::None => Actions::One(action),
            Actions::One(only) if only == action => Actions::One(only),
            _ => Actions::Several,
        };
        let mut rule = Insertion {
            tests,
            action,
            before,
            place,
            origins: [None; MAX_POSITIONS],
            is_covered: None,
        };
        self.insert_from(Slot::Root, first, &mut rule);
    }

    fn check_level(
        &self,
        slot: Slot,
        tests: &RuleTests<'_>,
        position: Position,
        action: Action,
    ) -> Result<(), Error> {
        let step = tests.step(position);
        let Some(id) = self.find(slot, &step) else {
            return Ok(());
        };
        for side in Side::BOTH {
            match (step.exits[side as usize], self.side(id, side)) {
                (Exit::Match, Branch::Level(level)) if !self.only_acts(level, action) => {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Match, Branch::Action(other))
                    if other != action && (self.is_leaf(id) || step.ends_rule()) =>
                {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Step(next), Branch::Level(_)) => {
                    self.check_level(Slot::Below(id, side), tests, next, action)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Inserts the rule's tests from `position` on into the level at `slot`.
    fn insert_from(&mut self, mut slot: Slot, mut position: Position, rule: &mut Insertion<'_>) {
        loop {
            let step = rule.tests.step(position);
            let below = match self.find(slot, &step) {
                Some(id) => self.merge(id, step, rule),
                None => self.attach(slot, step, rule),
            };
            match below {
                Some(below) => (slot, position) = below,
                None => return,
            }
        }
    }

    /// Merges a step with the node that has its test. Returns where the caller
    /// continues, if anything remains to be inserted.
    fn merge(
        &mut self,
        id: NodeId,
        step: TestStep,
        rule: &mut Insertion<'_>,
    ) -> Option<(Slot, Position)> {
        for side in Side::BOTH {
            match (step.exits[side as usize], self.side(id, side)) {
                (Exit::Mismatch, _) => {}
                (Exit::Match, Branch::Continue) => self.decide(id, side, step.datum_low, rule),
                (Exit::Match, Branch::Level(level)) => {
                    let below = Slot::Below(id, side);
                    let first = self.first_of(Some(level)).unwrap_or(level);
                    // This fails only while changes are logged, and they are not here.
                    let freed = self.subtract_freed_weight(below, first);
                    debug_assert!(freed.is_ok());
                    self.decide(id, side, step.datum_low, rule);
                }
                (Exit::Match, Branch::Action(_)) => {
                    if self.tightens(id, side, &step) {
                        self.decide(id, side, step.datum_low, rule);
                    }
                }
                (Exit::Step(next), Branch::Continue | Branch::Level(_)) => {
                    let below = Slot::Below(id, side);
                    match (side, step.exits) {
                        (Side::False, _) | (_, [_, Exit::Mismatch]) => return Some((below, next)),
                        _ => self.insert_from(below, next, rule),
                    }
                }
                // A rule with fewer comparisons has decided here already. The
                // C library then skips the other side too, which is right only if
                // one of the earlier rules matches all inputs of the new one.
                (Exit::Step(_), Branch::Action(_)) => {
                    let is_covered = rule.is_covered.unwrap_or_else(|| {
                        let first_guess = self.node(id).rule;
                        self.is_covered(rule.before, rule.tests, first_guess)
                    });
                    rule.is_covered = Some(is_covered);
                    if is_covered {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Whether a rule replaces the action of a side on which the high word alone decides:
    /// for `>` and `>=` if its datum is larger than that of the rule that made the node; for
    /// `<`, `<=` and `!=` if it is smaller than that of the rule that decided the side last.
    fn tightens(&self, id: NodeId, side: Side, step: &TestStep) -> bool {
        let bound = self.node(id).bounds[side as usize];
        step.test.is_high
            && match side {
                Side::True => step.datum_low > bound,
                Side::False => step.datum_low < bound,
            }
    }

    /// Whether one of the rules before a new one matches all its inputs. The rule at the place
    /// `first_guess` is tried first.
    pub(super) fn is_covered(
        &mut self,
        before: Rules<'_>,
        tests: &RuleTests<'_>,
        first_guess: u32,
    ) -> bool {
        // Without memory for the index, all rules are looked at.
        tests.implies(before.rule(first_guess))
            || (self.covers.cover(before, tests)).unwrap_or_else(|_| before.any_covers(tests))
    }

    fn decide(&mut self, id: NodeId, side: Side, low: u32, rule: &Insertion<'_>) {
        let node = self.node_mut(id);
        node.rule = rule.place;
        node.sides[side as usize] = Branch::Action(rule.action);
        // As in the C library, only the false side's datum is updated: lower bounds are
        // compared with the rule for which the node was made.
        if side == Side::False {
            node.bounds[side as usize] = low;
        }
    }

    /// Adds a node for a step to the level at `slot`, and nodes for the steps that its
    /// exits lead to. Returns where the caller continues, if anything remains to be
    /// inserted.
    fn attach(
        &mut self,
        slot: Slot,
        step: TestStep,
        rule: &mut Insertion<'_>,
    ) -> Option<(Slot, Position)> {
        let id = self.add(slot, &step, rule);
        match step.exits {
            [Exit::Step(next), Exit::Step(other)] => {
                self.insert_from(Slot::Below(id, Side::True), next, rule);
                Some((Slot::Below(id, Side::False), other))
            }
            [Exit::Step(next), _] => Some((Slot::Below(id, Side::True), next)),
            [_, Exit::Step(next)] => Some((Slot::Below(id, Side::False), next)),
            _ => None,
        }
    }

    /// Adds a node for a step to the level at `slot`; room has been reserved.
    fn add(&mut self, slot: Slot, step: &TestStep, rule: &mut Insertion<'_>) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        let origin = *rule.origins[step.position.index()].get_or_insert(id);
        let is_first = origin == id;
        match is_first {
            true => self.weight = self.weight.wrapping_add(1),
            false => self.node_mut(origin).copies += 1,
        }
        let side = |exit| match exit {
            Exit::Match => Branch::Action(rule.action),
            _ => Branch::Continue,
        };
        self.nodes.push(Node {
            test: step.test,
            rank: step.rank,
            children: Children::default(),
            bounds: [step.datum_low; 2],
            origin,
            rule: rule.place,
            copies: u8::from(is_first),
            leaked_in_c: false,
            sides: step.exits.map(side),
        });
        self.insert_node(slot, id);
        id
    }
}

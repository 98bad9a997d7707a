// SPDX-License-Identifier: LGPL-2.1-only
//! Adding a rule to a tree.
//!
//! A chain enters level by level: where a level has the chain's test, the two
//! are merged side by side; where it has not, the rest of the chain is put
//! there. An exit that two tests share is entered once below each.
//!
//! Why this is right: a node put in adds an action only for inputs that pass
//! all tests of the chain. In a merge, a side that falls becomes what the
//! chain has there; an action stays, or gives way to the action of another
//! rule that the same inputs match; a level all of whose actions are the new
//! one is replaced by it. So every action in the tree is reached only by inputs
//! that match a rule with it, and an input that matches the new rule meets
//! its action or, before it, that of another rule that it matches.

use super::chain::{Chain, Exit, Link, MOST_LINKS, Position};
use super::{Actions, Branch, Neighbors, Node, NodeId, Rules, Side, Slot, Tree};
use crate::error::Error;
use crate::rule::Action;

/// A rule on its way into a tree.
struct Entering<'a> {
    chain: &'a Chain<'a>,
    action: Action,
    /// The rules that were added before it.
    before: Rules<'a>,
    /// Its place in the store.
    place: u32,
    /// The first nodes of its tests, as far as they have become nodes.
    origins: [Option<NodeId>; MOST_LINKS],
    /// Whether one of the rules before it has all its inputs, once asked.
    is_covered: Option<bool>,
}

impl Tree {
    /// Whether a rule can be added without contradicting one that is there.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`] if the same comparisons, or the same and
    /// more, already lead to another action.
    pub(crate) fn check(&self, chain: &Chain<'_>, action: Action) -> Result<(), Error> {
        match chain.first() {
            Exit::Link(first) => self.check_level(Slot::Root, chain, first, action),
            _ => Ok(()),
        }
    }

    /// Adds a rule that [`Tree::check`] has let through and for which there
    /// is room: one whose rules, as far as they could be dropped for others,
    /// have been pruned. `before` are the rules that the tree has, `place` the new
    /// one's place in the store.
    #[inline]
    pub(crate) fn insert(
        &mut self,
        chain: &Chain<'_>,
        action: Action,
        before: Rules<'_>,
        place: u32,
    ) {
        let Exit::Link(first) = chain.first() else {
            return;
        };
        self.actions = match self.actions {
            Actions::None => Actions::One(action),
            Actions::One(only) if only == action => Actions::One(only),
            _ => Actions::Several,
        };
        let mut rule = Entering {
            chain,
            action,
            before,
            place,
            origins: [None; MOST_LINKS],
            is_covered: None,
        };
        self.enter(Slot::Root, first, &mut rule);
    }

    fn check_level(
        &self,
        slot: Slot,
        chain: &Chain<'_>,
        position: Position,
        action: Action,
    ) -> Result<(), Error> {
        let link = chain.link(position);
        let Some(id) = self.find(slot, &link) else {
            return Ok(());
        };
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Accept, Branch::Level(level)) if !self.only_acts(level, action) => {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Accept, Branch::Act(other))
                    if other != action && (self.is_leaf(id) || link.ends_chain()) =>
                {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Link(next), Branch::Level(_)) => {
                    self.check_level(Slot::Below(id, side), chain, next, action)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Enters the rule's chain from `position` on into the level at `slot`.
    fn enter(&mut self, mut slot: Slot, mut position: Position, rule: &mut Entering<'_>) {
        loop {
            let link = rule.chain.link(position);
            let below = match self.find(slot, &link) {
                Some(id) => self.merge(id, link, rule),
                None => self.grow(slot, link, rule),
            };
            match below {
                Some(below) => (slot, position) = below,
                None => return,
            }
        }
    }

    /// Merges a link with its node, and what hangs below them; returns where the
    /// last of it remains to be entered.
    fn merge(
        &mut self,
        id: NodeId,
        link: Link,
        rule: &mut Entering<'_>,
    ) -> Option<(Slot, Position)> {
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Reject, _) => {}
                (Exit::Accept, Branch::Fall) => self.decide(id, side, link.low, rule),
                (Exit::Accept, Branch::Level(level)) => {
                    let below = Slot::Below(id, side);
                    let first = self.first_of(Some(level)).unwrap_or(level);
                    // It fails only while changes are logged.
                    let freed = self.subtract_freed_weight(below, first);
                    debug_assert!(freed.is_ok());
                    self.decide(id, side, link.low, rule);
                }
                (Exit::Accept, Branch::Act(_)) => {
                    if self.tightens(id, side, &link) {
                        self.decide(id, side, link.low, rule);
                    }
                }
                (Exit::Link(next), Branch::Fall | Branch::Level(_)) => {
                    let below = Slot::Below(id, side);
                    match (side, link.exits) {
                        (Side::False, _) | (_, [_, Exit::Reject]) => return Some((below, next)),
                        _ => self.enter(below, next, rule),
                    }
                }
                // A rule with fewer comparisons has decided here already. The
                // C library then leaves the other side alone as well, which
                // is right if that rule or another has all the inputs.
                (Exit::Link(_), Branch::Act(_)) => {
                    let is_covered = rule.is_covered.unwrap_or_else(|| {
                        let likely = self.node(id).rule;
                        rule.before.have_all_inputs(rule.chain, likely)
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

    /// Of two bounds with the same high word and different actions, whether
    /// the new one has its way where the high word decides.
    fn tightens(&self, id: NodeId, side: Side, link: &Link) -> bool {
        let bound = self.node(id).bounds[side as usize];
        link.test.is_high()
            && match side {
                Side::True => link.low > bound,
                Side::False => link.low < bound,
            }
    }

    fn decide(&mut self, id: NodeId, side: Side, low: u32, rule: &Entering<'_>) {
        let node = self.node_mut(id);
        node.rule = rule.place;
        node.sides[side as usize] = Branch::Act(rule.action);
        // As in the C library, lower bounds are compared with the rule that
        // brought the test, whatever has the side by now.
        if side == Side::False {
            node.bounds[side as usize] = low;
        }
    }

    /// Makes a link a node of the level at `slot`, and nodes of what hangs below
    /// it; returns where the last of it remains to be entered.
    fn grow(
        &mut self,
        slot: Slot,
        link: Link,
        rule: &mut Entering<'_>,
    ) -> Option<(Slot, Position)> {
        let id = self.add(slot, &link, rule);
        match link.exits {
            [Exit::Link(next), Exit::Link(other)] => {
                self.enter(Slot::Below(id, Side::True), next, rule);
                Some((Slot::Below(id, Side::False), other))
            }
            [Exit::Link(next), _] => Some((Slot::Below(id, Side::True), next)),
            [_, Exit::Link(next)] => Some((Slot::Below(id, Side::False), next)),
            _ => None,
        }
    }

    /// Makes a link a node of the level at `slot`; room has been reserved.
    fn add(&mut self, slot: Slot, link: &Link, rule: &mut Entering<'_>) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        let origin = *rule.origins[link.position.index()].get_or_insert(id);
        let is_first = origin == id;
        match is_first {
            true => self.weight = self.weight.wrapping_add(1),
            false => self.node_mut(origin).copies += 1,
        }
        let side = |exit| match exit {
            Exit::Accept => Branch::Act(rule.action),
            _ => Branch::Fall,
        };
        self.nodes.push(Node {
            test: link.test,
            rank: link.rank,
            neighbors: Neighbors::default(),
            bounds: [link.low; 2],
            origin,
            rule: rule.place,
            copies: u8::from(is_first),
            leaked_in_c: false,
            sides: link.exits.map(side),
        });
        self.put(slot, id);
        id
    }
}

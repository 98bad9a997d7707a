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

use super::chain::{Chain, Exit, Link, MOST_LINKS};
use super::{Branch, Node, NodeId, Side, Slot, Tree};
use crate::error::Error;
use crate::filter::Action;

/// The first nodes of a rule's tests, as far as they have become nodes.
type Origins = [Option<NodeId>; MOST_LINKS];

impl Tree {
    /// Whether a rule can be added without contradicting one that is there.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`] if the same comparisons, or the same and
    /// more, already lead to another action.
    pub(crate) fn check(&self, chain: &Chain<'_>, action: Action) -> Result<(), Error> {
        self.check_level(Slot::Root, chain, 0, action)
    }

    /// Adds a rule that [`Tree::check`] has let through and for which there
    /// is room: one whose rules, as far as they could be dropped for others,
    /// have been pruned.
    pub(crate) fn insert(&mut self, chain: &Chain<'_>, action: Action) {
        self.enter(Slot::Root, chain, 0, action, &mut Origins::default());
        self.rules.push(*chain.comparisons());
        self.argument_sets |= 1 << chain.arguments();
        self.kinds = self.kinds.and(chain.kinds());
    }

    fn check_level(
        &self,
        slot: Slot,
        chain: &Chain<'_>,
        position: u8,
        action: Action,
    ) -> Result<(), Error> {
        let link = chain.link(position);
        let Some(id) = self.find(slot, &link) else {
            return Ok(());
        };
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Accept, Branch::Level(first)) if !self.level_only_acts(first, action) => {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Accept, Branch::Act(other))
                    if other != action && (self.is_leaf(id) || link.is_last()) =>
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

    /// Enters the chain from `position` on into the level at `slot`.
    fn enter(
        &mut self,
        slot: Slot,
        chain: &Chain<'_>,
        position: u8,
        action: Action,
        origins: &mut Origins,
    ) {
        let link = chain.link(position);
        match self.find(slot, &link) {
            Some(id) => self.merge(id, chain, &link, action, origins),
            None => {
                self.grow(slot, chain, position, action, origins);
            }
        }
    }

    fn merge(
        &mut self,
        id: NodeId,
        chain: &Chain<'_>,
        link: &Link,
        action: Action,
        origins: &mut Origins,
    ) {
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Reject, _) => {}
                (Exit::Accept, Branch::Fall) => self.decide(id, side, link, action),
                (Exit::Accept, Branch::Level(first)) => {
                    self.lighten(first);
                    self.decide(id, side, link, action);
                }
                (Exit::Accept, Branch::Act(_)) => {
                    if self.tightens(id, side, link) {
                        self.decide(id, side, link, action);
                    }
                }
                (Exit::Link(next), Branch::Fall | Branch::Level(_)) => {
                    self.enter(Slot::Below(id, side), chain, next, action, origins);
                }
                // A rule with fewer comparisons has decided here already. The
                // C library then leaves the other side alone as well, which
                // is right if that rule or another has all the inputs.
                (Exit::Link(_), Branch::Act(_)) => {
                    if self.has_all_inputs(chain) {
                        return;
                    }
                }
            }
        }
    }

    /// Of two bounds with the same high word and different actions, whether
    /// the new one has its way where the high word decides.
    fn tightens(&self, id: NodeId, side: Side, link: &Link) -> bool {
        let bound = self.node(id).bounds[side as usize];
        link.test.high
            && match side {
                Side::True => link.full > bound,
                Side::False => link.full < bound,
            }
    }

    fn decide(&mut self, id: NodeId, side: Side, link: &Link, action: Action) {
        let node = self.node_mut(id);
        node.sides[side as usize] = Branch::Act(action);
        // As in the C library, lower bounds are compared with the rule that
        // brought the test, whatever has the side by now.
        if side == Side::False {
            node.bounds[side as usize] = link.full;
        }
    }

    /// Makes nodes of the chain from `position` on, and puts the first on the
    /// level at `slot`; room has been reserved.
    fn grow(
        &mut self,
        slot: Slot,
        chain: &Chain<'_>,
        position: u8,
        action: Action,
        origins: &mut Origins,
    ) -> NodeId {
        let link = chain.link(position);
        let id = NodeId(self.nodes.len() as u32);
        let origin = *origins[usize::from(position)].get_or_insert(id);
        if origin == id {
            self.weight = self.weight.wrapping_add(1);
        }
        self.nodes.push(Node {
            test: link.test,
            rank: link.rank,
            above: Some(slot),
            bounds: [link.full; 2],
            origin,
            copies: 0,
            pinned: false,
            sides: [Branch::Fall; 2],
            next: self.first_of(slot),
        });
        self.node_mut(origin).copies += 1;
        self.set_first_of(slot, Some(id));
        self.index(id);
        for side in Side::BOTH {
            match link.exits[side as usize] {
                Exit::Reject => {}
                Exit::Accept => self.node_mut(id).sides[side as usize] = Branch::Act(action),
                Exit::Link(next) => {
                    self.grow(Slot::Below(id, side), chain, next, action, origins);
                }
            }
        }
        id
    }
}

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
use super::{Branch, Node, NodeId, Rules, Side, Slot, Tree};
use crate::error::Error;
use crate::rule::Action;

/// A rule on its way into a tree.
struct Entering<'a> {
    chain: &'a Chain<'a>,
    action: Action,
    /// The rules that were added before it.
    before: Rules<'a>,
    /// The first nodes of its tests, as far as they have become nodes.
    origins: [Option<NodeId>; MOST_LINKS],
    way: &'a mut Way,
}

/// The way that the last rule took into a tree: most rules begin as the one
/// before them did.
pub(super) struct Way {
    /// By position, where its tests were entered. Where a test leads on by both
    /// sides, only one of the two ways is here.
    slots: [Slot; MOST_LINKS],
    /// The position that was entered last.
    end: Position,
}

impl Default for Way {
    fn default() -> Self {
        Way {
            slots: [Slot::ROOT; MOST_LINKS],
            end: Position::LAST,
        }
    }
}

impl Way {
    /// Where a position was entered that the last rule has, or the last one
    /// before it.
    #[inline]
    fn at(&self, position: Position) -> (Slot, Position) {
        let position = position.min(self.end);
        (self.slots[position.index()], position)
    }

    #[inline]
    fn enters(&mut self, slot: Slot, position: Position) {
        self.slots[position.index()] = slot;
        self.end = position;
    }
}

impl Tree {
    /// Whether a rule can be added without contradicting one that is there.
    ///
    /// # Errors
    /// [`Error::ConflictingRule`] if the same comparisons, or the same and
    /// more, already lead to another action.
    pub(crate) fn check(&self, chain: &Chain<'_>, action: Action) -> Result<(), Error> {
        match chain.first() {
            Exit::Link(first) => self.check_level(Slot::ROOT, chain, first, action),
            _ => Ok(()),
        }
    }

    /// Adds a rule that [`Tree::check`] has let through and for which there
    /// is room: one whose rules, as far as they could be dropped for others,
    /// have been pruned. `before` are the rules that the tree has.
    pub(crate) fn insert(&mut self, chain: &Chain<'_>, action: Action, before: Rules<'_>) {
        let none = Chain::new(&[], chain.word_size());
        self.insert_after(&mut Way::default(), &none, chain, action, before);
    }

    /// The same, with the rule that was inserted last and the way it took;
    /// nothing has been taken off the tree meanwhile.
    #[inline(always)]
    pub(super) fn insert_after(
        &mut self,
        way: &mut Way,
        last: &Chain<'_>,
        chain: &Chain<'_>,
        action: Action,
        before: Rules<'_>,
    ) {
        let Exit::Link(first) = chain.first() else {
            return;
        };
        let parting = chain.parting(first, last);
        let (slot, position) = match parting == first {
            true => (Slot::ROOT, first),
            false => way.at(parting),
        };
        let mut rule = Entering {
            chain,
            action,
            before,
            origins: [None; MOST_LINKS],
            way,
        };
        self.enter(slot, position, false, &mut rule);
    }

    fn check_level(
        &self,
        slot: Slot,
        chain: &Chain<'_>,
        position: Position,
        action: Action,
    ) -> Result<(), Error> {
        let link = chain.link(position);
        let Some(id) = self.find(slot, link.test, link.rank, self.hash(slot, &link.test)) else {
            return Ok(());
        };
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Accept, Branch::Level(first)) if !self.level_only_acts(first, action) => {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Accept, Branch::Act(other))
                    if other != action && (self.is_leaf(id) || link.ends_chain()) =>
                {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Link(next), Branch::Level(_)) => {
                    self.check_level(Slot::below(id, side), chain, next, action)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Enters the rule's chain from `position` on into the level at `slot`. A
    /// new level has no tests yet.
    fn enter(
        &mut self,
        mut slot: Slot,
        mut position: Position,
        mut is_new: bool,
        rule: &mut Entering<'_>,
    ) {
        loop {
            let link = rule.chain.link(position);
            rule.way.enters(slot, position);
            let hash = self.hash(slot, &link.test);
            let found = match is_new {
                true => None,
                false => self.find(slot, link.test, link.rank, hash),
            };
            let below = match found {
                Some(id) => self.merge(id, link, rule),
                None => {
                    is_new = true;
                    let id = self.add(slot, hash, &link, rule);
                    self.grow(id, &link, rule)
                }
            };
            match below {
                Some(below) => (slot, position) = below,
                None => return,
            }
        }
    }

    /// Merges a link with its node, and what hangs below them; returns where the
    /// last of it remains to be entered.
    // By itself, with a link of its own, for the processor's registers.
    #[inline(never)]
    fn merge(
        &mut self,
        id: NodeId,
        link: Link,
        rule: &mut Entering<'_>,
    ) -> Option<(Slot, Position)> {
        for side in Side::BOTH {
            match (link.exits[side as usize], self.side(id, side)) {
                (Exit::Reject, _) => {}
                (Exit::Accept, Branch::Fall) => self.decide(id, side, link.low, rule.action),
                (Exit::Accept, Branch::Level(first)) => {
                    self.lighten(first);
                    self.decide(id, side, link.low, rule.action);
                }
                (Exit::Accept, Branch::Act(_)) => {
                    if self.tightens(id, side, &link) {
                        self.decide(id, side, link.low, rule.action);
                    }
                }
                (Exit::Link(next), Branch::Fall | Branch::Level(_)) => {
                    let below = Slot::below(id, side);
                    match (side, link.exits) {
                        (Side::False, _) | (_, [_, Exit::Reject]) => return Some((below, next)),
                        _ => self.enter(below, next, false, rule),
                    }
                }
                // A rule with fewer comparisons has decided here already. The
                // C library then leaves the other side alone as well, which
                // is right if that rule or another has all the inputs.
                (Exit::Link(_), Branch::Act(_)) => {
                    if rule.before.have_all_inputs(rule.chain) {
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

    fn decide(&mut self, id: NodeId, side: Side, low: u32, action: Action) {
        let node = self.node_mut(id);
        node.sides[side as usize] = Branch::Act(action);
        // As in the C library, lower bounds are compared with the rule that
        // brought the test, whatever has the side by now.
        if side == Side::False {
            node.bounds[side as usize] = low;
        }
    }

    /// Makes nodes of what hangs below a link that has become a node; returns
    /// where the last of it remains to be entered.
    #[inline(always)]
    fn grow(
        &mut self,
        id: NodeId,
        link: &Link,
        rule: &mut Entering<'_>,
    ) -> Option<(Slot, Position)> {
        let below = |side| Slot::below(id, side);
        match (link.exits[0], link.exits[1]) {
            (Exit::Link(next), Exit::Link(other)) => {
                self.enter(below(Side::True), next, true, rule);
                Some((below(Side::False), other))
            }
            (Exit::Link(next), _) => Some((below(Side::True), next)),
            (_, Exit::Link(next)) => Some((below(Side::False), next)),
            _ => None,
        }
    }

    /// Makes a link a node of the level at `slot`; room has been reserved.
    #[inline(always)]
    fn add(&mut self, slot: Slot, hash: u64, link: &Link, rule: &mut Entering<'_>) -> NodeId {
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
        let next = self.first_of(slot);
        self.set_first_of(slot, Some(id));
        self.nodes.push(Node {
            test: link.test,
            rank: link.rank,
            above: Some(slot),
            bounds: [link.low; 2],
            origin,
            copies: u32::from(is_first),
            pinned: false,
            sides: [side(link.exits[0]), side(link.exits[1])],
            next,
        });
        self.index(id, hash);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleStore;
    use super::*;
    use crate::rule::{Comparison, Operator, WordSize};

    /// Rules on one to three arguments, with tests that are alike in all but
    /// their rank, or drop out.
    fn rule(draw: u64) -> Vec<Comparison> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let some = |mask| Operator::MaskedEqual { mask };
        let orders = [Greater, LessOrEqual, GreaterOrEqual, Less];
        let values = [Equal, Equal, NotEqual, some(0), some(1 << 32), some(1)];
        let operators = [&orders[..], &values[..]].concat();
        let comparison = |argument: u8, draw: u64| {
            let operator = operators[draw as usize % operators.len()];
            let datum = (draw >> 8 & 1) << 32 | draw >> 12 & 1;
            Comparison::new(argument, operator, datum).unwrap()
        };
        let arguments: &[u8] = match draw & 7 {
            0 => &[1],
            1..4 => &[0],
            4..6 => &[0, 1],
            _ => &[0, 1, 2],
        };
        (arguments.iter().zip([3, 20, 40]))
            .map(|(&argument, from)| comparison(argument, draw >> from))
            .collect()
    }

    /// What is remembered of the last rules makes no other tree.
    #[test]
    fn what_was_entered_last_is_what_is_found() {
        let mut draw = 1_u64;
        for round in 0..20_000 {
            let word_size = [WordSize::Bits64, WordSize::Bits32][round % 2];
            let (mut one, mut other) = (Tree::default(), Tree::default());
            let mut way = Way::default();
            let mut last: Vec<Comparison> = Vec::new();
            let mut store = RuleStore::default();
            let mut list = None;
            for _ in 0..8 {
                draw = draw.wrapping_mul(6364136223846793005).wrapping_add(1);
                let rule = rule(draw >> 8);
                store.reserve(1).unwrap();
                match &mut list {
                    None => list = Some(store.start(&rule)),
                    Some(list) => store.append(list, &rule),
                }
                let Some(list) = list else { continue };
                let before = store.of(list).first(list.count() as u32 - 1);
                let chain = Chain::new(&rule, word_size);
                one.reserve_for(&chain).unwrap();
                other.reserve_for(&chain).unwrap();
                let before_it = Chain::new(&last, word_size);
                one.insert_after(&mut way, &before_it, &chain, Action::Allow, before);
                other.insert(&chain, Action::Allow, before);
                assert_eq!(format!("{one:?}"), format!("{other:?}"), "{rule:?}");
                last = rule;
            }
        }
    }
}

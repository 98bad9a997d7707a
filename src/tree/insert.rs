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
use crate::filter::Action;

/// A rule on its way into a tree.
struct Entering<'a> {
    chain: &'a Chain<'a>,
    action: Action,
    /// The rules that were added before it.
    before: Rules<'a>,
    /// The first nodes of its tests, as far as they have become nodes.
    origins: [Option<NodeId>; MOST_LINKS],
    recent: &'a mut Recent,
}

/// The nodes that rules have entered last, by argument and by which of its
/// tests it is: most rules begin as the one before them did.
///
/// Tests that are alike and stand on one level have one place here, so the
/// last of them that was found or made is known. It is the one that
/// [`Tree::find`] would find if it has the rank that is sought.
#[derive(Default)]
pub(super) struct Recent([Option<NodeId>; MOST_LINKS]);

impl Recent {
    #[inline]
    fn place(&mut self, link: &Link) -> &mut Option<NodeId> {
        &mut self.0[link.turn()]
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
        self.insert_after(&mut Recent::default(), chain, action, before);
    }

    /// The same, with what the tree's last rules entered; nothing has been taken
    /// off the tree meanwhile.
    pub(super) fn insert_after(
        &mut self,
        recent: &mut Recent,
        chain: &Chain<'_>,
        action: Action,
        before: Rules<'_>,
    ) {
        let mut rule = Entering {
            chain,
            action,
            before,
            origins: [None; MOST_LINKS],
            recent,
        };
        if let Exit::Link(first) = chain.first() {
            self.enter(Slot::ROOT, first, &mut rule);
        }
    }

    fn check_level(
        &self,
        slot: Slot,
        chain: &Chain<'_>,
        position: Position,
        action: Action,
    ) -> Result<(), Error> {
        let link = chain.link(position);
        let Some(id) = self.find(slot, &link, self.hash(slot, &link.test)) else {
            return Ok(());
        };
        for side in Side::BOTH {
            match (chain.exit(&link, side), self.side(id, side)) {
                (Exit::Accept, Branch::Level(first)) if !self.level_only_acts(first, action) => {
                    return Err(Error::ConflictingRule);
                }
                (Exit::Accept, Branch::Act(other))
                    if other != action && (self.is_leaf(id) || chain.ends_with(&link)) =>
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

    /// Enters the rule's chain from `position` on into the level at `slot`.
    fn enter(&mut self, slot: Slot, position: Position, rule: &mut Entering<'_>) {
        let link = rule.chain.link(position);
        let recent = *rule.recent.place(&link);
        let found = match recent {
            Some(id) if self.is(id, slot, &link) => recent,
            _ => {
                let hash = self.hash(slot, &link.test);
                match self.find(slot, &link, hash) {
                    Some(id) => {
                        *rule.recent.place(&link) = Some(id);
                        Some(id)
                    }
                    None => {
                        let next = self.first_of(slot);
                        let id = self.grow(slot, hash, next, position, &link, rule);
                        self.set_first_of(slot, Some(id));
                        None
                    }
                }
            }
        };
        if let Some(id) = found {
            self.merge(id, &link, rule);
        }
    }

    /// Whether the node is what a link on the level at `slot` would become.
    fn is(&self, id: NodeId, slot: Slot, link: &Link) -> bool {
        let node = self.node(id);
        node.above == Some(slot) && node.rank == link.rank && node.test == link.test
    }

    fn merge(&mut self, id: NodeId, link: &Link, rule: &mut Entering<'_>) {
        for side in Side::BOTH {
            match (rule.chain.exit(link, side), self.side(id, side)) {
                (Exit::Reject, _) => {}
                (Exit::Accept, Branch::Fall) => self.decide(id, side, link, rule.action),
                (Exit::Accept, Branch::Level(first)) => {
                    self.lighten(first);
                    self.decide(id, side, link, rule.action);
                }
                (Exit::Accept, Branch::Act(_)) => {
                    if self.tightens(id, side, link) {
                        self.decide(id, side, link, rule.action);
                    }
                }
                (Exit::Link(next), Branch::Fall | Branch::Level(_)) => {
                    self.enter(Slot::below(id, side), next, rule);
                }
                // A rule with fewer comparisons has decided here already. The
                // C library then leaves the other side alone as well, which
                // is right if that rule or another has all the inputs.
                (Exit::Link(_), Branch::Act(_)) => {
                    if rule.before.have_all_inputs(rule.chain) {
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
        link.test.is_high()
            && match side {
                Side::True => link.low > bound,
                Side::False => link.low < bound,
            }
    }

    fn decide(&mut self, id: NodeId, side: Side, link: &Link, action: Action) {
        let node = self.node_mut(id);
        node.sides[side as usize] = Branch::Act(action);
        // As in the C library, lower bounds are compared with the rule that
        // brought the test, whatever has the side by now.
        if side == Side::False {
            node.bounds[side as usize] = link.low;
        }
    }

    /// Makes nodes of the chain from `position` on, whose link is `link`, for
    /// the level at `slot`, where `next` is; returns the first of them. Room has
    /// been reserved.
    fn grow(
        &mut self,
        slot: Slot,
        hash: u64,
        next: Option<NodeId>,
        position: Position,
        link: &Link,
        rule: &mut Entering<'_>,
    ) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        let origin = *rule.origins[position.index()].get_or_insert(id);
        let mut copies = 1;
        if origin == id {
            self.weight = self.weight.wrapping_add(1);
        } else {
            copies = 0;
            self.node_mut(origin).copies += 1;
        }
        *rule.recent.place(link) = Some(id);
        let side = |side| match rule.chain.exit(link, side) {
            Exit::Accept => Branch::Act(rule.action),
            _ => Branch::Fall,
        };
        self.nodes.push(Node {
            test: link.test,
            rank: link.rank,
            above: Some(slot),
            bounds: [link.low; 2],
            origin,
            copies,
            pinned: false,
            sides: Side::BOTH.map(side),
            next,
        });
        self.index(id, hash);
        for side in Side::BOTH {
            if let Exit::Link(next) = rule.chain.exit(link, side) {
                let link = rule.chain.link(next);
                let slot = Slot::below(id, side);
                let hash = self.hash(slot, &link.test);
                let first = self.grow(slot, hash, None, next, &link, rule);
                self.node_mut(id).sides[side as usize] = Branch::Level(first);
            }
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleStore;
    use super::*;
    use crate::arch::WordSize;
    use crate::filter::{Comparison, Operator};

    /// Rules on one or two arguments, with tests that are alike in all but
    /// their rank.
    fn rule(draw: u64) -> Vec<Comparison> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let operators = [Greater, LessOrEqual, GreaterOrEqual, Less, Equal, NotEqual];
        let comparison = |argument: u8, draw: u64| {
            let operator = operators[draw as usize % operators.len()];
            let datum = (draw >> 8 & 1) << 32 | draw >> 16 & 1;
            Comparison::new(argument, operator, datum).unwrap()
        };
        match draw & 7 {
            0 => vec![comparison(1, draw >> 3)],
            1..5 => vec![comparison(0, draw >> 3)],
            _ => vec![comparison(0, draw >> 3), comparison(1, draw >> 30)],
        }
    }

    /// What is remembered of the last rules makes no other tree.
    #[test]
    fn what_was_entered_last_is_what_is_found() {
        let mut draw = 1_u64;
        for round in 0..20_000 {
            let word_size = [WordSize::Bits64, WordSize::Bits32][round % 2];
            let (mut one, mut other) = (Tree::default(), Tree::default());
            let mut recent = Recent::default();
            let mut store = RuleStore::default();
            let mut list = None;
            for _ in 0..8 {
                draw = draw.wrapping_mul(6364136223846793005).wrapping_add(1);
                let rule = rule(draw >> 16);
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
                one.insert_after(&mut recent, &chain, Action::Allow, before);
                other.insert(&chain, Action::Allow, before);
                assert_eq!(format!("{one:?}"), format!("{other:?}"), "{rule:?}");
            }
        }
    }
}

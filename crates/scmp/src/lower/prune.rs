// SPDX-License-Identifier: LGPL-2.1-only
//! Dropping what a rule with fewer comparisons makes redundant.
//!
//! When a rule comes whose comparisons are among those of rules with the same
//! action, these need not be tested any more; when its own comparisons
//! contain those of a rule that is there, it is not needed itself. The C
//! library finds some such pairs and leaves others, and what it leaves shows
//! in the program; the walk below visits and gives up where its walk does.
//! Levels are sorted for it. It may find a rule redundant because of one of its
//! exits only; whether it is so is asked of the rules themselves.

use super::chain::{Chain, Exit, Link, Position};
use super::{Branch, NodeId, Rules, Side, Slot, Tree};
use crate::rule::Action;

/// What a walk has seen on its way down, and what it found.
#[derive(Clone, Copy, Debug, Default)]
struct Findings {
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

impl Findings {
    fn absorb(&mut self, other: Findings) {
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

struct Walk<'a> {
    tree: &'a mut Tree,
    chain: &'a Chain<'a>,
    action: Action,
    freed: u32,
}

impl Tree {
    /// Drops rules that the new one makes redundant. The tree comes from
    /// [`Tree::copy_for`] and has the rules `before`.
    pub(crate) fn prune(&mut self, chain: &Chain<'_>, action: Action, before: Rules<'_>) -> Pruned {
        let mut walk = Walk {
            tree: self,
            chain,
            action,
            freed: 0,
        };
        let mut findings = Findings::default();
        if let Exit::Link(first) = chain.first() {
            walk.level(Slot::ROOT, first, &mut findings);
        }
        if walk.freed > 0 {
            return match self.is_empty() {
                true => Pruned::Alone,
                false => Pruned::Needed,
            };
        }
        match findings.matched
            && findings.tree_ended
            && findings.chain_leads
            && before.have_all_inputs(chain)
        {
            true => Pruned::Redundant,
            false => Pruned::Needed,
        }
    }

    /// Takes a node with all below it off its level.
    fn unlink(&mut self, slot: Slot, id: NodeId) {
        let next = self.node(id).next;
        let before = self
            .level(self.first_of(slot))
            .find(|&before| self.node(before).next == Some(id));
        match before {
            Some(before) => {
                let before = self.node_mut(before);
                before.next = next;
                before.pinned |= next.is_none();
            }
            None => self.set_first_of(slot, next),
        }
        self.node_mut(id).above = None;
    }

    fn decides_nothing(&self, id: NodeId) -> bool {
        self.node(id).sides == [Branch::Fall; 2]
    }
}

impl Walk<'_> {
    /// Compares the level at `slot` with the chain from `position` on.
    fn level(&mut self, slot: Slot, position: Position, findings: &mut Findings) {
        let before = *findings;
        let mut here = before;
        // An equal run has been broken off: nothing below can be the same.
        if before.matched || !before.matched_once {
            self.compare_level(slot, position, before, &mut here);
        }
        if here.matched {
            findings.absorb(here);
        } else {
            findings.matched = false;
        }
    }

    /// Leaves `here.matched` set if the walk ends with a finding.
    fn compare_level(
        &mut self,
        slot: Slot,
        position: Position,
        before: Findings,
        here: &mut Findings,
    ) {
        let link = self.chain.link(position);
        let mut cursor = self.tree.first_of(slot);
        if cursor.is_none() {
            return;
        }
        let mut looked_behind_link = false;
        while let Some(id) = cursor {
            // Kept now: the node may go.
            cursor = self.tree.node(id).next;
            let done = if self.tree.node(id).test == link.test {
                self.equal(slot, id, position, before, here)
            } else if self.tree.node(id).rank < link.rank {
                before.chain_leads || self.below_tree(slot, id, position, before, here)
            } else if before.tree_leads {
                true
            } else if looked_behind_link {
                // What is there does not depend on the node, and nothing has
                // been removed yet.
                false
            } else {
                looked_behind_link = true;
                self.below_chain(slot, &link, before, here)
            };
            if done {
                return;
            }
        }
        here.matched = false;
    }

    /// Both have the test: goes on with both. True if the walk ends.
    fn equal(
        &mut self,
        slot: Slot,
        id: NodeId,
        position: Position,
        before: Findings,
        here: &mut Findings,
    ) -> bool {
        let link = self.chain.link(position);
        here.matched = true;
        here.matched_once = true;
        here.chain_ended |= link.ends_chain();
        here.tree_ended |= self.tree.is_leaf(id);
        // A side that the chain has nothing on must be kept.
        let keeps = Side::BOTH.into_iter().any(|side| {
            self.tree.side(id, side) != Branch::Fall && link.exits[side as usize] == Exit::Reject
        });
        if keeps {
            return true;
        }
        if here.chain_ended && here.tree_ended && !self.same_actions(id, &link) {
            return true;
        }
        for side in Side::BOTH {
            if let Exit::Link(next) = link.exits[side as usize] {
                let mut below = before;
                below.matched = true;
                below.matched_once = true;
                self.level(Slot::below(id, side), next, &mut below);
                if below.matched {
                    here.absorb(below);
                }
                if self.sweep(slot, id) {
                    return false;
                }
            }
        }
        // The C library looks at the whole level.
        let first = self.tree.first_of(slot);
        let level_acts = |first| self.tree.level_only_acts(first, self.action);
        if !here.matched || !first.is_none_or(level_acts) {
            return false;
        }
        // The C library also drops the tests around a match; what was kept
        // above would go with them.
        if link.ends_chain() && here.tree_leads {
            self.freed += self.tree.lighten(id);
            self.tree.unlink(slot, id);
            return self.tree.is_empty();
        }
        here.tree_ended && here.chain_leads
    }

    /// Looks for the chain below a test that it lacks. True if it was found.
    fn below_tree(
        &mut self,
        slot: Slot,
        id: NodeId,
        position: Position,
        before: Findings,
        here: &mut Findings,
    ) -> bool {
        for side in Side::BOTH {
            if let Branch::Level(_) = self.tree.side(id, side) {
                let mut below = before;
                below.matched = false;
                below.tree_leads = true;
                self.level(Slot::below(id, side), position, &mut below);
                let gone = self.sweep(slot, id);
                if below.matched {
                    here.absorb(below);
                    return true;
                }
                if gone {
                    return false;
                }
            }
        }
        false
    }

    /// Looks on this level for the chain behind its first test. True if it
    /// was found.
    fn below_chain(
        &mut self,
        slot: Slot,
        link: &Link,
        before: Findings,
        here: &mut Findings,
    ) -> bool {
        for side in Side::BOTH {
            if let Exit::Link(next) = link.exits[side as usize] {
                let mut below = before;
                below.matched = false;
                below.chain_leads = true;
                self.level(slot, next, &mut below);
                if below.matched {
                    here.absorb(below);
                    return true;
                }
            }
        }
        false
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
    fn sweep(&mut self, slot: Slot, id: NodeId) -> bool {
        if !self.tree.decides_nothing(id) {
            return false;
        }
        self.freed += self.tree.lighten(id);
        self.tree.unlink(slot, id);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RuleStore, Shape};
    use super::*;
    use crate::rule::WordSize::Bits64;
    use crate::rule::{Comparison, Operator};

    /// Rules on one of two arguments, with words that meet.
    fn rules() -> Vec<Comparison> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, MaskedEqual, NotEqual};
        let words = [0, 1, 2, u64::from(u32::MAX)];
        let data = words.map(|high| words.map(|low| high << 32 | low));
        let mask = MaskedEqual { mask: 3 << 32 | 1 };
        let operators = [
            Equal,
            Greater,
            GreaterOrEqual,
            Less,
            LessOrEqual,
            NotEqual,
            mask,
        ];
        let mut all = Vec::new();
        for operator in operators {
            for &datum in data.as_flattened() {
                all.extend(
                    [0, 0, 1].map(|argument| Comparison::new(argument, operator, datum).unwrap()),
                );
            }
        }
        all
    }

    /// What `Shape::may_prune` relies on.
    #[test]
    fn rules_on_one_argument_leave_nothing_to_prune() {
        let rules = rules();
        let mut draw = 1_usize;
        let mut refused = 0;
        for _ in 0..20_000 {
            let mut tree = Tree::default();
            let mut store = RuleStore::default();
            let mut list = None;
            let mut shape = Shape::default();
            for _ in 0..6 {
                draw = draw.wrapping_mul(6364136223846793005).wrapping_add(1);
                let rule = [rules[(draw >> 33) % rules.len()]];
                let action = match draw >> 20 & 3 {
                    0 => Action::errno(1).unwrap(),
                    _ => Action::Allow,
                };
                let chain = Chain::new(&rule, Bits64);
                let new = Shape::of(&rule, Bits64);
                assert!(!shape.may_prune(new));
                if tree.check(&chain, action).is_err() {
                    refused += 1;
                    continue;
                }
                shape = shape.and(new);
                store.reserve(1).unwrap();
                let list = match &mut list {
                    None => list.insert(store.start(&rule)),
                    Some(list) => {
                        let before = store.of(*list);
                        let mut pruned = tree.copy_for(&chain).unwrap();
                        let outcome = pruned.prune(&chain, action, before);
                        assert_eq!(outcome, Pruned::Needed, "{before:?}, {rule:?}");
                        assert_eq!(pruned.weight(), tree.weight());
                        let taken_off = |tree: &Tree| {
                            let nodes = tree.nodes.iter();
                            nodes.filter(|node| node.above.is_none()).count()
                        };
                        assert_eq!(taken_off(&pruned), taken_off(&tree));
                        store.append(list, &rule);
                        list
                    }
                };
                tree.reserve_for(&chain).unwrap();
                let before = store.of(*list).first(list.count() as u32 - 1);
                tree.insert(&chain, action, before);
            }
        }
        assert!(refused > 100);
    }
}

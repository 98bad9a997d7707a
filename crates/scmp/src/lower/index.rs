// SPDX-License-Identifier: LGPL-2.1-only
//! Finding a test on its level.

use std::hash::Hasher;

use super::chain::Rank;
use super::{Node, NodeId, Slot, Test, Tree};
use crate::error::Error;
use crate::hash::Mixer;

/// Trees with fewer nodes have no index; their levels are searched.
const FEWEST: usize = 32;

impl Tree {
    /// Sees to it that there is an index with room for `extra` more nodes,
    /// unless they are few.
    #[inline]
    pub(super) fn reserve_index(&mut self, extra: usize) -> Result<(), Error> {
        let nodes = self.nodes.len() + extra;
        match nodes < FEWEST || nodes <= self.index.room() {
            true => Ok(()),
            false => self.make_index(nodes),
        }
    }

    #[cold]
    fn make_index(&mut self, room: usize) -> Result<(), Error> {
        self.index.make_room(room)?;
        for (position, node) in (0..).zip(&self.nodes) {
            if let Some(above) = node.above {
                self.index.insert(hash(above, &node.test), position);
            }
        }
        Ok(())
    }

    /// The hash of a test on the level at `slot`; of no use without an index.
    #[inline]
    pub(super) fn hash(&self, slot: Slot, test: &Test) -> u64 {
        match self.index.room() {
            0 => 0,
            _ => hash(slot, test),
        }
    }

    /// The node on the level at `slot` that a link is to become one with, whose
    /// test has this hash.
    ///
    /// `>` and `<=` share a test, `>=` and `<` too, but not a rank, so a level
    /// may have a test twice. The link's turn comes at its rank: as in the C
    /// library it takes a node that stands before, or the very next one.
    pub(super) fn find(&self, slot: Slot, test: Test, rank: Rank, hash: u64) -> Option<NodeId> {
        let mut found: Option<NodeId> = None;
        let mut consider = |id: NodeId| {
            if found.is_none_or(|known| self.order(id) < self.order(known)) {
                found = Some(id);
            }
        };
        match self.index.room() {
            0 => {
                for id in self.level(self.first_of(slot)) {
                    if self.node(id).test == test {
                        consider(id);
                    }
                }
            }
            _ => {
                // All that have the hash, whichever comes first.
                let is = |node: &Node| node.test == test && node.above == Some(slot);
                self.index.find(hash, |position| {
                    let id = NodeId::at(position as usize);
                    if is(self.node(id)) {
                        consider(id);
                    }
                    false
                });
            }
        }
        let id = found?;
        let behind = self.order(id);
        let is_next = || {
            let mut level = self.level(self.first_of(slot));
            level.all(|other| self.node(other).rank >= rank || self.order(other) >= behind)
        };
        (self.node(id).rank >= rank || is_next()).then_some(id)
    }

    /// Lets the tree find a node that is new on its level.
    #[inline]
    pub(super) fn index(&mut self, id: NodeId, hash: u64) {
        if self.index.room() > 0 {
            self.index.insert(hash, id.place() as u32);
        }
    }
}

fn hash(slot: Slot, test: &Test) -> u64 {
    let [what, mask, datum] = test.parts();
    let mut mixer = Mixer::default();
    mixer.write_u64(u64::from(slot.0.get()) << 32 | u64::from(what));
    mixer.write_u64(u64::from(mask) << 32 | u64::from(datum));
    mixer.finish()
}

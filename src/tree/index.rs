// SPDX-License-Identifier: LGPL-2.1-only
//! Finding a test on its level.

use std::hash::Hasher;

use super::chain::Link;
use super::{Node, NodeId, Slot, Test, Tree};
use crate::error::Error;
use crate::hash::{HashIndex, Mixer};

/// Trees with fewer nodes have no index; their levels are searched.
const FEWEST: usize = 32;

impl Tree {
    /// Makes an index that has room for as many nodes as the tree has, if
    /// there is none.
    pub(super) fn reserve_index(&mut self) -> Result<(), Error> {
        let room = self.nodes.capacity();
        if room < FEWEST || room <= self.index.room() {
            return Ok(());
        }
        let mut index = HashIndex::with_room(room)?;
        for (position, node) in (0..).zip(&self.nodes) {
            if let Some(above) = node.above {
                index.insert(hash(above, &node.test), position);
            }
        }
        self.index = index;
        Ok(())
    }

    /// The node on the level at `slot` that a link's test is to become one
    /// with.
    ///
    /// `>` and `<=` share a test, `>=` and `<` too, but not a rank, so a level
    /// may have a test twice. The link's turn comes at its rank: as in the C
    /// library it takes a node that stands before, or the very next one.
    pub(super) fn find(&self, slot: Slot, link: &Link) -> Option<NodeId> {
        let is = |node: &Node| node.above == Some(slot) && node.test == link.test;
        let mut found: Option<NodeId> = None;
        let mut consider = |id: NodeId| {
            if is(self.node(id)) && found.is_none_or(|known| self.order(id) < self.order(known)) {
                found = Some(id);
            }
        };
        match self.index.room() {
            0 => self.level(self.first_of(slot)).for_each(consider),
            _ => {
                // All that have the hash, whichever comes first.
                self.index.find(hash(slot, &link.test), |position| {
                    consider(NodeId(position));
                    false
                });
            }
        }
        let id = found?;
        let behind = self.order(id);
        let is_next = || {
            let mut level = self.level(self.first_of(slot));
            level.all(|other| self.node(other).rank >= link.rank || self.order(other) >= behind)
        };
        (self.node(id).rank >= link.rank || is_next()).then_some(id)
    }

    /// Lets the tree find a node that is new on its level.
    pub(super) fn index(&mut self, id: NodeId) {
        let Node { above, test, .. } = *self.node(id);
        if let (Some(above), 1..) = (above, self.index.room()) {
            self.index.insert(hash(above, &test), id.0);
        }
    }
}

fn hash(slot: Slot, test: &Test) -> u64 {
    let mut mixer = Mixer::default();
    mixer.write_u64(match slot {
        Slot::Root => 0,
        Slot::Below(id, side) => 1 + 2 * u64::from(id.0) + side as u64,
    });
    let relation = u64::from(test.argument) << 3 | u64::from(test.high) << 2;
    mixer.write_u64(relation | test.relation as u64);
    mixer.write_u32(test.mask);
    mixer.write_u32(test.datum);
    mixer.finish()
}

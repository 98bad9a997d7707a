// SPDX-License-Identifier: LGPL-2.1-only
//! Finding a test on its level.

use std::hash::Hasher;

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

    /// The node on the level at `slot` that has this test.
    pub(super) fn find(&self, slot: Slot, test: &Test) -> Option<NodeId> {
        if self.index.room() == 0 {
            let mut level = self.level(self.first_of(slot));
            return level.find(|&id| self.node(id).test == *test);
        }
        let is = |node: &Node| node.above == Some(slot) && node.test == *test;
        let found = (self.index).find(hash(slot, test), |position| {
            is(&self.nodes[position as usize])
        });
        found.map(NodeId)
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
    mixer.write_u64(u64::from(test.mask) << 32 | u64::from(test.datum));
    mixer.finish()
}

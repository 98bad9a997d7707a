// SPDX-License-Identifier: LGPL-2.1-only
//! Hashing without a system call.

use std::{iter, mem};

use crate::error::Error;
use crate::fallible;

/// Finds elements of a vector, which the caller keeps, by their hash.
#[derive(Debug, Default)]
pub(crate) struct HashIndex {
    /// Open addressing with linear probing: positions plus one, in the cell that the hash
    /// says or a later one; 0 where there is none. At most half full.
    cells: Vec<u32>,
}

impl HashIndex {
    /// An empty index with room for `count` elements.
    pub(crate) fn with_room(count: usize) -> Result<HashIndex, Error> {
        let mut index = HashIndex::default();
        index.make_room(count)?;
        Ok(index)
    }

    /// Makes the index an empty one with room for `count` elements.
    pub(crate) fn make_room(&mut self, count: usize) -> Result<(), Error> {
        let size = (2 * count).max(2).next_power_of_two();
        self.cells.clear();
        fallible::reserve(&mut self.cells, size)?;
        self.cells.resize(size, 0);
        Ok(())
    }

    /// How many elements there is room for.
    pub(crate) fn room(&self) -> usize {
        self.cells.len() / 2
    }

    /// The position of an element with this hash that `is` the wanted one.
    pub(crate) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let last = self.cells.len().checked_sub(1)?;
        let mut cell = hash as usize & last;
        loop {
            let position = self.cells[cell].checked_sub(1)?;
            if is(position) {
                return Some(position);
            }
            cell = (cell + 1) & last;
        }
    }

    /// The position of an element with this hash that `is` the wanted one; if there is none,
    /// `new`, which is inserted. There is room.
    #[inline]
    pub(crate) fn find_or_insert(
        &mut self,
        hash: u64,
        mut is: impl FnMut(u32) -> bool,
        new: u32,
    ) -> u32 {
        let last = self.cells.len() - 1;
        let mut cell = hash as usize & last;
        while let Some(position) = self.cells[cell].checked_sub(1) {
            if is(position) {
                return position;
            }
            cell = (cell + 1) & last;
        }
        self.cells[cell] = new + 1;
        new
    }

    /// Adds an element that is not there; there is room.
    pub(crate) fn insert(&mut self, hash: u64, position: u32) {
        self.find_or_insert(hash, |_| false, position);
    }
}

/// A multimap from hashes to entries: a hash table with separate chaining.
#[derive(Debug)]
pub(crate) struct HashMultimap<T> {
    nodes: Vec<Node<T>>,
    /// One more than the position of the newest entry of each cell, or 0. Its length is 0 or a
    /// power of two.
    cells: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node<T> {
    hash: u64,
    /// The next older entry of the cell, as in `cells`; [`REMOVED`] in one that has left.
    next: u32,
    entry: T,
}

const REMOVED: u32 = u32::MAX;

fn cell(cells: &[u32], hash: u64) -> usize {
    hash as usize & cells.len().wrapping_sub(1)
}

impl<T> Default for HashMultimap<T> {
    fn default() -> Self {
        HashMultimap {
            nodes: Vec::new(),
            cells: Vec::new(),
        }
    }
}

impl<T: Copy> HashMultimap<T> {
    pub(crate) fn copy(&self) -> Result<Self, Error> {
        Ok(HashMultimap {
            nodes: fallible::copy_of(&self.nodes)?,
            cells: fallible::copy_of(&self.cells)?,
        })
    }

    /// How many entries were added.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// The entry that was added last.
    pub(crate) fn last(&self) -> Option<T> {
        self.nodes.last().map(|node| node.entry)
    }

    /// Makes room for `extra` more entries.
    pub(crate) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.nodes, extra)?;
        if self.cells.len() < self.nodes.len() + extra {
            self.cells = fallible::filled(self.nodes.capacity().next_power_of_two(), 0)?;
            for position in 0..self.nodes.len() {
                if self.nodes[position].next != REMOVED {
                    self.link(position);
                }
            }
        }
        Ok(())
    }

    /// Adds an entry; there is room for it.
    pub(crate) fn push(&mut self, hash: u64, entry: T) {
        let next = 0;
        self.nodes.push(Node { hash, next, entry });
        self.link(self.nodes.len() - 1);
    }

    fn link(&mut self, position: usize) {
        let node = &mut self.nodes[position];
        let cell = cell(&self.cells, node.hash);
        node.next = mem::replace(&mut self.cells[cell], position as u32 + 1);
    }

    /// The entries with a hash.
    pub(crate) fn with(&self, hash: u64) -> impl Iterator<Item = T> + '_ {
        let at = |next: u32| self.nodes.get(next.checked_sub(1)? as usize);
        let newest = self.cells.get(cell(&self.cells, hash));
        let all = iter::successors(newest.and_then(|&next| at(next)), move |node| at(node.next));
        all.filter(move |node| node.hash == hash)
            .map(|node| node.entry)
    }

    /// Removes the entries with a hash for which `keeps` says no.
    pub(crate) fn retain(
        &mut self,
        hash: u64,
        mut keeps: impl FnMut(T) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let cell = cell(&self.cells, hash);
        let mut next = self.cells.get(cell).copied().unwrap_or_default();
        let mut newer = None;
        while let Some(position) = next.checked_sub(1) {
            let node = &mut self.nodes[position as usize];
            next = node.next;
            if node.hash != hash || keeps(node.entry)? {
                newer = Some(position);
                continue;
            }
            node.next = REMOVED;
            match newer {
                Some(newer) => self.nodes[newer as usize].next = next,
                None => self.cells[cell] = next,
            }
        }
        Ok(())
    }
}

/// The multiplication of wyhash (Wang Yi, 2019), with one of its constants: both halves of
/// the product count. The standard hash draws its keys by `getrandom`, which a filter that is
/// already loaded may forbid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mixer(u64);

impl Default for Mixer {
    /// Starts with an address, which the kernel randomizes for each process, so that rules with
    /// equal hashes can't be precomputed. Programs at a fixed place in memory have no such
    /// protection (`randomize_va_space` in proc_sys_kernel(5)).
    fn default() -> Mixer {
        static HERE: u8 = 0;
        Mixer((&raw const HERE).addr() as u64)
    }
}

impl Mixer {
    pub(crate) fn mix(&mut self, value: impl Into<u64>) {
        let product = u128::from(self.0 ^ value.into()) * 0x8bb8_4b93_962e_acc9;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    /// The hash of what was mixed in.
    pub(crate) fn hash(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn elements_are_found_whatever_their_hash() {
        for spread in [0, 1, 7, u64::MAX / 3] {
            let mut index = HashIndex::with_room(9).unwrap();
            for position in 0..9 {
                index.insert(u64::from(position).wrapping_mul(spread), position);
            }
            for position in 0..9 {
                let hash = u64::from(position).wrapping_mul(spread);
                assert_eq!(index.find(hash, |found| found == position), Some(position));
                assert_eq!(index.find(hash, |_| false), None);
                assert_eq!(index.find_or_insert(hash, |at| at == position, 9), position);
            }
        }
        assert_eq!(HashIndex::default().find(1, |_| true), None);
    }

    #[test]
    fn hashes_spread_whoever_chose_the_values() {
        let place = |start: u64, value: u64| {
            let mut mixer = Mixer(start);
            mixer.mix(value);
            mixer.hash() % 2048
        };
        let Mixer(start) = Mixer::default();
        let spreads = |values: &mut dyn Iterator<Item = u64>| {
            let places = values.take(1000).map(|value| place(start, value));
            let count = places.collect::<HashSet<_>>().len();
            assert!(count > 500, "{count} of 2048 places for 1000 values");
        };
        for shift in 0..=54 {
            spreads(&mut (0..).map(|value| value << shift));
        }
        // Made up for a hash whose start is known.
        spreads(&mut (0..).filter(|&value| place(0, value) == 0));
    }

    /// Regression: after the index had grown, `with` did not end.
    #[test]
    fn a_multimap_that_grows_finds_what_is_left() {
        let hashes = [0_u64, 5, 5, 1 << 40, 0, 5];
        let mut map = HashMultimap::default();
        let mut kept = Vec::new();
        for round in 0..40 {
            map.reserve(hashes.len()).unwrap();
            for (at, hash) in hashes.into_iter().enumerate() {
                let entry = round * 10 + at;
                map.push(hash, entry);
                kept.push((hash, entry));
            }
            assert_eq!(map.last(), Some(round * 10 + 5));
            let keeps = |entry: usize| entry % 7 != round % 7;
            map.retain(5, |entry| Ok(keeps(entry))).unwrap();
            kept.retain(|&(hash, entry)| hash != 5 || keeps(entry));
            for map in [&map, &map.copy().unwrap()] {
                for hash in [0, 5, 1 << 40, 6] {
                    let mut found: Vec<_> = map.with(hash).take(999).collect();
                    found.sort_unstable();
                    let all = kept.iter().filter(|(of, _)| *of == hash);
                    let wanted: Vec<_> = all.map(|(_, entry)| *entry).collect();
                    assert_eq!(found, wanted, "{hash} in round {round}");
                }
            }
        }
        assert_eq!(map.count(), 40 * hashes.len());
        assert!(kept.len() < map.count() && kept.iter().any(|(hash, _)| *hash == 5));
    }
}

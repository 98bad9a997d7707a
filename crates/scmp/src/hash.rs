// SPDX-License-Identifier: LGPL-2.1-only
//! Hashing without a system call.

use std::hash::Hasher;

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
        let last = self.cells.len() - 1;
        let mut cell = hash as usize & last;
        while self.cells[cell] != 0 {
            cell = (cell + 1) & last;
        }
        self.cells[cell] = position + 1;
    }
}

/// A multimap from hashes to entries. `firsts` finds the first entry of a hash; the others are
/// a linked list behind it, the newest in front.
#[derive(Debug)]
pub(crate) struct HashMultimap<T> {
    nodes: Vec<Node<T>>,
    firsts: HashIndex,
}

#[derive(Clone, Copy, Debug)]
struct Node<T> {
    hash: u64,
    /// One more than the position of the next entry with this hash, or 0.
    next: u32,
    is_removed: bool,
    entry: T,
}

impl<T> Default for HashMultimap<T> {
    fn default() -> Self {
        HashMultimap {
            nodes: Vec::new(),
            firsts: HashIndex::default(),
        }
    }
}

impl<T: Copy> HashMultimap<T> {
    pub(crate) fn copy(&self) -> Result<Self, Error> {
        if self.nodes.is_empty() {
            return Ok(HashMultimap::default());
        }
        let mut copy = HashMultimap {
            nodes: fallible::copy_of(&self.nodes, 0)?,
            firsts: HashIndex::default(),
        };
        copy.make_index(self.firsts.room())?;
        Ok(copy)
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
        match self.firsts.room() < self.nodes.len() + extra {
            true => self.make_index(self.nodes.capacity()),
            false => Ok(()),
        }
    }

    fn make_index(&mut self, room: usize) -> Result<(), Error> {
        self.firsts = HashIndex::with_room(room)?;
        for position in 0..self.nodes.len() as u32 {
            if !self.node(position).is_removed {
                self.chain(position);
            }
        }
        Ok(())
    }

    /// Adds an entry; there is room for it.
    pub(crate) fn push(&mut self, hash: u64, entry: T) {
        let position = self.nodes.len() as u32;
        self.nodes.push(Node {
            hash,
            next: 0,
            is_removed: false,
            entry,
        });
        self.chain(position);
    }

    /// Puts an entry behind the first one with its hash.
    fn chain(&mut self, position: u32) {
        let hash = self.node(position).hash;
        let nodes = &self.nodes;
        // Indexing would be one more place that can panic, and a relocation.
        let has_hash = |node: &Node<T>| node.hash == hash;
        let is = |other: u32| nodes.get(other as usize).is_some_and(has_hash);
        let first = self.firsts.find_or_insert(hash, is, position);
        // What an entry had behind it before the index was made anew no longer counts.
        let behind = match first == position {
            true => 0,
            false => std::mem::replace(&mut self.node_mut(first).next, position + 1),
        };
        self.node_mut(position).next = behind;
    }

    fn node(&self, position: u32) -> &Node<T> {
        &self.nodes[position as usize]
    }

    fn node_mut(&mut self, position: u32) -> &mut Node<T> {
        &mut self.nodes[position as usize]
    }

    fn first(&self, hash: u64) -> Option<u32> {
        let is = |position: u32| self.node(position).hash == hash;
        self.firsts.find(hash, is)
    }

    /// The entries with a hash.
    pub(crate) fn with(&self, hash: u64) -> impl Iterator<Item = T> + '_ {
        let at = |position: u32| self.node(position);
        let all = std::iter::successors(self.first(hash).map(at), move |last| {
            last.next.checked_sub(1).map(at)
        });
        all.filter(|node| !node.is_removed).map(|node| node.entry)
    }

    /// Removes the entries with a hash for which `keeps` says no.
    pub(crate) fn retain(
        &mut self,
        hash: u64,
        mut keeps: impl FnMut(T) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let mut next = self.first(hash);
        let mut last = None;
        while let Some(position) = next {
            let node = *self.node(position);
            next = node.next.checked_sub(1);
            let is_kept = !node.is_removed && keeps(node.entry)?;
            self.node_mut(position).is_removed = !is_kept;
            match last {
                Some(last) if !is_kept => self.node_mut(last).next = node.next,
                // The first one stays, because the index refers to it.
                _ => last = Some(position),
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
    /// Starts with an address, so that nobody can write rules whose hashes are equal: the
    /// kernel draws it for each process, but for programs that have a fixed place in memory
    /// (`randomize_va_space` in proc_sys_kernel(5)).
    fn default() -> Mixer {
        static HERE: u8 = 0;
        Mixer((&raw const HERE).addr() as u64)
    }
}

impl Mixer {
    fn mix(&mut self, value: u64) {
        let product = u128::from(self.0 ^ value) * 0x8bb8_4b93_962e_acc9;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.mix(u64::from(byte));
        }
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.mix(value as u64);
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
            mixer.write_u64(value);
            mixer.finish() % 2048
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

// SPDX-License-Identifier: LGPL-2.1-only
//! Hashing without a system call.

use std::hash::Hasher;

use crate::error::Error;
use crate::fallible;

/// Finds elements of a vector, which the caller keeps, by their hash.
#[derive(Debug, Default)]
pub(crate) struct HashIndex {
    /// Open addressing with linear probing: positions plus one, at or behind the place that
    /// the hash says; 0 where there is none. At most half full.
    places: Vec<u32>,
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
        self.places.clear();
        fallible::reserve(&mut self.places, size)?;
        self.places.resize(size, 0);
        Ok(())
    }

    /// How many elements there is room for.
    pub(crate) fn room(&self) -> usize {
        self.places.len() / 2
    }

    /// The position of an element with this hash that `is` the wanted one.
    pub(crate) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let last = self.places.len().checked_sub(1)?;
        let mut place = hash as usize & last;
        loop {
            let position = self.places[place].checked_sub(1)?;
            if is(position) {
                return Some(position);
            }
            place = (place + 1) & last;
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
        let last = self.places.len() - 1;
        let mut place = hash as usize & last;
        while let Some(position) = self.places[place].checked_sub(1) {
            if is(position) {
                return position;
            }
            place = (place + 1) & last;
        }
        self.places[place] = new + 1;
        new
    }

    /// Adds an element that is not there; there is room.
    pub(crate) fn insert(&mut self, hash: u64, position: u32) {
        let last = self.places.len() - 1;
        let mut place = hash as usize & last;
        while self.places[place] != 0 {
            place = (place + 1) & last;
        }
        self.places[place] = position + 1;
    }
}

/// A multiplicative hash. The standard one draws its keys by `getrandom`,
/// which a filter that is already loaded may forbid.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
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
}

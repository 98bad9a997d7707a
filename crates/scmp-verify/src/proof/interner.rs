// SPDX-License-Identifier: LGPL-2.1-only
//! A list in which each item is once.

use std::collections::HashMap;
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

use super::TooComplex;

/// Items that are named by their place, at most so many.
pub(super) struct Interner<T> {
    items: Vec<T>,
    places: HashMap<T, u32, FxBuildHasher>,
    limit: usize,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    pub(super) fn new(limit: usize) -> Interner<T> {
        Interner::with([], limit)
    }

    /// Starts with these items, which must differ.
    pub(super) fn with<const N: usize>(items: [T; N], limit: usize) -> Interner<T> {
        Interner {
            items: items.to_vec(),
            places: items.into_iter().zip(0..).collect(),
            limit: limit.min(u32::MAX as usize),
        }
    }

    /// The item's place, and whether the item is new. An error if there is no room for it.
    pub(super) fn place(&mut self, item: T) -> Result<(u32, bool), TooComplex> {
        if let Some(&place) = self.places.get(&item) {
            return Ok((place, false));
        }
        if self.items.len() >= self.limit {
            return Err(TooComplex);
        }
        self.items.try_reserve(1).map_err(|_| TooComplex)?;
        self.places.try_reserve(1).map_err(|_| TooComplex)?;
        let place = self.items.len() as u32;
        self.items.push(item);
        self.places.insert(item, place);
        Ok((place, true))
    }

    pub(super) fn item(&self, place: u32) -> T {
        self.items[place as usize]
    }
}

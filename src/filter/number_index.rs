// SPDX-License-Identifier: LGPL-2.1-only
//! Positions by system call number.
//!
//! Numbers of one architecture come in few dense runs (0 to 550, 4000 to 4550,
//! pseudo numbers from -10001 down), so they are kept by pages of 64: finding
//! one is a short search and an access, and all are at hand in their order.

use crate::error::Error;
use crate::fallible;

const PAGE: u32 = 64;

#[derive(Clone, Copy, Debug)]
struct Page {
    /// Bit n: the number n above the page's first has a position.
    taken: u64,
    positions: [u32; PAGE as usize],
}

/// Where a page of numbers is kept.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The page's first number, divided by `PAGE`.
    run: u32,
    page: u32,
}

/// A map from numbers to positions.
#[derive(Debug, Default)]
pub(super) struct NumberIndex {
    /// Sorted by `run`.
    places: Vec<Place>,
    pages: Vec<Page>,
}

impl NumberIndex {
    pub(super) fn copy(&self) -> Result<NumberIndex, Error> {
        Ok(NumberIndex {
            places: fallible::copy_of(&self.places, 0)?,
            pages: fallible::copy_of(&self.pages, 0)?,
        })
    }

    /// Makes room for `extra` more numbers.
    pub(super) fn reserve(&mut self, extra: usize) -> Result<(), Error> {
        fallible::reserve(&mut self.places, extra)?;
        fallible::reserve(&mut self.pages, extra)
    }

    fn place(&self, run: u32) -> Result<usize, usize> {
        // Pages mostly follow upon each other, so this guess is often right.
        let first = self.places.first().map_or(0, |place| place.run);
        let guess = run.wrapping_sub(first) as usize;
        if self.places.get(guess).is_some_and(|place| place.run == run) {
            return Ok(guess);
        }
        self.places.binary_search_by_key(&run, |place| place.run)
    }

    pub(super) fn get(&self, number: u32) -> Option<u32> {
        let at = self.place(number / PAGE).ok()?;
        let page = &self.pages[self.places[at].page as usize];
        let offset = number % PAGE;
        (page.taken >> offset & 1 != 0).then_some(page.positions[offset as usize])
    }

    /// A number's position, which is `position` if it had none; room has been
    /// made.
    pub(super) fn get_or_set(&mut self, number: u32, position: u32) -> u32 {
        let run = number / PAGE;
        let page = match self.place(run) {
            Ok(at) => self.places[at].page,
            Err(at) => self.add_page(at, run),
        };
        let page = &mut self.pages[page as usize];
        let offset = number % PAGE;
        let known = &mut page.positions[offset as usize];
        if page.taken >> offset & 1 == 0 {
            page.taken |= 1 << offset;
            *known = position;
        }
        *known
    }

    #[cold]
    fn add_page(&mut self, at: usize, run: u32) -> u32 {
        let page = self.pages.len() as u32;
        self.pages.push(Page {
            taken: 0,
            positions: [0; PAGE as usize],
        });
        self.places.insert(at, Place { run, page });
        page
    }

    /// All positions, by rising number.
    pub(super) fn positions(&self) -> impl Iterator<Item = u32> + '_ {
        self.places.iter().flat_map(|place| {
            let page = &self.pages[place.page as usize];
            let mut left = page.taken;
            std::iter::from_fn(move || {
                let position = page.positions.get(left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(*position)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_and_stand_in_order() {
        let numbers = [
            5,
            4003,
            0,
            63,
            64,
            0x4000_0000,
            (-10001_i32) as u32,
            u32::MAX,
            62,
        ];
        let mut index = NumberIndex::default();
        for (position, &number) in (0..).zip(&numbers) {
            assert_eq!(index.get(number), None);
            index.reserve(1).unwrap();
            assert_eq!(index.get_or_set(number, position), position);
        }
        for (position, &number) in (0..).zip(&numbers) {
            assert_eq!(index.get(number), Some(position));
            assert_eq!(index.get_or_set(number, 99), position);
            assert_eq!(index.get(number ^ 1 << 20), None);
        }
        let mut sorted = numbers;
        sorted.sort_unstable();
        let found = index.positions().map(|position| numbers[position as usize]);
        assert!(found.eq(sorted));
        assert!(index.copy().unwrap().positions().eq(index.positions()));
    }
}

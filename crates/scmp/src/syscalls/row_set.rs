// SPDX-License-Identifier: LGPL-2.1-only
//! Sets of system call names.

use super::{Abi, Row, count, private_by_number, table};

/// A set of small numbers.
#[derive(Clone, Copy, Debug)]
struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    const NONE: Self = Bits([0; WORDS]);

    /// Adds a number, unless it is too large.
    fn add(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Visits each, rising.
    fn each(&self, mut visit: impl FnMut(usize)) {
        for (place, &word) in self.0.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                visit(64 * place + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }
}

/// A set of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowSet(Bits<{ count().div_ceil(64) }>);

impl Default for RowSet {
    fn default() -> Self {
        RowSet(Bits::NONE)
    }
}

impl RowSet {
    /// All rows.
    pub(crate) fn all() -> RowSet {
        let mut all = RowSet::default();
        super::rows().for_each(|row| all.add(row));
        all
    }

    pub(crate) fn add(&mut self, row: Row) {
        self.0.add(row.index());
    }

    pub(crate) fn has(&self, row: Row) -> bool {
        let Bits(words) = &self.0;
        let word = words.get(row.index() / 64);
        word.is_some_and(|word| word >> (row.index() % 64) & 1 != 0)
    }

    /// Those that `others` lacks.
    pub(crate) fn without(&self, others: &RowSet) -> RowSet {
        let (RowSet(Bits(own)), RowSet(Bits(others))) = (self, others);
        RowSet(Bits(std::array::from_fn(|place| {
            own[place] & !others[place]
        })))
    }

    /// Visits those that have a number on this ABI, by rising number.
    pub(crate) fn by_number(&self, abi: Abi, mut visit: impl FnMut(u32, Row)) {
        let mut numbers = Bits::<{ table::MAX_NUMBERS.div_ceil(64) }>::NONE;
        let number_of = &table::NUMBERS[abi as usize];
        self.0.each(|row| {
            // Private calls, and the mark of a missing number, are too large.
            if let Some(&number) = number_of.get(row) {
                numbers.add(number.into());
            }
        });
        let start = usize::from(table::BY_NUMBER_STARTS[abi as usize]);
        let rows = &table::BY_NUMBER[start..];
        numbers.each(|number| {
            if let Some(&row) = rows.get(number) {
                visit(number as u32, Row(row));
            }
        });
        for (number, row) in private_by_number(abi) {
            if self.has(row) {
                visit(number, row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{number, rows};
    use super::*;

    #[test]
    fn rows_come_by_number() {
        let mut odd = RowSet::default();
        for row in rows().filter(|row| row.index() % 2 == 1) {
            odd.add(row);
        }
        for &abi in Abi::ALL {
            let mut seen = Vec::new();
            odd.by_number(abi, |at, row| {
                assert_eq!(number(row, abi), Some(at));
                seen.push(at);
            });
            let mut all: Vec<_> = rows()
                .filter(|&row| odd.has(row))
                .filter_map(|row| number(row, abi))
                .collect();
            all.sort_unstable();
            assert_eq!(seen, all, "{}", abi.name());
        }
    }

    #[test]
    fn a_set_without_another_has_the_rest() {
        let (all, mut some) = (RowSet::all(), RowSet::default());
        rows().skip(70).for_each(|row| some.add(row));
        let rest = all.without(&some);
        assert!(rows().all(|row| rest.has(row) == (row.index() < 70)));
    }
}

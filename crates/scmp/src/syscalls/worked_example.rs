// SPDX-License-Identifier: LGPL-2.1-only
//! The name look-ups that docs/compiler.md shows: see `filter::worked_example`.

use super::{Abi, existing, name_hash, number, row_by_name, table};

/// The stages of a look-up by name.
pub(crate) fn look_up(wanted: &str) -> String {
    let hash = name_hash::hash(wanted.as_bytes());
    let bucket = name_hash::bucket(hash);
    let multiplier = table::NAME_MULTIPLIERS[bucket];
    let slot = name_hash::slot(hash, multiplier);
    assert_eq!(
        existing(table::NAME_SLOTS[slot]),
        row_by_name(wanted.as_bytes())
    );
    let found = row_by_name(wanted.as_bytes()).map_or("empty".to_string(), |row| {
        let numbers = [Abi::X8664, Abi::X86].map(|abi| number(row, abi).unwrap());
        format!("row {}, numbers {numbers:?}", row.index())
    });
    format!(
        "{wanted:<8} hash {hash:016x}  bucket {bucket:>3}  multiplier {multiplier:>2}  slot {slot}: {found}\n"
    )
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Where a name stands in the table of names. `build.rs`, which lays the table
//! out, includes this file too.

/// Slots of the table; a power of two, and four times the names, so that most
/// names stand in the slot that they hash to.
pub(crate) const SLOTS: usize = 2048;

/// A place of an index without a row.
pub(crate) const EMPTY: u16 = u16::MAX;

/// The slot at which the search for a name starts.
pub(crate) fn first_slot(name: &[u8]) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(29) ^ word).wrapping_mul(FACTOR);
    // Eight bytes at a time; the last word overlaps the one before it.
    let mut hash = name.len() as u64;
    if let Some(last) = name.last_chunk::<8>() {
        for chunk in name[..name.len() - 1].chunks_exact(8) {
            let word = chunk
                .iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte));
            hash = mix(hash, word);
        }
        hash = mix(hash, u64::from_le_bytes(*last));
    } else {
        hash = mix(
            hash,
            name.iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        );
    }
    (hash >> 53) as usize % SLOTS
}

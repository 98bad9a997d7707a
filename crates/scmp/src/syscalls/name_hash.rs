// SPDX-License-Identifier: LGPL-2.1-only
//! Where a name stands in the table of names. `build.rs`, which lays the table
//! out, includes this file too.
//!
//! The hash is a perfect one: names fall into buckets, and `build.rs` finds for
//! each bucket a step with which its names reach slots of their own. So one slot
//! is looked at, whether the name is there or not.

/// Slots of the table; twice the names, so that steps are soon found.
// Rust 1.85 does not see that an assertion uses it; likewise below.
#[allow(dead_code)]
pub(crate) const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

/// Buckets of four names or so.
#[allow(dead_code)]
pub(crate) const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 7;

/// A place of an index without a row.
pub(crate) const EMPTY: u16 = u16::MAX;

/// Names are shorter, and the text of all names goes on for so many bytes
/// behind the last one.
pub(crate) const ROOM: usize = 32;

/// The bucket of a hash.
pub(crate) fn bucket(hash: u64) -> usize {
    (hash >> (64 - BUCKET_BITS)) as usize
}

/// The slot of a hash, with the step of its bucket, an odd number.
pub(crate) fn slot(hash: u64, step: u8) -> usize {
    (hash.wrapping_mul(step.into()) >> (64 - SLOT_BITS)) as usize
}

/// The hash of a name.
pub(crate) fn hash(name: &[u8]) -> u64 {
    let (first, last) = ends(name);
    let hash = mix(first, last ^ name.len() as u64);
    match middle(name) {
        Some((third, fourth)) => mix(hash, third ^ fourth.rotate_left(32)),
        None => hash,
    }
}

fn mix(one: u64, other: u64) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (one.wrapping_mul(FACTOR).rotate_left(32) ^ other).wrapping_mul(FACTOR)
}

/// The first and the last bytes, which are all of them if there are no more
/// than 16. Each length has its own way, in which they overlap if need be.
#[inline]
pub(crate) fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        let word = |bytes| u64::from(u32::from_le_bytes(bytes));
        (word(*first), word(*last))
    } else {
        let byte = |at: usize| name.get(at).map_or(0, |&byte| u64::from(byte));
        (byte(0) | byte(1) << 8, byte(2))
    }
}

/// What the ends leave of a name of 17 to 32 bytes.
#[inline]
pub(crate) fn middle(name: &[u8]) -> Option<(u64, u64)> {
    if name.len() <= 16 {
        return None;
    }
    let (first, last) = (name.first_chunk::<16>()?, name.last_chunk::<16>()?);
    let (third, fourth) = (first.last_chunk()?, last.first_chunk()?);
    Some((u64::from_le_bytes(*third), u64::from_le_bytes(*fourth)))
}

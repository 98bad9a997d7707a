// SPDX-License-Identifier: LGPL-2.1-only
//! The perfect hash of system call names. `build.rs`, which makes the tables, includes
//! this file too.
//!
//! The method is hash-and-displace (Pagh, "Hash and displace", 1999) with a hash function
//! for each bucket, as in CHD (Belazzougui, Botelho and Dietzfelbinger, 2009): names fall
//! into buckets, and `build.rs` finds for each bucket a multiplier with which all its names
//! get slots of their own. A look-up reads one slot, whether the name exists or not.

/// Slots of the table: twice as many as names, so that multipliers are found fast.
// Rust 1.85 does not see that an assertion uses it; likewise below.
#[allow(dead_code)]
pub(crate) const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

/// Buckets; each has about four names.
#[allow(dead_code)]
pub(crate) const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 7;

/// Marks an element of an index that has no row.
pub(crate) const EMPTY: u16 = u16::MAX;

/// The size of a row of `NAMES`: a name, then zeros, at least one.
pub(crate) const NAME_SIZE: usize = 32;

/// The bucket of a hash.
pub(crate) fn bucket(hash: u64) -> usize {
    (hash >> (64 - BUCKET_BITS)) as usize
}

/// The slot of a hash, with the multiplier of its bucket, an odd number.
pub(crate) fn slot(hash: u64, multiplier: u8) -> usize {
    (hash.wrapping_mul(multiplier.into()) >> (64 - SLOT_BITS)) as usize
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

/// The first and the last bytes of a name: all of its bytes if there are no more than 16.
/// The two overlap if the name is short.
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

/// The bytes between the ends of a name of 17 to 32 bytes.
#[inline]
pub(crate) fn middle(name: &[u8]) -> Option<(u64, u64)> {
    if name.len() <= 16 {
        return None;
    }
    let (first, last) = (name.first_chunk::<16>()?, name.last_chunk::<16>()?);
    let (third, fourth) = (first.last_chunk()?, last.first_chunk()?);
    Some((u64::from_le_bytes(*third), u64::from_le_bytes(*fourth)))
}

// SPDX-License-Identifier: LGPL-2.1-only
//! From tokens to architectures, by a hash table without collisions. With a comparison for each
//! token, which the compiler turns into a binary search, resolve_name_arch takes 8 % longer.

use super::Arch;
use super::descriptor::DESCRIPTORS;

const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;

const fn slot(token: u32, factor: u32) -> usize {
    (token.wrapping_mul(factor) >> (u32::BITS - SLOT_BITS)) as usize
}

/// A factor that gives each token a slot of its own.
const FACTOR: u32 = {
    let mut factor = 0x9e37_79b1_u32;
    while !separates(factor) {
        factor = factor.wrapping_add(0x0001_0002);
    }
    factor
};

const fn separates(factor: u32) -> bool {
    let mut taken = [false; SLOTS];
    let mut at = 0;
    while at < Arch::COUNT {
        let slot = slot(DESCRIPTORS[at].token, factor);
        if taken[slot] {
            return false;
        }
        taken[slot] = true;
        at += 1;
    }
    true
}

/// The architectures by slot; the first one where there is none.
static BY_TOKEN: [Arch; SLOTS] = {
    let mut table = [DESCRIPTORS[0].arch; SLOTS];
    let mut at = 0;
    while at < Arch::COUNT {
        table[slot(DESCRIPTORS[at].token, FACTOR)] = DESCRIPTORS[at].arch;
        at += 1;
    }
    table
};

/// The only architecture that can have this token.
pub(super) fn candidate(token: u32) -> Arch {
    BY_TOKEN[slot(token, FACTOR)]
}

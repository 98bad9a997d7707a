// SPDX-License-Identifier: LGPL-2.1-only
//! Hashing without a system call.

use std::hash::{BuildHasherDefault, Hasher};

/// For maps whose keys the caller of the library chooses freely: a poor
/// choice slows down the caller alone.
pub(crate) type FixedState = BuildHasherDefault<Mixer>;

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

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.mix(value as u64);
    }
}

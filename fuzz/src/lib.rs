// SPDX-License-Identifier: LGPL-2.1-only
//! What the targets share: how the bytes of an input become choices.

/// The bytes of an input that are still to be used. An exhausted input gives zeros.
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes that have not been used.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The next `count` bytes, or as many as there are.
    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.bytes(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    pub fn byte(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    pub fn short(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    pub fn double(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    /// Below `bound`, which is 1 to 256.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// True for about `percent` of 100 bytes, never for 0.
    pub fn chance(&mut self, percent: usize) -> bool {
        usize::from(255 - self.byte()) * 100 < percent * 256
    }

    /// One of up to 256.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A number near those that filters use: small, a power of two, a word's edge, or any.
    pub fn datum(&mut self) -> u64 {
        let low = |input: &mut Input| match input.below(4) {
            0 => u64::from(input.byte() & 7),
            1 => 1u64 << (input.byte() & 31),
            2 => u64::from(u32::MAX) - u64::from(input.byte() & 3),
            _ => u64::from(input.word()),
        };
        match self.below(4) {
            0 | 1 => low(self),
            2 => low(self) << 32 | low(self),
            _ => self.double(),
        }
    }
}

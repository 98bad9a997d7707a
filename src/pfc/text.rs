// SPDX-License-Identifier: LGPL-2.1-only
//! Text that is written by lines. Room for one or some is made before they
//! start, so that their pieces are stores of fixed sizes into an array.

use crate::error::Error;
use crate::fallible;
use crate::syscalls::{self, Row};

/// How long the lines are that are written at once: three of a system call have
/// 160 bytes and what indents them, at most 64 bytes each.
const LINES: usize = 512;

/// The longest piece of fixed size. There is room for one more behind the
/// lines, so that no piece needs a check.
const PIECE: usize = 32;
const ROOM: usize = LINES + PIECE;
const _: () = assert!(syscalls::ROOM <= PIECE);

/// Room is made for so many bytes at a time.
const BLOCK: usize = 2048;

/// What indents a line by so many levels.
const SPACES: [u8; 2 * LEVELS] = [b' '; 2 * LEVELS];
const LEVELS: usize = 8;

/// A text under way.
pub(super) struct Text {
    /// Zeros behind those that are used.
    bytes: Vec<u8>,
    used: usize,
}

impl Text {
    /// An empty one with room for so many bytes.
    pub(super) fn with_room(length: usize) -> Result<Text, Error> {
        let mut bytes = Vec::new();
        fallible::reserve(&mut bytes, length)?;
        Ok(Text { bytes, used: 0 })
    }

    /// Starts a line that is indented by any number of levels, none if it is
    /// below zero.
    pub(super) fn line(&mut self, indent: isize) -> Result<Lines<'_>, Error> {
        let mut indent = indent.max(0) as usize;
        while indent > LEVELS {
            self.lines()?.put(&SPACES).keep();
            indent -= LEVELS;
        }
        let mut line = self.lines()?;
        line.indent(indent);
        Ok(line)
    }

    /// Starts some lines of a system call.
    #[inline]
    pub(super) fn lines(&mut self) -> Result<Lines<'_>, Error> {
        if self.bytes.len() - self.used < ROOM {
            self.grow()?;
        }
        let to = self.bytes[self.used..].first_chunk_mut();
        Ok(Lines {
            to: to.ok_or(Error::Internal)?,
            length: 0,
            used: &mut self.used,
        })
    }

    #[cold]
    fn grow(&mut self) -> Result<(), Error> {
        fallible::reserve(&mut self.bytes, BLOCK)?;
        self.bytes.resize(self.bytes.len() + BLOCK, 0);
        Ok(())
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.used);
        self.bytes
    }
}

/// A piece that is made once and appended often.
pub(super) struct Piece {
    bytes: [u8; PIECE],
    length: usize,
}

impl Piece {
    /// What is appended, no more than fits.
    pub(super) fn of(append: impl FnOnce(&mut Lines<'_>)) -> Piece {
        let (mut to, mut length) = ([0; ROOM], 0);
        let mut lines = Lines {
            to: &mut to,
            length: 0,
            used: &mut length,
        };
        append(&mut lines);
        lines.keep();
        debug_assert!(length <= PIECE);
        let mut bytes = [0; PIECE];
        bytes.copy_from_slice(&to[..PIECE]);
        Piece { bytes, length }
    }
}

/// Lines under way. They are part of the text when they are kept.
pub(super) struct Lines<'a> {
    to: &'a mut [u8; ROOM],
    length: usize,
    used: &'a mut usize,
}

impl Lines<'_> {
    /// Indents a line, two spaces a level: 32 levels at most.
    #[inline]
    pub(super) fn indent(&mut self, mut levels: usize) -> &mut Self {
        while levels > LEVELS {
            self.put(&SPACES);
            levels -= LEVELS;
        }
        self.part(&SPACES, 2 * levels)
    }

    /// Appends a piece.
    #[inline]
    pub(super) fn put<const N: usize>(&mut self, piece: &[u8; N]) -> &mut Self {
        self.part(piece, N)
    }

    /// Appends the first bytes of a piece. What follows them is overwritten by
    /// the next piece: a copy of fixed size is no call.
    #[inline(always)]
    fn part<const N: usize>(&mut self, piece: &[u8; N], length: usize) -> &mut Self {
        const { assert!(N <= PIECE) };
        debug_assert!(length <= N && self.length < LINES);
        self.to[self.length % LINES..][..N].copy_from_slice(piece);
        self.length += length;
        self
    }

    #[inline]
    pub(super) fn piece(&mut self, piece: &Piece) -> &mut Self {
        self.part(&piece.bytes, piece.length)
    }

    /// Appends a word that has no fixed size.
    pub(super) fn word(&mut self, word: &str) -> &mut Self {
        self.to[self.length..][..word.len()].copy_from_slice(word.as_bytes());
        self.length += word.len();
        self
    }

    /// Appends the name of a system call.
    #[inline]
    pub(super) fn name(&mut self, row: Row) -> &mut Self {
        let (room, length) = syscalls::name_in_room(row);
        self.part(room, length)
    }

    #[inline]
    pub(super) fn decimal(&mut self, number: &Decimal) -> &mut Self {
        self.part(&number.digits.to_le_bytes(), number.length)
    }

    #[inline]
    pub(super) fn number(&mut self, number: u32) -> &mut Self {
        self.decimal(&Decimal::new(number))
    }

    /// Appends a number with eight hexadecimal digits.
    pub(super) fn hex(&mut self, number: u32) -> &mut Self {
        let digit = |at: usize| b"0123456789abcdef"[(number >> (28 - 4 * at) & 0xf) as usize];
        self.put(&std::array::from_fn::<u8, 8, _>(digit))
    }

    /// Ends a line and keeps it.
    #[inline]
    pub(super) fn end(&mut self) {
        self.put(b"\n").keep();
    }

    /// Makes what has been written a part of the text.
    #[inline]
    pub(super) fn keep(&mut self) {
        *self.used += self.length;
        self.length = 0;
    }
}

/// A number in decimal digits.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    /// The first one is the lowest byte.
    digits: u128,
    length: usize,
}

impl Decimal {
    #[inline]
    pub(super) fn new(number: u32) -> Decimal {
        match number {
            0..1_0000 => Decimal::short(number),
            1_0000..1_0000_0000 => {
                let [first, second] = [number / 1_0000, number % 1_0000];
                Decimal::short(first).then(four_digits(second).into(), 4)
            }
            _ => {
                let [second, third] = [number / 1_0000 % 1_0000, number % 1_0000].map(four_digits);
                let rest = u64::from(third) << 32 | u64::from(second);
                Decimal::short(number / 1_0000_0000).then(rest, 8)
            }
        }
    }

    /// Of a number below 10,000.
    #[inline]
    fn short(number: u32) -> Decimal {
        let digits = four_digits(number);
        // The last digit stays, whatever it is.
        let zeros = (digits ^ 0x3030_3030 | 1 << 24).trailing_zeros() / 8;
        Decimal {
            digits: (digits >> (8 * zeros)).into(),
            length: 4 - zeros as usize,
        }
    }

    /// With more digits behind it.
    #[inline]
    fn then(&self, digits: u64, length: usize) -> Decimal {
        let shift = 8 * self.length;
        let length = self.length + length;
        // Most numbers are short, and processors slow to shift long ones.
        let digits = match length {
            ..=8 => u128::from(self.digits as u64 | digits << shift),
            _ => self.digits | u128::from(digits) << shift,
        };
        Decimal { digits, length }
    }

    pub(super) fn signed(number: i32) -> Decimal {
        let absolute = Decimal::new(number.unsigned_abs());
        match number {
            0.. => absolute,
            _ => Decimal {
                digits: absolute.digits << 8 | u128::from(b'-'),
                length: absolute.length + 1,
            },
        }
    }
}

/// Makes decimals of numbers that mostly lie near each other.
pub(super) struct Decimals {
    hundreds: u32,
    /// Their digits.
    digits: Decimal,
}

impl Decimals {
    pub(super) fn start() -> Decimals {
        Decimals {
            hundreds: 0,
            digits: Decimal::short(0),
        }
    }

    #[inline]
    pub(super) fn next(&mut self, number: u32) -> Decimal {
        let (hundreds, rest) = (number / 100, number % 100);
        if hundreds == 0 {
            return Decimal::short(rest);
        }
        if hundreds != self.hundreds {
            self.hundreds = hundreds;
            self.digits = Decimal::new(hundreds);
        }
        self.digits.then(two_digits(rest).into(), 2)
    }
}

/// The digits of a number below 100.
#[inline]
fn two_digits(number: u32) -> u32 {
    0x3030 + number / 10 + ((number % 10) << 8)
}

/// The digits of a number below 10,000, with zeros before it.
#[inline]
fn four_digits(number: u32) -> u32 {
    let (high, low) = (number / 100, number % 100);
    two_digits(high) | two_digits(low) << 16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: impl Fn(&mut Text)) -> String {
        let mut text = Text::with_room(0).unwrap();
        of(&mut text);
        String::from_utf8(text.into_bytes()).unwrap()
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for number in [
            0,
            9,
            10,
            90,
            99,
            100,
            999,
            1000,
            12_345,
            1_000_000_000,
            u32::MAX,
        ] {
            let text = text(|text| text.line(0).unwrap().number(number).end());
            assert_eq!(text, format!("{number}\n"));
        }
        for number in [0, 7, -7, i32::MAX, i32::MIN] {
            let decimal = Decimal::signed(number);
            let text = text(|text| text.line(0).unwrap().decimal(&decimal).end());
            assert_eq!(text, format!("{number}\n"));
        }
        for number in [0, 0x1234_abcd, u32::MAX] {
            let text = text(|text| text.line(0).unwrap().hex(number).end());
            assert_eq!(text, format!("{number:08x}\n"));
        }
    }

    #[test]
    fn lines_of_any_indent_follow_upon_each_other() {
        let mut expected = String::new();
        for indent in -3..200isize {
            let spaces = " ".repeat(2 * indent.max(0) as usize);
            expected += &format!("{spaces}a line\n");
        }
        let text = text(|text| {
            for indent in -3..200 {
                text.line(indent).unwrap().put(b"a ").word("line").end();
            }
        });
        assert_eq!(text, expected);
    }
}

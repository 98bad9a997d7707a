// SPDX-License-Identifier: LGPL-2.1-only
//! Text that is written by lines, with an error where memory runs out.

use crate::error::Error;
use crate::fallible;

/// More than any line has besides its indentation. The longest is `# filter for syscall "NAME"
/// (N) [priority: N]`, with a name of fewer than 32 bytes: about 90 bytes.
const LONGEST_LINE: usize = 160;

/// Blanks for each level of indentation.
const INDENT: usize = 2;

/// Text being written.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
}

impl Text {
    /// Starts a line that is indented by `level`, not at all below zero. What is put
    /// into the line needs no more memory.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub(super) fn line(&mut self, level: isize) -> Result<&mut Text, Error> {
        let blanks = INDENT * level.max(0) as usize;
        fallible::reserve(&mut self.bytes, blanks + LONGEST_LINE)?;
        self.bytes.resize(self.bytes.len() + blanks, b' ');
        Ok(self)
    }

    /// Appends a word.
    pub(super) fn put(&mut self, word: &str) -> &mut Text {
        self.bytes.extend_from_slice(word.as_bytes());
        self
    }

    /// Appends a number in decimal digits.
    pub(super) fn number(&mut self, number: u32) -> &mut Text {
        self.wide(number.into())
    }

    /// The same for a number of 64 bits.
    pub(super) fn wide(&mut self, number: u64) -> &mut Text {
        let mut digits = [0; 20];
        let mut first = digits.len();
        let mut rest = number;
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[first..]);
        self
    }

    /// Appends a number that may be negative.
    pub(super) fn signed(&mut self, number: i32) -> &mut Text {
        if number < 0 {
            self.put("-");
        }
        self.number(number.unsigned_abs())
    }

    /// Appends a number in eight hexadecimal digits.
    pub(super) fn hex(&mut self, number: u32) -> &mut Text {
        let digit = |place: usize| b"0123456789abcdef"[(number >> (28 - 4 * place) & 0xf) as usize];
        self.bytes
            .extend_from_slice(&std::array::from_fn::<u8, 8, _>(digit));
        self
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.bytes.push(b'\n');
    }

    /// The text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(write: impl Fn(&mut Text)) -> String {
        let mut text = Text::default();
        write(text.line(1).unwrap());
        String::from_utf8(text.into_bytes()).unwrap()
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for number in [0, 9, 10, 99, 100, 12_345, 1_000_000_000, u32::MAX] {
            let decimal = line(|text| text.number(number).end());
            assert_eq!(decimal, format!("  {number}\n"));
            let wide = u64::MAX - u64::from(number);
            assert_eq!(line(|text| text.wide(wide).end()), format!("  {wide}\n"));
            let hex = line(|text| text.hex(number).end());
            assert_eq!(hex, format!("  {number:08x}\n"));
        }
        for number in [0, 7, -7, i32::MAX, i32::MIN] {
            let signed = line(|text| text.signed(number).end());
            assert_eq!(signed, format!("  {number}\n"));
        }
    }

    #[test]
    fn lines_are_indented() {
        let mut text = Text::default();
        let mut expected = String::new();
        for level in -3..200isize {
            text.line(level).unwrap().put("a line").end();
            let blanks = " ".repeat(2 * level.max(0) as usize);
            expected += &format!("{blanks}a line\n");
        }
        assert_eq!(String::from_utf8(text.into_bytes()).unwrap(), expected);
    }

    #[test]
    fn no_line_is_longer_than_there_is_room() {
        let longest = crate::syscalls::rows().map(crate::syscalls::name);
        let longest = longest.map(str::len).max().unwrap();
        let words = "# filter for syscall \"\" () [priority: ]".len();
        assert!(longest + words + 2 * "-2147483648".len() < LONGEST_LINE);
    }
}

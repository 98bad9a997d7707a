// SPDX-License-Identifier: LGPL-2.1-only
//! Programs: as bytes, as hexadecimal digits, as C initialisers.

use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Instruction, MAX_INSTRUCTIONS, Program};
use scmp_verify::{Flaw, assembly, validate};

use super::{Format, Input, MAX_BINARY, Mistake, Note, Place, Subject};
use crate::failure::Failure;
use crate::question;

/// An array of `struct sock_filter`.
pub fn raw(name: &str, bytes: &[u8]) -> Result<Input, Failure> {
    if bytes.len() > MAX_BINARY {
        return Err(Failure::of(
            name,
            format!("more than {MAX_INSTRUCTIONS} instructions"),
        ));
    }
    if bytes.len() % INSTRUCTION_SIZE != 0 {
        let whole = bytes.len() / INSTRUCTION_SIZE;
        let what = format!("ends within instruction {whole}: expected a multiple of 8 bytes");
        return Err(Failure::of(name, what));
    }
    let endian = byte_order(bytes).ok_or_else(|| Failure::of(name, "not a program"))?;
    let program = Program::from_bytes(bytes, endian).map_err(|why| Failure::of(name, why))?;
    input(name, Format::Raw, program)
}

/// The byte order of a program: codes are below 256, so the first one that is not 0 shows
/// it.
pub fn byte_order(bytes: &[u8]) -> Option<Endian> {
    let codes = bytes.chunks_exact(INSTRUCTION_SIZE);
    let mut codes = codes.map(|each| [each[0], each[1]]);
    match codes.find(|code| *code != [0, 0])? {
        [0, _] => Some(Endian::Big),
        [_, 0] => Some(Endian::Little),
        _ => None,
    }
}

/// The bytes of such an array, two digits each; space does not matter.
pub fn hexadecimal(name: &str, text: &str) -> Result<Input, Failure> {
    let mut digits = Vec::new();
    for (offset, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let Some(digit) = c.to_digit(16) else {
            let what = format!("{c:?}: expected a hexadecimal digit");
            return Err(Place::behind(&text[..offset]).mistake(what).in_file(name));
        };
        digits.push(digit as u8);
    }
    if digits.len() % 2 != 0 {
        return Err(Failure::of(name, "an odd number of hexadecimal digits"));
    }
    let bytes = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
    let bytes: Vec<u8> = bytes.collect();
    let mut input = raw(name, &bytes)?;
    input.format = Format::Hex;
    Ok(input)
}

/// Whether a text that begins with this line is a listing of instructions.
pub fn is_listing(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let place = first.strip_suffix(':');
    let numbered = place.is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()));
    let names = [
        "ld", "ldx", "st", "stx", "jmp", "jeq", "jgt", "jge", "jset", "ret",
    ];
    let mut heading = line.split_whitespace().zip(["line", "OP", "JT", "JF", "K"]);
    numbered || names.contains(&first) || heading.all(|(word, wanted)| word == wanted)
}

/// Instructions as text.
pub fn listing(name: &str, text: &str) -> Result<Input, Failure> {
    let instructions = assembly::parse(text).map_err(|mistake| {
        let place = Place::new(mistake.line, mistake.column);
        place.mistake(mistake.what).in_file(name)
    })?;
    let program = Program::new(instructions, Endian::HOST).map_err(|why| Failure::of(name, why))?;
    input(name, Format::Listing, program)
}

/// Whether the line has an initialiser of four numbers.
pub fn is_initialiser(line: &str) -> bool {
    let mut numbers = Scanner::new(line);
    matches!(numbers.next(), Ok(Some(_)))
}

/// C initialisers of `struct sock_filter`: `{ 0x20, 0, 0, 4 }, …`. What is between them
/// does not matter but for comments.
pub fn initialisers(name: &str, text: &str) -> Result<Input, Failure> {
    let mut instructions = Vec::new();
    let mut scanner = Scanner::new(text);
    while let Some(instruction) = scanner.next().map_err(|mistake| mistake.in_file(name))? {
        if instructions.len() == MAX_INSTRUCTIONS {
            let what = format!("more than {MAX_INSTRUCTIONS} instructions");
            return Err(Failure::of(name, what));
        }
        instructions.push(instruction);
    }
    let program = Program::new(instructions, Endian::HOST).map_err(|why| Failure::of(name, why))?;
    input(name, Format::C, program)
}

/// Finds initialisers.
struct Scanner<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, rest: text }
    }

    /// Passes space and comments.
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
        while let Some(behind) = self.rest.strip_prefix('/') {
            let end = match behind.chars().next() {
                Some('/') => "\n",
                Some('*') => "*/",
                _ => "",
            };
            let behind = behind.split_once(end).map_or("", |(_, behind)| behind);
            self.rest = behind.trim_start();
        }
    }

    /// Passes a character if it is the next one.
    fn takes(&mut self, wanted: char) -> bool {
        self.skip();
        let behind = self.rest.strip_prefix(wanted);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    /// The next initialiser, if there is one.
    fn next(&mut self) -> Result<Option<Instruction>, Mistake> {
        loop {
            if self.takes('{') {
                self.skip();
                // Else it is the brace of the whole array.
                if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
                    break;
                }
            } else {
                let mut chars = self.rest.chars();
                if chars.next().is_none() {
                    return Ok(None);
                }
                self.rest = chars.as_str();
            }
        }
        let code = self.number("a code below 65536", u16::MAX.into())? as u16;
        self.expect(',')?;
        let jump_true = self.number("a jump below 256", u8::MAX.into())? as u8;
        self.expect(',')?;
        let jump_false = self.number("a jump below 256", u8::MAX.into())? as u8;
        self.expect(',')?;
        let k = self.number("a constant of 32 bits", u32::MAX)?;
        self.takes(',');
        self.expect('}')?;
        Ok(Some(Instruction::new(code, [jump_true, jump_false], k)))
    }

    fn expect(&mut self, wanted: char) -> Result<(), Mistake> {
        match self.takes(wanted) {
            true => Ok(()),
            false => Err(self.unexpected(&self.next_char(), &format!("{wanted:?}"))),
        }
    }

    /// A number in C's notation.
    fn number(&mut self, wanted: &str, most: u32) -> Result<u32, Mistake> {
        self.skip();
        let is_part = |c: char| c.is_ascii_alphanumeric();
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let word = &self.rest[..end.min(16)];
        let value = question::number(word.trim_end_matches(['u', 'l', 'U', 'L']));
        let value = value.and_then(|value| u32::try_from(value).ok());
        let Some(value) = value.filter(|value| *value <= most) else {
            let found = match word {
                "" => self.next_char(),
                word => word.to_string(),
            };
            return Err(self.unexpected(&found, wanted));
        };
        self.rest = &self.rest[word.len()..];
        Ok(value)
    }

    fn next_char(&self) -> String {
        let next = self.rest.chars().next();
        next.map_or("the end".to_string(), |c| format!("{c:?}"))
    }

    /// A mistake at what comes next.
    fn unexpected(&self, found: &str, wanted: &str) -> Mistake {
        let passed = &self.text[..self.text.len() - self.rest.len()];
        Place::behind(passed).mistake(format!("{found}: expected {wanted}"))
    }
}

/// The input that is this program, if the kernel takes it.
fn input(name: &str, format: Format, program: Program) -> Result<Input, Failure> {
    let notes = match validate(&program) {
        Ok(()) => Vec::new(),
        // It can be looked at.
        Err(flaw @ Flaw::TooLong(_)) => vec![Note::remark(flaw.to_string())],
        Err(flaw) => return Err(Failure::of(name, flaw)),
    };
    let subject = Subject {
        programs: vec![program],
        ..Subject::default()
    };
    Ok(Input::new(name, format, vec![subject], notes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD_AND_ALLOW: &str = "
        /* A filter. */
        struct sock_filter filter[] = {
            { 0x20, 0, 0, 0x00000004 }, // load
            {0x06,0,0,0x7fff0000,},
        };";

    fn code_of(input: &Input) -> Vec<u16> {
        let program = &input.subjects[0].programs[0];
        program
            .instructions()
            .iter()
            .map(|each| each.code)
            .collect()
    }

    #[test]
    fn initialisers_are_found_in_c() {
        let input = initialisers("f", LOAD_AND_ALLOW).unwrap();
        assert_eq!(code_of(&input), [0x20, 0x06]);
        let digits = "20000000 04000000 0600 00 00 0000ff7f";
        assert_eq!(code_of(&hexadecimal("f", digits).unwrap()), [0x20, 0x06]);
        let big = "0020000000000004 000600007fff0000";
        let input = hexadecimal("f", big).unwrap();
        assert_eq!(input.subjects[0].programs[0].endian(), Endian::Big);
    }

    #[test]
    fn mistakes_have_a_place() {
        let why = |text| initialisers("f", text).unwrap_err().to_string();
        assert_eq!(why("{ 6, 0 0 }"), "f:1:8: '0': expected ','");
        assert_eq!(
            why("\n{ 6, 256, 0, 0 }"),
            "f:2:6: 256: expected a jump below 256"
        );
        assert_eq!(why("{ 6, 0, 0, 0"), "f:1:13: the end: expected '}'");
        let why = hexadecimal("f", "06 0g").unwrap_err().to_string();
        assert_eq!(why, "f:1:5: 'g': expected a hexadecimal digit");
    }
}

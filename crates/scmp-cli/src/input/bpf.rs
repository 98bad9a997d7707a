// SPDX-License-Identifier: LGPL-2.1-only
//! Programs: as bytes, as hexadecimal digits, as C initialisers.

use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Instruction, MAX_INSTRUCTIONS, Program};
use scmp_verify::{Flaw, assembly, validate};

use super::{Format, Input, MAX_BINARY, Mistake, Note, NoteKind, Place, Subject};
use crate::failure::Failure;

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
    let mut bytes = Vec::new();
    let mut half = None;
    for (line, text) in (1..).zip(text.lines()) {
        for (column, c) in (1..).zip(text.chars()) {
            let Some(digit) = c.to_digit(16) else {
                if c.is_whitespace() {
                    continue;
                }
                let what = format!("{c:?}: expected a hexadecimal digit");
                return Err(at(line, column, what).in_file(name));
            };
            half = match half {
                None => Some(digit),
                Some(high) => {
                    bytes.push((high << 4 | digit) as u8);
                    None
                }
            };
        }
    }
    if half.is_some() {
        return Err(Failure::of(name, "an odd number of hexadecimal digits"));
    }
    let mut input = raw(name, &bytes)?;
    input.format = Format::Hex;
    Ok(input)
}

/// Whether a text that begins with this line is a listing of instructions.
pub fn is_listing(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let place = words.next().unwrap_or_default().strip_suffix(':');
    let numbered = place.is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()));
    let names = [
        "ld", "ldx", "st", "stx", "jmp", "jeq", "jgt", "jge", "jset", "ret",
    ];
    let mut heading = line.split_whitespace().zip(["line", "OP", "JT", "JF", "K"]);
    numbered
        || heading.all(|(word, wanted)| word == wanted)
        || line
            .split_whitespace()
            .next()
            .is_some_and(|first| names.contains(&first))
}

/// Instructions as text.
pub fn listing(name: &str, text: &str) -> Result<Input, Failure> {
    let instructions = assembly::parse(text)
        .map_err(|mistake| at(mistake.line, mistake.column, mistake.what).in_file(name))?;
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
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
    column: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Scanner<'a> {
        Scanner {
            rest: text.chars().peekable(),
            line: 1,
            column: 1,
        }
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        match c {
            '\n' => (self.line, self.column) = (self.line + 1, 1),
            _ => self.column += 1,
        }
        Some(c)
    }

    /// Passes space and comments.
    fn skip(&mut self) {
        while let Some(&c) = self.rest.peek() {
            if c == '/' {
                self.take();
                match self.rest.peek() {
                    Some('/') => while self.take().is_some_and(|c| c != '\n') {},
                    Some('*') => {
                        let mut before = ' ';
                        while let Some(c) = self.take() {
                            if (before, c) == ('*', '/') {
                                break;
                            }
                            before = c;
                        }
                    }
                    _ => {}
                }
            } else if c.is_whitespace() {
                self.take();
            } else {
                break;
            }
        }
    }

    /// The next initialiser, if there is one.
    fn next(&mut self) -> Result<Option<Instruction>, Mistake> {
        loop {
            self.skip();
            match self.rest.peek() {
                None => return Ok(None),
                Some('{') => {
                    self.take();
                    self.skip();
                    // The brace of the whole array.
                    if !self.rest.peek().is_some_and(char::is_ascii_digit) {
                        continue;
                    }
                    break;
                }
                Some(_) => {
                    self.take();
                }
            }
        }
        let code = self.number("a code below 65536", u16::MAX.into())? as u16;
        self.expect(',')?;
        let jump_true = self.number("a jump below 256", u8::MAX.into())? as u8;
        self.expect(',')?;
        let jump_false = self.number("a jump below 256", u8::MAX.into())? as u8;
        self.expect(',')?;
        let k = self.number("a constant of 32 bits", u32::MAX)?;
        self.skip();
        if self.rest.peek() == Some(&',') {
            self.take();
        }
        self.expect('}')?;
        Ok(Some(Instruction {
            code,
            jump_true,
            jump_false,
            k,
        }))
    }

    fn expect(&mut self, wanted: char) -> Result<(), Mistake> {
        self.skip();
        let place = (self.line, self.column);
        match self.take() {
            Some(c) if c == wanted => Ok(()),
            found => Err(at(
                place.0,
                place.1,
                format!("{}: expected {wanted:?}", shown(found)),
            )),
        }
    }

    /// A number in C's notation.
    fn number(&mut self, wanted: &str, most: u32) -> Result<u32, Mistake> {
        self.skip();
        let (line, column) = (self.line, self.column);
        let mut word = String::new();
        while let Some(&c) = self.rest.peek() {
            if !c.is_ascii_alphanumeric() || word.len() == 16 {
                break;
            }
            word.push(c);
            self.take();
        }
        let lower = word.to_ascii_lowercase();
        let digits = lower.trim_end_matches(['u', 'l']);
        let value = match digits.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None if digits.len() > 1 && digits.starts_with('0') => u32::from_str_radix(digits, 8),
            None => digits.parse(),
        };
        match value {
            Ok(value) if value <= most => Ok(value),
            _ => {
                let found = match word.is_empty() {
                    true => shown(self.rest.peek().copied()),
                    false => word,
                };
                Err(at(line, column, format!("{found}: expected {wanted}")))
            }
        }
    }
}

fn shown(found: Option<char>) -> String {
    found.map_or("the end".to_string(), |c| format!("{c:?}"))
}

fn at(line: usize, column: usize, what: String) -> Mistake {
    let file = None;
    Mistake {
        place: Place { file, line, column },
        what,
    }
}

/// The input that is this program, if the kernel takes it.
fn input(name: &str, format: Format, program: Program) -> Result<Input, Failure> {
    let notes = match validate(&program) {
        Ok(()) => Vec::new(),
        // It can be looked at.
        Err(flaw @ Flaw::TooLong(_)) => vec![Note {
            kind: NoteKind::Remark,
            place: None,
            text: flaw.to_string(),
        }],
        Err(flaw) => return Err(Failure::of(name, flaw)),
    };
    Ok(Input {
        name: name.to_string(),
        format,
        subjects: vec![Subject {
            label: None,
            machine: None,
            arches: Vec::new(),
            programs: vec![program],
            sizes: None,
            rule_set: None,
            rules: Vec::new(),
            default: None,
            unknown_calls: None,
            above_highest: 0,
        }],
        notes,
    })
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

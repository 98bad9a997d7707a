// SPDX-License-Identifier: LGPL-2.1-only
//! Reads a listing.

use scmp::bpf::{Instruction, MAX_INSTRUCTIONS};
use thiserror::Error as ThisError;

use super::listing::Statement;
use super::{ACTIONS, code};

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("{line}:{column}: {what}")]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What was expected or is not possible there.
    pub what: String,
}

/// Reads the instructions of a text as [`write_listing`](super::write_listing) and the
/// C library's `scmp_bpf_disasm` write it.
///
/// The headings, the place at the start of a line, and the four columns may be missing.
/// Empty lines, and what follows a `#`, are ignored. A place must be the number of
/// instructions before it. If there are columns, the instruction is theirs, and the text
/// after them, if any, must mean the same. Otherwise fields that the text does not show
/// are 0. Numbers are decimal, or hexadecimal with `0x`. Time is linear in the length of
/// the text.
///
/// ```
/// use scmp_verify::assembly::parse;
///
/// let program = parse("ld $data[0]\njeq 59 true:2 false:3\nret KILL\nret ALLOW # others\n")?;
/// assert_eq!(program[1].jump_false, 1);
///
/// let mistake = parse("ld $data[0]\njeq X true:0 false:2").unwrap_err();
/// assert_eq!(mistake.to_string(), "2:12: expected a place from 2 to 257");
/// # Ok::<(), scmp_verify::assembly::Mistake>(())
/// ```
///
/// # Errors
/// The first [`Mistake`]; more than [`MAX_INSTRUCTIONS`] are one.
pub fn parse(text: &str) -> Result<Vec<Instruction>, Mistake> {
    let mut program = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut reader = Reader {
            line: line.split('#').next().unwrap_or_default(),
            at: 0,
        };
        let place = program.len() as u32;
        let parsed = reader.line(place);
        let parsed = match program.len() >= MAX_INSTRUCTIONS && parsed != Ok(None) {
            true => Err(reader.expected(format!("at most {MAX_INSTRUCTIONS} instructions"))),
            false => parsed,
        };
        program.extend(parsed.map_err(|(at, what)| Mistake {
            line: index + 1,
            column: line[..at].chars().count() + 1,
            what,
        })?);
    }
    Ok(program)
}

/// A byte offset in the line, and what is wrong there.
type Fault = (usize, String);

struct Reader<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn expected(&self, what: impl AsRef<str>) -> Fault {
        (self.at, format!("expected {}", what.as_ref()))
    }

    fn skip_space(&mut self) {
        self.at = self.line.len() - self.rest().trim_start().len();
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest().is_empty()
    }

    /// Goes past this text and the white space in front of it, if it is next.
    fn eats(&mut self, text: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn must(&mut self, text: &str) -> Result<(), Fault> {
        match self.eats(text) {
            true => Ok(()),
            false => Err(self.expected(format!("`{text}`"))),
        }
    }

    /// The letters, digits, `_`, and `?` that are next, and where they are.
    fn word(&mut self) -> (usize, &'a str) {
        self.skip_space();
        let (start, rest) = (self.at, self.rest());
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '?';
        let word = rest.find(|c| !is_part(c)).map_or(rest, |end| &rest[..end]);
        self.at += word.len();
        (start, word)
    }

    /// A number in a range.
    fn number(&mut self, least: u32, most: u32, what: &str) -> Result<u32, Fault> {
        let (start, word) = self.word();
        let number = match word.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => word.parse(),
        };
        let in_range = number.ok().filter(|number| (least..=most).contains(number));
        in_range.ok_or_else(|| (start, format!("expected {what} from {least} to {most}")))
    }

    fn constant(&mut self) -> Result<u32, Fault> {
        self.number(0, u32::MAX, "a number")
    }

    /// The instruction of a line; `None` if it has none.
    fn line(&mut self, place: u32) -> Result<Option<Instruction>, Fault> {
        let line = self.line.trim();
        let is_heading = line.split_whitespace().eq(["line", "OP", "JT", "JF", "K"])
            || line.bytes().all(|byte| byte == b'=');
        if is_heading {
            return Ok(None);
        }
        let (start, _) = self.word();
        let has_place = self.rest().starts_with(':');
        self.at = start;
        if has_place {
            self.number(place, place, "the place of the instruction")?;
            self.must(":")?;
        }
        self.skip_space();
        let instruction = match self.rest().starts_with("0x") {
            true => self.columns(place)?,
            false => self.statement(place)?,
        };
        match self.at_end() {
            true => Ok(Some(instruction)),
            false => Err(self.expected("the end of the line")),
        }
    }

    /// The four fields of an instruction, and maybe its text.
    fn columns(&mut self, place: u32) -> Result<Instruction, Fault> {
        let code = self.number(0, u16::MAX.into(), "a code")? as u16;
        let [jump_true, jump_false] = [(); 2].map(|()| self.number(0, 255, "a jump"));
        let instruction = Instruction::new(
            code,
            [jump_true? as u8, jump_false? as u8],
            self.constant()?,
        );
        if self.at_end() {
            return Ok(instruction);
        }
        let (start, text) = (self.at, self.rest());
        let is_text_of = |instruction| {
            let shown = Statement { place, instruction }.to_string();
            shown.split_whitespace().eq(text.split_whitespace())
        };
        // The C library shows the constant where X is the operand.
        let by_constant = Instruction {
            code: code & !code::X,
            ..instruction
        };
        if is_text_of(instruction) || is_text_of(by_constant) {
            self.at = self.line.len();
        } else if self.statement(place)? != instruction {
            let shown = Statement { place, instruction };
            let shown = shown.to_string();
            return Err((start, format!("the columns mean `{}`", shown.trim_end())));
        }
        Ok(instruction)
    }

    /// An operation and its operand.
    fn statement(&mut self, place: u32) -> Result<Instruction, Fault> {
        let (start, name) = self.word();
        let numbered = |names: &[&str]| {
            let number = names.iter().position(|known| *known == name)?;
            Some((number as u16) << 4)
        };
        let (code, k) = match name {
            "ld" => self.load(code::LD)?,
            "ldh" => self.load(code::LD | code::HALF)?,
            "ldb" => self.load(code::LD | code::BYTE)?,
            "ldx" => match self.load(code::LDX)? {
                // This mode loads a byte.
                (code, k) if code & code::MODE == code::MSH => (code | code::BYTE, k),
                load => load,
            },
            "st" => (code::ST, self.element("$temp[")?),
            "stx" => (code::STX, self.element("$temp[")?),
            "ret" => self.returned()?,
            "tax" => (code::TAX, 0),
            "txa" => (code::TXA, 0),
            "jmp" => {
                let target = self.place(place, u32::MAX)?;
                (code::JMP | code::JA, target)
            }
            _ => {
                if let Some(operation) = numbered(&code::ARITHMETIC) {
                    let (source, k) = self.source()?;
                    (code::ALU | operation | source, k)
                } else if let Some(operation) = numbered(&code::JUMPS) {
                    let (source, k) = self.source()?;
                    self.must("true:")?;
                    let jump_true = self.place(place, u8::MAX.into())? as u8;
                    self.must("false:")?;
                    let jump_false = self.place(place, u8::MAX.into())? as u8;
                    let code = code::JMP | operation | source;
                    return Ok(Instruction::new(code, [jump_true, jump_false], k));
                } else {
                    return Err((start, "expected an operation".to_string()));
                }
            }
        };
        Ok(Instruction::new(code, [0, 0], k))
    }

    /// How many instructions a jump to the place that is next skips.
    fn place(&mut self, here: u32, limit: u32) -> Result<u32, Fault> {
        let following = here + 1;
        let target = self.number(following, limit.saturating_add(following), "a place")?;
        Ok(target - following)
    }

    /// X or a constant.
    fn source(&mut self) -> Result<(u16, u32), Fault> {
        match self.eats("X") {
            true => Ok((code::X, 0)),
            false => Ok((0, self.constant()?)),
        }
    }

    /// `NAME[NUMBER]`.
    fn element(&mut self, start: &str) -> Result<u32, Fault> {
        self.must(start)?;
        let number = self.constant()?;
        self.must("]")?;
        Ok(number)
    }

    fn load(&mut self, operation: u16) -> Result<(u16, u32), Fault> {
        self.skip_space();
        let rest = self.rest();
        let (mode, k) = if rest.starts_with("$temp[") {
            (code::MEM, self.element("$temp[")?)
        } else if rest.starts_with("$data[X") {
            self.must("$data[X")?;
            (code::IND, self.element("+")?)
        } else if rest.starts_with("$data[") {
            (code::ABS, self.element("$data[")?)
        } else if self.eats("len($data)") {
            (code::LEN, 0)
        } else if self.eats("4 *") {
            let k = self.element("$data[")?;
            self.must("& 0x0f")?;
            (code::MSH, k)
        } else {
            (code::IMM, self.constant()?)
        };
        Ok((operation | mode, k))
    }

    fn returned(&mut self) -> Result<(u16, u32), Fault> {
        if self.eats("$acc") {
            return Ok((code::RET | code::ACCUMULATOR, 0));
        }
        if self.eats("???") {
            return Ok((code::RET | code::X, 0));
        }
        let (start, name) = self.word();
        let Some((action, _, has_data)) = ACTIONS.iter().find(|known| known.1 == name) else {
            self.at = start;
            let number = self.constant();
            let number = number.map_err(|_| (start, "expected an action".to_string()))?;
            return Ok((code::RET, number));
        };
        if !has_data {
            return Ok((code::RET, *action));
        }
        self.must("(")?;
        let data = self.number(0, 0xffff, "data")?;
        self.must(")")?;
        Ok((code::RET, action | data))
    }
}

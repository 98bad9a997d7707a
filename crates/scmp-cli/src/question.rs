// SPDX-License-Identifier: LGPL-2.1-only
//! System calls as people write them: `socket(AF_INET, _)`, `41`.

use scmp::Arch;
use scmp_verify::SyscallData;
use scmp_verify::decision::{Analysis, Field, Function, Unanswered};
use scmp_verify::text::Wrong;

use crate::data::constants;
use crate::failure::Failure;
use crate::names;
use crate::wording::has_high_halves;

/// A system call; some arguments may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    pub arch: Arch,
    /// As the kernel sees it.
    pub number: u32,
    pub arguments: [Option<u64>; 6],
    /// The known arguments as they are written.
    pub words: [Option<&'a str>; 6],
}

impl<'a> Question<'a> {
    /// Reads `CALL`, `CALL(ARGUMENT, …)` with a name or a number of the architecture.
    /// Arguments are numbers (decimal, `0x`, octal after `0`, negative ones as the two's
    /// complement), names of constants joined by `|`, or `_` for any value, which missing
    /// ones have too.
    ///
    /// # Errors
    /// [`Failure::Input`]: it tells the call, the column of the mistake, and the mistake.
    pub fn parse(text: &'a str, arch: Arch) -> Result<Question<'a>, Failure> {
        let read = read(text, arch, "a number, the name of a constant, or _");
        let (question, _) = read.map_err(|wrong| failure(text, wrong))?;
        Ok(question)
    }

    /// The same without `_`.
    ///
    /// # Errors
    /// As [`Question::parse`].
    pub fn with_values(text: &'a str, arch: Arch) -> Result<Question<'a>, Failure> {
        let wanted = "a number or the name of a constant";
        let read = read(text, arch, wanted);
        let (question, unknown) = read.map_err(|wrong| failure(text, wrong))?;
        let Some(unknown) = unknown else {
            return Ok(question);
        };
        let what = format!("_: expected {wanted}: the call is run");
        Err(failure(text, Wrong::new(unknown, what)))
    }

    /// A call whose arguments are all unknown.
    pub fn of_number(arch: Arch, number: u32) -> Question<'a> {
        Question {
            arch,
            number,
            arguments: [None; 6],
            words: [None; 6],
        }
    }

    /// The call's name, if its number has one.
    pub fn name(&self) -> Option<&'static str> {
        names::name(self.arch, self.number)
    }

    /// Restricts `whole` to this call; the result depends on the unknown arguments only.
    pub fn ask(&self, analysis: &mut Analysis, whole: Function) -> Result<Function, Unanswered> {
        let token = self.arch.audit_token().into();
        let mut decided = analysis.fix(whole, Field::Architecture, token)?;
        decided = analysis.fix(decided, Field::Number, self.number.into())?;
        for (position, value) in (0..).zip(self.arguments) {
            if let Some(value) = value {
                decided = analysis.fix(decided, Field::Argument(position), value)?;
            }
        }
        if !has_high_halves(self.arch) {
            decided = analysis.with_short_arguments(decided)?;
        }
        Ok(decided)
    }

    /// An input for the function that [`Question::ask`] made, as one for the whole filter.
    pub fn complete(&self, mut input: SyscallData) -> SyscallData {
        input.audit_token = self.arch.audit_token();
        input.number = self.number;
        for (argument, known) in input.arguments.iter_mut().zip(self.arguments) {
            *argument = known.unwrap_or(*argument);
        }
        input
    }
}

fn failure(text: &str, wrong: Wrong<'_>) -> Failure {
    let column = wrong.column(text);
    Failure::of(&format!("call '{text:.60}', column {column}"), wrong.what)
}

/// A call, and the first `_`.
fn read<'a>(
    text: &'a str,
    arch: Arch,
    wanted: &str,
) -> Result<(Question<'a>, Option<&'a str>), Wrong<'a>> {
    let (call, arguments) = match text.trim_end().split_once('(') {
        None => (text.trim(), ""),
        Some((call, rest)) => {
            let inside = rest.strip_suffix(')');
            let end = &rest[rest.len()..];
            let inside = inside.ok_or_else(|| Wrong::new(end, "expected ')' at the end"))?;
            (call.trim(), inside)
        }
    };
    let number = match (names::number(arch, call), number(call)) {
        (Some(number), _) => number,
        (None, Some(number)) => u32::try_from(number).map_err(|_| {
            let what = format!("{call:.60}: a system call's number has 32 bits");
            Wrong::new(call, what)
        })?,
        (None, None) if call.is_empty() => {
            return Err(Wrong::new(call, "expected a system call"));
        }
        (None, None) => {
            let what = format!(
                "{call:.60}: not a system call of {0}: expected a name (`scmp syscalls --arch {0}` \
                 lists them) or a number",
                arch.name()
            );
            return Err(Wrong::new(call, what));
        }
    };
    let mut question = Question::of_number(arch, number);
    if arguments.trim().is_empty() {
        return Ok((question, None));
    }
    let mut unknown = None;
    for (position, word) in arguments.split(',').map(str::trim).enumerate() {
        let Some(argument) = question.arguments.get_mut(position) else {
            let what = format!("{word:.60}: a system call has at most 6 arguments");
            return Err(Wrong::new(word, what));
        };
        match word {
            "_" => unknown = unknown.or(Some(word)),
            "" => return Err(Wrong::new(word, format!("expected {wanted}"))),
            word if word.starts_with(['"', '\'']) || word.contains('=') => {
                let why = match word.starts_with(['"', '\'']) {
                    true => "filters see an address, not the text there",
                    false => "arguments are told by their place",
                };
                let what = format!("{word:.60}: expected {wanted}: {why}");
                return Err(Wrong::new(word, what));
            }
            word => {
                let known = value(word, arch, wanted);
                *argument = Some(known.map_err(|what| Wrong::new(word, what))?);
                question.words[position] = Some(word);
            }
        }
    }
    Ok((question, unknown))
}

/// Numbers and constants joined by `|`, as an argument of the architecture.
///
/// # Errors
/// What is wrong, in words; `wanted` says what should be there.
pub fn value(text: &str, arch: Arch, wanted: &str) -> Result<u64, String> {
    let mut all = 0;
    for part in text.split('|').map(str::trim) {
        let known = number(part).or_else(|| constants::value(arch, part));
        all |= known.ok_or_else(|| {
            let bits = match part.starts_with(|c: char| c.is_ascii_digit()) {
                true => " of 64 bits",
                false => "",
            };
            // The empty part of `1|` is told by the whole.
            let told = if part.is_empty() { text } else { part };
            let wanted = wanted.replacen("number", &format!("number{bits}"), 1);
            format!("{told:.60}: expected {wanted}")
        })?;
    }
    match has_high_halves(arch) {
        true => Ok(all),
        false => short(all).ok_or_else(|| {
            let arch = arch.name();
            format!("{text:.60}: expected 32 bits, which arguments of {arch} have")
        }),
    }
}

/// The low half of a number of 32 bits, signed or not; `None` if it is larger.
pub fn short(value: u64) -> Option<u64> {
    let low = value as u32;
    let extended = i64::from(low as i32) as u64;
    (value == u64::from(low) || value == extended).then_some(low.into())
}

/// A number in C's notation.
pub fn number(text: &str) -> Option<u64> {
    if let Some(positive) = text.strip_prefix('-') {
        let number = unsigned(positive)?;
        return (number <= 1 << 63).then_some(number.wrapping_neg());
    }
    unsigned(text)
}

fn unsigned(text: &str) -> Option<u64> {
    let digits = text.to_ascii_lowercase();
    let is_digit = |c: char| c.is_ascii_alphanumeric();
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.chars().all(is_digit) {
        return None;
    }
    match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if digits.len() > 1 && digits.starts_with('0') => u64::from_str_radix(&digits, 8).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read() {
        let read = |text| Question::parse(text, Arch::X86_64);
        let socket = read("socket(38, 0x5, _)").unwrap();
        assert_eq!((socket.number, socket.name()), (41, Some("socket")));
        assert_eq!(socket.arguments[..3], [Some(38), Some(5), None]);
        assert_eq!(read("41").unwrap().number, 41);
        assert_eq!(
            read("openat(-100)").unwrap().arguments[0],
            Some(-100_i64 as u64)
        );
        assert_eq!(read(" read ( ) ").unwrap().arguments, [None; 6]);
        assert_eq!(read("read(010|4)").unwrap().arguments[0], Some(12));
    }

    #[test]
    fn mistakes_have_a_column() {
        for (text, column, what) in [
            ("reed", 1, "reed: not a system call of x86: expected a name"),
            (" reed(1)", 2, "reed: not a system call"),
            ("read(1", 7, "expected ')' at the end"),
            ("read(ä, 2)", 6, "ä: expected a number"),
            ("read(1, FOO)", 9, "FOO: expected a number"),
            (
                "open(\"/etc\")",
                6,
                "\"/etc\": expected a number, the name of a constant, or _: filters see an address",
            ),
            (
                "read(fd=1)",
                6,
                "fd=1: expected a number, the name of a constant, or _: arguments are told by",
            ),
            ("read(1,)", 8, "expected a number"),
            ("", 1, "expected a system call"),
            ("read(1|)", 6, "1|: expected a number"),
            (
                "read(0x10000000000000000)",
                6,
                "0x10000000000000000: expected a number of 64 bits",
            ),
            ("read(1,2,3,4,5,6,7)", 18, "7: a system call has at most 6"),
            ("read(0x100000000)", 6, "0x100000000: expected 32 bits"),
            ("read(0x+5)", 6, "0x+5: expected a number"),
            ("read(--5)", 6, "--5: expected a number"),
            ("4294967296", 1, "4294967296: a system call's number"),
        ] {
            let why = Question::parse(text, Arch::X86).unwrap_err().to_string();
            let expected = format!("call '{text}', column {column}: {what}");
            assert!(why.starts_with(&expected), "{why}");
        }
        let why = Question::with_values("read(1, _)", Arch::X86).unwrap_err();
        assert!(why.to_string().contains("column 9: _: expected a number"));
        assert!(Question::with_values("read(1, 2)", Arch::X86).is_ok());
    }

    #[test]
    fn arguments_are_as_long_as_the_architectures() {
        let first = |text, arch| Question::parse(text, arch).unwrap().arguments[0];
        assert_eq!(first("read(-1)", Arch::X86), Some(0xffff_ffff));
        assert_eq!(first("read(-1)", Arch::X86_64), Some(u64::MAX));
        assert_eq!(first("read(0xffffffff)", Arch::X86), Some(0xffff_ffff));
        assert_eq!(first("read(0x100000001)", Arch::X86_64), Some(1 << 32 | 1));
        assert_eq!(first("read(0x100000001)", Arch::X32), Some(1 << 32 | 1));
        assert_eq!(short(0xffff_ffff_7fff_ffff), None);
    }
}

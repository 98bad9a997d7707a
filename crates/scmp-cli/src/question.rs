// SPDX-License-Identifier: LGPL-2.1-only
//! System calls as people write them: `socket(AF_INET, _)`, `41`, and as the kernel's audit
//! records have them.

use scmp::Arch;
use scmp::arch::X32_SYSCALL_BIT;
use scmp_verify::SyscallData;
use scmp_verify::decision::{Analysis, Field, Function, Unanswered};

use crate::data::constants;
use crate::names;

/// A system call, of whose arguments some are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub arch: Arch,
    /// As the kernel sees it.
    pub number: u32,
    pub arguments: [Option<u64>; 6],
}

impl Question {
    /// Reads `CALL`, `CALL(ARGUMENT, …)` with a name or a number of the architecture.
    /// Arguments are numbers (decimal, `0x`, octal after `0`, negative ones as the 64 bits
    /// of their two's complement), names of constants joined by `|`, or `_` for any value,
    /// which missing ones have too.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str, arch: Arch) -> Result<Question, String> {
        let text = text.trim();
        let (call, arguments) = match text.split_once('(') {
            None => (text, ""),
            Some((call, rest)) => {
                let inside = rest.strip_suffix(')');
                (
                    call,
                    inside.ok_or(format!("{text}: expected ')' at the end"))?,
                )
            }
        };
        let call = call.trim();
        let known = names::number(arch, call);
        let number = match (known, number(call)) {
            (Some(number), _) => number,
            (None, Some(number)) => u32::try_from(number)
                .map_err(|_| format!("{call}: a system call's number has 32 bits"))?,
            (None, None) => return Err(format!("{call}: not a system call of {}", arch.name())),
        };
        let mut question = Question {
            arch,
            number,
            arguments: [None; 6],
        };
        let words = arguments.split(',').map(str::trim);
        let words: Vec<&str> = match arguments.trim() {
            "" => Vec::new(),
            _ => words.collect(),
        };
        if words.len() > 6 {
            return Err(format!("{text}: a system call has at most 6 arguments"));
        }
        for (argument, word) in question.arguments.iter_mut().zip(words) {
            *argument = match word {
                "_" => None,
                word => Some(value(word, arch).ok_or(format!(
                    "{word}: expected a number, the name of a constant, or _"
                ))?),
            };
        }
        Ok(question)
    }

    /// A call of whose arguments nothing is known; `None` if no architecture has the token.
    pub fn of_number(audit_token: u32, number: u32) -> Option<Question> {
        Some(Question {
            arch: arch_of(audit_token, number)?,
            number,
            arguments: [None; 6],
        })
    }

    /// The call's name, if its number has one.
    pub fn name(&self) -> Option<&'static str> {
        names::name(self.arch, self.number)
    }

    /// What a function is for such calls: a function of the arguments that are not known.
    pub fn ask(&self, analysis: &mut Analysis, whole: Function) -> Result<Function, Unanswered> {
        let token = self.arch.audit_token().into();
        let mut decided = analysis.fix(whole, Field::Architecture, token)?;
        decided = analysis.fix(decided, Field::Number, self.number.into())?;
        for (position, value) in (0..).zip(self.arguments) {
            if let Some(value) = value {
                decided = analysis.fix(decided, Field::Argument(position), value)?;
            }
        }
        if !crate::wording::has_high_halves(self.arch) {
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

/// The architecture of a call with this token and number.
pub fn arch_of(audit_token: u32, number: u32) -> Option<Arch> {
    let is_x32 = number & X32_SYSCALL_BIT != 0 && number != u32::MAX;
    let mut arches = Arch::all().filter(|arch| arch.audit_token() == audit_token);
    arches.find(|arch| match arch {
        Arch::X86_64 => !is_x32,
        Arch::X32 => is_x32,
        _ => true,
    })
}

/// Numbers and constants joined by `|`.
pub fn value(text: &str, arch: Arch) -> Option<u64> {
    let parts = text.split('|').map(|part| {
        let part = part.trim();
        number(part).or_else(|| constants::value(arch, part))
    });
    parts.reduce(|one, other| Some(one? | other?)).flatten()
}

/// A number in C's notation.
pub fn number(text: &str) -> Option<u64> {
    if let Some(positive) = text.strip_prefix('-') {
        return number(positive).map(u64::wrapping_neg);
    }
    let digits = text.to_ascii_lowercase();
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if digits.len() > 1 && digits.starts_with('0') => u64::from_str_radix(&digits, 8).ok(),
        None => digits.parse().ok(),
    }
}

/// An audit record of a call that a filter refused or logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub audit_token: u32,
    pub number: u32,
    /// What the filter returned, without its data in older kernels.
    pub code: Option<u32>,
    /// The program's name or file.
    pub program: Option<String>,
}

impl Record {
    /// Reads a line of the kernel's log, of auditd's log, or of the journal; `None` if it
    /// is no record of seccomp.
    pub fn parse(line: &str) -> Option<Record> {
        let is_seccomp = ["type=SECCOMP", "type=1326", "SECCOMP "];
        if !is_seccomp.iter().any(|mark| line.contains(mark)) {
            return None;
        }
        let field = |name: &str| {
            let fields = line.split_whitespace();
            let value = fields
                .rev()
                .find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
            value.map(|value| value.trim_matches('"'))
        };
        let token = field("arch")?;
        // Ausearch --interpret writes the name.
        let audit_token = u32::from_str_radix(token, 16).ok();
        let audit_token = audit_token.or_else(|| Some(Arch::from_name(token)?.audit_token()))?;
        let call = field("syscall")?;
        let arch = Arch::all().find(|arch| arch.audit_token() == audit_token);
        let number = match call.parse::<i64>() {
            Ok(number) => number as u32,
            Err(_) => names::number(arch?, call)?,
        };
        let code = field("code")
            .and_then(|code| u32::from_str_radix(code.trim_start_matches("0x"), 16).ok());
        let program = field("exe").or(field("comm")).map(str::to_string);
        Some(Record {
            audit_token,
            number,
            code,
            program,
        })
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
        for wrong in [
            "reed",
            "read(",
            "read(1,2,3,4,5,6,7)",
            "read(x)",
            "read(1,)",
            "4294967296",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn records_are_read() {
        let line = "Nov 28 12:00:00 host kernel: audit: type=1326 audit(1764331200.1:77): \
                    auid=1000 uid=1000 gid=1000 ses=2 subj=unconfined pid=77 comm=\"a.out\" \
                    exe=\"/tmp/a.out\" sig=31 arch=c000003e syscall=41 compat=0 \
                    ip=0x7f001122 code=0x80000000";
        let record = Record::parse(line).unwrap();
        assert_eq!(record.audit_token, Arch::X86_64.audit_token());
        assert_eq!((record.number, record.code), (41, Some(0x8000_0000)));
        assert_eq!(record.program.as_deref(), Some("/tmp/a.out"));
        let line = "type=SECCOMP msg=audit(1): comm=\"b\" arch=40000003 syscall=4 code=0x7ffc0000";
        assert_eq!(
            arch_of(Record::parse(line).unwrap().audit_token, 4),
            Some(Arch::X86)
        );
        let line = "type=SECCOMP msg=audit(1): arch=x86_64 syscall=socket code=log";
        assert_eq!(Record::parse(line).unwrap().number, 41);
        assert_eq!(
            Record::parse("type=AVC msg=audit(1): arch=c000003e syscall=1"),
            None
        );
        assert_eq!(
            Record::parse("type=SECCOMP msg=audit(1): arch=c000003e"),
            None
        );
    }

    #[test]
    fn x32_is_told_by_its_bit() {
        let token = Arch::X86_64.audit_token();
        assert_eq!(arch_of(token, 1), Some(Arch::X86_64));
        assert_eq!(arch_of(token, X32_SYSCALL_BIT | 1), Some(Arch::X32));
        assert_eq!(arch_of(token, u32::MAX), Some(Arch::X86_64));
        assert_eq!(arch_of(7, 1), None);
    }
}

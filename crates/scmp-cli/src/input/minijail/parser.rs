// SPDX-License-Identifier: LGPL-2.1-only
//! Reads policies, in the language of libminijail and of minijail's compiler together. What
//! the statements mean is not decided here.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use scmp::bpf::MAX_INSTRUCTIONS;
use scmp::{Arch, Syscall, WordSize};

use super::lexer::{Lexer, Position, Token};
use super::policy::{Action, Call, Filter, Policy, Statement};
use super::sources::Sources;
use super::{KILL_PROCESS, KILL_THREAD, Options};
use crate::data::constants;
use crate::formula::{Atom, Formula, Relation};
use crate::input::{Mistake, Note, NoteKind, Place};
use crate::names;
use crate::question;

/// More notes are dropped.
const MAX_NOTES: usize = 1000;

/// Parentheses may be nested so deep.
const MAX_NESTED: usize = 100;

const PATH: &str = "a path that begins with / or ./";

type Read<T> = Result<T, Mistake>;

/// Reads a policy for a machine.
///
/// # Errors
/// The first mistake.
pub fn parse(
    text: &str,
    path: Option<&Path>,
    machine: Arch,
    options: &Options,
    sources: &mut Sources,
) -> Read<Policy> {
    sources.restart();
    let mut parser = Parser {
        machine,
        options,
        sources,
        policy: Policy::default(),
        open: Vec::new(),
        without_denylist: None,
        tests: 0,
    };
    // The files that `-` includes are in the current folder.
    parser.file(text, path.unwrap_or(Path::new("")).to_path_buf())?;
    let Parser {
        policy,
        without_denylist,
        ..
    } = parser;
    match (&policy.denylist, without_denylist) {
        (Some(_), Some(file)) => {
            let place = Position { line: 1, column: 1 }.of(file.as_deref());
            Err(place.mistake("expected @denylist, as another file of the policy has it"))
        }
        _ => Ok(policy),
    }
}

struct Parser<'s> {
    machine: Arch,
    options: &'s Options,
    sources: &'s mut Sources,
    policy: Policy,
    /// The files that are being read.
    open: Vec<PathBuf>,
    /// A file that has no `@denylist`; within, `None` is the input itself.
    without_denylist: Option<Option<String>>,
    /// Filters and comparisons so far.
    tests: usize,
}

/// The text of one file.
struct Text<'a> {
    lexer: Lexer<'a>,
    file: Option<String>,
}

impl<'a> Text<'a> {
    fn mistake(&self, at: Position, what: String) -> Mistake {
        self.place(at).mistake(what)
    }

    fn place(&self, at: Position) -> Place {
        at.of(self.file.as_deref())
    }

    fn unexpected<T>(&mut self, wanted: impl Display) -> Read<T> {
        let (token, at) = self.lexer.peek();
        Err(self.mistake(at, format!("{token}: expected {wanted}")))
    }

    /// Takes a symbol if it is the next token.
    fn takes(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.lexer.peek().0, Token::Symbol(next) if next == symbol);
        if is_next {
            self.lexer.next();
        }
        is_next
    }

    fn expect(&mut self, symbol: &str) -> Read<()> {
        match self.takes(symbol) {
            true => Ok(()),
            false => self.unexpected(format_args!("'{symbol}'")),
        }
    }

    fn path(&mut self) -> Read<(&'a str, Position)> {
        let (path, at) = self.lexer.path();
        match path.starts_with('/') || path.starts_with("./") {
            true => Ok((path, at)),
            false if path.is_empty() => self.unexpected(PATH),
            false => Err(self.mistake(at, format!("{path:.40}: expected {PATH}"))),
        }
    }

    fn word(&mut self, wanted: &str) -> Read<(&'a str, Position)> {
        match self.lexer.peek() {
            (Token::Word(word), at) => {
                self.lexer.next();
                Ok((word, at))
            }
            _ => self.unexpected(wanted),
        }
    }
}

impl Parser<'_> {
    fn file(&mut self, text: &str, path: PathBuf) -> Read<()> {
        let is_included = !self.open.is_empty();
        let file = is_included.then(|| path.display().to_string());
        self.open.push(path);
        let lexer = Lexer::new(text);
        let mut text = Text { lexer, file };
        let mut is_denylist = false;
        while !text.lexer.is_done() {
            match text.lexer.peek().0 {
                Token::End => {}
                Token::Word("@denylist") => {
                    let (_, at) = text.lexer.next();
                    self.compiler_only(&text, at, "@denylist");
                    self.policy.denylist.get_or_insert(text.place(at));
                    is_denylist = true;
                }
                Token::Word(word) if word.starts_with('@') => self.directive(&mut text)?,
                _ => self.statement(&mut text)?,
            }
            if text.lexer.peek().0 != Token::End {
                return text.unexpected("the end of the line");
            }
            text.lexer.next();
        }
        for at in std::mem::take(&mut text.lexer.continued_comments) {
            let what = "the comment ends in a backslash: to libminijail, the next line is a part \
                        of it, but not here, nor to minijail's compiler";
            self.note(NoteKind::RuntimesDiffer, text.place(at), what.to_string());
        }
        if !is_denylist {
            self.without_denylist.get_or_insert(text.file);
        }
        self.open.pop();
        Ok(())
    }

    fn note(&mut self, kind: NoteKind, place: Place, text: String) {
        if self.policy.notes.len() < MAX_NOTES {
            self.policy.notes.push(Note::new(kind, place, text));
        }
    }

    fn compiler_only(&mut self, text: &Text<'_>, at: Position, what: &str) {
        let found = || (text.place(at), what.to_string());
        self.policy.compiler_only.get_or_insert_with(found);
    }

    /// Counts what becomes at least one instruction.
    fn count(&mut self, number: usize, text: &Text<'_>, at: Position) -> Read<()> {
        self.tests = self.tests.saturating_add(number);
        match self.tests > MAX_INSTRUCTIONS {
            true => Err(text.mistake(at, format!("more than {MAX_INSTRUCTIONS} tests"))),
            false => Ok(()),
        }
    }

    fn directive(&mut self, text: &mut Text<'_>) -> Read<()> {
        let (token, at) = text.lexer.next();
        match token {
            Token::Word("@include") => self.include(text, at),
            Token::Word("@frequency") => {
                let (path, at) = text.path()?;
                let why = "says how often calls are made, which only orders a program's tests: \
                           it is not read";
                self.note(NoteKind::Remark, text.place(at), format!("{path} {why}"));
                Ok(())
            }
            Token::Word("@default") => {
                self.compiler_only(text, at, "@default");
                let wanted = "kill, kill-process, kill-thread, trap or user-notify";
                let (word, at) = text.word(wanted)?;
                let refused = || text.mistake(at, format!("{word}: expected {wanted}"));
                let blocks = !matches!(word, "allow" | "log" | "trace");
                let action = self.action_of(word).filter(|_| blocks);
                self.policy.default = Some(action.ok_or_else(refused)?);
                Ok(())
            }
            token => {
                let wanted = "@include, @default, @denylist or @frequency";
                Err(text.mistake(at, format!("{token}: expected {wanted}")))
            }
        }
    }

    fn include(&mut self, text: &mut Text<'_>, at: Position) -> Read<()> {
        if self.open.len() > 1 {
            self.compiler_only(text, at, "@include in a file that is included");
        }
        let (path, at) = text.path()?;
        let included = self.sources.include(path, &self.open);
        let included = included.map_err(|why| text.mistake(at, format!("{path:.200}: {why}")))?;
        if included.beside {
            let instead = included.path.display();
            let what = format!("{path} is not on this machine: {instead} is read");
            self.note(NoteKind::Remark, text.place(at), what);
        }
        self.file(&included.text, included.path)
    }

    fn statement(&mut self, text: &mut Text<'_>) -> Read<()> {
        let mut calls = Vec::new();
        self.group(text, |parser, text| parser.call(text, &mut calls))?;
        text.expect(":")?;
        let mut filters = Vec::new();
        let (_, start) = text.lexer.peek();
        self.group(text, |parser, text| {
            let filter = parser.filter(text)?;
            // Each call gets a copy of the condition.
            let alternatives = filter.condition.iter().flat_map(|condition| &condition.any);
            let comparisons: usize = alternatives.map(Vec::len).sum();
            parser.count(calls.len().saturating_mul(comparisons.max(1)), text, start)?;
            filters.push(filter);
            Ok(())
        })?;
        if !calls.is_empty() {
            self.policy.statements.push(Statement { calls, filters });
        }
        Ok(())
    }

    /// Reads one thing, or several in braces.
    fn group<'a>(
        &mut self,
        text: &mut Text<'a>,
        mut each: impl FnMut(&mut Self, &mut Text<'a>) -> Read<()>,
    ) -> Read<()> {
        let (_, start) = text.lexer.peek();
        let is_group = text.takes("{");
        if !is_group {
            return each(self, text);
        }
        separated(text, ",", |text| each(self, text))?;
        self.compiler_only(text, start, "a group");
        text.expect("}")
    }

    /// Reads a call's name, and adds the call if the machine is meant.
    fn call(&mut self, text: &mut Text<'_>, calls: &mut Vec<Call>) -> Read<()> {
        let (name, at) = text.word("the name of a system call")?;
        if !self.metadata(text)? {
            return Ok(());
        }
        self.count(1, text, at)?;
        let machine = self.machine;
        if name.contains('@') {
            let why = "groups of calls are not known here: a file of one's own defines them";
            return Err(text.mistake(at, format!("{name:.40}: {why}")));
        }
        let number = names::number(machine, name);
        let why = || match Syscall::from(name).number() {
            Ok(_) => format!("{name}: {machine} has no such system call"),
            Err(_) => format!("{name:.40}: no system call has this name"),
        };
        let number = number.ok_or_else(|| text.mistake(at, why()))?;
        calls.push(Call {
            name: name.to_string(),
            number,
        });
        Ok(())
    }

    /// Reads what may follow a call's name: `[arch=x86_64,arm64]`. Whether it holds.
    fn metadata(&mut self, text: &mut Text<'_>) -> Read<bool> {
        let (_, start) = text.lexer.peek();
        if !text.takes("[") {
            return Ok(true);
        }
        self.compiler_only(text, start, "a condition on the machine");
        let conditions = separated(text, ";", |text| {
            let (key, at) = text.word("arch")?;
            if key != "arch" {
                return Err(text.mistake(at, format!("{key:.40}: expected arch")));
            }
            text.expect("=")?;
            separated(text, ",", |text| self.arch(text))
        })?;
        text.expect("]")?;
        let is_named = |arches: &Vec<_>| arches.contains(&Some(self.machine));
        Ok(conditions.iter().all(is_named))
    }

    fn arch(&mut self, text: &mut Text<'_>) -> Read<Option<Arch>> {
        let (name, at) = text.word("the name of an architecture")?;
        let arch = match name {
            "arm64" => Some(Arch::Aarch64),
            name => Arch::from_name(name),
        };
        if arch.is_none() {
            let what = format!("{name:.40} is no architecture that is known here");
            self.note(NoteKind::Remark, text.place(at), what);
        }
        Ok(arch)
    }

    fn filter(&mut self, text: &mut Text<'_>) -> Read<Filter> {
        let (token, at) = text.lexer.peek();
        let place = text.place(at);
        if !matches!(token, Token::Word(word) if argument(word).is_some()) {
            let action = Some(self.action(text, false)?);
            return Ok(Filter {
                condition: None,
                action,
                place,
            });
        }
        let any = separated(text, "||", |text| {
            separated(text, "&&", |text| self.comparison(text))
        })?;
        let action = match text.takes(";") {
            true => Some(self.action(text, true)?),
            false => None,
        };
        Ok(Filter {
            condition: Some(Formula { any }),
            action,
            place,
        })
    }

    fn comparison(&mut self, text: &mut Text<'_>) -> Read<Atom> {
        let wanted = "a comparison such as arg0 == 1";
        let (word, at) = text.word(wanted)?;
        self.count(1, text, at)?;
        let Some(position) = argument(word) else {
            return Err(text.mistake(at, format!("{word:.40}: expected {wanted}")));
        };
        let argument = position.parse().ok().filter(|position| *position < 6);
        let wanted = || format!("{word:.40}: expected arg0 to arg5");
        let argument = argument.ok_or_else(|| text.mistake(at, wanted()))?;
        let operator = text.lexer.peek().0;
        let relation = match operator {
            Token::Symbol("==") | Token::Word("in") => Relation::Equal,
            Token::Symbol("!=" | "&") => Relation::NotEqual,
            Token::Symbol("<") => Relation::Less,
            Token::Symbol("<=") => Relation::LessOrEqual,
            Token::Symbol(">") => Relation::Greater,
            Token::Symbol(">=") => Relation::GreaterOrEqual,
            _ => return text.unexpected("==, !=, <, <=, >, >=, & or in"),
        };
        text.lexer.next();
        let value = self.value(text, 0)?;
        let (mask, value) = match operator {
            // Some of the bits are set.
            Token::Symbol("&") => (value, 0),
            // No other bits are set.
            Token::Word(_) => (!value, 0),
            _ => (u64::MAX, value),
        };
        Ok(Atom {
            argument,
            width: self.machine.word_size(),
            mask,
            relation,
            value,
        })
    }

    /// Reads constants that are joined by `|`.
    fn value(&self, text: &mut Text<'_>, depth: usize) -> Read<u64> {
        let parts = separated(text, "|", |text| {
            let complement = text.takes("~");
            let (_, at) = text.lexer.peek();
            let constant = match text.takes("(") {
                true if depth == MAX_NESTED => {
                    let what = format!("'(': nested more than {MAX_NESTED} deep");
                    return Err(text.mistake(at, what));
                }
                true => {
                    let value = self.value(text, depth + 1)?;
                    text.expect(")")?;
                    value
                }
                false => self.constant(text)?,
            };
            Ok(match complement {
                true => !constant & self.word_mask(),
                false => constant,
            })
        })?;
        Ok(parts.into_iter().fold(0, |all, part| all | part))
    }

    fn word_mask(&self) -> u64 {
        match self.machine.word_size() {
            WordSize::Bits32 => u32::MAX.into(),
            WordSize::Bits64 => u64::MAX,
        }
    }

    /// Reads a number or a name.
    fn constant(&self, text: &mut Text<'_>) -> Read<u64> {
        const WANTED: &str = "a number or a constant's name";
        let (token, at) = text.lexer.peek();
        let value = match token {
            Token::Number(digits) => number(digits, self.word_mask()).ok_or_else(|| {
                let bits = self.word_mask().count_ones();
                format!("{token}: expected a number of {bits} bits")
            }),
            Token::Word(name) => match constants::value(self.machine, name) {
                Some(value) if value & !self.word_mask() == 0 => Ok(value),
                Some(_) => Err(format!("{token}: more than 32 bits")),
                None => Err(format!("{token}: expected {WANTED}")),
            },
            _ => return text.unexpected(WANTED),
        };
        text.lexer.next();
        value.map_err(|what| text.mistake(at, what))
    }

    /// Reads an action; `conditional` after a condition.
    fn action(&mut self, text: &mut Text<'_>, conditional: bool) -> Read<Action> {
        let wanted = match conditional {
            true => "an action: return ERROR, 1 or allow, kill, trap, trace, log or user-notify",
            false => {
                "a comparison such as arg0 == 1, or an action: 1 or allow, return ERROR, kill, \
                 trap, trace, log or user-notify"
            }
        };
        let (token, at) = text.lexer.peek();
        match token {
            Token::Word("return") => {
                text.lexer.next();
                self.errno(text)
            }
            Token::Number(digits) if number(digits, u64::MAX) == Some(1) => {
                text.lexer.next();
                if conditional {
                    self.compiler_only(text, at, "an action other than `return`");
                }
                Ok(Action::Other(super::ALLOW))
            }
            Token::Word(word) => {
                let Some(action) = self.action_of(word) else {
                    return text.unexpected(wanted);
                };
                text.lexer.next();
                self.compiler_only(text, at, &format!("the action `{word}`"));
                Ok(Action::Other(action))
            }
            _ => text.unexpected(wanted),
        }
    }

    /// Reads what follows `return`.
    fn errno(&mut self, text: &mut Text<'_>) -> Read<Action> {
        if matches!(text.lexer.peek().0, Token::End | Token::Symbol("}" | ",")) {
            return Ok(Action::Blocked);
        }
        let (token, at) = text.lexer.peek();
        let value = self.value(text, 0)?;
        // MAX_ERRNO, include/linux/err.h
        if value > 4095 {
            let what = format!(
                "return {token}: a filter returns the low 16 bits of a number, and the kernel \
                 makes 4095 of larger ones"
            );
            self.note(NoteKind::Remark, text.place(at), what);
        }
        Ok(Action::Errno(value as u16))
    }

    fn action_of(&self, word: &str) -> Option<u32> {
        Some(match word {
            "allow" => super::ALLOW,
            "kill" => self.options.kill(),
            "kill-process" => KILL_PROCESS,
            "kill-thread" => KILL_THREAD,
            "trap" => 0x0003_0000,
            "trace" => 0x7ff0_0000,
            "log" => 0x7ffc_0000,
            "user-notify" => 0x7fc0_0000,
            _ => return None,
        })
    }
}

/// Reads one thing, or several with a symbol between them.
fn separated<'a, T>(
    text: &mut Text<'a>,
    symbol: &str,
    mut each: impl FnMut(&mut Text<'a>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut all = vec![each(text)?];
    while text.takes(symbol) {
        all.push(each(text)?);
    }
    Ok(all)
}

/// The digits of `arg0`.
fn argument(word: &str) -> Option<&str> {
    let digits = word.strip_prefix("arg")?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// A number in C's notation that fits into a word; two's complement of a negative one.
fn number(text: &str, mask: u64) -> Option<u64> {
    let value = question::number(text)?;
    match text.starts_with('-') {
        false => (value <= mask).then_some(value),
        true => (value.wrapping_neg() <= mask / 2 + 1).then_some(value & mask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_comparisons() {
        for (written, arch, meant) in [
            ("arg0 == 3", Arch::X86_64, "a0 == 3"),
            ("arg1 != 3", Arch::X86_64, "a1 != 3"),
            ("arg2 < 3", Arch::X86_64, "a2 < 3"),
            ("arg3 <= 3", Arch::X86_64, "a3 <= 3"),
            ("arg4 > 3", Arch::X86_64, "a4 > 3"),
            ("arg5 >= -1", Arch::Arm, "(int)a5 >= 4294967295"),
            ("arg0 & 3", Arch::X86_64, "a0 & 0x3 != 0"),
            ("arg0 in 3", Arch::X86_64, "a0 & 0xfffffffffffffffc == 0"),
            ("arg0 in 3", Arch::Arm, "(int)a0 & 0xfffffffc == 0"),
        ] {
            let text = format!("read: {written}");
            let (options, mut sources) = (Options::default(), Sources::default());
            let policy = parse(&text, None, arch, &options, &mut sources).unwrap();
            let condition = policy.statements[0].filters[0].condition.clone();
            assert_eq!(condition.unwrap().to_string(), meant, "{written}");
        }
    }

    #[test]
    fn numbers_are_read_as_in_c() {
        let long = |text| number(text, u64::MAX);
        let int = |text| number(text, u32::MAX.into());
        assert_eq!(long("0"), Some(0));
        assert_eq!(long("0x1F"), Some(31));
        assert_eq!(long("0X1f"), Some(31));
        assert_eq!(long("017"), Some(15));
        assert_eq!(long("10"), Some(10));
        assert_eq!(long("-1"), Some(u64::MAX));
        assert_eq!(int("-1"), Some(u32::MAX.into()));
        assert_eq!(int("-0x80000000"), Some(1 << 31));
        assert_eq!(int("4294967295"), Some(u32::MAX.into()));
        assert_eq!(long("18446744073709551615"), Some(u64::MAX));
        for wrong in [
            "08",
            "0x",
            "1f",
            "18446744073709551616",
            "0x1_0",
            "-9223372036854775809",
        ] {
            assert_eq!(long(wrong), None, "{wrong}");
        }
        for large in ["4294967296", "-0x80000001"] {
            assert_eq!(int(large), None, "{large}");
        }
    }
}

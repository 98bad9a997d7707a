// SPDX-License-Identifier: LGPL-2.1-only
//! Assertions about filters: `refuse socket(domain == AF_ALG) on all`.

use scmp::{Action, Arch};
use scmp_verify::decision::{Analysis, Function, Order, Unanswered, Width};

use crate::question;
use crate::wording::{self, Place};

/// What must hold of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// A call gets one of some actions.
    Call {
        call: String,
        when: Vec<Test>,
        actions: Vec<Wanted>,
        /// Empty for all architectures that the filter covers and that have the call.
        arches: Vec<Arch>,
    },
    /// The filter decides as another one, but for some calls.
    SameAs { file: String, except: Vec<String> },
    /// The filter lets nothing through that another one refuses.
    NoLooserThan { file: String, except: Vec<String> },
    /// The filter refuses nothing that another one lets through.
    NoTighterThan { file: String, except: Vec<String> },
}

/// What a call may get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any action that does not let the call through.
    Refusal,
    /// This action with any data.
    Kind(u32),
    /// This value.
    Exactly(u32),
    /// The error of this name, whose number depends on the architecture.
    Error(String),
}

/// A comparison of an argument, by its position or its name in C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    argument: String,
    /// Only the low half counts: `(int)a0`.
    short: bool,
    mask: Option<String>,
    operator: Operator,
    values: Vec<[String; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Is,
    IsNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Wanted {
    /// Reads an action: those of profiles; `refuse`; `errno`, `trap` and `trace` without
    /// data for all of them; an errno's name, such as `enosys` or `errno ENOSYS`.
    fn parse(word: &str) -> Option<Wanted> {
        match word {
            "refuse" => return Some(Wanted::Refusal),
            "errno" => return Some(Wanted::Kind(0x0005_0000)),
            "trap" => return Some(Wanted::Kind(0x0003_0000)),
            "trace" => return Some(Wanted::Kind(0x7ff0_0000)),
            "kill" => return Some(Wanted::Kind(0)),
            _ => {}
        }
        let error = word.strip_prefix("errno ").unwrap_or(word).trim();
        let mut arches = Arch::all();
        if arches.any(|arch| wording::errno_number(arch, error).is_some()) {
            return Some(Wanted::Error(error.to_ascii_uppercase()));
        }
        word.parse::<Action>()
            .ok()
            .map(|action| Wanted::Exactly(action.to_raw()))
    }

    /// Whether a call of the architecture that gets this value is as wanted.
    pub fn matches(&self, arch: Arch, value: u32) -> bool {
        match self {
            Wanted::Refusal => wording::is_refusal(value),
            // Killing the thread and killing the process.
            Wanted::Kind(0) => matches!(value & 0xffff_0000, 0 | 0x8000_0000),
            Wanted::Kind(kind) => value & 0xffff_0000 == *kind,
            Wanted::Exactly(wanted) => value == *wanted,
            Wanted::Error(name) => {
                let number = wording::errno_number(arch, name);
                number.is_some_and(|number| value == 0x0005_0000 | number)
            }
        }
    }
}

/// A line of a text of assertions.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1.
    pub line: usize,
    pub text: String,
    pub assertion: Assertion,
}

/// Reads the assertions of a text: one a line, `#` begins a comment.
///
/// # Errors
/// The line of the first mistake, and what is wrong.
pub fn parse(text: &str) -> Result<Vec<Line>, (usize, String)> {
    let lines = (1..).zip(text.lines());
    let lines = lines.map(|(line, text)| {
        let code = text.split('#').next().unwrap_or_default();
        (line, code.trim())
    });
    let assertions = lines
        .filter(|(_, text)| !text.is_empty())
        .map(|(line, text)| {
            let assertion = assertion(text).map_err(|what| (line, what))?;
            let text = text.to_string();
            Ok(Line {
                line,
                text,
                assertion,
            })
        });
    assertions.collect()
}

fn assertion(text: &str) -> Result<Assertion, String> {
    for kind in ["same as ", "no looser than ", "no tighter than "] {
        let Some(rest) = text.strip_prefix(kind) else {
            continue;
        };
        let (file, except) = rest.split_once(" except ").unwrap_or((rest, ""));
        let file = file.trim().to_string();
        let separator = |c: char| c == ',' || c.is_whitespace();
        let except = except.split(separator).filter(|word| !word.is_empty());
        let except = except.map(str::to_string).collect();
        return Ok(match kind {
            "same as " => Assertion::SameAs { file, except },
            "no looser than " => Assertion::NoLooserThan { file, except },
            _ => Assertion::NoTighterThan { file, except },
        });
    }
    // Actions have a word or two; the call follows.
    let (first, rest) = action(text)?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| c == '(' || c.is_whitespace())
        .unwrap_or(rest.len());
    let (call, rest) = rest.split_at(end);
    if call.is_empty() {
        return Err(format!(
            "{text:.60}: expected a system call after the action"
        ));
    }
    let (when, mut rest) = match rest.trim_start().strip_prefix('(') {
        None => (Vec::new(), rest),
        Some(inside) => {
            let closed = close(inside).ok_or(format!("{text:.60}: expected ')'"));
            let (inside, rest) = closed?;
            (tests(inside)?, rest)
        }
    };
    let mut actions = vec![first];
    let mut arches = Vec::new();
    loop {
        rest = rest.trim();
        if rest.is_empty() {
            break;
        } else if let Some(other) = rest.strip_prefix("or ") {
            let (wanted, behind) = action(other)?;
            actions.push(wanted);
            rest = behind;
        } else if let Some(names) = rest.strip_prefix("on ") {
            let names = names
                .split(',')
                .map(str::trim)
                .filter(|name| *name != "all");
            let read = |name: &str| name.parse().map_err(|why| format!("{name:.60}: {why}"));
            arches = names.map(read).collect::<Result<_, _>>()?;
            rest = "";
        } else {
            return Err(format!(
                "{rest:.60}: expected `or ACTION` or `on ARCHITECTURES`"
            ));
        }
    }
    let call = call.to_string();
    Ok(Assertion::Call {
        call,
        when,
        actions,
        arches,
    })
}

/// The action at the start of a text, and what is behind it.
fn action(text: &str) -> Result<(Wanted, &str), String> {
    let mut ends = text
        .match_indices(char::is_whitespace)
        .map(|(place, _)| place);
    let first = ends.next().unwrap_or(text.len());
    // `errno 1` before `errno`.
    let second = ends.next().unwrap_or(text.len());
    for end in [second, first] {
        if let Some(wanted) = Wanted::parse(text[..end].trim()) {
            return Ok((wanted, &text[end..]));
        }
    }
    let word = &text[..first];
    Err(format!(
        "{word:.60}: expected an action, `refuse`, `same as`, `no looser than` or `no tighter than`"
    ))
}

/// Splits at the parenthesis that closes one opened before.
fn close(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (place, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..place], &text[place + 1..]));
        }
    }
    None
}

/// Reads comparisons that must all hold.
fn tests(text: &str) -> Result<Vec<Test>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    // Commas inside of braces belong to a set.
    let mut parts = vec![String::new()];
    let mut braces = 0;
    for c in text.replace("&&", ",").chars() {
        match c {
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        match (c, braces) {
            (',', 0) => parts.push(String::new()),
            (c, _) => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    parts.iter().map(|part| test(part.trim())).collect()
}

fn test(text: &str) -> Result<Test, String> {
    let operators = [
        ("==", Operator::Is),
        ("!=", Operator::IsNot),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        (" not in ", Operator::IsNot),
        (" in ", Operator::Is),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    let found = operators.into_iter().find_map(|(word, operator)| {
        let (left, right) = text.split_once(word)?;
        Some((left.trim(), operator, right.trim()))
    });
    let (left, operator, right) = found.ok_or(format!("{text:.60}: expected a comparison"))?;
    let (argument, mask) = match left.split_once('&') {
        None => (left, None),
        Some((argument, mask)) => (argument.trim(), Some(mask.trim().to_string())),
    };
    let cast = argument.strip_prefix("(int)");
    let set = right
        .strip_prefix('{')
        .and_then(|set| set.strip_suffix('}'));
    let values = set.unwrap_or(right).split(',').map(|value| {
        let value = value.trim();
        let (first, last) = value.split_once("..=").unwrap_or((value, value));
        [first.trim().to_string(), last.trim().to_string()]
    });
    Ok(Test {
        argument: cast.unwrap_or(argument).trim().to_string(),
        short: cast.is_some(),
        mask,
        operator,
        values: values.collect(),
    })
}

/// A condition that can't be asked of a filter.
#[derive(Debug)]
pub enum Mistake {
    /// A name is not known.
    Word(String),
    Unanswered(Unanswered),
}

impl From<Unanswered> for Mistake {
    fn from(why: Unanswered) -> Mistake {
        Mistake::Unanswered(why)
    }
}

/// Where all of the tests hold, for the arguments that the architecture can pass.
pub fn condition(
    analysis: &mut Analysis,
    tests: &[Test],
    place: Place<'_>,
) -> Result<Function, Mistake> {
    let no = analysis.constant(0)?;
    let mut all = analysis.constant(1)?;
    for test in tests {
        let here = test.holds(analysis, place)?;
        all = analysis.choose(here, all, no)?;
    }
    match place.arch.is_none_or(wording::has_high_halves) {
        true => Ok(all),
        false => Ok(analysis.with_short_arguments(all)?),
    }
}

impl Test {
    fn holds(&self, analysis: &mut Analysis, place: Place<'_>) -> Result<Function, Mistake> {
        let name = &self.argument;
        let field = wording::argument(name, place)
            .ok_or_else(|| Mistake::Word(format!("{name:.60}: not an argument of the call")))?;
        let arch = place.arch.unwrap_or(Arch::native());
        let value = |text: &str| {
            let known = question::value(text, arch, "a number or the name of a constant");
            let known = known.map_err(Mistake::Word)?;
            match self.short {
                false => Ok(known),
                true => question::short(known).ok_or_else(|| {
                    Mistake::Word(format!("{text:.60}: expected 32 bits, which an int has"))
                }),
            }
        };
        let width = if self.short {
            Width::Bits32
        } else {
            Width::Bits64
        };
        let mask = self.mask.as_deref().map_or(Ok(u64::MAX), value)?;
        let [yes, no] = [analysis.constant(1)?, analysis.constant(0)?];
        let mut any = no;
        for [first, last] in &self.values {
            let (low, high) = (value(first)?, value(last)?);
            if low > high {
                let what = format!("{first}..={last}: expected the smaller number first");
                return Err(Mistake::Word(what));
            }
            let (first, last) = (low, high);
            let mut compare = |order, value| analysis.compare(field, width, mask, order, value);
            let above = compare(Order::Greater, last)?;
            let at_least = compare(Order::GreaterOrEqual, first)?;
            let not = |analysis: &mut Analysis, function| analysis.choose(function, no, yes);
            let here = match self.operator {
                Operator::Is | Operator::IsNot => analysis.choose(above, no, at_least)?,
                Operator::Less => not(analysis, at_least)?,
                Operator::LessOrEqual => not(analysis, above)?,
                Operator::Greater => above,
                Operator::GreaterOrEqual => at_least,
            };
            any = analysis.choose(here, yes, any)?;
        }
        match self.operator {
            Operator::IsNot => Ok(analysis.choose(any, no, yes)?),
            _ => Ok(any),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_are_read() {
        let read = |text: &str| assertion(text).unwrap();
        let Assertion::Call {
            call,
            when,
            actions,
            arches,
        } = read(
            "errno 1 socket((int)a0 == 38, a1 & 0xf in {1, 3..=4}) or enosys or kill on x86_64, x86",
        )
        else {
            panic!("of a call");
        };
        assert_eq!((call.as_str(), when.len()), ("socket", 2));
        assert!(when[0].short && when[1].mask.as_deref() == Some("0xf"));
        assert_eq!(when[1].values.len(), 2);
        let wanted = [
            Wanted::Exactly(0x0005_0001),
            Wanted::Error("ENOSYS".to_string()),
            Wanted::Kind(0),
        ];
        assert_eq!(actions, wanted);
        assert_eq!(arches, [Arch::X86_64, Arch::X86]);
        let same = read("same as a b.json except socket, clone3");
        let except = vec!["socket".to_string(), "clone3".to_string()];
        let file = "a b.json".to_string();
        assert_eq!(same, Assertion::SameAs { file, except });
    }

    #[test]
    fn an_error_has_the_architectures_number() {
        for text in ["enosys", "errno ENOSYS"] {
            let (wanted, _) = action(text).unwrap();
            for (arch, number) in [(Arch::X86_64, 38), (Arch::Mips, 89), (Arch::Parisc, 251)] {
                assert!(wanted.matches(arch, 0x0005_0000 | number), "{arch}");
                assert!(!wanted.matches(arch, 0x0005_0001));
            }
            assert!(!wanted.matches(Arch::Mips, 0x0005_0000 | 38));
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, why) in [
            ("alow read", "alow: expected an action"),
            ("allow", "expected a system call"),
            ("allow read(", "expected ')'"),
            ("allow read(a0)", "a0: expected a comparison"),
            ("allow read and write", "and write: expected `or ACTION`"),
            ("allow read on arm65", "arm65"),
        ] {
            let mistake = assertion(text).unwrap_err();
            assert!(mistake.contains(why), "{text}: {mistake}");
        }
        assert_eq!(parse("# none\n\nallow read # yes\nallow").unwrap_err().0, 4);
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Reading a profile.

use std::str::FromStr;

use scmp::{
    Action, Arch, Comparison, Comparisons, Condition, Operator, ParseError, RuleMode, WordSize,
};

use scmp::syscalls::KernelVersion;

use super::messages::{refused, shown, with_text};
use super::{MAX_STEPS, Mistake, Profile, Step};
use crate::text::{Wrong, enclosed};

/// Reads a profile.
///
/// # Errors
/// The first [`Mistake`] in the text.
pub(super) fn read(text: &str) -> Result<Profile, Mistake> {
    let mut reader = Reader::default();
    let mut last = 1;
    for (line, text) in (1..).zip(text.lines()) {
        last = line;
        reader.line = line;
        let statement = text.split('#').next().unwrap_or("").trim();
        if !statement.is_empty() {
            reader.statement(statement).map_err(|wrong| Mistake {
                line,
                column: wrong.column(text),
                what: wrong.what,
            })?;
        }
    }
    let default = reader.default.ok_or_else(|| Mistake {
        line: last,
        column: 1,
        what: "no default action: expected a line such as `default errno 1`".to_string(),
    })?;
    if reader.arches.is_empty() {
        reader.arches.push(Arch::X86_64);
    }
    Ok(Profile {
        default,
        bad_architecture: reader.bad_architecture.unwrap_or(Action::KillThread),
        first_match: reader.first_match.is_some(),
        mode: match reader.exact {
            Some(()) => RuleMode::Exact,
            None => RuleMode::BestEffort,
        },
        arches: reader.arches,
        kernel: reader.kernel.unwrap_or(KernelVersion::NEWEST),
        unknown_calls: reader.unknown_calls,
        steps: reader.steps,
    })
}

/// What begins a statement; other statements are rules and begin with an action.
#[derive(Clone, Copy)]
enum Keyword {
    Arch,
    Default,
    Exact,
    FirstMatch,
    Foreign,
    Kernel,
    Priority,
    Unknown,
}

const KEYWORDS: [(&str, Keyword); 8] = [
    ("arch", Keyword::Arch),
    ("default", Keyword::Default),
    ("exact", Keyword::Exact),
    ("first-match", Keyword::FirstMatch),
    ("foreign", Keyword::Foreign),
    ("kernel", Keyword::Kernel),
    ("priority", Keyword::Priority),
    ("unknown", Keyword::Unknown),
];

fn keyword(word: &str) -> Option<Keyword> {
    let mut all = KEYWORDS.into_iter();
    all.find_map(|(each, keyword)| (each == word).then_some(keyword))
}

/// Whether the first word of a line is one of `arch`, `default`, `exact`, …: of a statement
/// that is no rule. Rules begin with an action.
///
/// ```
/// use scmp_verify::profile::starts_with_keyword;
///
/// assert!(starts_with_keyword("arch x86_64") && starts_with_keyword("first-match"));
/// assert!(!starts_with_keyword("allow read"));
/// ```
pub fn starts_with_keyword(line: &str) -> bool {
    keyword(first_word(line.trim_start()).0).is_some()
}

/// The part of a profile that has been read.
#[derive(Default)]
struct Reader {
    line: usize,
    default: Option<Action>,
    bad_architecture: Option<Action>,
    kernel: Option<KernelVersion>,
    unknown_calls: Option<Action>,
    first_match: Option<()>,
    exact: Option<()>,
    arches: Vec<Arch>,
    steps: Vec<Step>,
}

impl Reader {
    fn statement<'a>(&mut self, statement: &'a str) -> Result<(), Wrong<'a>> {
        let (word, rest) = first_word(statement);
        let Some(keyword) = keyword(word) else {
            return self.rules(statement);
        };
        match keyword {
            Keyword::Arch => {
                for name in some_words(rest)? {
                    self.arch(name)?;
                }
            }
            Keyword::Default => once(word, &mut self.default, only_action(rest)?)?,
            Keyword::Foreign => once(word, &mut self.bad_architecture, only_action(rest)?)?,
            Keyword::Unknown => once(word, &mut self.unknown_calls, only_action(rest)?)?,
            Keyword::Kernel => once(word, &mut self.kernel, read_as(rest)?)?,
            Keyword::Exact | Keyword::FirstMatch => {
                if !rest.is_empty() {
                    let what = format!("unexpected text after {word}: {}", shown(rest));
                    return Err(Wrong::new(rest, what));
                }
                let flag = match keyword {
                    Keyword::Exact => &mut self.exact,
                    _ => &mut self.first_match,
                };
                once(word, flag, ())?;
            }
            Keyword::Priority => {
                let (priority, calls) = first_word(rest);
                let value = number(priority).map_err(|mut wrong| {
                    wrong.what += ": expected a priority, 0 to 255, before the names";
                    wrong
                })?;
                let priority = u8::try_from(value)
                    .map_err(|_| Wrong::new(priority, format!("{value} is above 255")))?;
                for call in some_words(calls)? {
                    self.has_room(1, call)?;
                    let (call, line) = (call.to_string(), self.line);
                    self.steps.push(Step::Priority {
                        call,
                        priority,
                        line,
                    });
                }
            }
        }
        Ok(())
    }

    /// Reads an action and its calls.
    fn rules<'a>(&mut self, statement: &'a str) -> Result<(), Wrong<'a>> {
        let (action, mut rest) = action(statement).map_err(|mut wrong| {
            if !starts_with_action(statement) {
                let words = KEYWORDS.map(|(word, _)| word).join(", ");
                wrong.what += &format!("; other lines begin with one of {words}");
            }
            wrong
        })?;
        if rest.is_empty() {
            return Err(Wrong::new(rest, "no system call"));
        }
        while !rest.is_empty() {
            rest = self.rule(action, rest)?;
        }
        Ok(())
    }

    fn arch<'a>(&mut self, name: &'a str) -> Result<(), Wrong<'a>> {
        let arch: Arch = read_as(name)?;
        if self.arches.contains(&arch) {
            return Err(Wrong::new(name, format!("{name} given twice")));
        }
        if let Some(first) = self.arches.first() {
            if first.endian() != arch.endian() {
                let first = first.name();
                let what = format!("{name} differs in byte order from {first}");
                return Err(Wrong::new(name, what));
            }
        }
        self.arches.push(arch);
        Ok(())
    }

    /// Reads one call, with or without comparisons; returns the text after it.
    fn rule<'a>(&mut self, action: Action, text: &'a str) -> Result<&'a str, Wrong<'a>> {
        let end = text.find(|c: char| c == '(' || c.is_whitespace());
        let (call, rest) = text.split_at(end.unwrap_or(text.len()));
        if call.is_empty() {
            let what = "no system call before (: expected no space between the call and (";
            return Err(Wrong::new(text, what));
        }
        // A rule whose name is not known is left out, as a newer library may know it.
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if let Some(at) = call.find(|c| !is_of_name(c)) {
            let what = format!(
                "{}: expected names of system calls, with spaces between them",
                shown(call)
            );
            return Err(Wrong::new(&call[at..], what));
        }
        let (inside, rest) = match rest.strip_prefix('(') {
            Some(rest) => {
                let end = &rest[rest.len()..];
                enclosed(rest).ok_or_else(|| Wrong::new(end, "a ) is missing"))?
            }
            None => ("", rest),
        };
        // A comparison has none of these.
        let masks_unequal = |part: &str| part.contains('&') && part.contains("!=");
        if inside.contains("&&") || inside.contains(" in ") || inside.split(',').any(masks_unequal)
        {
            let condition: Condition = read_as(inside)?;
            self.has_room(1, call)?;
            self.steps.push(Step::Rule {
                action,
                call: call.to_string(),
                comparisons: Comparisons::NONE,
                condition: Some(condition),
                line: self.line,
            });
            return Ok(rest.trim_start());
        }
        let mut choices = Vec::new();
        if !inside.trim().is_empty() {
            for part in inside.split(',') {
                choices.push(choice(part)?);
            }
        }
        // Checked before the first of these rules is made.
        let count = choices.iter().try_fold(1, |count: u64, choice| {
            let values = (choice.last - choice.comparison.datum()).checked_add(1)?;
            count.checked_mul(values)
        });
        self.has_room(count.unwrap_or(u64::MAX), call)?;
        let mut all = vec![Comparisons::NONE];
        for Choice { comparison, last } in choices {
            let mut longer = Vec::new();
            for start in &all {
                for datum in comparison.datum()..=last {
                    let mut comparisons = *start;
                    let make = match comparison.width() {
                        WordSize::Bits64 => Comparison::new,
                        WordSize::Bits32 => Comparison::of_int,
                    };
                    make(comparison.argument(), comparison.operator(), datum)
                        .and_then(|comparison| comparisons.add(comparison))
                        .map_err(|error| Wrong::new(inside, refused(error)))?;
                    longer.push(comparisons);
                }
            }
            all = longer;
        }
        for comparisons in all {
            self.steps.push(Step::Rule {
                action,
                call: call.to_string(),
                comparisons,
                condition: None,
                line: self.line,
            });
        }
        Ok(rest.trim_start())
    }

    /// Whether a call may have so many more steps.
    fn has_room<'a>(&self, count: u64, call: &'a str) -> Result<(), Wrong<'a>> {
        match count <= (MAX_STEPS - self.steps.len()) as u64 {
            true => Ok(()),
            false => {
                let what = format!(
                    "more than {MAX_STEPS} rules and priorities: after == a range makes a rule for \
                     each value, after `in` one rule: `a0 in 1..=5`"
                );
                Err(Wrong::new(call, what))
            }
        }
    }
}

/// Sets what a profile may give once.
fn once<'a, T>(word: &'a str, place: &mut Option<T>, value: T) -> Result<(), Wrong<'a>> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Wrong::new(word, format!("{word} given twice"))),
    }
}

fn some_words(text: &str) -> Result<impl Iterator<Item = &str>, Wrong<'_>> {
    match text.is_empty() {
        true => Err(Wrong::new(text, "a name is missing")),
        false => Ok(text.split_whitespace()),
    }
}

pub(super) fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

fn number(text: &str) -> Result<u64, Wrong<'_>> {
    let text = text.trim();
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(Wrong::new(text, format!("{} is not a number", shown(text))));
    }
    let long = |_| Wrong::new(text, format!("{} has more than 64 bits", shown(text)));
    u64::from_str_radix(digits, radix).map_err(long)
}

/// Parses a text as `scmp` does.
fn read_as<T: FromStr<Err = ParseError>>(text: &str) -> Result<T, Wrong<'_>> {
    let wrong = |error| Wrong::new(text.trim_start(), with_text(error, text));
    text.parse().map_err(wrong)
}

/// An action, and the text after it.
fn action(text: &str) -> Result<(Action, &str), Wrong<'_>> {
    let (word, data) = first_word(text);
    let rest = match word {
        "errno" | "trap" | "trace" => first_word(data).1,
        _ => data,
    };
    Ok((read_as(&text[..text.len() - rest.len()])?, rest))
}

/// Whether the first word of a text is an action's, whatever follows.
fn starts_with_action(text: &str) -> bool {
    let word = first_word(text).0;
    read_as::<Action>(word).is_ok() || read_as::<Action>(&format!("{word} 0")).is_ok()
}

fn only_action(text: &str) -> Result<Action, Wrong<'_>> {
    match action(text)? {
        (action, "") => Ok(action),
        (_, rest) => {
            let what = format!("unexpected text after the action: {}", shown(rest));
            Err(Wrong::new(rest, what))
        }
    }
}

/// A comparison, or one for each value from its own to the last.
struct Choice {
    comparison: Comparison,
    last: u64,
}

/// `a1 == 5`, `a1 & 0xff == 5`, `a1 == 5..9`.
fn choice(text: &str) -> Result<Choice, Wrong<'_>> {
    let Some((first, last)) = text.split_once("..") else {
        let comparison: Comparison = read_as(text)?;
        let last = comparison.datum();
        return Ok(Choice { comparison, last });
    };
    let (comparison, last): (Comparison, u64) = (read_as(first)?, number(last)?);
    // One rule for each value would say something else with `!=`.
    let operator = comparison.operator();
    let what = if !matches!(operator, Operator::Equal | Operator::MaskedEqual { .. }) {
        format!("{}: a range needs ==", shown(text))
    } else if comparison.width() == WordSize::Bits32 && last > u32::MAX.into() {
        with_text(ParseError::NotInt, text)
    } else if last < comparison.datum() {
        with_text(ParseError::Range, text)
    } else {
        return Ok(Choice { comparison, last });
    };
    Err(Wrong::new(text.trim_start(), what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read() {
        let profile = Profile::parse(
            "arch x86_64 x86 # two\ndefault errno 1\nforeign kill-process\npriority 9 read\n\
             trap 5 read write(a0 & 0xff == 3, (int)a5 == 1..4)  close",
        )
        .unwrap();
        assert_eq!(profile.arches, [Arch::X86_64, Arch::X86]);
        assert_eq!(Ok(profile.default), Action::errno(1));
        assert_eq!(profile.bad_architecture, Action::KillProcess);
        assert_eq!(profile.steps.len(), 1 + 1 + 4 + 1);
        let Step::Rule {
            call, comparisons, ..
        } = &profile.steps[5]
        else {
            panic!("the last rule on write");
        };
        assert_eq!(call, "write");
        let expected = [
            Comparison::new(0, Operator::MaskedEqual { mask: 0xff }, 3).unwrap(),
            Comparison::of_int(5, Operator::Equal, 4).unwrap(),
        ];
        assert!(comparisons.iter().eq(&expected));
    }

    fn assert_mistake(text: &str, line: usize, column: usize, what: &str) {
        let mistake = Profile::parse(text).unwrap_err();
        assert_eq!((mistake.line, mistake.column), (line, column), "{text}");
        assert!(mistake.what.contains(what), "{text}: {}", mistake.what);
    }

    #[test]
    fn mistakes_name_their_place() {
        for (text, line, column, what) in [
            ("default errno", 1, 9, "errno: not a number"),
            (
                "default errno 4095",
                1,
                9,
                "errno 4095: not an error number, 0 to 4094",
            ),
            (
                "default errno 70000",
                1,
                9,
                "errno 70000: not an error number, 0 to 4094",
            ),
            ("default trap 70000", 1, 9, "trap 70000: above 65535"),
            ("foreign allow\nforeign log", 2, 1, "foreign given twice"),
            (
                "default allow log",
                1,
                15,
                "unexpected text after the action: log",
            ),
            ("exact read", 1, 7, "unexpected text after exact: read"),
            (
                "first-match yes",
                1,
                13,
                "unexpected text after first-match: yes",
            ),
            ("exact\nexact", 2, 1, "exact given twice"),
            ("first-match\nfirst-match", 2, 1, "first-match given twice"),
            ("arch", 1, 5, "a name is missing"),
            ("arch x86_65\n", 1, 6, "x86_65: not an architecture"),
            ("arch x86\narch x32 x86", 2, 10, "x86 given twice"),
            (
                "arch x86 s390",
                1,
                10,
                "s390 differs in byte order from x86",
            ),
            ("priority 256 read", 1, 10, "256 is above 255"),
            ("priority 1", 1, 11, "a name is missing"),
            ("\n\nallow read", 3, 1, "no default action"),
            ("", 1, 1, "no default action"),
        ] {
            assert_mistake(text, line, column, what);
        }
        for (text, column, what) in [
            ("alow read", 1, "alow: not an action"),
            ("allow", 6, "no system call"),
            ("errno 1", 8, "no system call"),
            ("allow (a0 == 1)", 7, "no system call before ("),
            (
                "alow read",
                1,
                "or errno, trap or trace with a number; other lines begin with one of arch, default",
            ),
            ("errno EPERM read", 1, "expected a number, as in `errno 1`"),
            (
                "allow read, write",
                11,
                "read,: expected names of system calls, with spaces",
            ),
            ("allow read(a0 == 1))", 20, "): expected names"),
            ("allow read (a0 == 1)", 12, "expected no space between"),
            (
                "allow ioctl(a1 == TCGETS)",
                13,
                "not a number: expected decimal digits, or hexadecimal ones after 0x",
            ),
            (
                "allow read(a0 == -1)",
                12,
                "expected a negative number after (int) only",
            ),
            ("allow read(a0 == {1,2})", 12, "expected a set after `in`"),
            ("allow read(a0 in 1..5)", 12, "a range as in `a0 in 1..=5`"),
            ("allow read(a0 == 0..65536)", 7, "after `in` one rule"),
            ("kernel 5", 8, "expected two numbers, as in 5.10"),
            ("priority high read", 10, "expected a priority, 0 to 255"),
            (
                "arch amd64",
                6,
                "not an architecture: expected one of x86 x86_64",
            ),
            (
                "allow read(a6 == 1)",
                12,
                "argument position, expected 0 to 5",
            ),
            (
                "allow read(a0 == 1, a0 == 2)",
                12,
                "twice: expected `&&` between the comparisons if all must hold, or a rule for each",
            ),
            (
                "allow read(a0 == 1 || a1 == 2)",
                12,
                "not a comparison: expected a rule of its own for each alternative",
            ),
            (
                "allow read(a0 == 1 & a1 == 2)",
                12,
                "not a comparison: expected a comparison such as `a0 == 1`",
            ),
            ("allow read(a256 == 1)", 12, "not a comparison"),
            ("allow read(a0 = 1)", 12, "not a comparison"),
            ("allow read(a0 == 1,)", 20, "not a comparison"),
            ("allow read(a0 == 1", 19, "a ) is missing"),
            ("allow read((int)a0 == 1", 24, "a ) is missing"),
            (
                "allow read((int)a0 == -1..1)",
                12,
                "ends before it begins: values are unsigned, and -1 is 4294967295",
            ),
            (
                "allow read((int)a0 in -1..=1)",
                12,
                "ends before it begins: values are unsigned, and -1 is 4294967295",
            ),
            (
                "allow read((int)a0 == 1..0x100000000)",
                12,
                "more than the 32 bits",
            ),
            ("allow read(a0 == 1, a0 == 2)", 12, "compared twice"),
            (
                "errno 4095 read",
                1,
                "errno 4095: not an error number, 0 to 4094",
            ),
            ("default log", 1, "default given twice"),
            ("errno 1 ioctl(a1 == 5..4)", 15, "ends before it begins"),
            ("errno 1 ioctl(a1 != 4..5)", 15, "a range needs =="),
            ("errno 1 ioctl(a1 == 0x)", 15, "a1 == 0x: not a number"),
            ("errno 1 ioctl(a1 == +5)", 15, "a1 == +5: not a number"),
            ("errno 1 ioctl(a1 == -1)", 15, "a1 == -1: not a number"),
            (
                "errno 1 ioctl(a1 == 18446744073709551616)",
                15,
                "a1 == 18446744073709551616: more than 64 bits",
            ),
        ] {
            assert_mistake(&format!("default allow\n{text}"), 2, column, what);
        }
    }

    // 65,536 times 1000 comparisons took 10 GB.
    #[test]
    fn profiles_have_a_most_of_rules() {
        let rules = |rules: &str| {
            let profile = Profile::parse(&format!("default allow\nlog read\nlog {rules}"));
            profile.map(|profile| profile.steps.len())
        };
        assert_eq!(rules("ioctl(a0 == 1..65535)"), Ok(MAX_STEPS));
        assert_eq!(
            rules("ioctl(a0 == 0..0x1ff, a1 == 0..0x7e)"),
            Ok(1 + 512 * 127)
        );
        for too_many in [
            "ioctl(a0 == 0..65535)",
            "ioctl(a0 == 1..65535) write",
            "ioctl(a0 == 0..65535, a1 == 0..999)",
            "ioctl(a0 == 0..0xffffffffffffffff)",
            "ioctl(a0 == 0..0xffffffff, a1 == 0..0xffffffff)",
            "ioctl(a0 == 1..65535)\npriority 1 read",
        ] {
            let mistake = rules(too_many).unwrap_err();
            assert!(
                mistake
                    .what
                    .starts_with("more than 65536 rules and priorities")
            );
            assert_eq!(mistake.line, 3 + too_many.matches('\n').count());
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Assertions about filters: `refuse socket(domain == AF_ALG) on all`.

use scmp::{Action, Arch, WordSize};
use scmp_verify::decision::{Analysis, Field, Function, Order, Unanswered};
use scmp_verify::text::{ACTIONS, Wrong, enclosed};
use thiserror::Error as ThisError;

use crate::failure::Failure;
use crate::formula::Relation;
use crate::input::Place;
use crate::names;
use crate::question;
use crate::wording::{self, ArchCall};

/// What must hold of a filter. The words are slices of the assertion's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion<'a> {
    /// A call gets one of some actions.
    Call {
        call: &'a str,
        when: Vec<ArgumentTest<'a>>,
        actions: Vec<Wanted>,
        /// Empty for all architectures that the filter covers and that have the call.
        arches: Vec<Arch>,
    },
    /// How the filter compares with another one, but for some calls.
    Compared {
        likeness: Likeness,
        file: &'a str,
        except: Vec<&'a str>,
    },
}

/// How a filter compares with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// It decides as the other one.
    Same,
    /// It lets nothing through that the other one refuses.
    NoLooser,
    /// It refuses nothing that the other one lets through.
    NoTighter,
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
pub struct ArgumentTest<'a> {
    argument: &'a str,
    /// Only the low half counts: `(int)a0`.
    short: bool,
    mask: Option<&'a str>,
    relation: Relation,
    /// The ends of ranges, both included.
    values: Vec<[&'a str; 2]>,
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
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    whole: &'a str,
}

impl<'a> Line<'a> {
    /// The assertion as it is written.
    pub fn text(&self) -> &'a str {
        let code = self.whole.split('#').next();
        code.unwrap_or_default().trim()
    }

    /// Where something is wrong in the line.
    pub fn place(&self, wrong: &Wrong<'_>) -> Place {
        Place::of(wrong, self.number, self.whole)
    }
}

/// Reads the assertions of a text: one a line, `#` begins a comment.
///
/// # Errors
/// The line of the first mistake, and what is wrong.
pub fn parse(text: &str) -> Result<Vec<(Line<'_>, Assertion<'_>)>, (Line<'_>, Wrong<'_>)> {
    let lines = (1..).zip(text.lines());
    let lines = lines.map(|(number, whole)| Line { number, whole });
    let assertions =
        lines
            .filter(|line| !line.text().is_empty())
            .map(|line| match assertion(line.text()) {
                Ok(assertion) => Ok((line, assertion)),
                Err(wrong) => Err((line, wrong)),
            });
    assertions.collect()
}

fn assertion(text: &str) -> Result<Assertion<'_>, Wrong<'_>> {
    for (start, likeness) in [
        ("same as ", Likeness::Same),
        ("no looser than ", Likeness::NoLooser),
        ("no tighter than ", Likeness::NoTighter),
    ] {
        let Some(rest) = text.strip_prefix(start) else {
            if text == start.trim_end() {
                let what = format!("expected the name of a file after `{text}`");
                return Err(Wrong::new(&text[text.len()..], what));
            }
            continue;
        };
        let (file, except) = rest.split_once(" except ").unwrap_or((rest, ""));
        let file = file.trim();
        let separator = |c: char| c == ',' || c.is_whitespace();
        let except = except.split(separator).filter(|word| !word.is_empty());
        return Ok(Assertion::Compared {
            likeness,
            file,
            except: except.collect(),
        });
    }
    // Actions have a word or two; the call follows.
    let (first, rest) = action(text).map_err(|mut wrong| {
        if wrong.column(text) == 1 {
            wrong.what += "; or `same as`, `no looser than` or `no tighter than` with a file";
        }
        wrong
    })?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| c == '(' || c.is_whitespace())
        .unwrap_or(rest.len());
    let (call, rest) = rest.split_at(end);
    if call.is_empty() {
        let what = format!("{text:.60}: expected a system call after the action");
        return Err(Wrong::new(rest, what));
    }
    if call.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        let what = format!("{call:.60}: expected the name of a system call, not a number");
        return Err(Wrong::new(call, what));
    }
    let (when, mut rest) = match rest.trim_start().strip_prefix('(') {
        None => (Vec::new(), rest),
        Some(inside) => {
            let end = &inside[inside.len()..];
            let closed = enclosed(inside);
            let closed = closed.ok_or_else(|| Wrong::new(end, format!("{text:.60}: expected ')'")));
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
            arches = on(names)?;
            rest = "";
        } else {
            let what = format!(
                "{rest:.60}: expected `or ACTION` or `on ARCHITECTURES`; an assertion has one call"
            );
            return Err(Wrong::new(rest, what));
        }
    }
    Ok(Assertion::Call {
        call,
        when,
        actions,
        arches,
    })
}

/// The architectures that an assertion names; none for `all`.
fn on(names: &str) -> Result<Vec<Arch>, Wrong<'_>> {
    match names.trim() {
        "all" => Ok(Vec::new()),
        names => names.split(',').map(str::trim).map(arch).collect(),
    }
}

fn arch(name: &str) -> Result<Arch, Wrong<'_>> {
    let what = match names::arch(name) {
        Ok(arch) => return Ok(arch),
        Err(_) if name == "all" => "expected no other names beside it".to_string(),
        Err(why) => why,
    };
    Err(Wrong::new(name, format!("{name:.60}: {what}")))
}

/// The action at the start of a text, and what is behind it.
fn action(text: &str) -> Result<(Wanted, &str), Wrong<'_>> {
    let mut ends = text
        .match_indices(char::is_whitespace)
        .map(|(place, _)| place);
    let first = ends.next().unwrap_or(text.len());
    // `errno 1` before `errno`.
    let second = ends.next().unwrap_or(text.len());
    for end in [second, first] {
        if let Some(wanted) = Wanted::parse(text[..end].trim()) {
            // No call's name begins like a number.
            let next = text[end..second].trim_start();
            let is_number = next.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            let takes_number = matches!(text[..end].trim(), "errno" | "trap" | "trace");
            return match text[..second].parse::<Action>() {
                Err(why) if is_number && takes_number => {
                    Err(Wrong::new(next, format!("{next:.60}: {why}")))
                }
                _ => Ok((wanted, &text[end..])),
            };
        }
    }
    let word = &text[..first];
    let what =
        format!("{word:.60}: expected refuse, kill, an error's name such as EPERM, {ACTIONS}");
    Err(Wrong::new(word, what))
}

/// Reads comparisons that must all hold.
fn tests(text: &str) -> Result<Vec<ArgumentTest<'_>>, Wrong<'_>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    let mut start = 0;
    // Commas inside of braces belong to a set.
    let mut braces = 0;
    for (place, c) in text.char_indices() {
        let separator = match c {
            '{' => {
                braces += 1;
                continue;
            }
            '}' => {
                braces -= 1;
                continue;
            }
            ',' => 1,
            '&' if text[place..].starts_with("&&") => 2,
            _ => continue,
        };
        if braces == 0 && place >= start {
            parts.push(&text[start..place]);
            start = place + separator;
        }
    }
    parts.push(&text[start..]);
    parts.iter().map(|part| test(part.trim())).collect()
}

fn test(text: &str) -> Result<ArgumentTest<'_>, Wrong<'_>> {
    let operators = [
        ("==", Relation::Equal),
        ("!=", Relation::NotEqual),
        ("<=", Relation::LessOrEqual),
        (">=", Relation::GreaterOrEqual),
        (" not in ", Relation::NotEqual),
        (" in ", Relation::Equal),
        ("<", Relation::Less),
        (">", Relation::Greater),
    ];
    let found = operators.into_iter().find_map(|(word, relation)| {
        let (left, right) = text.split_once(word)?;
        Some((left.trim(), word.trim(), relation, right.trim()))
    });
    if let Some((before, _)) = text.split_once("||") {
        let what = "||: expected an assertion of its own for each alternative";
        return Err(Wrong::new(&text[before.len()..], what));
    }
    let none = || {
        let such = "such as `a0 == 1`, `a1 & 0xf != 0` or `a2 in {1, 3..=5}`";
        Wrong::new(text, format!("{text:.60}: expected a comparison {such}"))
    };
    let (left, word, relation, right) = found.ok_or_else(none)?;
    let (argument, mask) = match left.split_once('&') {
        None => (left, None),
        Some((argument, mask)) => (argument.trim(), Some(mask.trim())),
    };
    let cast = argument.strip_prefix("(int)");
    Ok(ArgumentTest {
        argument: cast.unwrap_or(argument).trim(),
        short: cast.is_some(),
        mask,
        relation,
        values: values(word, right)?,
    })
}

/// The values after an operator: a set or a range after `in` and `not in`, one value after
/// the others.
fn values<'a>(operator: &str, text: &'a str) -> Result<Vec<[&'a str; 2]>, Wrong<'a>> {
    let ends = |value: &'a str| {
        let (first, last) = value.split_once("..=").unwrap_or((value, value));
        [first.trim(), last.trim()]
    };
    if text.contains("..") && !text.contains("..=") {
        let what = format!("{text:.60}: expected the ends of a range as in 1..=5");
        return Err(Wrong::new(text, what));
    }
    let is_range = text.contains("..=") && !text.starts_with('{');
    let set = text.strip_prefix('{');
    let set = set.and_then(|set| set.strip_suffix('}'));
    let what = match (operator, set) {
        ("in" | "not in", Some(set)) => return Ok(set.split(',').map(ends).collect()),
        ("in" | "not in", None) if is_range => return Ok(vec![ends(text)]),
        ("in" | "not in", None) => format!("a set or a range after `{operator}`: {{1, 3..=5}}"),
        _ if text.contains(['=', '<', '>', '&']) && !is_range => {
            "one value; comparisons are joined by `,` or `&&`".to_string()
        }
        (_, None) if !is_range => return Ok(vec![[text, text]]),
        _ => format!("one value after `{operator}`; sets and ranges come after `in` or `not in`"),
    };
    Err(Wrong::new(text, format!("{text:.60}: expected {what}")))
}

/// Why it is not known whether an assertion holds.
#[derive(Debug, ThisError)]
pub enum Undecided<'a> {
    /// A word of the assertion is wrong.
    #[error("{}", .0.what)]
    Word(Wrong<'a>),
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// Another filter can't be compared, that of the file of this name.
    #[error("{0}: {1}")]
    Other(&'a str, Failure),
}

/// Where all of the tests hold, for the arguments that the architecture can pass.
pub fn all_hold<'a>(
    analysis: &mut Analysis,
    tests: &[ArgumentTest<'a>],
    call: ArchCall<'_>,
) -> Result<Function, Undecided<'a>> {
    let mut all = analysis.constant(1)?;
    for test in tests {
        let here = test.holds(analysis, call)?;
        all = analysis.both(here, all)?;
    }
    match call.arch.is_none_or(wording::has_high_halves) {
        true => Ok(all),
        false => Ok(analysis.with_short_arguments(all)?),
    }
}

/// What may be written for an argument of a call.
fn expected_argument(call: ArchCall<'_>) -> String {
    let names = (0..6).filter_map(|place| wording::argument_name(Field::Argument(place), call));
    let names: Vec<String> = names.collect();
    match names.is_empty() {
        true => "expected a0 to a5".to_string(),
        false => format!("expected a0 to a5, or a name: {}", names.join(", ")),
    }
}

impl<'a> ArgumentTest<'a> {
    fn holds(
        &self,
        analysis: &mut Analysis,
        call: ArchCall<'_>,
    ) -> Result<Function, Undecided<'a>> {
        let wrong = |part, what| Undecided::Word(Wrong::new(part, what));
        let name = self.argument;
        let field = wording::argument(name, call)
            .ok_or_else(|| wrong(name, format!("{name:.60}: {}", expected_argument(call))))?;
        let arch = call.arch.unwrap_or(Arch::native());
        let value = |text: &'a str| {
            let known = question::value(text, arch, "a number or the name of a constant");
            let known = known.map_err(|what| wrong(text, what))?;
            match self.short {
                false => Ok(known),
                true => question::short(known).ok_or_else(|| {
                    wrong(
                        text,
                        format!("{text:.60}: expected 32 bits, which an int has"),
                    )
                }),
            }
        };
        let width = if self.short {
            WordSize::Bits32
        } else {
            WordSize::Bits64
        };
        let mask = self.mask.map_or(Ok(u64::MAX), value)?;
        let everything = analysis.constant(1)?;
        let mut any = analysis.constant(0)?;
        for &[first, last] in &self.values {
            let (low, high) = (value(first)?, value(last)?);
            if low > high {
                let unsigned = match first.contains('-') {
                    true => format!(": values are unsigned, and {first:.60} is {low}"),
                    false => String::new(),
                };
                let range = format!("{first:.60}..={last:.60}");
                let what = format!("{range}: expected the smaller number first{unsigned}");
                return Err(wrong(first, what));
            }
            let (first, last) = (low, high);
            let mut compare = |order, value| analysis.compare(field, width, mask, order, value);
            let above = compare(Order::Greater, last)?;
            let at_least = compare(Order::GreaterOrEqual, first)?;
            let here = match self.relation {
                Relation::Equal | Relation::NotEqual => analysis.without(at_least, above)?,
                Relation::Less => analysis.without(everything, at_least)?,
                Relation::LessOrEqual => analysis.without(everything, above)?,
                Relation::Greater => above,
                Relation::GreaterOrEqual => at_least,
            };
            any = analysis.either(here, any)?;
        }
        match self.relation {
            Relation::NotEqual => Ok(analysis.without(everything, any)?),
            _ => Ok(any),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_are_read() {
        let read = |text: &'static str| assertion(text).unwrap();
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
        assert_eq!((call, when.len()), ("socket", 2));
        assert!(when[0].short && when[1].mask == Some("0xf"));
        assert_eq!(when[1].values.len(), 2);
        let wanted = [
            Wanted::Exactly(0x0005_0001),
            Wanted::Error("ENOSYS".to_string()),
            Wanted::Kind(0),
        ];
        assert_eq!(actions, wanted);
        assert_eq!(arches, [Arch::X86_64, Arch::X86]);
        let same = read("same as a b.json except socket, clone3");
        let expected = Assertion::Compared {
            likeness: Likeness::Same,
            file: "a b.json",
            except: vec!["socket", "clone3"],
        };
        assert_eq!(same, expected);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, column, why) in [
            ("alow read", 1, "alow: expected refuse, kill, an error"),
            ("alow read", 1, "trace; or `same as`, `no looser than`"),
            ("allow read or alow", 15, "alow: expected refuse, kill,"),
            ("same as", 8, "expected the name of a file after `same as`"),
            (
                "allow read write",
                12,
                "write: expected `or ACTION` or `on ARCHITECTURES`; an assertion has one call",
            ),
            ("allow read(a0 in {1..2})", 18, "a range as in 1..=5"),
            ("allow", 6, "expected a system call"),
            ("errno 4095 read", 7, "4095: not an error number, 0 to 4094"),
            ("trap -1 read", 6, "-1: not a number"),
            ("refuse 9999", 8, "9999: expected the name of a system call"),
            ("allow 0 read", 7, "0: expected the name of a system call"),
            ("allow read(", 12, "expected ')'"),
            (
                "allow read(a0)",
                12,
                "a0: expected a comparison such as `a0 == 1`",
            ),
            ("allow read(a0 = 1)", 12, "a0 = 1: expected a comparison"),
            (
                "allow read(a0 == 1 || a1 == 2)",
                20,
                "||: expected an assertion of its own",
            ),
            (
                "allow read(a0 == 1 & a1 == 2)",
                18,
                "expected one value; comparisons are joined by `,` or `&&`",
            ),
            (
                "allow read(a0 == 1 and a1 == 2)",
                18,
                "expected one value; comparisons are joined by `,` or `&&`",
            ),
            ("allow read(a0 == 1 && b)", 23, "b: expected a comparison"),
            ("allow read(a0 in {1, 2}, )", 25, ": expected a comparison"),
            (
                "allow read and write",
                12,
                "and write: expected `or ACTION`",
            ),
            ("allow read on x86, arm65", 20, "arm65"),
            ("allow read on all, x86", 15, "all: expected no other names"),
            ("allow read on x86, all", 20, "all: expected no other names"),
            ("allow read(a2 > {1, 5})", 17, "{1, 5}: expected one value"),
            ("allow read(a0 <= 1..=5)", 18, "1..=5: expected one value"),
            ("allow read(a0 == {1, 2})", 18, "{1, 2}: expected one value"),
            ("allow read(a0 != 1..=5)", 18, "1..=5: expected one value"),
            ("allow read(a0 in 5)", 18, "5: expected a set or a range"),
            (
                "allow read(a0 not in 5)",
                22,
                "5: expected a set or a range",
            ),
            (
                "allow read(a0 in {1, 5)",
                18,
                "{1, 5: expected a set or a range",
            ),
            (
                "allow read(a0 in {1, 2..=5)",
                18,
                "{1, 2..=5: expected a set",
            ),
        ] {
            let wrong = assertion(text).unwrap_err();
            assert!(wrong.what.contains(why), "{text}: {}", wrong.what);
            assert_eq!(wrong.column(text), column, "{text}");
        }
        let (line, wrong) = parse("# none\n\nallow read # yes\n  é allow").unwrap_err();
        let place = line.place(&wrong);
        assert_eq!((place.line, place.column), (4, 3));
    }
}

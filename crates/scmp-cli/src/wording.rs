// SPDX-License-Identifier: LGPL-2.1-only
//! Decisions and conditions in words.

use std::ops::RangeInclusive;

use scmp::{Action, Arch, WordSize};
use scmp_verify::SyscallData;
use scmp_verify::decision::{Analysis, Described, Field, Part, Term, Unanswered, effective};
use serde::Serialize;

use crate::data::{arguments, constants};
use crate::formula::{Atom, Relation};
use crate::input::SourceRule;
use crate::names;

/// An action's name with its data: `allow`, `errno 1 (EPERM)`; other values of 32 bits as
/// what the kernel takes them for. An errno has the name that the architecture gives it;
/// without an architecture, the name that most give it.
pub fn action(arch: impl Into<Option<Arch>>, value: u32) -> String {
    let arch = arch.into().unwrap_or(Arch::X86_64);
    match Action::from_raw(value) {
        Some(Action::Errno(errno)) => {
            let number = errno.get();
            match constants::errno_name(arch, number.into()) {
                Some(name) => format!("errno {number} ({name})"),
                None => format!("errno {number}"),
            }
        }
        Some(action) => action.to_string(),
        // Data that the kernel ignores, or an action that it does not know.
        None if effective(value) != value => {
            format!("{} ({value:#x})", action(arch, effective(value)))
        }
        // The kernel returns it; libseccomp's rules have errors below it.
        None if value == 0x0005_0fff => "errno 4095".to_string(),
        None => format!("kill-process (unknown action {value:#x})"),
    }
}

/// Whether a filter's value does not let the call through: all but allow and log. The kernel
/// kills for actions that it does not know.
pub fn is_refusal(value: u32) -> bool {
    ![Action::Allow, Action::Log]
        .map(Action::to_raw)
        .contains(&effective(value))
}

/// A system call of an architecture, as far as they are known: this tells the names of
/// arguments and constants.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArchCall<'a> {
    pub arch: Option<Arch>,
    /// `None` for a number without a name.
    pub name: Option<&'a str>,
}

impl<'a> ArchCall<'a> {
    pub fn of(arch: Arch, name: impl Into<Option<&'a str>>) -> ArchCall<'a> {
        ArchCall {
            arch: Some(arch),
            name: name.into(),
        }
    }
}

/// Values of a field that must be there.
#[derive(Clone, Debug, Serialize)]
pub struct FieldTest {
    /// `a0` to `a5`, `number`, `arch` or `instruction-pointer`.
    pub field: String,
    /// Its name in C, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the values are those that are not there.
    pub negated: bool,
    /// The bits that count: 32 or 64.
    pub width: u32,
    pub values: Vec<Values>,
    /// The same as text.
    pub text: String,
}

/// Some values.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Values {
    Range { first: u64, last: u64 },
    Masked { mask: u64, value: u64 },
}

/// The tests of each alternative.
pub fn alternatives(
    analysis: &mut Analysis,
    terms: &[Term],
    call: ArchCall<'_>,
) -> Result<Vec<Vec<FieldTest>>, Unanswered> {
    let tests = |term| tests(analysis, term, call);
    terms.iter().map(tests).collect()
}

/// Tests that must all hold, as text.
pub fn conjunction(tests: &[FieldTest]) -> String {
    let tests: Vec<&str> = tests.iter().map(|test| test.text.as_str()).collect();
    tests.join(" && ")
}

/// Alternatives as text.
pub fn disjunction(alternatives: &[Vec<FieldTest>]) -> String {
    let all: Vec<String> = alternatives
        .iter()
        .map(|tests| conjunction(tests))
        .collect();
    all.join(" || ")
}

/// The tests of a term, with the names of a call.
pub fn tests(
    analysis: &mut Analysis,
    term: &Term,
    call: ArchCall<'_>,
) -> Result<Vec<FieldTest>, Unanswered> {
    let mut tests = Vec::new();
    for set in &term.tests {
        let described = analysis.describe(*set)?;
        tests.push(test(set.field(), &described, call));
    }
    Ok(tests)
}

fn test(field: Field, described: &Described, call: ArchCall<'_>) -> FieldTest {
    let short = match field {
        Field::Architecture => "arch".to_string(),
        Field::Number => "number".to_string(),
        Field::Argument(position) => format!("a{position}"),
        Field::InstructionPointer => "instruction-pointer".to_string(),
    };
    let name = argument_name(field, call);
    let subject = match described.width {
        // 32-bit architectures have no high half to look at.
        WordSize::Bits32 if call.arch.is_none_or(has_high_halves) => {
            format!("(int){}", name.as_deref().unwrap_or(&short))
        }
        _ => name.clone().unwrap_or_else(|| short.clone()),
    };
    let greatest = match described.width {
        WordSize::Bits32 => u64::from(u32::MAX),
        WordSize::Bits64 => u64::MAX >> (64 - field.bits()),
    };
    let values = described.parts.iter().map(|part| match *part {
        Part::Range(first, last) => Values::Range { first, last },
        Part::Masked { mask, value } => Values::Masked { mask, value },
    });
    FieldTest {
        text: text(&subject, described, greatest, &|value| {
            constant(field, call, value)
        }),
        field: short,
        name,
        negated: described.negated,
        width: match described.width {
            WordSize::Bits32 => 32,
            WordSize::Bits64 => field.bits(),
        },
        values: values.collect(),
    }
}

/// Whether calls of an architecture pass arguments of 64 bits.
pub fn has_high_halves(arch: Arch) -> bool {
    let long_registers = [Arch::X32, Arch::Mips64n32, Arch::Mipsel64n32];
    arch.word_size() == WordSize::Bits64 || long_registers.contains(&arch)
}

/// The name that an argument has in C.
pub fn argument_name(field: Field, call: ArchCall<'_>) -> Option<String> {
    let (Field::Argument(position), Some(arch), Some(name)) = (field, call.arch, call.name) else {
        return None;
    };
    let argument = arguments::of(arch, name)?.get(usize::from(position))?;
    Some(argument.name.to_string())
}

/// The argument that has this name: `a0` to `a5`, or its name in C.
pub fn argument(name: &str, call: ArchCall<'_>) -> Option<Field> {
    let fields = (0..6).map(Field::Argument);
    fields
        .zip(["a0", "a1", "a2", "a3", "a4", "a5"])
        .find_map(|(field, short)| {
            let known = argument_name(field, call);
            (name == short || Some(name) == known.as_deref()).then_some(field)
        })
}

/// The number of an errno's name on an architecture, whatever its case.
pub fn errno_number(arch: Arch, name: &str) -> Option<u32> {
    constants::errno_number(arch, &name.to_ascii_uppercase())
}

/// A value of a field, by its name in C if it has one.
fn constant(field: Field, call: ArchCall<'_>, value: u64) -> String {
    constant_name(field, call, value).unwrap_or_else(|| match value {
        0..10 => value.to_string(),
        _ => format!("{value:#x}"),
    })
}

fn constant_name(field: Field, call: ArchCall<'_>, value: u64) -> Option<String> {
    match (field, call.arch, call.name) {
        (Field::Argument(position), Some(arch), Some(name)) => {
            constants::name(arch, name, position.into(), value)
        }
        _ => None,
    }
}

/// More masks than this are counted in text; JSON has all.
const MAX_MASKS: usize = 8;

/// A test as text: `fd == 3`, `domain in {1, 2}`, `flags & 0x3 != 0`.
fn text(
    subject: &str,
    described: &Described,
    greatest: u64,
    constant: &dyn Fn(u64) -> String,
) -> String {
    let negated = described.negated;
    let (is, is_in) = match negated {
        true => ("!=", "not in"),
        false => ("==", "in"),
    };
    let parts = short_ranges(&described.parts, constant);
    if let [part] = parts[..] {
        return match part {
            Part::Range(first, last) if first == last => {
                format!("{subject} {is} {}", constant(first))
            }
            Part::Range(0, last) if negated => format!("{subject} > {}", constant(last)),
            Part::Range(0, last) => format!("{subject} <= {}", constant(last)),
            Part::Range(first, last) if last == greatest => match negated {
                true => format!("{subject} < {}", constant(first)),
                false => format!("{subject} >= {}", constant(first)),
            },
            Part::Range(first, last) => {
                format!("{subject} {is_in} {}..={}", constant(first), constant(last))
            }
            Part::Masked { mask, value } => {
                let mask = constant(mask);
                let mask = match mask.contains('|') {
                    true => format!("({mask})"),
                    false => mask,
                };
                format!("{subject} & {mask} {is} {}", constant(value))
            }
        };
    }
    let is_masked = |part: &Part| matches!(part, Part::Masked { .. });
    if described.parts.iter().any(is_masked) {
        let count = described.parts.len();
        let each = described.parts.iter().take(MAX_MASKS).map(|part| {
            let one = Described {
                parts: vec![*part],
                ..described.clone()
            };
            text(subject, &one, greatest, constant)
        });
        let between = if negated { " && " } else { " || " };
        let mut each: Vec<String> = each.collect();
        if count > MAX_MASKS {
            each.push(format!("… {count} masks in all"));
        }
        return format!("({})", each.join(between));
    }
    let list = parts.iter().filter_map(|part| match *part {
        Part::Range(first, last) if first == last => Some(constant(first)),
        Part::Range(first, last) => Some(format!("{}..={}", constant(first), constant(last))),
        Part::Masked { .. } => None,
    });
    let list: Vec<String> = list.collect();
    format!("{subject} {is_in} {{{}}}", list.join(", "))
}

/// A system call with its arguments, those at the end left out that are 0:
/// `socket(2, 1)`. The number stands for a call without a name.
pub fn call(input: &SyscallData, call: ArchCall<'_>) -> String {
    call_as_asked(input, call, [None; 6])
}

/// The same with the words for arguments by which somebody has asked for the call.
pub fn call_as_asked(input: &SyscallData, call: ArchCall<'_>, words: [Option<&str>; 6]) -> String {
    let is_there = |(argument, word): (&u64, &Option<&str>)| *argument != 0 || word.is_some();
    let arguments = || input.arguments.iter().zip(&words);
    let last = arguments().rposition(is_there);
    let arguments = (0..).zip(arguments()).take(last.map_or(0, |last| last + 1));
    let arguments: Vec<String> = arguments
        .map(|(position, (value, word))| match word {
            Some(word) => word.to_string(),
            None => constant(Field::Argument(position), call, *value),
        })
        .collect();
    let at = match input.instruction_pointer {
        0 => String::new(),
        at => format!(" at {at:#x}"),
    };
    let number = input.number.to_string();
    let name = call.name.unwrap_or(&number);
    format!("{name}({}){at}", arguments.join(", "))
}

/// The parts, with ranges of a few values that have names as these values.
fn short_ranges(parts: &[Part], constant: &dyn Fn(u64) -> String) -> Vec<Part> {
    let has_name = |value| constant(value).starts_with(|c: char| c.is_ascii_alphabetic());
    let few = |part: &Part| match *part {
        Part::Range(first, last) if last - first < 4 && (first..=last).all(has_name) => (first
            ..=last)
            .map(|value| Part::Range(value, value))
            .collect(),
        part => vec![part],
    };
    parts.iter().flat_map(few).collect()
}

/// Numbers of system calls: `number 335`, `numbers 472 to 0x3fffffff`.
pub fn numbers(range: &RangeInclusive<u32>) -> String {
    let number = |number: u32| match number {
        0..0x1_0000 => number.to_string(),
        _ => format!("{number:#x}"),
    };
    let [first, last] = [range.start(), range.end()].map(|end| number(*end));
    match first == last {
        true => format!("number {first}"),
        false => format!("numbers {first} to {last}"),
    }
}

/// A rule of a text with its place: `FILE:7: allow read if a0 == 3`.
pub fn rule(rule: &SourceRule, input: &str) -> String {
    let place = rule.place.in_file(input);
    let action = action(rule.arch, rule.action);
    format!("{place}: {action} {}", matched(rule))
}

/// The calls that a rule matches: `read if a0 == 3`.
pub fn matched(rule: &SourceRule) -> String {
    match rule.condition.is_always() {
        true => rule.call.clone(),
        false => format!("{} if {}", rule.call, condition(rule)),
    }
}

/// A rule's condition. Texts have numbers in several notations, so each is there in all:
/// `a1 == 21522 (0x5412, TIOCSTI)`.
fn condition(rule: &SourceRule) -> String {
    // A multiplexer's arguments are others.
    let call = ArchCall::of(rule.arch, names::name(rule.arch, rule.number));
    let atom = |atom: &Atom| {
        let (bits, value) = (atom.bits(), atom.value & atom.bits());
        let field = Field::Argument(atom.argument);
        let low = u64::from(u32::MAX) & bits;
        let is_whole = [low, bits].contains(&(atom.mask & bits));
        let is_equality = matches!(atom.relation, Relation::Equal | Relation::NotEqual);
        let name = constant_name(field, call, value).filter(|_| is_whole && is_equality);
        let hexadecimal = (value >= 10).then(|| format!("{value:#x}"));
        let others: Vec<String> = hexadecimal.into_iter().chain(name).collect();
        match others.is_empty() {
            true => atom.to_string(),
            false => format!("{atom} ({})", others.join(", ")),
        }
    };
    rule.condition.written(&atom)
}

/// Rising places of instructions: `0-3, 7`.
pub fn places(places: &[usize]) -> String {
    let runs = places.chunk_by(|one, next| one + 1 == *next);
    let runs = runs.map(|run| match run {
        [only] => only.to_string(),
        run => format!("{}-{}", run[0], run[run.len() - 1]),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// How many instructions a program has.
pub fn length(instructions: usize) -> String {
    match instructions {
        1 => "1 instruction".to_string(),
        count => format!("{count} instructions"),
    }
}

/// Words in lines of at most so many characters, each after an indentation.
pub fn wrapped<'a>(words: impl IntoIterator<Item = &'a str>, indent: usize, most: usize) -> String {
    let mut text = String::new();
    let mut length = 0;
    for word in words {
        if length == 0 || length + 1 + word.len() > most {
            if length != 0 {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n(' ', indent));
            length = indent;
        } else {
            text.push(' ');
            length += 1;
        }
        text.push_str(word);
        length += word.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // 4095 was said to kill, as an action that the kernel does not know.
    #[test]
    fn actions_are_what_the_kernel_takes_them_for() {
        for (value, text) in [
            (0x0005_0001, "errno 1 (EPERM)"),
            (0x0005_0fff, "errno 4095"),
            (0x0005_1388, "errno 4095 (0x51388)"),
            (0x7ffc_0002, "log (0x7ffc0002)"),
            (0x7ffe_0000, "kill-process (unknown action 0x7ffe0000)"),
        ] {
            assert_eq!(action(None, value), text);
        }
    }
}

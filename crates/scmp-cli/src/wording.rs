// SPDX-License-Identifier: LGPL-2.1-only
//! Decisions and conditions in words.

use std::fmt::Write as _;

use scmp::{Action, Arch};
use scmp_verify::decision::{Analysis, Described, Field, Part, Term, Unanswered, Width};
use serde::Serialize;

/// An action's name with its data: `allow`, `errno 1`; other values of 32 bits as what the
/// kernel takes them for.
pub fn action(value: u32) -> String {
    match Action::from_raw(value) {
        Some(action) => action.to_string(),
        None => format!("{value:#x}"),
    }
}

/// A system call, for whose arguments there are names.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub arch: Arch,
    /// Its name, if the number has one.
    pub call: Option<&'a str>,
}

/// Values of a field that must be there.
#[derive(Clone, Debug, Serialize)]
pub struct Test {
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

/// The tests of a term, with names as the place has them.
pub fn tests(
    analysis: &mut Analysis,
    term: &Term,
    place: Place<'_>,
) -> Result<Vec<Test>, Unanswered> {
    let mut tests = Vec::new();
    for (field, set) in &term.tests {
        let described = analysis.describe(*set)?;
        tests.push(test(*field, &described, place));
    }
    Ok(tests)
}

fn test(field: Field, described: &Described, place: Place<'_>) -> Test {
    let short = match field {
        Field::Architecture => "arch".to_string(),
        Field::Number => "number".to_string(),
        Field::Argument(position) => format!("a{position}"),
        Field::InstructionPointer => "instruction-pointer".to_string(),
    };
    let name = argument_name(field, place);
    let subject = match described.width {
        // 32-bit architectures have no high half to look at.
        Width::Bits32 if place.arch.word_size() == scmp::WordSize::Bits64 => {
            format!("(int){}", name.as_deref().unwrap_or(&short))
        }
        _ => name.clone().unwrap_or_else(|| short.clone()),
    };
    let values = described.parts.iter().map(|part| match *part {
        Part::Range(first, last) => Values::Range { first, last },
        Part::Masked { mask, value } => Values::Masked { mask, value },
    });
    Test {
        text: text(&subject, described, &|value| constant(field, place, value)),
        field: short,
        name,
        negated: described.negated,
        width: match described.width {
            Width::Bits32 => 32,
            Width::Bits64 => field.bits(),
        },
        values: values.collect(),
    }
}

/// The name that an argument has in C.
fn argument_name(_field: Field, _place: Place<'_>) -> Option<String> {
    None
}

/// A value of a field, by its name in C if it has one.
fn constant(_field: Field, _place: Place<'_>, value: u64) -> String {
    match value {
        0..10 => value.to_string(),
        _ => format!("{value:#x}"),
    }
}

/// A test as text: `fd == 3`, `domain in {1, 2}`, `flags & 0x3 != 0`.
fn text(subject: &str, described: &Described, constant: &dyn Fn(u64) -> String) -> String {
    let greatest = match described.width {
        Width::Bits32 => u64::from(u32::MAX),
        Width::Bits64 => u64::MAX,
    };
    let negated = described.negated;
    let is = if negated { "!=" } else { "==" };
    if let [part] = described.parts[..] {
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
                let not = if negated { "not in" } else { "in" };
                format!("{subject} {not} {}..={}", constant(first), constant(last))
            }
            Part::Masked { mask, value } => {
                format!("{subject} & {} {is} {}", constant(mask), constant(value))
            }
        };
    }
    if described
        .parts
        .iter()
        .any(|part| matches!(part, Part::Masked { .. }))
    {
        let each = described.parts.iter().map(|part| {
            let one = Described {
                parts: vec![*part],
                ..described.clone()
            };
            text(subject, &one, constant)
        });
        let between = if negated { " && " } else { " || " };
        return format!("({})", each.collect::<Vec<_>>().join(between));
    }
    let mut list = String::new();
    for part in &described.parts {
        let comma = if list.is_empty() { "" } else { ", " };
        let Part::Range(first, last) = *part else {
            continue;
        };
        let _ = match first == last {
            true => write!(list, "{comma}{}", constant(first)),
            false => write!(list, "{comma}{}..={}", constant(first), constant(last)),
        };
    }
    let not = if negated { "not in" } else { "in" };
    format!("{subject} {not} {{{list}}}")
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

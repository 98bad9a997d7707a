// SPDX-License-Identifier: LGPL-2.1-only
//! The smallest change of a text that allows a call.

use std::collections::HashSet;

use scmp::{Action, WordSize};
use scmp_verify::SyscallData;

use crate::data::arguments::{self, Kind};
use crate::formula::{Atom, Relation};
use crate::input::{Format, Input, Note, NoteKind, SourceRule, Subject};
use crate::names;
use crate::question::Question;
use crate::wording::{self, has_high_halves, is_refusal};

/// What gives a refused call its action.
#[derive(Clone, Copy)]
pub enum Decider {
    /// Rules that match it.
    Rules,
    /// The default action, or what runc answers to calls above the highest named one.
    NoRule,
    /// The action for architectures without rules.
    OtherArchitecture,
}

/// The change of the text that allows the calls of a question, of which `example` is one;
/// `None` if the input has no text, the call no name, or no rule of the text can allow it.
pub fn change(
    input: &Input,
    subject: &Subject,
    question: &Question<'_>,
    example: &SyscallData,
    decider: Decider,
) -> Option<String> {
    let name = question.name()?;
    let default = subject.default?;
    let known = known(subject, question, name);
    let entry = input.format.allowing(name, &known)?;
    let of_call = || {
        let rules = subject.rules.iter();
        rules.filter(|rule| rule.arch == question.arch && rule.number == question.number)
    };
    // A rule of seccompiler's has the only action that its file has for rules.
    let can_add = input.format != Format::Seccompiler
        || !subject.rules.iter().any(|rule| is_refusal(rule.action));
    // A line may have more rules on the call than these.
    let place = |rule: &SourceRule, these: &[&SourceRule]| {
        let is_other = |other: &SourceRule| {
            other.place == rule.place
                && other.call == rule.call
                && other.is_written
                && !these.contains(&other)
        };
        let calls = match of_call().any(is_other) {
            true => wording::matched(rule),
            false => rule.call.clone(),
        };
        format!("{calls} at {}", rule.place.in_file(&input.name))
    };
    let places = |rules: &[&SourceRule]| {
        let each = rules.iter().map(|rule| place(rule, rules));
        once_each(each).join(", ")
    };
    let narrowed = |rules: &[&SourceRule]| {
        let parts = rules.iter().map(|rule| {
            let (place, conditions) = (place(rule, rules), excluding(rule, &known));
            match &conditions[..] {
                [] => format!("remove {place}"),
                [only] => format!("add the condition {only} to {place}"),
                all => format!(
                    "write {place} once with each of these conditions added: {}",
                    all.join(", ")
                ),
            }
        });
        once_each(parts).join("; ")
    };
    // libseccomp may refuse the new rule, or accept a rule that it refused before.
    let was_refused = |note: &Note| note.kind == NoteKind::LeftOut && note.names(name);
    let refuses = |rule: &SourceRule| {
        // An unconditional rule replaces others, but for those on a multiplexer.
        let is_direct = || names::number(rule.arch, name) == Some(rule.number);
        rule.call == name && !(known.is_empty() && is_direct()) && begins_with(rule, &known)
    };
    let is_unclear = input.notes.iter().any(was_refused)
        || subject.sizes.is_some() && subject.rules.iter().any(refuses);
    match decider {
        Decider::NoRule | Decider::Rules if is_unclear => None,
        Decider::OtherArchitecture => {
            let arch = question.arch.name();
            if matches!(input.format, Format::Minijail | Format::Seccompiler) {
                return Some(format!("make a filter for {arch} too (--arch {arch})"));
            }
            let is_allowed = !is_refusal(default)
                || subject.rules.iter().any(|rule| {
                    rule.call == name
                        && !is_refusal(rule.action)
                        && rule.condition.holds(&example.arguments)
                });
            Some(match is_allowed {
                true => format!("cover the architecture {arch}"),
                false => format!("cover the architecture {arch}, and add {entry}"),
            })
        }
        Decider::NoRule => {
            let others: Vec<&SourceRule> = of_call().collect();
            match (input.format, &others[..]) {
                _ if !can_add => None,
                // A second line for a call, or an unconditional rule beside conditional ones,
                // is not what these readers take.
                (Format::Minijail | Format::Seccompiler, others @ [_, ..]) if known.is_empty() => {
                    Some(format!("replace {} by {entry}", places(others)))
                }
                (Format::Minijail, [first, ..]) => Some(extended(input, first, &entry)),
                _ => Some(format!("add {entry}")),
            }
        }
        Decider::Rules => {
            // Without one of these, another would decide.
            let holds = |rule: &&SourceRule| rule.condition.holds(&example.arguments);
            let refusing = of_call().filter(|rule| is_refusal(rule.action));
            let rules: Vec<&SourceRule> = refusing.filter(holds).collect();
            let is_always = |rule: &SourceRule| rule.condition.is_always();
            // The unconditional rule has replaced others, which libseccomp may refuse.
            if subject.sizes.is_some()
                && !subject.first_match
                && rules.iter().any(|rule| is_always(rule))
                && !of_call().all(is_always)
            {
                return None;
            }
            // What the format adds to a call's rules decides where these do not.
            if rules.iter().any(|rule| !rule.is_written) {
                let written: Vec<&SourceRule> = of_call().filter(|rule| rule.is_written).collect();
                return (!is_refusal(default)).then(|| format!("remove {}", places(&written)));
            }
            let named = places(&rules);
            let whole = rules.iter().all(|rule| excluding(rule, &known).is_empty());
            match (is_refusal(default), whole) {
                (false, true) => Some(format!("remove {named}")),
                (false, false) => {
                    let these = if rules.len() == 1 { "it" } else { "them" };
                    Some(format!("{}; or remove {these}", narrowed(&rules)))
                }
                _ if !can_add => None,
                // A line without arguments is the call's only one.
                (true, true) if input.format == Format::Minijail => {
                    let all: Vec<&SourceRule> = of_call().collect();
                    Some(format!("replace {} by {entry}", places(&all)))
                }
                (true, true) => Some(format!("replace {named} by {entry}")),
                (true, false) if input.format == Format::Minijail => {
                    Some(extended(input, rules[0], &entry))
                }
                (true, false) => Some(format!("{}; and add {entry}", narrowed(&rules))),
            }
        }
    }
}

/// The change of a minijail policy's line, where a call has one.
fn extended(input: &Input, rule: &SourceRule, entry: &str) -> String {
    let (call, place) = (&rule.call, rule.place.in_file(&input.name));
    format!("let the line for {call} at {place} also allow what {entry} allows")
}

/// The arguments that are known, each as the kernel reads it: of an `int`, programs may set
/// the high half to anything.
fn known(subject: &Subject, question: &Question<'_>, name: &str) -> Vec<Atom> {
    let types = arguments::of(question.arch, name).unwrap_or_default();
    let is_long = subject.arches.iter().any(|arch| has_high_halves(*arch));
    let atom = |(position, value): (u8, Option<u64>)| {
        let kind = types
            .get(usize::from(position))
            .map(|argument| argument.kind);
        let (width, mask) = match kind {
            Some(Kind::Short) => (WordSize::Bits32, 0xffff),
            Some(Kind::Int | Kind::Unsigned) if is_long => (WordSize::Bits32, u32::MAX.into()),
            _ => (WordSize::Bits64, u64::MAX),
        };
        Some(Atom {
            argument: position,
            width,
            mask,
            relation: Relation::Equal,
            value: value?,
        })
    };
    (0..).zip(question.arguments).filter_map(atom).collect()
}

/// Whether a rule has these comparisons and more, so that libseccomp refuses to allow them
/// (`EEXIST`).
fn begins_with(rule: &SourceRule, known: &[Atom]) -> bool {
    rule.condition.any.first().is_some_and(|atoms| {
        rule.action != Action::Allow.to_raw()
            && atoms.len() > known.len()
            && known.iter().all(|known| atoms.contains(known))
    })
}

/// Conditions of which a rule that matches calls with these arguments must have one so that it
/// does not match them. None if it matches no other calls.
fn excluding(rule: &SourceRule, known: &[Atom]) -> Vec<String> {
    let is_asked = |known: &Atom| {
        rule.condition.any.iter().all(|atoms| {
            atoms.iter().any(|atom| {
                let mask = atom.mask & atom.bits();
                let counted = known.mask & known.bits();
                atom.argument == known.argument
                    && atom.relation == Relation::Equal
                    && mask & counted == counted
                    && atom.value & counted == known.value & counted
            })
        })
    };
    let others = known.iter().filter(|known| !is_asked(known));
    let others = others.map(|known| Atom {
        relation: Relation::NotEqual,
        ..*known
    });
    others.map(|atom| format!("`{atom}`")).collect()
}

/// Texts without those that were there before.
fn once_each(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

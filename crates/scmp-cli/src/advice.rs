// SPDX-License-Identifier: LGPL-2.1-only
//! The smallest change of a text that allows a call.

use std::collections::{HashMap, HashSet};

use scmp::{Action, Arch, WordSize};
use scmp_verify::SyscallData;

use crate::data::arguments::{self, Kind};
use crate::formula::{Atom, Relation};
use crate::input::{Format, Input, Note, NoteKind, Place, SourceRule, Subject};
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
    let known = known(subject, question, name);
    let is_of_call =
        |rule: &&SourceRule| rule.arch == question.arch && rule.number == question.number;
    let rules: Vec<&SourceRule> = subject.rules.iter().filter(is_of_call).collect();
    let asked = Asked {
        input,
        subject,
        name,
        arch: question.arch,
        arguments: &example.arguments,
        default: subject.default?,
        entry: input.format.allowing(name, &known)?,
        known,
        written: at_places(rules.iter().copied().filter(|rule| rule.is_written)),
        rules,
    };
    match decider {
        Decider::OtherArchitecture => Some(asked.covered()),
        _ if asked.is_unclear() => None,
        Decider::NoRule => asked.added(),
        Decider::Rules => asked.changed(),
    }
}

/// A question, and what the text says of its call.
struct Asked<'a> {
    input: &'a Input,
    subject: &'a Subject,
    name: &'static str,
    arch: Arch,
    /// Of one of the calls.
    arguments: &'a [u64; 6],
    /// The default action.
    default: u32,
    /// What allows the call, and nothing else, in the format's language.
    entry: String,
    known: Vec<Atom>,
    /// The rules on the call, multiplexed ones on a multiplexer.
    rules: Vec<&'a SourceRule>,
    /// How many of them a place of the text has on a call.
    written: HashMap<(&'a Place, &'a str), usize>,
}

impl Asked<'_> {
    /// Whether libseccomp may accept a rule that it refused before.
    fn is_unclear(&self) -> bool {
        let was_refused = |note: &Note| note.kind == NoteKind::LeftOut && note.names(self.name);
        self.input.notes.iter().any(was_refused)
    }

    /// Whether libseccomp may refuse the entry if the text does not have these rules any more.
    fn refuses_entry(&self, without: &[&SourceRule]) -> bool {
        let gone = at_places(without.iter().copied());
        // A multiplexer's first argument is the call's number instead.
        let others = self.known.iter().filter(|known| known.argument > 0);
        let others: Vec<Atom> = others.copied().collect();
        let refuses = |rule: &SourceRule| {
            let place = (&rule.place, &rule.call[..]);
            rule.call == self.name
                && gone
                    .get(&place)
                    .is_none_or(|count| self.written.get(&place) != Some(count))
                && match rule.is_direct() {
                    // An unconditional rule replaces others.
                    true => !self.known.is_empty() && begins_with(rule, &self.known),
                    false => begins_with(rule, &others),
                }
        };
        self.subject.sizes.is_some() && self.subject.rules.iter().any(refuses)
    }

    /// Where the architecture has no rules.
    fn covered(&self) -> String {
        let (arch, entry) = (self.arch.name(), &self.entry);
        if matches!(self.input.format, Format::Minijail | Format::Seccompiler) {
            return format!("make a filter for {arch} too (--arch {arch})");
        }
        let allows = |rule: &SourceRule| {
            rule.call == self.name
                && !is_refusal(rule.action)
                && rule.condition.holds(self.arguments)
        };
        match !is_refusal(self.default) || self.subject.rules.iter().any(allows) {
            true => format!("cover the architecture {arch}"),
            false => format!("cover the architecture {arch}, and add {entry}"),
        }
    }

    /// Where no rule matches the call.
    fn added(&self) -> Option<String> {
        let entry = &self.entry;
        match (self.input.format, &self.rules[..]) {
            _ if !self.can_add() || self.refuses_entry(&[]) => None,
            // A second line for a call, or an unconditional rule beside conditional ones, is not
            // what these readers take.
            (Format::Minijail | Format::Seccompiler, [_, ..]) if self.known.is_empty() => {
                Some(format!("replace {} by {entry}", self.places(&self.rules)))
            }
            (Format::Minijail, [first, ..]) => Some(self.extended(first)),
            _ => Some(format!("add {entry}")),
        }
    }

    /// Where rules refuse the call: without one of them, another would decide.
    fn changed(&self) -> Option<String> {
        let refuses =
            |rule: &&SourceRule| is_refusal(rule.action) && rule.condition.holds(self.arguments);
        let rules: Vec<&SourceRule> = self.rules.iter().copied().filter(refuses).collect();
        let is_always = |rule: &&SourceRule| rule.condition.is_always();
        let by_libseccomp = self.subject.sizes.is_some() && !self.subject.first_match;
        // An unconditional rule has replaced others, beside which libseccomp may refuse what it
        // becomes.
        let has_replaced = by_libseccomp && rules.iter().any(is_always) && self.rules.len() > 1;
        if has_replaced && !self.rules.iter().all(is_always) {
            return None;
        }
        // What the format adds to a call's rules decides where these do not.
        if rules.iter().any(|rule| !rule.is_written) {
            let written: Vec<&SourceRule> = (self.rules.iter().copied())
                .filter(|rule| rule.is_written)
                .collect();
            return (!is_refusal(self.default))
                .then(|| format!("remove {}", self.places(&written)));
        }
        // Beside rules that allow, fewer comparisons or more change what decides on other calls,
        // too.
        let allows = |rule: &&SourceRule| !is_refusal(rule.action);
        let is_whole = |rule: &&SourceRule| excluding(rule, &self.known).is_empty();
        if by_libseccomp && self.rules.iter().any(allows) && !rules.iter().all(is_whole) {
            return None;
        }
        let entry = &self.entry;
        let narrowed = self.narrowed(&rules).filter(|_| !has_replaced);
        match (is_refusal(self.default), narrowed) {
            (false, None) => Some(format!("remove {}", self.places(&rules))),
            (false, Some(narrowed)) => {
                let these = if rules.len() == 1 { "it" } else { "them" };
                Some(format!("{narrowed}; or remove {these}"))
            }
            (_, None) if self.refuses_entry(&rules) => None,
            (_, Some(_)) if self.refuses_entry(&[]) => None,
            _ if !self.can_add() => None,
            (_, Some(narrowed)) => match self.input.format {
                Format::Minijail => Some(self.extended(rules[0])),
                _ => Some(format!("{narrowed}; and add {entry}")),
            },
            (_, None) => {
                // A line without arguments is the call's only one.
                let replaced = match self.input.format {
                    Format::Minijail => &self.rules,
                    _ => &rules,
                };
                Some(format!("replace {} by {entry}", self.places(replaced)))
            }
        }
    }

    /// Whether a rule may allow something: all rules of seccompiler's have one action.
    fn can_add(&self) -> bool {
        self.input.format != Format::Seccompiler
            || !self
                .subject
                .rules
                .iter()
                .any(|rule| is_refusal(rule.action))
    }

    /// The change of a minijail policy's line, where a call has one.
    fn extended(&self, rule: &SourceRule) -> String {
        let (call, place) = (&rule.call, rule.place.in_file(&self.input.name));
        let entry = &self.entry;
        format!("let the line for {call} at {place} also allow what {entry} allows")
    }

    /// What tells each rule from those that are not among these: `read at FILE:3`, with the
    /// condition if its place has others on the call.
    fn named(&self, rules: &[&SourceRule]) -> Vec<String> {
        let these = at_places(rules.iter().copied());
        let named = |rule: &&SourceRule| {
            let place = (&rule.place, &rule.call[..]);
            let calls = match self.written.get(&place) > these.get(&place) {
                true => wording::matched(rule),
                false => rule.call.clone(),
            };
            format!("{calls} at {}", rule.place.in_file(&self.input.name))
        };
        rules.iter().map(named).collect()
    }

    fn places(&self, rules: &[&SourceRule]) -> String {
        once_each(self.named(rules)).join(", ")
    }

    /// How to keep these rules from matching the calls, and nothing else; `None` if they match
    /// no others, or the format can't say it.
    fn narrowed(&self, rules: &[&SourceRule]) -> Option<String> {
        let mut parts = Vec::new();
        let mut is_whole = true;
        for (rule, place) in rules.iter().zip(self.named(rules)) {
            let others = excluding(rule, &self.known);
            is_whole &= others.is_empty();
            if !others.iter().all(|atom| self.can_write(rule, atom)) {
                return None;
            }
            let and = match self.input.format {
                Format::Profile | Format::Minijail if !rule.condition.is_always() => "&& ",
                _ => "",
            };
            let others = others
                .iter()
                .map(|atom| format!("`{and}{}`", self.input.format.test(atom)));
            // Runtimes give all calls that an entry names its args.
            let own = match self.input.format {
                Format::Oci => ", in an entry of its own",
                Format::Minijail if rule.condition.any.len() > 1 => ", in each alternative",
                _ => "",
            };
            parts.push(match &others.collect::<Vec<String>>()[..] {
                [] => format!("remove {place}"),
                [only] => format!("add the condition {only} to {place}{own}"),
                all => format!(
                    "write {place} once with each of these conditions added{own}: {}",
                    all.join(", ")
                ),
            });
        }
        (!is_whole).then(|| once_each(parts).join("; "))
    }

    /// Whether the rule can have this condition too.
    fn can_write(&self, rule: &SourceRule, atom: &Atom) -> bool {
        let is_whole = atom.mask == u64::MAX;
        let is_new = || {
            let compares =
                |atoms: &Vec<Atom>| atoms.iter().any(|other| other.argument == atom.argument);
            !rule.condition.any.iter().any(compares)
        };
        let is_alone = || self.written.get(&(&rule.place, &rule.call[..])) == Some(&1);
        // The arguments of a multiplexer are others than those of the rule's call.
        rule.is_direct()
            && match self.input.format {
                // Of an entry that compares an argument twice, one comparison is enough.
                Format::Oci => is_whole && is_new() && is_alone(),
                Format::Seccompiler if self.subject.first_match => {
                    is_whole || atom.mask == u64::from(u32::MAX)
                }
                // Firecracker compares a dword's 64 bits, and an argument once.
                Format::Seccompiler => is_whole && is_new(),
                _ => true,
            }
    }
}

/// How many rules there are on each call at each place.
fn at_places<'a>(
    rules: impl Iterator<Item = &'a SourceRule>,
) -> HashMap<(&'a Place, &'a str), usize> {
    let mut counts = HashMap::new();
    for rule in rules {
        *counts.entry((&rule.place, &rule.call[..])).or_default() += 1;
    }
    counts
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
fn excluding(rule: &SourceRule, known: &[Atom]) -> Vec<Atom> {
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
    let unequal = |known: &Atom| Atom {
        relation: Relation::NotEqual,
        ..*known
    };
    others.map(unequal).collect()
}

/// Texts without those that were there before.
fn once_each(mut texts: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

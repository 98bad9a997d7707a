// SPDX-License-Identifier: LGPL-2.1-only
//! What is unsound or surprising in a filter.

mod calls;
mod rules;

use std::collections::HashMap;

use scmp::Arch;
use scmp::bpf::MAX_LOADED;
use scmp_verify::decision::Unanswered;
use serde::Serialize;

use crate::input::{Input, NoteKind, Place, Subject};
use crate::matrix::{Explorer, Matrix};

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lint {
    pub id: &'static str,
    /// Why it matters.
    pub why: &'static str,
}

macro_rules! lints {
    ($($name:ident: $id:literal $why:literal)*) => {
        $(pub const $name: Lint = Lint { id: $id, why: $why };)*
        /// Every kind of finding.
        pub const LINTS: &[Lint] = &[$($name),*];
    };
}

lints! {
    INT_AS_LONG: "int-as-long"
        "The kernel reads only 32 bits of this argument, the filter compares 64."
    OPEN_BY_MULTIPLEXER: "open-by-multiplexer"
        "The call is refused by its own number and allowed through socketcall or ipc."
    OPEN_BY_EQUIVALENT: "open-by-equivalent"
        "The call is refused, and another one that does the same is allowed."
    OPEN_BY_X32: "open-by-x32"
        "The call is refused on x86_64 and allowed by its x32 number, which the same kernel may serve."
    OPEN_BY_FOREIGN: "open-by-foreign"
        "Calls of architectures without rules are allowed; the kernel serves some, such as 32-bit ones."
    ARCH_NOT_TESTED: "arch-not-tested"
        "Numbers mean other calls on other architectures, and the filter does not ask for the architecture."
    EPERM_FOR_ENOSYS: "eperm-for-enosys"
        "C libraries fall back on an older call after ENOSYS only, and fail on this error."
    SHADOWED_RULE: "shadowed-rule"
        "The rule never decides: for all calls that it matches, the filter does something else."
    REDUNDANT_RULE: "redundant-rule"
        "Without the rule, other rules do the same with every call that it matches."
    UNKNOWN_CALL: "unknown-call"
        "No system call has this name; it may be misspelt."
    NOT_ON_ARCHITECTURE: "not-on-architecture"
        "The architecture has no such call, and the rule does nothing there."
    EQUALS_DEFAULT: "equals-default"
        "The rule's action is the default action; runtimes drop it."
    LEFT_OUT: "left-out"
        "The filter lacks this part of the profile."
    RUNTIMES_DIFFER: "runtimes-differ"
        "The programs that read this profile make different filters of it."
    ARGUMENT_TWICE: "argument-twice"
        "All comparisons should hold, but runtimes are content with one of these."
    TOO_LONG: "too-long"
        "The kernel refuses to load the program."
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub id: &'static str,
    pub why: &'static str,
    /// Where in the text; missing if no rule is the reason, or the input is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The architectures for which it holds.
    pub arches: Vec<&'static str>,
    /// What is the case.
    pub what: String,
    /// A call for which it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// What to do about it.
    pub fix: String,
}

impl Finding {
    fn new(lint: Lint, arch: Option<Arch>, what: String, fix: String) -> Finding {
        Finding {
            id: lint.id,
            why: lint.why,
            place: None,
            arches: arch.map(Arch::name).into_iter().collect(),
            what,
            example: None,
            fix,
        }
    }

    fn at(mut self, place: Option<Place>) -> Finding {
        self.place = place;
        self
    }

    fn example(mut self, example: String) -> Finding {
        self.example = Some(example);
        self
    }
}

/// Everything that is found in an input, but for kinds that are allowed. What holds for
/// several architectures is one finding.
pub fn check(
    input: &Input,
    wanted: &[Arch],
    allowed: &[String],
) -> Result<Vec<Finding>, Unanswered> {
    let mut findings = of_notes(input);
    let mut explorer = Explorer::default();
    let mut effects = rules::Effects::of(input);
    for subject in &input.subjects {
        let matrix = explorer.matrix(subject, wanted)?;
        findings.extend(of_subject(&mut explorer, subject, &matrix)?);
        // A rule may be needed on an architecture that is not wanted.
        let all = match wanted {
            [] => matrix,
            _ => explorer.matrix(subject, &subject.arches)?,
        };
        effects.add(&mut explorer, subject, &all)?;
    }
    let effects = effects.findings();
    let is_wanted = |finding: &Finding| {
        let named = |arch: &Arch| finding.arches.contains(&arch.name());
        wanted.is_empty() || wanted.iter().any(named)
    };
    findings.extend(effects.filter(is_wanted));
    let mut merged: Vec<Finding> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        if allowed.iter().any(|id| id == finding.id) {
            continue;
        }
        let Finding { what, fix, .. } = &finding;
        // Only the architectures tell two findings apart.
        let key = (finding.id, finding.place.clone(), what.clone(), fix.clone());
        let at = *known.entry(key).or_insert(merged.len());
        match merged.get_mut(at) {
            Some(known) => {
                let mut new = finding.arches;
                new.retain(|arch| !known.arches.contains(arch));
                known.arches.extend(new);
            }
            None => merged.push(finding),
        }
    }
    Ok(merged)
}

fn of_subject(
    explorer: &mut Explorer,
    subject: &Subject,
    matrix: &Matrix,
) -> Result<Vec<Finding>, Unanswered> {
    let lengths = subject.programs.iter();
    let lengths = lengths.map(|program| program.instructions().len());
    let too_long = lengths.filter(|&length| length > MAX_LOADED).map(|length| {
        let what = format!("the program has {length} instructions, the kernel takes {MAX_LOADED}");
        Finding::new(TOO_LONG, None, what, "write fewer rules".to_string())
    });
    let mut findings: Vec<Finding> = too_long.collect();
    for find in [
        calls::arguments,
        calls::multiplexed,
        calls::equivalents,
        calls::fallbacks,
    ] {
        for of_arch in &matrix.arches {
            for call in &of_arch.calls {
                let asked = calls::Asked {
                    subject,
                    of_arch,
                    call,
                };
                findings.extend(find(explorer, &asked)?);
            }
        }
    }
    findings.extend(calls::x32(explorer, subject, matrix)?);
    findings.extend(calls::foreign(explorer, matrix)?);
    Ok(findings)
}

/// Remarks of the reader that are findings.
fn of_notes(input: &Input) -> Vec<Finding> {
    let has_newest = input
        .subjects
        .iter()
        .any(|subject| subject.above_highest > 0);
    let finding = |note: &crate::input::Note| {
        let (lint, fix) = match note.kind {
            NoteKind::UnknownCall => (UNKNOWN_CALL, "correct or remove the name"),
            NoteKind::NotOnArchitecture => (
                NOT_ON_ARCHITECTURE,
                "allow this, or make the rule conditional on the architecture",
            ),
            NoteKind::EqualsDefault if has_newest => (
                EQUALS_DEFAULT,
                "remove the rule, unless its call is the newest: runc answers ENOSYS to newer ones",
            ),
            NoteKind::EqualsDefault => (EQUALS_DEFAULT, "remove the rule"),
            NoteKind::LeftOut => (
                LEFT_OUT,
                "change the rule so that it can be part of the filter",
            ),
            NoteKind::RuntimesDiffer => (RUNTIMES_DIFFER, "write what all of them read alike"),
            NoteKind::ArgumentTwice => (ARGUMENT_TWICE, "write one entry for each alternative"),
            NoteKind::Remark => return None,
        };
        let finding = Finding::new(lint, None, note.text.clone(), fix.to_string());
        Some(finding.at(note.place.clone()))
    };
    input.notes.iter().filter_map(finding).collect()
}

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

/// Every kind of finding.
pub const LINTS: [Lint; 16] = [
    INT_AS_LONG,
    OPEN_BY_MULTIPLEXER,
    OPEN_BY_EQUIVALENT,
    OPEN_BY_X32,
    OPEN_BY_FOREIGN,
    ARCH_NOT_TESTED,
    EPERM_FOR_ENOSYS,
    SHADOWED_RULE,
    REDUNDANT_RULE,
    UNKNOWN_CALL,
    NOT_ON_ARCHITECTURE,
    EQUALS_DEFAULT,
    LEFT_OUT,
    RUNTIMES_DIFFER,
    ARGUMENT_TWICE,
    TOO_LONG,
];

pub const INT_AS_LONG: Lint = Lint {
    id: "int-as-long",
    why: "The kernel reads only 32 bits of this argument, the filter compares 64.",
};
pub const OPEN_BY_MULTIPLEXER: Lint = Lint {
    id: "open-by-multiplexer",
    why: "The call is refused by its own number and allowed through socketcall or ipc.",
};
pub const OPEN_BY_EQUIVALENT: Lint = Lint {
    id: "open-by-equivalent",
    why: "The call is refused, and another one that does the same is allowed.",
};
pub const OPEN_BY_X32: Lint = Lint {
    id: "open-by-x32",
    why: "The call is refused on x86_64 and allowed by its x32 number, which the same kernel may serve.",
};
pub const OPEN_BY_FOREIGN: Lint = Lint {
    id: "open-by-foreign",
    why: "Calls of architectures without rules are allowed; the kernel serves some, such as 32-bit ones.",
};
pub const ARCH_NOT_TESTED: Lint = Lint {
    id: "arch-not-tested",
    why: "Numbers mean other calls on other architectures, and the filter does not ask for the architecture.",
};
pub const EPERM_FOR_ENOSYS: Lint = Lint {
    id: "eperm-for-enosys",
    why: "C libraries fall back on an older call after ENOSYS only, and fail on this error.",
};
pub const SHADOWED_RULE: Lint = Lint {
    id: "shadowed-rule",
    why: "The rule never decides: for all calls that it matches, the filter does something else.",
};
pub const REDUNDANT_RULE: Lint = Lint {
    id: "redundant-rule",
    why: "Other rules with the same action match every call that it matches.",
};
pub const UNKNOWN_CALL: Lint = Lint {
    id: "unknown-call",
    why: "No system call has this name; it may be misspelt.",
};
pub const NOT_ON_ARCHITECTURE: Lint = Lint {
    id: "not-on-architecture",
    why: "The architecture has no such call, and the rule does nothing there.",
};
pub const EQUALS_DEFAULT: Lint = Lint {
    id: "equals-default",
    why: "The rule's action is the default action; it changes nothing, and runtimes drop it.",
};
pub const LEFT_OUT: Lint = Lint {
    id: "left-out",
    why: "The filter lacks this part of the profile.",
};
pub const RUNTIMES_DIFFER: Lint = Lint {
    id: "runtimes-differ",
    why: "The programs that read this profile make different filters of it.",
};
pub const ARGUMENT_TWICE: Lint = Lint {
    id: "argument-twice",
    why: "All comparisons should hold, but runtimes are content with one of these.",
};
pub const TOO_LONG: Lint = Lint {
    id: "too-long",
    why: "The kernel refuses to load the program.",
};

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
    let mut effects = rules::Effects::default();
    for subject in &input.subjects {
        let matrix = explorer.matrix(subject, wanted)?;
        findings.extend(of_subject(&mut explorer, subject, &matrix)?);
        effects.add(&mut explorer, input, subject, &matrix)?;
    }
    findings.extend(effects.findings());
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
    let finding = |note: &crate::input::Note| {
        let (lint, fix) = match note.kind {
            NoteKind::UnknownCall => (UNKNOWN_CALL, "correct or remove the name"),
            NoteKind::NotOnArchitecture => (
                NOT_ON_ARCHITECTURE,
                "allow this, or make the rule conditional on the architecture",
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

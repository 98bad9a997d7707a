// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter does, as it is shown: with names, and ready to be written as JSON.

use scmp::Arch;
use scmp_verify::decision::{Function, Unanswered};
use serde::Serialize;

use crate::data;
use crate::input::{Input, Subject};
use crate::matrix::{ArchCalls, Explorer};
use crate::names;
use crate::wording::{self, ArchCall, FieldTest};

/// What a filter does.
#[derive(Serialize)]
pub struct Filter {
    /// What tells it from the others of the input.
    pub label: String,
    /// The number of instructions of each program.
    pub programs: Vec<usize>,
    pub architectures: Vec<Architecture>,
    /// What calls of any other architecture get.
    pub others: Vec<Other>,
}

/// What an architecture's calls get.
#[derive(Serialize)]
pub struct Architecture {
    #[serde(rename = "name", serialize_with = "names::of_arch")]
    pub arch: Arch,
    pub audit_token: u32,
    pub calls: Vec<Call>,
    pub unknown: Vec<Unknown>,
    /// Whether these are all numbers.
    #[serde(skip)]
    pub is_whole: bool,
}

/// What a call gets.
#[derive(Serialize)]
pub struct Call {
    pub name: &'static str,
    pub number: u32,
    pub decisions: Vec<Decision>,
    /// The first Linux release that allows the call without running filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfiltered_since: Option<&'static str>,
}

/// What numbers without a name get.
#[derive(Serialize)]
pub struct Unknown {
    pub first: u32,
    pub last: u32,
    pub decisions: Vec<Decision>,
}

/// What calls of architectures get that are not listed.
#[derive(Serialize)]
pub struct Other {
    /// Their `AUDIT_ARCH_*` value, or an example of several.
    pub audit_token: u64,
    /// The architecture's name, if it is one that `--arch` left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// Empty for an architecture with a name if its calls get different actions: with its name
    /// in `--arch`, they are shown.
    pub decisions: Vec<Decision>,
}

/// What the filter returns if one of the conditions holds.
#[derive(Clone, Serialize)]
pub struct Decision {
    pub action: String,
    pub value: u32,
    /// Alternatives; all tests of one must hold. Missing if the action is what is left when
    /// no other decision's condition holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Vec<Vec<FieldTest>>>,
    /// The rules of the text that have this action for the call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// What each filter of an input does with the calls of these architectures and names, or
/// with all.
pub fn filters(
    input: &Input,
    arches: &[Arch],
    calls: &[String],
) -> Result<Vec<Filter>, Unanswered> {
    let mut explorer = Explorer::default();
    let filter = |subject| filter(&mut explorer, input, subject, arches, calls);
    input.subjects.iter().map(filter).collect()
}

fn filter(
    explorer: &mut Explorer,
    input: &Input,
    subject: &Subject,
    wanted: &[Arch],
    calls: &[String],
) -> Result<Filter, Unanswered> {
    let matrix = explorer.matrix(subject, wanted)?;
    let rules = subject.rules_by_call();
    let rules = |arch, number, action| {
        let on_call = rules.get(&(arch, number)).into_iter().flatten();
        let with_action = on_call.filter(|rule| rule.action == action);
        with_action
            .map(|rule| wording::rule(rule, &input.name))
            .collect()
    };
    let arches = matrix.arches.iter();
    let arches = arches.map(|of_arch| architecture(explorer, &rules, of_arch, calls));
    let architectures = arches.collect::<Result<_, _>>()?;
    let mut others = Vec::new();
    for (audit_token, decided) in matrix.others {
        let mut known = Arch::all();
        let known = known.find(|arch| u64::from(arch.audit_token()) == audit_token);
        let is_one = explorer.analysis.constant_value(decided).is_some();
        others.push(Other {
            audit_token,
            name: known.map(Arch::name),
            decisions: match known.is_some() && !is_one {
                true => Vec::new(),
                false => {
                    let nameless = ArchCall {
                        arch: known,
                        name: None,
                    };
                    decisions(explorer, decided, nameless)?
                }
            },
        });
    }
    let lengths = subject.programs.iter();
    Ok(Filter {
        label: subject.to_string(),
        programs: lengths.map(|each| each.instructions().len()).collect(),
        architectures,
        others,
    })
}

fn architecture(
    explorer: &mut Explorer,
    rules: &dyn Fn(Arch, u32, u32) -> Vec<String>,
    all: &ArchCalls,
    wanted: &[String],
) -> Result<Architecture, Unanswered> {
    let mut calls = Vec::new();
    for call in &all.calls {
        if wanted.is_empty() || wanted.iter().any(|name| name == call.name) {
            let named = ArchCall::of(all.arch, call.name);
            let mut decisions = decisions(explorer, call.decided, named)?;
            for decision in &mut decisions {
                decision.rules = rules(all.arch, call.number, decision.value);
            }
            calls.push(Call {
                name: call.name,
                number: call.number,
                decisions,
                unfiltered_since: data::unfiltered_since(all.arch, call.name),
            });
        }
    }
    let mut unknown = Vec::new();
    for (range, decided) in &all.unknown {
        let nameless = ArchCall::of(all.arch, None);
        if wanted.is_empty() {
            unknown.push(Unknown {
                first: *range.start(),
                last: *range.end(),
                decisions: decisions(explorer, *decided, nameless)?,
            });
        }
    }
    Ok(Architecture {
        arch: all.arch,
        audit_token: all.arch.audit_token(),
        calls,
        unknown,
        is_whole: wanted.is_empty(),
    })
}

fn decisions(
    explorer: &mut Explorer,
    decided: Function,
    call: ArchCall<'_>,
) -> Result<Vec<Decision>, Unanswered> {
    let mut decisions = Vec::new();
    for decision in explorer.decisions(decided)? {
        let terms = decision.terms.as_deref();
        let when = terms.map(|terms| wording::alternatives(&mut explorer.analysis, terms, call));
        decisions.push(Decision {
            action: wording::action(call.arch, decision.value),
            value: decision.value,
            when: when.transpose()?,
            rules: Vec::new(),
        });
    }
    Ok(decisions)
}

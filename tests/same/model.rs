// SPDX-License-Identifier: LGPL-2.1-only
//! The rules that filters have, from the calls that were accepted.

use scmp::{Action, Arch, Comparison, Comparisons, RuleMode};
use scmp_verify::proof::RuleSet;

use super::call::{Call, Compared};

#[derive(Clone, Debug)]
struct Rule {
    action: Action,
    number: i32,
    comparisons: Comparisons,
    how: RuleMode,
}

#[derive(Clone, Debug)]
struct OfArch {
    arch: Arch,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub struct Model {
    default: u32,
    bad_architecture: u32,
    allow_skip: bool,
    pub level: u32,
    arches: Vec<OfArch>,
    saved: Vec<Vec<OfArch>>,
}

impl Model {
    fn new(default: u32) -> Model {
        Model {
            default,
            bad_architecture: 0,
            allow_skip: false,
            level: 1,
            arches: vec![OfArch {
                arch: Arch::native(),
                rules: Vec::new(),
            }],
            saved: Vec::new(),
        }
    }

    /// `None` without architectures.
    pub fn arch(&self) -> Option<Arch> {
        self.arches.first().map(|first| first.arch)
    }

    pub fn audit_tokens(&self) -> Vec<u32> {
        let tokens = self.arches.iter().map(|one| one.arch.audit_token());
        tokens.collect()
    }

    pub fn rule_set(&self) -> RuleSet {
        let action = |raw| Action::from_raw(raw).expect("it was accepted");
        let empty = |arches: &[Arch]| {
            let (default, bad) = (action(self.default), action(self.bad_architecture));
            RuleSet::new(default, bad, self.allow_skip, arches)
        };
        let mut all = empty(&[]);
        for OfArch { arch, rules } in &self.arches {
            let mut set = empty(&[*arch]);
            for rule in rules {
                // What one architecture can't take, another may have.
                let _ = set.add(rule.action, rule.number, &rule.comparisons, rule.how);
            }
            all.merge(set);
        }
        all
    }
}

fn token(raw: u32) -> Arch {
    match raw {
        0 => Arch::native(),
        _ => Arch::from_token(raw).expect("it was accepted"),
    }
}

fn comparisons(compared: &[Compared]) -> Comparisons {
    let all: Option<Vec<Comparison>> = compared.iter().map(Compared::comparison).collect();
    Comparisons::new(&all.expect("it was accepted")).expect("it was accepted")
}

/// The filters of a sequence.
#[derive(Clone, Debug, Default)]
pub struct Models([Option<Model>; 4]);

impl Models {
    pub fn get(&self, filter: u8) -> Option<&Model> {
        self.0[usize::from(filter)].as_ref()
    }

    /// Goes one call on that was answered with 0.
    pub fn accept(&mut self, call: &Call) {
        let at = |filter: &u8| usize::from(*filter);
        if let Call::Init(filter, default) | Call::Reset(filter, default) = call {
            self.0[at(filter)] = Some(Model::new(*default));
            return;
        }
        match call {
            Call::Merge(to, from) => {
                let from = self.0[at(from)].take();
                let arches = from.map_or(Vec::new(), |from| from.arches);
                if let Some(to) = &mut self.0[at(to)] {
                    to.arches.extend(arches);
                }
            }
            Call::SetAttribute(filter, ..)
            | Call::AddArch(filter, _)
            | Call::RemoveArch(filter, _)
            | Call::Rule { filter, .. }
            | Call::Start(filter)
            | Call::Reject(filter)
            | Call::Commit(filter) => {
                if let Some(model) = &mut self.0[at(filter)] {
                    change(model, call);
                }
            }
            _ => {}
        }
    }
}

fn change(model: &mut Model, call: &Call) {
    match call {
        Call::SetAttribute(_, 2, value) => model.bad_architecture = *value,
        Call::SetAttribute(_, 5, value) => model.allow_skip = *value != 0,
        Call::SetAttribute(_, 8, value) => model.level = *value,
        Call::AddArch(_, raw) => model.arches.push(OfArch {
            arch: token(*raw),
            rules: Vec::new(),
        }),
        Call::RemoveArch(_, raw) => model.arches.retain(|one| one.arch != token(*raw)),
        Call::Rule {
            exact,
            action,
            number,
            compared,
            ..
        } => {
            let rule = Rule {
                action: Action::from_raw(*action).expect("it was accepted"),
                number: *number,
                comparisons: comparisons(compared),
                how: match exact {
                    true => RuleMode::Exact,
                    false => RuleMode::BestEffort,
                },
            };
            for one in &mut model.arches {
                one.rules.push(rule.clone());
            }
        }
        // Like most calls, refused for a filter without architectures; but it
        // gives no answer.
        Call::Reject(_) if model.arches.is_empty() => {}
        Call::Start(_) => model.saved.push(model.arches.clone()),
        Call::Reject(_) => {
            if let Some(arches) = model.saved.pop() {
                model.arches = arches;
            }
        }
        Call::Commit(_) => {
            model.saved.pop();
        }
        _ => {}
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The rules that filters have, from the calls that were accepted.

use scmp::{Action, Arch, Comparison, Comparisons, RuleMode};
use scmp_verify::proof::RuleSet;

use super::call::{Call, Compared};

/// The rules of each architecture: architectures come and go between rules.
type ArchRules = Vec<(Arch, RuleSet)>;

#[derive(Clone, Debug)]
pub struct Model {
    default: Action,
    bad_architecture: Action,
    allow_skip: bool,
    pub level: u32,
    arches: ArchRules,
    saved: Vec<ArchRules>,
}

impl Model {
    fn new(default: u32) -> Model {
        let mut model = Model {
            default: action(default),
            bad_architecture: Action::KillThread,
            allow_skip: false,
            level: 1,
            arches: Vec::new(),
            saved: Vec::new(),
        };
        model.cover(Arch::native());
        model
    }

    fn cover(&mut self, arch: Arch) {
        self.arches.push((arch, self.without_rules(&[arch])));
    }

    fn without_rules(&self, arches: &[Arch]) -> RuleSet {
        RuleSet::new(self.default, self.bad_architecture, self.allow_skip, arches)
    }

    /// `None` without architectures.
    pub fn arch(&self) -> Option<Arch> {
        self.arches.first().map(|(arch, _)| *arch)
    }

    pub fn audit_tokens(&self) -> Vec<u32> {
        let tokens = self.arches.iter().map(|(arch, _)| arch.audit_token());
        tokens.collect()
    }

    pub fn rule_set(&self) -> RuleSet {
        let mut all = self.without_rules(&[]);
        for (_, rules) in &self.arches {
            all.merge(rules.clone());
        }
        all
    }
}

fn action(raw: u32) -> Action {
    Action::from_raw(raw).expect("it was accepted")
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
        Call::SetAttribute(_, 2, value) => model.bad_architecture = action(*value),
        Call::SetAttribute(_, 5, value) => model.allow_skip = *value != 0,
        Call::SetAttribute(_, 8, value) => model.level = *value,
        Call::AddArch(_, raw) => model.cover(token(*raw)),
        Call::RemoveArch(_, raw) => model.arches.retain(|(arch, _)| *arch != token(*raw)),
        Call::Rule {
            exact,
            action: raw,
            number,
            compared,
            ..
        } => {
            let mode = match exact {
                true => RuleMode::Exact,
                false => RuleMode::BestEffort,
            };
            for (_, rules) in &mut model.arches {
                // What one architecture can't take, another may have.
                let _ = rules.add(action(*raw), *number, &comparisons(compared), mode);
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

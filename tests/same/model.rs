// SPDX-License-Identifier: LGPL-2.1-only
//! The rules that filters have, from the calls that were accepted.

use scmp::{Action, Arch, Comparison, Comparisons, RuleMode};
use scmp_verify::proof::RuleSet;

use super::call::{Call, Compared};
use super::oracle::arch_rules::ArchRules;

#[derive(Clone, Debug)]
pub struct Model {
    default: Action,
    bad_architecture: Action,
    allow_skip: bool,
    pub level: u32,
    arches: ArchRules<RuleSet>,
}

impl Model {
    fn new(default: u32) -> Model {
        let mut model = Model {
            default: action(default),
            bad_architecture: Action::KillThread,
            allow_skip: false,
            level: 1,
            arches: ArchRules::new(),
        };
        model.cover(Arch::native());
        model
    }

    fn cover(&mut self, arch: Arch) {
        self.arches.cover(arch, self.without_rules(&[arch]));
    }

    fn without_rules(&self, arches: &[Arch]) -> RuleSet {
        RuleSet::new(self.default, self.bad_architecture, self.allow_skip, arches)
    }

    /// `None` without architectures.
    pub fn arch(&self) -> Option<Arch> {
        self.arches.arches().next()
    }

    pub fn audit_tokens(&self) -> Vec<u32> {
        self.arches.arches().map(Arch::audit_token).collect()
    }

    pub fn rule_set(&self) -> RuleSet {
        self.arches.merged(self.without_rules(&[]))
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
                if let (Some(from), Some(to)) = (from, &mut self.0[at(to)]) {
                    to.arches.of_each.extend(from.arches.of_each);
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
        Call::RemoveArch(_, raw) => model.arches.uncover(token(*raw)),
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
            for rules in model.arches.each_mut() {
                // What one architecture can't take, another may have.
                let _ = rules.add(action(*raw), *number, &comparisons(compared), mode);
            }
        }
        // Like most calls, refused for a filter without architectures; but it
        // gives no answer.
        Call::Reject(_) if model.arches.of_each.is_empty() => {}
        Call::Start(_) => model.arches.start(),
        Call::Reject(_) => model.arches.reject(),
        Call::Commit(_) => model.arches.commit(),
        _ => {}
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The direct evaluation of a filter.

use scmp::{Action, Arch, Comparison, Error, Invalid, Operator, RuleMode, WordSize};
use scmp_verify::SyscallData;

use super::arch_rules::ArchRules;
use super::case::{Case, Rule};
use super::facts::{self, X32_BIT, X86_64_TOKEN, facts, is_callable};

/// A rule as one architecture has it.
#[derive(Clone, Debug)]
pub struct Landed {
    pub number: u32,
    pub action: Action,
    pub comparisons: Vec<Comparison>,
}

/// How an input gets its decision; a run must see enough of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    BadArchitecture,
    NoRule,
    NoMatch,
    Unconditional,
    OneAction,
    SeveralActions,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::BadArchitecture,
        Kind::NoRule,
        Kind::NoMatch,
        Kind::Unconditional,
        Kind::OneAction,
        Kind::SeveralActions,
    ];
}

#[derive(Clone, Debug)]
pub struct Decision {
    pub kind: Kind,
    /// Any of these is right.
    pub actions: Vec<Action>,
}

impl Decision {
    fn one(kind: Kind, action: Action) -> Decision {
        Decision {
            kind,
            actions: vec![action],
        }
    }

    pub fn accepts(&self, raw: u32) -> bool {
        self.actions.iter().any(|action| action.to_raw() == raw)
    }
}

/// The rules that a filter has.
pub struct Model {
    default: Action,
    bad_architecture: Action,
    allow_skip: bool,
    pub arches: ArchRules<Vec<Landed>>,
}

impl Model {
    pub fn new(case: &Case) -> Model {
        let mut model = Model {
            default: case.default,
            bad_architecture: case.bad_architecture,
            allow_skip: case.allow_skip,
            arches: ArchRules::new(),
        };
        for &arch in &case.arches {
            model.cover(arch);
        }
        model
    }

    pub fn cover(&mut self, arch: Arch) {
        self.arches.cover(arch, Vec::new());
    }

    /// What adding the rule may fail with, apart from a conflict. One of
    /// these must be reported if there is any.
    pub fn errors(&self, rule: &Rule) -> Vec<Error> {
        let mut errors = Vec::new();
        if rule.action == self.default {
            errors.push(Error::ActionIsDefault);
        }
        let allowed_skip = rule.number == -1 && self.allow_skip;
        if (-99..=-1).contains(&rule.number) && !allowed_skip {
            errors.push(Error::InvalidArgument(Invalid::ReservedNumber));
        }
        let exact = rule.how == RuleMode::Exact;
        if exact && self.arches.of_each.len() > 1 {
            errors.push(Error::ExactNeedsOneArchitecture);
        }
        for arch in self.arches.arches() {
            match facts::landings(arch, rule.number) {
                None => errors.push(Error::UnknownSyscall),
                Some(landings)
                    if exact
                        && rule.number != -1
                        && landings.iter().all(|(number, _)| !is_callable(*number)) =>
                {
                    errors.push(Error::NotOnArchitecture);
                }
                _ => {}
            }
            if exact && !rule.comparisons.is_empty() && facts::is_multiplexed(arch, rule.number) {
                errors.push(Error::InexactMultiplexed);
            }
        }
        errors
    }

    /// The rule as each architecture would have it.
    fn land(&self, rule: &Rule) -> Vec<(usize, Landed)> {
        let mut all = Vec::new();
        for (index, arch) in self.arches.arches().enumerate() {
            for (number, call) in facts::landings(arch, rule.number).unwrap_or_default() {
                let mut comparisons = rule.comparisons.clone();
                if let Some(call) = call {
                    comparisons.retain(|comparison| comparison.argument() != 0);
                    let equal = Comparison::new(0, Operator::Equal, u64::from(call));
                    comparisons.push(equal.expect("argument 0 exists"));
                }
                let landed = Landed {
                    number,
                    action: rule.action,
                    comparisons,
                };
                all.push((index, landed));
            }
        }
        all
    }

    /// Whether any rule that is there could contradict the new one.
    pub fn may_conflict(&self, rule: &Rule) -> bool {
        self.land(rule).iter().any(|(index, landed)| {
            let (_, rules) = &self.arches.of_each[*index];
            rules
                .iter()
                .any(|other| other.number == landed.number && other.action != landed.action)
        })
    }

    /// Adds a rule that the filter has taken.
    pub fn add(&mut self, rule: &Rule) {
        for (index, landed) in self.land(rule) {
            self.arches.of_each[index].1.push(landed);
        }
    }

    pub fn decision(&self, data: &SyscallData) -> Decision {
        let all = self.arches.of_each.iter();
        let covering: Vec<&(Arch, Vec<Landed>)> = all
            .filter(|(arch, _)| facts(*arch).token == data.audit_token)
            .collect();
        let covers = |arch| covering.iter().any(|(other, _)| *other == arch);
        let is_x32 = data.number >= X32_BIT;
        let is_skip = data.number == u32::MAX;
        let foreign = match data.audit_token {
            X86_64_TOKEN if !covers(Arch::X32) => is_x32 && !is_skip,
            X86_64_TOKEN if !covers(Arch::X86_64) => !is_x32,
            _ => false,
        };
        if covering.is_empty() || foreign {
            return Decision::one(Kind::BadArchitecture, self.bad_architecture);
        }
        // -1 is neither an x86_64 nor an x32 number: where both have rules on
        // it, either may decide.
        covering
            .iter()
            .map(|(arch, rules)| self.decision_of(*arch, rules, data))
            .filter(|decision| decision.kind != Kind::NoRule)
            .reduce(|mut first, second| {
                first.actions.extend(second.actions);
                first
            })
            .unwrap_or(Decision::one(Kind::NoRule, self.default))
    }

    fn decision_of(&self, arch: Arch, rules: &[Landed], data: &SyscallData) -> Decision {
        let wide = facts(arch).wide;
        let of_number: Vec<&Landed> = rules
            .iter()
            .filter(|rule| rule.number == data.number)
            .filter(|rule| is_callable(rule.number) || (rule.number == u32::MAX && self.allow_skip))
            .collect();
        if of_number.is_empty() {
            return Decision::one(Kind::NoRule, self.default);
        }
        let unconditional = of_number.iter().find(|rule| {
            rule.comparisons
                .iter()
                .all(|comparison| is_always_true(comparison, wide))
        });
        if let Some(rule) = unconditional {
            return Decision::one(Kind::Unconditional, rule.action);
        }
        let mut actions: Vec<Action> = Vec::new();
        for rule in of_number {
            let matches = rule.comparisons.iter().all(|comparison| {
                let argument = data.arguments[usize::from(comparison.argument())];
                holds(comparison, argument, wide)
            });
            if matches && !actions.contains(&rule.action) {
                actions.push(rule.action);
            }
        }
        let kind = match actions.len() {
            0 => return Decision::one(Kind::NoMatch, self.default),
            1 => Kind::OneAction,
            _ => Kind::SeveralActions,
        };
        Decision { kind, actions }
    }
}

/// All bits of a word that count.
fn word(wide: bool) -> u64 {
    if wide { u64::MAX } else { 0xffff_ffff }
}

/// Whether more than the low half of an argument counts.
fn is_wide(comparison: &Comparison, wide: bool) -> bool {
    wide && comparison.width() == WordSize::Bits64
}

fn is_always_true(comparison: &Comparison, wide: bool) -> bool {
    let bits = word(is_wide(comparison, wide));
    matches!(comparison.operator(), Operator::MaskedEqual { mask } if mask & bits == 0)
}

/// Whether an argument passes a comparison.
pub fn holds(comparison: &Comparison, argument: u64, wide: bool) -> bool {
    let bits = word(is_wide(comparison, wide));
    let argument = argument & bits;
    let datum = comparison.datum() & bits;
    match comparison.operator() {
        Operator::NotEqual => argument != datum,
        Operator::Less => argument < datum,
        Operator::LessOrEqual => argument <= datum,
        Operator::Equal => argument == datum,
        Operator::GreaterOrEqual => argument >= datum,
        Operator::Greater => argument > datum,
        Operator::MaskedEqual { mask } => argument & mask == datum & mask,
    }
}

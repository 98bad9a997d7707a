// SPDX-License-Identifier: LGPL-2.1-only
//! A filter as the list of calls of the safe API that make it.

use std::fmt;
use std::sync::LazyLock;

use scmp::syscalls::KernelVersion;
use scmp::{Action, Arch, Comparison, Comparisons, Condition, Error, Filter, RuleMode};

use super::call::{Call, Compared, OF_INT};
use super::generate::{self, Mix};
use super::random::Random;
use super::vocabulary::Vocabulary;

#[derive(Clone, Debug)]
pub struct Rule {
    pub action: Action,
    /// On the native architecture.
    pub number: i32,
    pub comparisons: Vec<Comparison>,
    pub how: RuleMode,
    /// Instead of the comparisons.
    pub condition: Option<Condition>,
}

impl Rule {
    /// `None` if only C can say it.
    fn of(call: &Call) -> Option<Rule> {
        let Call::Rule {
            exact,
            action,
            number,
            compared,
            ..
        } = call
        else {
            return None;
        };
        let comparisons: Option<Vec<Comparison>> =
            compared.iter().map(Compared::comparison).collect();
        let rule = Rule {
            action: Action::from_raw(*action)?,
            number: *number,
            comparisons: comparisons?,
            how: match exact {
                true => RuleMode::Exact,
                false => RuleMode::BestEffort,
            },
            condition: None,
        };
        Comparisons::new(&rule.comparisons).is_ok().then_some(rule)
    }

    /// Gives most rules that compare something a condition on the same arguments.
    fn compare_sets(&mut self, random: &mut Random) {
        if self.comparisons.is_empty() || random.chance(20) {
            return;
        }
        let mut condition = Condition::always();
        for comparison in &self.comparisons {
            let cast = random.pick(&["", "", "(int)"]);
            let own = match cast {
                "" => comparison.datum(),
                _ => u64::from(comparison.datum() as u32),
            };
            let most = if cast.is_empty() {
                u64::MAX
            } else {
                u32::MAX.into()
            };
            let other = |random: &mut Random| match random.below(6) {
                0 => own.saturating_add(1).min(most),
                1 => own.saturating_sub(2),
                2 => own.saturating_add(1 << 32).min(most),
                3 => own.saturating_sub(1 << 31),
                4 => random.word() & most,
                _ => most,
            };
            let argument = format!("{cast}a{}", comparison.argument());
            let (one, two) = (other(random), other(random));
            let (first, last) = (one.min(two), one.max(two));
            let set = match random.below(8) {
                0 => format!("{argument} in {first}..={last}"),
                1 => format!("{argument} in {{{own}, {one}, {two}, {}}}", other(random)),
                2 => format!("{argument} in {{{own}, {first}..={last}}}"),
                3 => format!(
                    "{argument} & {:#x} != {own}",
                    random.pick(&[0, 1, 0xff, most, !0xff & most])
                ),
                4 => format!(
                    "{argument} & {:#x} == {own} && {argument} >= {first}",
                    random.pick(&[3, 0xff00, most])
                ),
                5 => format!("{argument} != {own} && {argument} != {one}"),
                6 => {
                    format!("{argument} > {first} && {argument} <= {last} && {argument} & 0x1 == 1")
                }
                _ => comparison.to_string(),
            };
            let more: Condition = set.parse().expect(&set);
            for set in more.sets() {
                condition.and(set).expect("memory");
            }
        }
        self.condition = Some(condition);
    }

    pub fn comparisons(&self) -> Comparisons {
        Comparisons::new(&self.comparisons).expect("each argument is compared once")
    }
}

#[derive(Clone, Debug)]
pub enum Step {
    Rule(Rule),
    Prioritize(i32, u8),
    Cover(Arch),
    Uncover(Arch),
    Start,
    Reject,
    Commit,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    pub default: Action,
    pub bad_architecture: Action,
    pub allow_skip: bool,
    pub unknown_calls: Option<(KernelVersion, Action)>,
    /// Rules decide by their order.
    pub first_match: bool,
    /// In this order, before the steps.
    pub arches: Vec<Arch>,
    pub steps: Vec<Step>,
    /// Look at the program before and after each step that must not change
    /// it.
    pub careful: bool,
}

static WHOLE: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::whole);

/// [`generate::filter`] of this library, of each mix in turn.
pub fn filter(seed: u64) -> Vec<Call> {
    let mix = Mix::ALL[(seed % Mix::ALL.len() as u64) as usize];
    generate::filter(seed, mix, &WHOLE)
}

/// Like [`filter`]; of half of the comparisons, 32 bits count.
pub fn of_ints(seed: u64) -> Vec<Call> {
    let mut calls = filter(seed);
    let mut random = Random::new(seed);
    for call in &mut calls {
        let Call::Rule { compared, .. } = call else {
            continue;
        };
        for comparison in compared {
            if random.chance(50) {
                comparison.operator |= OF_INT;
            }
        }
    }
    calls
}

/// [`generate::values`] of this library.
pub fn values(seed: u64) -> Vec<Call> {
    generate::values(seed, &WHOLE)
}

impl Case {
    /// The first filter of a sequence, without what only C has, and in the end with at
    /// least one architecture.
    pub fn of(seed: u64, calls: &[Call]) -> Case {
        let mut case = Case {
            seed,
            default: Action::Allow,
            bad_architecture: Action::KillThread,
            allow_skip: false,
            unknown_calls: None,
            first_match: false,
            arches: vec![Arch::native()],
            steps: Vec::new(),
            careful: (seed / 4) & 7 == 0,
        };
        for call in calls.iter().filter(|call| call.is_of(0)) {
            match *call {
                Call::Init(_, raw) | Call::Reset(_, raw) => {
                    case = Case {
                        default: Action::from_raw(raw).expect("an action"),
                        ..Case::of(seed, &[])
                    };
                }
                Call::SetAttribute(_, name, value) if case.steps.is_empty() => {
                    match (name, Action::from_raw(value)) {
                        (2, Some(action)) => case.bad_architecture = action,
                        (5, _) => case.allow_skip = value != 0,
                        _ => {}
                    }
                }
                Call::AddArch(_, token) => case.arch(token, Step::Cover),
                Call::RemoveArch(_, token) => case.arch(token, Step::Uncover),
                Call::Rule { .. } => {
                    if let Some(rule) = Rule::of(call) {
                        case.step(Step::Rule(rule));
                    }
                }
                Call::Priority(_, number, priority) => {
                    case.step(Step::Prioritize(number, priority));
                }
                Call::Start(_) => case.step(Step::Start),
                Call::Reject(_) => case.step(Step::Reject),
                Call::Commit(_) => case.step(Step::Commit),
                _ => {}
            }
        }
        case.need_arch();
        case
    }

    fn need_arch(&mut self) {
        if self.arches.is_empty() {
            self.arches.push(Arch::native());
        }
    }

    fn step(&mut self, step: Step) {
        self.need_arch();
        self.steps.push(step);
    }

    fn arch(&mut self, token: u32, step: impl Fn(Arch) -> Step) {
        let arch = match token {
            0 => Arch::native(),
            _ => match Arch::from_token(token) {
                Some(arch) => arch,
                None => return,
            },
        };
        match step(arch) {
            // The first stays, so that no filter is without.
            Step::Uncover(_) if !self.steps.is_empty() && self.arches[0] == arch => {}
            step if !self.steps.is_empty() => self.steps.push(step),
            Step::Uncover(_) => self.arches.retain(|&other| other != arch),
            _ => {
                let fits = |other: &Arch| *other != arch && other.endian() == arch.endian();
                if self.arches.iter().all(fits) {
                    self.arches.push(arch);
                }
            }
        }
    }

    /// As it is before the steps.
    pub fn filter(&self) -> Result<Filter, Error> {
        let mut filter = Filter::new(self.default)?;
        filter.remove_arch(Arch::native())?;
        for &arch in &self.arches {
            filter.add_arch(arch)?;
        }
        filter.attributes_mut().bad_architecture = self.bad_architecture;
        filter.attributes_mut().allow_skip = self.allow_skip;
        filter.first_match(self.first_match)?;
        if let Some((kernel, action)) = self.unknown_calls {
            filter.for_kernel(kernel);
            filter.unknown_calls(action);
        }
        Ok(filter)
    }

    /// Gives most rules conditions.
    pub fn compare_sets(&mut self, random: &mut Random) {
        for step in &mut self.steps {
            if let Step::Rule(rule) = step {
                rule.compare_sets(random);
            }
        }
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.steps.iter().filter_map(|step| match step {
            Step::Rule(rule) => Some(rule),
            _ => None,
        })
    }

    /// Only rules and priorities, so that their order is free.
    pub fn is_flat(&self) -> bool {
        self.steps
            .iter()
            .all(|step| matches!(step, Step::Rule(_) | Step::Prioritize(..)))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Arch::native().syscall_name(self.number).unwrap_or("?");
        let exact = match self.how {
            RuleMode::Exact => "_exact",
            RuleMode::BestEffort => "",
        };
        write!(
            f,
            "seccomp_rule_add{exact}({:?}, {} /* {name} */",
            self.action, self.number
        )?;
        for comparison in &self.comparisons {
            write!(f, ", {comparison}")?;
        }
        if let Some(condition) = &self.condition {
            write!(f, ", instead: {condition}")?;
        }
        write!(f, ")")
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}: default {:?}, bad architecture {:?}, skip {}, unknown calls {:?}, {:?}",
            self.seed,
            self.default,
            self.bad_architecture,
            self.allow_skip,
            self.unknown_calls,
            self.arches
        )?;
        for step in &self.steps {
            match step {
                Step::Rule(rule) => writeln!(f, "  {rule}")?,
                other => writeln!(f, "  {other:?}")?,
            }
        }
        Ok(())
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Filters that programs build with libseccomp.

use scmp::bpf::Program;
use scmp::{
    Action, Arch, Comparison, Comparisons, Condition, Error, Filter, Optimization, RuleMode,
};
use scmp_verify::proof::RuleSet;

use super::{Place, SourceRule, Subject};
use crate::formula::{self, Atom, Formula};
use crate::wording;

/// A rule of a text that has been added to a filter of libseccomp's.
#[derive(Clone, Debug)]
pub struct Added {
    pub call: String,
    /// The call's number on the native architecture.
    pub number: i32,
    pub action: Action,
    pub comparisons: Comparisons,
    /// What must hold instead.
    pub condition: Option<Condition>,
    pub mode: RuleMode,
    pub place: Place,
}

impl Added {
    /// The rule on the numbers of each architecture, multiplexers included.
    pub fn on<'a>(&'a self, arches: &'a [Arch]) -> impl Iterator<Item = SourceRule> + 'a {
        let compares = !self.comparisons.is_empty() || self.condition.is_some();
        arches.iter().flat_map(move |&arch| {
            let targets = arch.rule_targets(self.number, self.mode, compares).ok();
            let direct = targets.and_then(|to| to.direct);
            let direct = direct.map(|number| (number, self.comparisons, false));
            let multiplexed = targets.and_then(|to| to.multiplexed);
            let multiplexed =
                multiplexed.map(|to| (to.number, self.comparisons.on_multiplexer(to.call), true));
            let rule = move |(number, comparisons, by_multiplexer)| SourceRule {
                arch,
                call: self.call.clone(),
                number,
                condition: self.condition_on(arch, &comparisons, by_multiplexer),
                action: self.action.to_raw(),
                place: self.place.clone(),
                is_written: true,
            };
            // Negative numbers are calls that the architecture lacks.
            let all = direct.into_iter().chain(multiplexed);
            all.filter(|(number, ..)| *number as i32 >= 0).map(rule)
        })
    }

    fn add_to(&self, filter: &mut Filter) -> Result<(), Error> {
        let (action, number, mode) = (self.action, self.number, self.mode);
        match &self.condition {
            Some(condition) => filter.add_rule_if(action, number, condition, mode),
            None => filter.add_rule(action, number, &self.comparisons, mode),
        }
    }

    /// The comparisons, and the rule's own condition; the first argument of a multiplexer is
    /// what the comparisons say.
    fn condition_on(&self, arch: Arch, comparisons: &Comparisons, by_multiplexer: bool) -> Formula {
        // Comparisons are cut to the words of the architecture; sets are not.
        let bits = formula::bits(arch.word_size());
        let cut = |comparison: &Comparison| {
            let mut atom = Atom::from(*comparison);
            // All bits stay all bits: such a mask is not shown.
            if atom.mask != u64::MAX {
                atom.mask &= bits;
            }
            atom.value &= bits;
            atom
        };
        let mut all: Formula = comparisons.iter().map(cut).collect();
        let sets = self.condition.iter().flat_map(|condition| condition.sets());
        for set in sets.filter(|set| !by_multiplexer || set.argument() > 0) {
            all = all.and(set);
        }
        all
    }
}

/// Tells the rules beside which libseccomp refuses others.
pub struct Conflicts {
    /// How much may be done yet. To look at a pair of rules is 1, to add it to a filter
    /// [`Conflicts::PAIR`].
    room: usize,
}

impl Default for Conflicts {
    fn default() -> Conflicts {
        let room = 20_000 * Conflicts::PAIR;
        Conflicts { room }
    }
}

impl Conflicts {
    const PAIR: usize = 100;

    /// Why a filter with this default action has refused a rule that came after these.
    pub fn reason(
        &mut self,
        why: Error,
        default: Action,
        refused: &Added,
        before: &[Added],
        arches: &[Arch],
    ) -> String {
        let is_conflict = why == Error::ConflictingRule;
        let found = is_conflict.then(|| self.find(default, refused, before, arches));
        let Some((arch, rule)) = found.flatten() else {
            return why.to_string();
        };
        let action = wording::action(arch, rule.action.to_raw());
        let (arch, call, line) = (arch.name(), &rule.call, rule.place.line);
        format!(
            "on {arch}, it conflicts with the rule on {call} in line {line}, which has the action \
             {action}"
        )
    }

    /// The first rule that is enough for the refusal, and the architecture.
    fn find<'a>(
        &mut self,
        default: Action,
        refused: &Added,
        before: &'a [Added],
        arches: &[Arch],
    ) -> Option<(Arch, &'a Added)> {
        for &arch in arches {
            for rule in before {
                self.room = self.room.checked_sub(1)?;
                if rule.number != refused.number || rule.action == refused.action {
                    continue;
                }
                self.room = self.room.checked_sub(Conflicts::PAIR)?;
                let mut filter = empty(default, arch).ok()?;
                let is_added = rule.add_to(&mut filter).is_ok();
                if is_added && refused.add_to(&mut filter) == Err(Error::ConflictingRule) {
                    return Some((arch, rule));
                }
            }
        }
        None
    }
}

/// A filter of one architecture, without rules.
fn empty(default: Action, machine: Arch) -> Result<Filter, Error> {
    let mut filter = Filter::new(default)?;
    if machine != Arch::native() {
        filter.remove_arch(Arch::native())?;
        filter.add_arch(machine)?;
    }
    Ok(filter)
}

/// A filter that is being built, and what its rules mean.
pub struct Building {
    pub filter: Filter,
    pub default: Action,
    /// The machine's first.
    pub arches: Vec<Arch>,
    pub rules: Vec<Added>,
    rule_set: RuleSet,
    conflicts: Conflicts,
}

impl Building {
    /// A filter of the machine's architecture, without rules.
    pub fn new(default: Action, machine: Arch) -> Result<Building, Error> {
        let filter = empty(default, machine)?;
        let foreign = filter.attributes().bad_architecture;
        Ok(Building {
            filter,
            default,
            arches: vec![machine],
            rules: Vec::new(),
            rule_set: RuleSet::new(default, foreign, false, &[machine]),
            conflicts: Conflicts::default(),
        })
    }

    /// Adds an architecture; the rules so far are not for it.
    pub fn cover(&mut self, arch: Arch) -> Result<(), Error> {
        if !self.arches.contains(&arch) {
            self.filter.add_arch(arch)?;
            self.arches.push(arch);
            let foreign = self.filter.attributes().bad_architecture;
            let rules = RuleSet::new(self.default, foreign, false, &[arch]);
            self.rule_set.merge(rules);
        }
        Ok(())
    }

    /// Adds a rule on a number of the native architecture.
    ///
    /// # Errors
    /// Why libseccomp refuses it, in words.
    pub fn add(
        &mut self,
        action: Action,
        call: &str,
        number: i32,
        comparisons: Comparisons,
        place: &Place,
    ) -> Result<(), String> {
        let mode = RuleMode::BestEffort;
        let rule = Added {
            call: call.to_string(),
            number,
            action,
            comparisons,
            condition: None,
            mode,
            place: place.clone(),
        };
        let added = rule.add_to(&mut self.filter);
        let added = added.and_then(|()| self.rule_set.add(action, number, &comparisons, mode));
        added.map_err(|why| {
            (self.conflicts).reason(why, self.default, &rule, &self.rules, &self.arches)
        })?;
        self.rules.push(rule);
        Ok(())
    }

    /// The filter as its machine runs it.
    pub fn finish(mut self) -> Result<Subject, Error> {
        let (program, sizes) = program(&mut self.filter)?;
        let rules = self.rules.iter().flat_map(|rule| rule.on(&self.arches));
        Ok(Subject {
            machine: self.arches.first().copied(),
            programs: vec![program],
            sizes: Some(sizes),
            rule_set: Some(self.rule_set),
            rules: rules.collect(),
            default: Some(self.default.to_raw()),
            arches: self.arches,
            ..Subject::default()
        })
    }
}

/// The program of a filter, and its sizes at levels 1 and 2.
pub fn program(filter: &mut Filter) -> Result<(Program, [usize; 2]), Error> {
    let wanted = filter.attributes().optimization;
    let mut sizes = [0; 2];
    for (size, level) in sizes
        .iter_mut()
        .zip([Optimization::Priority, Optimization::Search])
    {
        filter.attributes_mut().optimization = level;
        *size = filter.program()?.instructions().len();
    }
    filter.attributes_mut().optimization = wanted;
    Ok((filter.program()?.clone(), sizes))
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Filters that programs build with libseccomp.

use scmp::bpf::Program;
use scmp::{
    Action, Arch, Comparison, Comparisons, Condition, Error, Filter, Optimization, RuleMode,
};
use scmp_verify::proof::RuleSet;

use super::{Place, SourceRule, Subject};
use crate::formula::{self, Atom, Formula};

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
            };
            // Negative numbers are calls that the architecture lacks.
            let all = direct.into_iter().chain(multiplexed);
            all.filter(|(number, ..)| *number as i32 >= 0).map(rule)
        })
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

/// A filter that is being built, and what its rules mean.
pub struct Building {
    pub filter: Filter,
    pub default: Action,
    /// The machine's first.
    pub arches: Vec<Arch>,
    pub rules: Vec<Added>,
    rule_set: RuleSet,
}

impl Building {
    /// A filter of the machine's architecture, without rules.
    pub fn new(default: Action, machine: Arch) -> Result<Building, Error> {
        let mut filter = Filter::new(default)?;
        if machine != Arch::native() {
            filter.remove_arch(Arch::native())?;
            filter.add_arch(machine)?;
        }
        let foreign = filter.attributes().bad_architecture;
        Ok(Building {
            filter,
            default,
            arches: vec![machine],
            rules: Vec::new(),
            rule_set: RuleSet::new(default, foreign, false, &[machine]),
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
    pub fn add(
        &mut self,
        action: Action,
        call: &str,
        number: i32,
        comparisons: Comparisons,
        place: &Place,
    ) -> Result<(), Error> {
        let mode = RuleMode::BestEffort;
        self.filter.add_rule(action, number, &comparisons, mode)?;
        self.rule_set.add(action, number, &comparisons, mode)?;
        self.rules.push(Added {
            call: call.to_string(),
            number,
            action,
            comparisons,
            condition: None,
            mode,
            place: place.clone(),
        });
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

// SPDX-License-Identifier: LGPL-2.1-only
//! Builds a case with the library and compares.

use std::panic::{AssertUnwindSafe, catch_unwind};

use scmp::bpf::Program;
use scmp::{Error, Filter, Optimization};
use scmp_verify::SyscallData;

use super::case::{Case, Step};
use super::model::{Kind, Model};

/// A defect that a case shows.
#[derive(Clone, Debug)]
pub struct Failure {
    pub what: String,
    /// `None` if it shows without an input.
    pub input: Option<SyscallData>,
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Failure {
        Failure {
            what: what.into(),
            input: None,
        }
    }
}

/// What a run has seen.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub filters: usize,
    pub inputs: usize,
    /// By [`Kind`].
    pub kinds: [usize; 6],
    pub rules: usize,
    pub refused: usize,
    pub conflicts: usize,
    pub undone: usize,
    pub reordered: usize,
    pub too_long: usize,
    pub instructions: usize,
}

impl Tally {
    pub fn absorb(&mut self, other: &Tally) {
        self.filters += other.filters;
        self.inputs += other.inputs;
        for (mine, others) in self.kinds.iter_mut().zip(other.kinds) {
            *mine += others;
        }
        self.rules += other.rules;
        self.refused += other.refused;
        self.conflicts += other.conflicts;
        self.undone += other.undone;
        self.reordered += other.reordered;
        self.too_long += other.too_long;
        self.instructions += other.instructions;
    }

    pub fn share(&self, kind: Kind) -> f64 {
        self.kinds[kind as usize] as f64 / self.inputs.max(1) as f64
    }
}

/// A filter with what it should be.
pub struct Built {
    pub model: Model,
    filter: Filter,
}

/// What must not change: the exported program and the text.
type Picture = Option<(Result<Vec<u8>, Error>, Vec<u8>)>;

fn picture(filter: &mut Filter, careful: bool) -> Picture {
    careful.then(|| {
        let bytes = filter.program().and_then(Program::to_bytes);
        (bytes, filter.pseudo_code().expect("text is made"))
    })
}

pub fn build(case: &Case, tally: &mut Tally) -> Result<Built, Failure> {
    let failed = |error| Failure::new(format!("setting up fails: {error:?}"));
    let mut filter = case.filter().map_err(failed)?;
    let mut model = Model::new(case);
    let mut started = Vec::new();
    for step in &case.steps {
        match step {
            Step::Rule(rule) => {
                let before = picture(&mut filter, case.careful);
                let errors = model.errors(rule);
                let result =
                    filter.add_rule(rule.action, rule.number, &rule.comparisons(), rule.how);
                tally.rules += 1;
                match result {
                    Ok(()) if errors.is_empty() => model.add(rule),
                    Err(Error::ConflictingRule) if model.may_conflict(rule) => {
                        tally.conflicts += 1;
                    }
                    Err(error) if errors.contains(&error) => {}
                    other => {
                        return Err(Failure::new(format!(
                            "{rule} gives {other:?}, expected {errors:?} or Ok if empty"
                        )));
                    }
                }
                if result.is_err() {
                    tally.refused += 1;
                    if picture(&mut filter, case.careful) != before {
                        return Err(Failure::new(format!("{rule} fails and changes the filter")));
                    }
                }
            }
            Step::Prioritize(number, priority) => {
                let before = picture(&mut filter, case.careful);
                let result = filter.prioritize(*number, *priority);
                if result.is_err() && picture(&mut filter, case.careful) != before {
                    return Err(Failure::new("a failing priority changes the filter"));
                }
            }
            Step::Cover(arch) => {
                if filter.add_arch(*arch).is_ok() {
                    model.cover(*arch);
                }
            }
            Step::Uncover(arch) => {
                if filter.remove_arch(*arch).is_ok() {
                    model.arches.uncover(*arch);
                }
            }
            Step::Start => {
                started.push(picture(&mut filter, case.careful));
                filter.start_transaction().map_err(failed)?;
                model.arches.start();
            }
            Step::Reject => {
                filter.reject_transaction();
                model.arches.reject();
                if let Some(before) = started.pop() {
                    tally.undone += 1;
                    if picture(&mut filter, case.careful) != before {
                        return Err(Failure::new("a rejected transaction leaves traces"));
                    }
                }
            }
            Step::Commit => {
                let before = picture(&mut filter, case.careful);
                filter.commit_transaction();
                model.arches.commit();
                started.pop();
                if picture(&mut filter, case.careful) != before {
                    return Err(Failure::new("a commit changes the filter"));
                }
            }
        }
    }
    if !filter.arches().eq(model.arches.arches()) {
        return Err(Failure::new("the filter covers other architectures"));
    }
    Ok(Built { model, filter })
}

/// One program for each level; `None` if too long.
pub fn programs(built: &mut Built, tally: &mut Tally) -> Result<Option<[Program; 2]>, Failure> {
    let mut programs = Vec::new();
    for optimization in [Optimization::Priority, Optimization::Search] {
        built.filter.attributes_mut().optimization = optimization;
        match built.filter.program() {
            Ok(program) => programs.push(program.clone()),
            Err(Error::ProgramTooLong) => {
                tally.too_long += 1;
                return Ok(None);
            }
            Err(error) => {
                return Err(Failure::new(format!("{optimization:?} fails: {error:?}")));
            }
        }
    }
    Ok(programs.try_into().ok())
}

/// Compares both programs with the model, and with each other.
pub fn compare(
    model: &Model,
    programs: &[Program; 2],
    inputs: &[SyscallData],
    tally: &mut Tally,
) -> Result<(), Failure> {
    tally.filters += programs.len();
    tally.instructions += programs[0].instructions().len();
    for data in inputs {
        let decision = model.decision(data);
        let results = programs
            .each_ref()
            .map(|program| scmp_verify::run(program, data));
        for (level, result) in (1..).zip(&results) {
            tally.inputs += 1;
            tally.kinds[decision.kind as usize] += 1;
            if !result.is_ok_and(|raw| decision.accepts(raw)) {
                return Err(Failure {
                    what: format!(
                        "level {level} gives {result:x?}, expected one of {:?} ({:?})",
                        decision.actions, decision.kind
                    ),
                    input: Some(*data),
                });
            }
        }
        if results[0] != results[1] {
            return Err(Failure {
                what: format!("level 1 gives {:x?}, level 2 {:x?}", results[0], results[1]),
                input: Some(*data),
            });
        }
    }
    Ok(())
}

/// All of the above with the given input; a panic is a failure, too.
pub fn failure(case: &Case, input: Option<SyscallData>) -> Option<Failure> {
    let check = || {
        let tally = &mut Tally::default();
        let mut built = build(case, tally)?;
        match programs(&mut built, tally)? {
            Some(programs) => compare(&built.model, &programs, input.as_slice(), tally),
            None => Ok(()),
        }
    };
    let outcome = catch_unwind(AssertUnwindSafe(check));
    outcome
        .unwrap_or_else(|_| Err(Failure::new("panics")))
        .err()
}

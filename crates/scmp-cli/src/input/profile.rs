// SPDX-License-Identifier: LGPL-2.1-only
//! Profiles in this project's own language (`scmp_verify::profile`).

use scmp::{Arch, Endian, Syscall};
use scmp_verify::profile::{Profile, Step};

use super::{Format, Input, Mistake, Note, NoteKind, Options, Place, SourceRule, Subject};
use crate::failure::Failure;

/// Whether a line may be the first one of a profile.
pub fn is_statement(line: &str) -> bool {
    let words = ["arch", "default", "exact", "foreign", "priority"];
    let first = line.split_whitespace().next().unwrap_or_default();
    words.contains(&first) && !line.contains([':', '{'])
}

/// A statement that allows a call with these arguments.
pub fn allowing(call: &str, arguments: &[(u8, u64)]) -> String {
    let tests = arguments
        .iter()
        .map(|(position, value)| format!("a{position} == {value:#x}"));
    let tests: Vec<String> = tests.collect();
    match &tests[..] {
        [] => format!("`allow {call}`"),
        tests => format!("`allow {call}({})`", tests.join(", ")),
    }
}

/// Reads a profile and builds its filter.
///
/// # Errors
/// [`Failure::Input`] with the line.
pub fn read(name: &str, text: &str, options: &Options) -> Result<Input, Failure> {
    let mut profile = Profile::parse(text).map_err(|mistake| {
        let place = Place::line(mistake.line);
        let what = mistake.what;
        Mistake { place, what }.in_file(name)
    })?;
    if !options.arch.is_empty() {
        profile.arches.clone_from(&options.arch);
    }
    let mut subjects = Vec::new();
    let mut notes = Vec::new();
    let all = std::mem::take(&mut profile.arches);
    for (endian, label) in [
        (Endian::Little, "little-endian"),
        (Endian::Big, "big-endian"),
    ] {
        let arches = all.iter().copied().filter(|arch| arch.endian() == endian);
        profile.arches = arches.collect();
        if profile.arches.is_empty() {
            continue;
        }
        let one_order = profile.arches.len() == all.len();
        let subject = subject(name, &profile, &mut notes)?;
        subjects.push(Subject {
            label: (!one_order).then(|| format!("{label} machines")),
            ..subject
        });
    }
    Ok(Input {
        name: name.to_string(),
        format: Format::Profile,
        subjects,
        notes,
    })
}

/// The filter for the profile's architectures.
fn subject(name: &str, profile: &Profile, notes: &mut Vec<Note>) -> Result<Subject, Failure> {
    let mut built = profile.build().map_err(|why| Failure::of(name, why))?;
    let program = super::program(&mut built.filter);
    let (program, sizes) = program.map_err(|why| Failure::of(name, why))?;
    for (step, why) in &built.refused {
        let note = Note {
            kind: NoteKind::from(*why),
            place: Some(Place::line(step.line())),
            text: format!("{} is left out: {why}", step.call()),
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let left_out = |step: &Step| built.refused.iter().any(|(other, _)| other == step);
    let rules = profile.steps.iter().filter(|step| !left_out(step));
    let rules = rules.flat_map(|step| source_rules(step, profile)).collect();
    Ok(Subject {
        label: None,
        machine: None,
        arches: profile.arches.clone(),
        programs: vec![program],
        sizes: Some(sizes),
        rule_set: Some(built.rules),
        rules,
    })
}

/// A step's rules on the numbers of each architecture.
fn source_rules(step: &Step, profile: &Profile) -> Vec<SourceRule> {
    let Step::Rule {
        action,
        call,
        comparisons,
        line,
    } = step
    else {
        return Vec::new();
    };
    let Ok(native) = Syscall::from(call.as_str()).number() else {
        return Vec::new();
    };
    let on = |arch: Arch| {
        let targets = arch.rule_targets(native, profile.mode, !comparisons.is_empty());
        let targets = targets.ok();
        let direct = targets.and_then(|to| to.direct.map(|number| (number, *comparisons)));
        let multiplexed = targets.and_then(|to| to.multiplexed);
        let multiplexed = multiplexed.map(|to| (to.number, comparisons.on_multiplexer(to.call)));
        let rule = move |(number, comparisons): (u32, scmp::Comparisons)| SourceRule {
            arch,
            call: call.clone(),
            number,
            condition: comparisons.iter().copied().collect(),
            action: action.to_raw(),
            place: Place::line(*line),
        };
        direct.into_iter().chain(multiplexed).map(rule)
    };
    profile.arches.iter().flat_map(|&arch| on(arch)).collect()
}

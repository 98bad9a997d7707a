// SPDX-License-Identifier: LGPL-2.1-only
//! Profiles in this project's own language (`scmp_verify::profile`).

use scmp::{Action, Endian, RuleMode, Syscall};
use scmp_verify::profile::{Profile, Step, starts_with_keyword};

use super::libseccomp::{self, Added, Conflicts};
use super::{Format, Input, Note, NoteKind, Options, Place, Subject};
use crate::failure::Failure;
use crate::formula::{Atom, Formula};

/// The most combinations of ranges of arguments of a rule.
const MAX_ALTERNATIVES: usize = 10_000;

/// The most tests of all combinations of a profile.
const MAX_TESTS: usize = 200_000;

/// Whether a line may be the first one of a profile: a statement, or a rule on a call.
pub fn is_statement(line: &str) -> bool {
    let is_rule = || {
        let (action, call) = line.split_once(' ')?;
        let numbered = format!("{action} 0");
        let is_action = [action, &numbered].map(|text| text.parse::<Action>().is_ok());
        Some(is_action.contains(&true) && !call.trim().is_empty())
    };
    // Policies of minijail may have system calls of these names.
    !line.contains([':', '{']) && (starts_with_keyword(line) || is_rule() == Some(true))
}

/// A statement that allows a call for whose arguments these equalities hold.
pub fn allowing(call: &str, arguments: &[Atom]) -> String {
    let tests = arguments.iter().map(|atom| {
        let (argument, value) = (atom.argument, atom.value & atom.mask);
        let low = u64::from(u32::MAX);
        match atom.mask {
            u64::MAX => format!("a{argument} == {value:#x}"),
            mask if mask == low => format!("(int)a{argument} == {value:#x}"),
            mask => format!("a{argument} & {mask:#x} == {value:#x}"),
        }
    });
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
        let place = Place::new(mistake.line, mistake.column);
        place.mistake(mistake.what).in_file(name)
    })?;
    let mut tests = 0_usize;
    for step in &profile.steps {
        let Step::Rule {
            condition: Some(condition),
            line,
            ..
        } = step
        else {
            continue;
        };
        let (count, atoms) = Formula::size(condition);
        tests = tests.saturating_add(count.saturating_mul(atoms));
        let what = match (count > MAX_ALTERNATIVES, tests > MAX_TESTS) {
            (true, _) => {
                format!("{count} combinations of ranges, expected {MAX_ALTERNATIVES} at most")
            }
            (_, true) => {
                format!("the combinations of ranges up to here have more than {MAX_TESTS} tests")
            }
            _ => continue,
        };
        return Err(Place::line(*line).mistake(what).in_file(name));
    }
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
    Ok(Input::new(name, Format::Profile, subjects, notes))
}

/// The filter for the profile's architectures.
fn subject(name: &str, profile: &Profile, notes: &mut Vec<Note>) -> Result<Subject, Failure> {
    let mut built = profile.build().map_err(|why| Failure::of(name, why))?;
    let program = libseccomp::program(&mut built.filter);
    let (program, sizes) = program.map_err(|why| Failure::of(name, why))?;
    let mut conflicts = Conflicts::default();
    let mut rules: Vec<Added> = Vec::new();
    // In the order of the steps.
    let mut refused = built.refused.iter().peekable();
    for step in &profile.steps {
        let rule = added(step, profile.mode);
        let Some((_, why)) = refused.next_if(|(refused, _)| refused == step) else {
            rules.extend(rule);
            continue;
        };
        let reason = match rule {
            Some(rule) => conflicts.reason(*why, profile.default, &rule, &rules, &profile.arches),
            None => why.to_string(),
        };
        let text = format!("{} is left out: {reason}", step.call());
        let place = Place::line(step.line());
        notes.push(Note::new(NoteKind::from(*why), place, text));
    }
    let rules = rules.iter().flat_map(|rule| rule.on(&profile.arches));
    let rules = rules.collect();
    Ok(Subject {
        arches: profile.arches.clone(),
        programs: vec![program],
        sizes: Some(sizes),
        rule_set: Some(built.rules),
        rules,
        first_match: profile.first_match,
        default: Some(profile.default.to_raw()),
        unknown_calls: profile.unknown_calls.map(Action::to_raw),
        ..Subject::default()
    })
}

/// A step's rule, if it is one.
fn added(step: &Step, mode: RuleMode) -> Option<Added> {
    let Step::Rule {
        action,
        call,
        comparisons,
        condition,
        line,
    } = step
    else {
        return None;
    };
    Some(Added {
        call: call.clone(),
        number: Syscall::from(call.as_str()).number().ok()?,
        action: *action,
        comparisons: *comparisons,
        condition: condition.clone(),
        mode,
        place: Place::line(*line),
    })
}

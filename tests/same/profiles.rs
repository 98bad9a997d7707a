// SPDX-License-Identifier: LGPL-2.1-only
//! Real filters and scaling ones, on several sets of architectures, at both
//! levels. Here nothing may differ but by a proven defect of the C library, and
//! then the text is the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use scmp::{Arch, Endian, RuleMode};
use scmp_verify::profile::{Profile, Step};

use super::call::{Call, Compared, c_program};
use super::cause::Cause;
use super::judge::judge;
use super::oracle::vocabulary::Vocabulary;
use super::player::{Library, Outcome, Player};
use super::shared;

/// The C library's time grows with the square of a filter's; it takes a
/// quarter of this.
const MILLISECONDS: u32 = 20_000;

pub fn run(ours: &Library, theirs: &Library) {
    let patient = |library: &Library| Library {
        milliseconds: MILLISECONDS,
        ..library.clone()
    };
    let start = || (Player::new(&patient(ours)), Player::new(&patient(theirs)));
    let (mut one, mut other) = start();
    let shared = shared::find(&mut one, &mut other);
    let started = Instant::now();
    let cases = Mutex::new(cases(&shared));
    let found = Mutex::new(Found::default());
    let work = || {
        let (mut ours, mut theirs) = start();
        loop {
            let Some(case) = cases.lock().unwrap().pop() else {
                break;
            };
            play(&case, &mut ours, &mut theirs, &found);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let found = found.into_inner().unwrap();
    println!("{}: {:.1?}", theirs.path.display(), started.elapsed());
    for (cause, profiles) in &found.explained {
        print!("{:4} cases: {}", profiles.len(), cause.describe());
        match cause {
            Cause::Same => println!(),
            _ => println!(" ({})", profiles.join("; ")),
        }
    }
    assert!(found.different.is_empty(), "{}", found.different.join("\n"));
    let most = found.explained.get(&Cause::Same).map_or(0, Vec::len);
    assert!(most > 100, "too few profiles are the same");
}

#[derive(Default)]
struct Found {
    explained: BTreeMap<Cause, Vec<String>>,
    different: Vec<String>,
}

struct Case {
    what: String,
    calls: Vec<Call>,
}

fn cases(shared: &Vocabulary) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, profile) in all() {
        for arches in arch_sets(&profile, shared) {
            for level in [1, 2] {
                // 2.4 had but one.
                if level == 1 || shared.attributes.contains(&8) {
                    cases.push(Case {
                        what: format!("{name}, {} architectures, level {level}", arches.len()),
                        calls: calls(&profile, &arches, level, shared),
                    });
                }
            }
        }
    }
    // The longest first, so that no thread is left with it.
    cases.sort_by_key(|case| case.calls.len());
    cases
}

fn play(case: &Case, ours: &mut Player, theirs: &mut Player, found: &Mutex<Found>) {
    let Case { what, calls } = case;
    let Outcome::Answers(answers) = ours.play(calls) else {
        panic!("{what}: ours fails");
    };
    // Beyond what the kernel's structure can describe, 2.5.4 and 2.6.0 write
    // past their memory.
    let too_long = answers
        .last()
        .is_some_and(|program| program.starts_with("-14 "));
    assert!(!too_long, "{what}: too long to be compared");
    let judgement = judge(calls, ours, theirs);
    let mut found = found.lock().unwrap();
    match judgement.cause {
        cause @ (Cause::Same | Cause::Swapped | Cause::Unloaded | Cause::Endless) => {
            found.explained.entry(cause).or_default().push(what.clone());
        }
        cause => {
            let program = match calls.len() {
                0..60 => c_program(calls),
                _ => String::new(),
            };
            let cause = cause.describe();
            let text = format!("{what}: {cause}, {}\n{program}", judgement.detail);
            found.different.push(text);
        }
    }
}

/// Those of data/profiles.
fn all() -> Vec<(String, Profile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/profiles");
    let mut all: Vec<(String, Profile)> = fs::read_dir(folder)
        .expect("the profiles")
        .map(|entry| {
            let path = entry.expect("a profile").path();
            let text = fs::read_to_string(&path).expect("text");
            let name = path.file_stem().expect("a name").to_string_lossy();
            let profile = Profile::parse(&text).unwrap_or_else(|why| panic!("{name}, {why}"));
            (name.into_owned(), profile)
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

/// The profile's own, and 1, 3, and all of each byte order.
fn arch_sets(profile: &Profile, shared: &Vocabulary) -> Vec<Vec<Arch>> {
    let of_order = |endian| {
        let all = shared.arches.iter().copied();
        all.filter(|arch| arch.endian() == endian).collect()
    };
    let mut sets: Vec<Vec<Arch>> = vec![
        profile.arches.clone(),
        vec![Arch::X86_64],
        vec![Arch::X86],
        vec![Arch::X86_64, Arch::X86, Arch::X32],
        of_order(Endian::Little),
        of_order(Endian::Big),
    ];
    sets.dedup();
    // The C library's time grows with the square of a filter.
    if profile.steps.len() > 2_000 {
        sets.retain(|set| set.len() <= 3);
    }
    sets
}

fn calls(profile: &Profile, arches: &[Arch], level: u32, shared: &Vocabulary) -> Vec<Call> {
    let mut calls = vec![Call::Init(0, profile.default.to_raw())];
    let native = Arch::native();
    if !arches.contains(&native) {
        calls.push(Call::RemoveArch(0, native.token()));
    }
    let others = arches.iter().filter(|&&arch| arch != native);
    calls.extend(others.map(|arch| Call::AddArch(0, arch.token())));
    calls.push(Call::SetAttribute(0, 2, profile.bad_architecture.to_raw()));
    if level != 1 {
        calls.push(Call::SetAttribute(0, 8, level));
    }
    for step in &profile.steps {
        let (Step::Rule { call, .. } | Step::Priority { call, .. }) = step;
        // What one of the libraries has not heard of.
        let Some(number) = shared.number(call) else {
            continue;
        };
        calls.push(match step {
            Step::Priority { priority, .. } => Call::Priority(0, number, *priority),
            Step::Rule {
                action,
                comparisons,
                ..
            } => Call::Rule {
                filter: 0,
                exact: profile.mode == RuleMode::Exact && arches.len() == 1,
                action: action.to_raw(),
                number,
                compared: comparisons.iter().map(Compared::of).collect(),
            },
        });
    }
    calls.extend([Call::Text(0), Call::Program(0)]);
    calls
}

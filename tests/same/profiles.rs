// SPDX-License-Identifier: LGPL-2.1-only
//! Real filters and scaling ones, on several sets of architectures, at both
//! levels. Here nothing may differ but by a proven defect of the C library, and
//! then the text is the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

use scmp::{Arch, Endian, RuleMode};
use scmp_verify::profile::{Profile, Step};

use super::call::{Call, Compared, c_program};
use super::cause::Cause;
use super::judge::judge;
use super::oracle::run::{for_each_with, profiles};
use super::oracle::vocabulary::Vocabulary;
use super::player::{Library, Outcome, Player};
use super::shared;

/// The C library's time grows with the square of a filter's; it takes a
/// quarter of this.
const MILLISECONDS: u32 = 20_000;

pub fn run(ours: &Library, theirs: &Library) {
    let [ours, theirs] = [ours, theirs].map(|library| library.within(MILLISECONDS));
    let start = || (Player::new(&ours), Player::new(&theirs));
    let shared = shared::find(&mut Player::new(&ours), &mut Player::new(&theirs));
    let started = Instant::now();
    let cases = cases(&shared);
    let found = Mutex::new(Found::default());
    for_each_with(cases.len() as u64, start, |(ours, theirs), index| {
        play(&cases[index as usize], ours, theirs, &found);
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
    for (name, profile) in profiles() {
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
    cases.sort_by_key(|case| Reverse(case.calls.len()));
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
    calls.extend(Call::cover(0, arches));
    calls.push(Call::SetAttribute(0, 2, profile.bad_architecture.to_raw()));
    if level != 1 {
        calls.push(Call::SetAttribute(0, 8, level));
    }
    let exact = profile.mode == RuleMode::Exact && arches.len() == 1;
    // What one of the libraries has not heard of has no number.
    calls.extend(steps(profile, exact, |call| shared.number(call)));
    calls.extend([Call::Text(0), Call::Program(0)]);
    calls
}

/// A profile's rules and priorities, without those of system calls that have no number.
pub fn steps(
    profile: &Profile,
    exact: bool,
    number: impl Fn(&str) -> Option<i32>,
) -> impl Iterator<Item = Call> {
    profile.steps.iter().filter_map(move |step| {
        let number = number(step.call())?;
        Some(match step {
            Step::Priority { priority, .. } => Call::Priority(0, number, *priority),
            Step::Rule {
                condition: Some(_), ..
            } => unreachable!("the C library has no conditions"),
            Step::Rule {
                action,
                comparisons,
                condition: None,
                ..
            } => Call::Rule {
                filter: 0,
                exact,
                action: action.to_raw(),
                number,
                compared: comparisons.iter().map(Compared::of).collect(),
            },
        })
    })
}

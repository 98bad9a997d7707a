// SPDX-License-Identifier: LGPL-2.1-only
//! Random filters about as long as the kernel's limit, at level 2: where the
//! limit matters, ours is hardly longer than the C library's
//! (`examine::is_too_long`).

use std::sync::Mutex;
use std::time::Instant;

use scmp::RuleMode;
use scmp::bpf::{INSTRUCTION_SIZE, MAX_LOADED};

use super::call::{Call, Compared};
use super::examine::is_too_long;
use super::judge::judge;
use super::oracle::case::Case;
use super::oracle::long;
use super::oracle::run::for_each_with;
use super::oracle::vocabulary::Vocabulary;
use super::player::{Library, Outcome, Player};
use super::shared;

/// The C library's time grows with the square of a filter's; it takes a
/// twentieth of this.
const MILLISECONDS: u32 = 20_000;

/// `SCMP_FLTATR_CTL_OPTIMIZE`.
const OPTIMIZE: i32 = 8;

/// How many filters have which length.
#[derive(Default)]
struct Lengths {
    /// Both libraries' can be loaded, and are longer than half of the limit.
    loaded: u64,
    /// Only ours can be loaded.
    only_ours: u64,
    /// Neither can be.
    neither: u64,
    /// The C library's is shorter, and its longest lead.
    longer: u64,
    most: f64,
    /// The C library's decides wrongly and is shorter, or it hangs.
    not_compared: u64,
}

pub fn run(ours: &Library, theirs: &Library, first: u64, size: u64) {
    let [ours, theirs] = [ours, theirs].map(|library| library.within(MILLISECONDS));
    let start = || (Player::new(&ours), Player::new(&theirs));
    let shared = shared::find(&mut Player::new(&ours), &mut Player::new(&theirs));
    assert!(shared.attributes.contains(&OPTIMIZE), "level 2 is there");
    let started = Instant::now();
    let lengths = Mutex::new(Lengths::default());
    let reports = Mutex::new(Vec::new());
    for_each_with(size, start, |(ours, theirs), index| {
        let seed = first.wrapping_add(index);
        let calls = calls(&long::case(seed), &shared);
        let answers = [&mut *ours, &mut *theirs].map(|player| player.play(&calls));
        let both = answers.each_ref().map(length);
        match both {
            // Proofs of long programs take seconds: tests/proofs.rs has them.
            [Some(mine), Some(others)] if !is_too_long([mine, others]) => {
                lengths.lock().unwrap().count(mine, others);
                return;
            }
            _ => lengths.lock().unwrap().not_compared += 1,
        }
        // The C library may hang.
        if let [Some(_), None] = both {
            return;
        }
        let judgement = judge(&calls, ours, theirs);
        if judgement.is_unexplained() {
            let what = judgement.cause.describe();
            let text = format!("seed {seed}: {what}, {both:?} {}", judgement.detail);
            reports.lock().unwrap().push(text);
        }
    });
    let Lengths {
        loaded,
        only_ours,
        neither,
        longer,
        most,
        not_compared,
    } = lengths.into_inner().unwrap();
    println!(
        "{}: {size} long filters: both load {loaded}, ours alone {only_ours}, neither {neither}; \
         where not both are below {MAX_LOADED}, ours is longer in {longer}, by {most:.3} times \
         at most; not compared {not_compared}, {:.1?}",
        theirs.path.display(),
        started.elapsed()
    );
    let reports = reports.into_inner().unwrap();
    assert!(
        reports.is_empty(),
        "{} unexplained:\n{}",
        reports.len(),
        reports.join("\n")
    );
    assert!(not_compared * 4 <= size, "too few are compared");
    assert!(loaded > 0, "none is near the limit");
    assert!(only_ours + neither > 0, "none is beyond the limit");
}

impl Lengths {
    fn count(&mut self, mine: usize, others: usize) {
        match [mine, others].map(|length| length <= MAX_LOADED) {
            [true, true] => {
                self.loaded += u64::from(mine.max(others) > MAX_LOADED / 2);
                return;
            }
            [true, false] => self.only_ours += 1,
            [false, false] => self.neither += 1,
            [false, true] => {}
        }
        if mine > others {
            self.longer += 1;
            self.most = self.most.max(mine as f64 / others as f64);
        }
    }
}

/// The program's length in instructions.
fn length(outcome: &Outcome) -> Option<usize> {
    let hex = outcome.answers()?.last()?.strip_prefix("0 ")?;
    Some(hex.len() / 2 / INSTRUCTION_SIZE)
}

/// The calls that make a filter, at level 2.
fn calls(case: &Case, shared: &Vocabulary) -> Vec<Call> {
    let mut calls = vec![Call::Init(0, case.default.to_raw())];
    let mut arches = case.arches.clone();
    arches.retain(|arch| shared.arches.contains(arch));
    calls.extend(Call::cover(0, &arches));
    calls.push(Call::SetAttribute(0, OPTIMIZE, 2));
    let is_known = |number: i32| shared.names.iter().any(|&(_, known)| known == number);
    let rules = case.rules().filter(|rule| is_known(rule.number));
    calls.extend(rules.map(|rule| Call::Rule {
        filter: 0,
        exact: rule.how == RuleMode::Exact,
        action: rule.action.to_raw(),
        number: rule.number,
        compared: rule.comparisons.iter().map(Compared::of).collect(),
    }));
    calls.push(Call::Program(0));
    calls
}

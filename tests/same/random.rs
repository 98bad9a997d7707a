// SPDX-License-Identifier: LGPL-2.1-only
//! Runs random sequences on two libraries and counts what they show.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use super::call::{Call, c_program};
use super::cause::Cause;
use super::examine::exported_text;
use super::generate::{Mix, sequence};
use super::judge::{Judgement, judge};
use super::oracle::run::for_each_with;
use super::player::{Library, Player};
use super::shared;
use super::shrink::shrink;

/// How often each cause was seen, by mix.
type Counts = HashMap<(usize, Cause), u64>;

/// Reports that are worth reading in full.
const MAX_REPORTS: usize = 25;

/// So many sequences, and the table is shown: of a run that is broken off
/// after hours its figures are left.
const ROUND: u64 = 100_000;

pub fn run(ours: &Library, theirs: &Library, first: u64, size: u64) {
    assert!(size > 0, "no sequences");
    let started = Instant::now();
    let shared = shared::find(&mut Player::new(ours), &mut Player::new(theirs));
    println!(
        "{}: {} architectures, {} system calls, {} attributes in common",
        theirs.path.display(),
        shared.arches.len(),
        shared.names.len(),
        shared.attributes.len()
    );
    let show = std::env::var("SCMP_SAME_SHOW").ok();
    let counts = Mutex::new(Counts::new());
    let reports = Mutex::new(Vec::new());
    let shown = Mutex::new(Vec::new());
    let start = || (Player::new(ours), Player::new(theirs));
    let mut done = 0;
    while done < size {
        let round = ROUND.min(size - done);
        for_each_with(round, start, |(ours, theirs), index| {
            let seed = first.wrapping_add(done + index);
            let mix = Mix::of(seed);
            let calls = sequence(seed, mix, &shared);
            let judgement = judge(&calls, ours, theirs);
            let cause = judgement.cause;
            *(counts.lock().unwrap())
                .entry((mix as usize, cause))
                .or_default() += 1;
            let wanted = show.as_ref().is_some_and(|name| {
                *name == format!("{cause:?}") || *name == format!("{cause:?}:{mix:?}")
            });
            let list = match judgement.is_unexplained() {
                true => &reports,
                false if wanted => &shown,
                false => return,
            };
            let room = |list: &Mutex<Vec<String>>| list.lock().unwrap().len() < MAX_REPORTS;
            let text = match room(list) {
                true => report(seed, calls, &judgement, ours, theirs),
                false => String::new(),
            };
            list.lock().unwrap().push(text);
        });
        done += round;
        table(&counts.lock().unwrap());
        println!("{done} of {size} sequences, {:.1?}\n", started.elapsed());
        for list in [&shown, &reports] {
            let mut list = list.lock().unwrap();
            for text in list.iter_mut().take(MAX_REPORTS) {
                // Once: what is left counts it.
                print!("{}", std::mem::take(text));
            }
        }
    }
    let reports = reports.into_inner().unwrap();
    assert!(reports.is_empty(), "{} unexplained", reports.len());
}

fn report(
    seed: u64,
    calls: Vec<Call>,
    judgement: &Judgement,
    ours: &mut Player,
    theirs: &mut Player,
) -> String {
    let cause = judgement.cause;
    // A text without a program says nothing on who is right.
    let exported = |calls: &[Call]| {
        let program = calls.iter().any(|call| matches!(call, Call::Program(_)));
        program || !calls.iter().any(|call| matches!(call, Call::Text(_)))
    };
    // No filter, and rejecting what was not started, are defects of their own.
    let started = |calls: &[Call]| {
        let mut open = 0;
        matches!(calls.first(), Some(Call::Init(0, _)))
            && calls.iter().all(|call| {
                open += i32::from(matches!(call, Call::Start(_)));
                open -= i32::from(matches!(call, Call::Reject(_) | Call::Commit(_)));
                open >= 0
            })
    };
    let small = shrink(calls, |calls| {
        exported(calls) && started(calls) && judge(calls, ours, theirs).cause == cause
    });
    let detail = judge(&small, ours, theirs).detail;
    let text = |player: &mut Player| match player.play(&small).answers() {
        Some(answers) => exported_text(&small, answers),
        None => String::new(),
    };
    let (mine, others) = (text(ours), text(theirs));
    let mut report = format!(
        "--- seed {seed}: {}\n{detail}\n{}",
        cause.describe(),
        c_program(&small)
    );
    let answers = [theirs, ours].map(|player| player.play(&small));
    for (at, call) in small.iter().enumerate() {
        let [theirs, ours] = answers.each_ref().map(|outcome| match outcome.answers() {
            Some(answers) => answers[at].split(' ').next().unwrap_or("").to_string(),
            None => format!("{outcome:?}"),
        });
        report.push_str(&format!("// C {theirs}, ours {ours}: {call}\n"));
    }
    if mine != others {
        report.push_str(&format!("C:\n{others}ours:\n{mine}"));
    }
    report
}

/// Rows are causes, columns what operators a sequence draws from.
fn table(counts: &Counts) {
    let count = |mix: Mix, wanted: &dyn Fn(Cause) -> bool| -> u64 {
        let causes = Cause::all().filter(|&cause| wanted(cause));
        let key = |cause| (mix as usize, cause);
        causes
            .map(|cause| counts.get(&key(cause)).unwrap_or(&0))
            .sum()
    };
    let row = |title: &str, wanted: &dyn Fn(Cause) -> bool| {
        print!("{title:44}");
        for mix in Mix::ALL {
            let all = count(mix, &|_| true);
            let found = count(mix, wanted);
            let share = 100.0 * found as f64 / all.max(1) as f64;
            print!(" | {found:>7} {share:7.3} %");
        }
        println!();
    };
    print!("{:44}", "operators:");
    for mix in Mix::ALL {
        print!(" | {:>17}", mix.describe());
    }
    println!();
    row("sequences", &|_| true);
    for cause in Cause::all() {
        if Mix::ALL
            .iter()
            .any(|&mix| count(mix, &|one| one == cause) > 0)
        {
            row(cause.describe(), &|one| one == cause);
        }
    }
    row("C: wrong filters and none, together", &Cause::is_broken);
    row("ours: wrong filters and none, together", &|cause| {
        matches!(cause, Cause::OursWrong | Cause::OursFails)
    });
}

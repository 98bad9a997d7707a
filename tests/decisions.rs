// SPDX-License-Identifier: LGPL-2.1-only
//! Random filters against a direct evaluation of their rules. All matching
//! rules with one action: that action; this holds without exception.
//!
//! `SCMP_FILTERS=n` checks about n filters. A report names its seed:
//! `SCMP_SEED=s SCMP_FILTERS=2` runs it again.

mod oracle;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Instant;

use oracle::call::Call;
use oracle::case::{self, Case, Step};
use oracle::check::{self, Failure, Tally};
use oracle::facts::{facts, little_endian};
use oracle::inputs;
use oracle::model::Kind;
use oracle::random::{Random, setting};
use oracle::run::for_each;
use oracle::shrink::shrink;
use scmp::{Arch, Endian, WordSize};
use scmp_verify::SyscallData;

/// Levels 1 and 2 of a rule set count as two.
const FILTERS: u64 = if cfg!(debug_assertions) {
    240_000
} else {
    800_000
};

fn run_case(case: &Case, inputs: Option<&[SyscallData]>, tally: &mut Tally) -> Outcome {
    let mut built = check::build(case, tally)?;
    let inputs = match inputs {
        Some(inputs) => inputs.to_vec(),
        None => inputs::inputs(&built.model, &mut Random::new(!case.seed)),
    };
    if let Some(programs) = check::programs(&mut built, tally)? {
        check::compare(&built.model, &programs, &inputs, tally)?;
    }
    Ok(inputs)
}

/// The inputs that were tried.
type Outcome = Result<Vec<SyscallData>, Failure>;

/// The same rules in another order, if all have one action: they must decide the same,
/// whichever rules were dropped as redundant.
fn reordered(case: &Case, calls: &[Call], random: &mut Random) -> Option<Vec<Call>> {
    let mut actions = case.rules().map(|rule| rule.action);
    let first = actions.next();
    if !case.is_flat() || actions.any(|action| Some(action) != first) {
        return None;
    }
    let is_step = |call: &Call| matches!(call, Call::Rule { .. } | Call::Priority(..));
    let mut steps: Vec<Call> = calls.iter().filter(|call| is_step(call)).cloned().collect();
    random.shuffle(&mut steps);
    let setting_up = calls.iter().filter(|call| !is_step(call)).cloned();
    Some(setting_up.chain(steps).collect())
}

/// Runs a case; a failure comes back as a report of its smallest form.
fn report(seed: u64, tally: &mut Tally) -> Option<String> {
    let attempt = |calls: &[Call], inputs: Option<&[SyscallData]>, tally: &mut Tally| {
        let case = Case::of(seed, calls);
        catch_unwind(AssertUnwindSafe(|| run_case(&case, inputs, tally)))
            .unwrap_or_else(|_| Err(Failure::new("panics")))
    };
    let mut calls = match seed % 10 {
        9 => case::values(seed),
        8 => case::of_ints(seed),
        _ => case::filter(seed),
    };
    let mut outcome = attempt(&calls, None, tally);
    if let Ok(inputs) = &outcome {
        let case = Case::of(seed, &calls);
        if let Some(shuffled) = reordered(&case, &calls, &mut Random::new(seed)) {
            tally.reordered += 1;
            outcome = attempt(&shuffled, Some(inputs), tally);
            calls = shuffled;
        }
    }
    let Failure { what, input } = outcome.err()?;
    let whole = format!("{what}\n{}  input {input:x?}", Case::of(seed, &calls));
    let small = shrink(calls, |calls| {
        check::failure(&Case::of(seed, calls), input).is_some()
    });
    let small = Case::of(seed, &small);
    let what = check::failure(&small, input).map_or(what, |failure| failure.what);
    Some(format!("{whole}\nas small as possible: {what}\n{small}"))
}

#[test]
fn random_filters_decide_as_their_rules_say() {
    let cases = setting("SCMP_FILTERS", FILTERS).div_ceil(2);
    let first = setting("SCMP_SEED", 1);
    let most_reports = setting("SCMP_REPORTS", 1) as usize;
    let tally = Mutex::new(Tally::default());
    let reports: Mutex<Vec<String>> = Mutex::default();
    let started = Instant::now();
    for_each(cases, |index| {
        if reports.lock().unwrap().len() >= most_reports {
            return;
        }
        let mut one = Tally::default();
        let found = report(first.wrapping_add(index), &mut one);
        tally.lock().unwrap().absorb(&one);
        reports.lock().unwrap().extend(found);
    });
    let (tally, reports) = (tally.into_inner().unwrap(), reports.into_inner().unwrap());

    println!(
        "{} filters, {} instructions at level 1, {} decisions, {:.1?}",
        tally.filters,
        tally.instructions,
        tally.inputs,
        started.elapsed()
    );
    for kind in Kind::ALL {
        println!("  {kind:?}: {:.1} %", 100.0 * tally.share(kind));
    }
    println!(
        "  {} rules, {} refused, {} of them conflicts; {} transactions rejected, {} sets \
         reordered, {} too long",
        tally.rules, tally.refused, tally.conflicts, tally.undone, tally.reordered, tally.too_long
    );
    assert!(
        reports.is_empty(),
        "{} wrong:\n{}",
        reports.len(),
        reports.join("\n")
    );
    if cases >= 10_000 {
        let enough = |kind, percent: f64| {
            assert!(
                100.0 * tally.share(kind) >= percent,
                "{kind:?} is too rare to say anything"
            );
        };
        enough(Kind::BadArchitecture, 2.0);
        enough(Kind::NoRule, 2.0);
        enough(Kind::NoMatch, 10.0);
        enough(Kind::Unconditional, 5.0);
        enough(Kind::OneAction, 25.0);
        enough(Kind::SeveralActions, 3.0);
        assert!(tally.filters as u64 * 10 >= cases * 19, "too many too long");
        assert!(tally.conflicts * 200 >= tally.rules);
        assert!(tally.undone * 100 >= cases as usize);
        assert!(tally.reordered * 20 >= cases as usize);
    }
}

/// A direct evaluation with wrong facts would find wrong faults.
#[test]
fn architectures_are_what_the_oracle_believes() {
    assert_eq!(Arch::all().count(), 23);
    for arch in Arch::all() {
        let name = arch.name();
        let expected = facts(arch);
        let number = |call: &[u8]| arch.syscall_number(call).expect("a known name");
        assert_eq!(arch.audit_token(), expected.token, "{name}");
        assert_eq!(
            arch.word_size() == WordSize::Bits64,
            expected.wide,
            "{name}"
        );
        assert_eq!(
            arch.endian() == Endian::Little,
            little_endian(arch),
            "{name}"
        );
        for (call, plain) in [(&b"socketcall"[..], 102), (b"ipc", 117)] {
            match expected.multiplexed {
                true => assert_eq!(number(call), expected.base as i32 + plain, "{name}"),
                false => assert!(number(call) < 0, "{name}"),
            }
        }
        assert_eq!(number(b"socket") == -101, expected.multiplexed, "{name}");
        assert!(number(b"read") as u32 >= expected.base, "{name}");
    }
}

/// The check above is worth something only if it sees a wrong program: rules
/// taken out of the model must be missed.
#[test]
fn a_forgotten_rule_is_noticed() {
    let mut noticed = 0;
    let cases = 2_000;
    for seed in 0..cases {
        let case = Case::of(seed, &case::filter(seed));
        let mut tally = Tally::default();
        let mut built = check::build(&case, &mut tally).expect("the case can be built");
        let inputs = inputs::inputs(&built.model, &mut Random::new(!seed));
        let mut without = case.clone();
        match without
            .steps
            .iter()
            .rposition(|step| matches!(step, Step::Rule(_)))
        {
            Some(last) => without.steps.remove(last),
            None => continue,
        };
        let Ok(lesser) = check::build(&without, &mut tally) else {
            continue;
        };
        if let Some(programs) = check::programs(&mut built, &mut tally).expect("compiles") {
            let compared = check::compare(&lesser.model, &programs, &inputs, &mut tally);
            noticed += u64::from(compared.is_err());
        }
    }
    println!("{noticed} of {cases} forgotten rules were noticed");
    assert!(noticed * 3 > cases);
}

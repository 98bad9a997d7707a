// SPDX-License-Identifier: LGPL-2.1-only
//! Programs against their rules, and level 1 against level 2, for all inputs;
//! and whether the check that says so misses anything.
//!
//! `SCMP_PROOFS=n` proves about n random filters, `SCMP_MUTANTS=n` makes about
//! n mutants of the profiles' programs and half as many of random ones,
//! `SCMP_SEED=s` begins elsewhere.

#[path = "../crates/scmp-verify/tests/programs/damage.rs"]
mod damage;
mod oracle;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use oracle::arch_rules::ArchRules;
use oracle::case::{self, Case, Step};
use oracle::random::{self, Random, setting};
use oracle::run::{for_each, profiles};
use scmp::bpf::{MAX_LOADED, Program, op};
use scmp::syscalls::KernelVersion;
use scmp::{Action, Arch, Endian, Error, Filter, Optimization, RuleMode};
use scmp_verify::Flaw;
use scmp_verify::profile::Profile;
use scmp_verify::proof::{self, Answer, RuleSet, Side};

/// Levels 1 and 2 of a rule set count as two.
const FILTERS: u64 = 60_000;
const MUTANTS: u64 = 12_000;

/// Whether this is a plain `cargo test`, which is ten times slower.
fn is_unoptimized() -> bool {
    let path = std::env::current_exe().expect("the test's own path");
    path.components().any(|part| part.as_os_str() == "debug")
}

/// A number of cases.
fn size(name: &str, optimized: u64) -> u64 {
    match is_unoptimized() {
        true => setting(name, optimized / 15),
        false => setting(name, optimized),
    }
}

/// One program for each level; `None` if too long.
fn programs(filter: &mut Filter) -> Option<[Program; 2]> {
    let levels = [Optimization::Priority, Optimization::Search];
    let made = levels.map(|optimization| {
        filter.attributes_mut().optimization = optimization;
        filter.program().cloned()
    });
    match made {
        [Ok(one), Ok(two)] => Some([one, two]),
        [Err(Error::ProgramTooLong), _] | [_, Err(Error::ProgramTooLong)] => None,
        other => panic!("{other:?}"),
    }
}

/// Proves both levels; what can't be proven is a report.
fn prove(what: &dyn std::fmt::Display, programs: &[Program; 2], rules: &RuleSet) -> Option<String> {
    for (level, program) in (1..).zip(programs) {
        match proof::check(program, rules) {
            Ok(Answer::Equal) => {}
            other => return Some(format!("{what}\nlevel {level}: {other:x?}")),
        }
    }
    match proof::compare(&programs[0], &programs[1]) {
        Ok(Answer::Equal) => None,
        other => Some(format!("{what}\nlevel 1 against level 2: {other:x?}")),
    }
}

/// A filter with the rules that it has taken.
fn build(case: &Case) -> Result<(Filter, RuleSet), Error> {
    let mut filter = case.filter()?;
    let mut rules = ArchRules::new();
    for &arch in &case.arches {
        rules.cover(arch, none(case, &[arch]));
    }
    for step in &case.steps {
        // What is refused changes nothing; tests/decisions.rs says whether it must be.
        let _ = take(step, case, &mut filter, &mut rules);
    }
    Ok((filter, rules.merged(none(case, &[]))))
}

fn take(
    step: &Step,
    case: &Case,
    filter: &mut Filter,
    rules: &mut ArchRules<RuleSet>,
) -> Result<(), Error> {
    match step {
        Step::Rule(rule) => {
            let (action, number, how) = (rule.action, rule.number, rule.how);
            let comparisons = rule.comparisons();
            match &rule.condition {
                Some(condition) => filter.add_rule_if(action, number, condition, how)?,
                None => filter.add_rule(action, number, &comparisons, how)?,
            }
            for rules in rules.each_mut() {
                match &rule.condition {
                    Some(condition) => rules.add_if(action, number, condition, how)?,
                    None => rules.add(action, number, &comparisons, how)?,
                }
            }
        }
        Step::Prioritize(number, priority) => filter.prioritize(*number, *priority)?,
        Step::Cover(arch) => {
            filter.add_arch(*arch)?;
            rules.cover(*arch, none(case, &[*arch]));
        }
        Step::Uncover(arch) => {
            filter.remove_arch(*arch)?;
            rules.uncover(*arch);
        }
        Step::Start => {
            filter.start_transaction()?;
            rules.start();
        }
        Step::Reject => {
            filter.reject_transaction();
            rules.reject();
        }
        Step::Commit => {
            filter.commit_transaction();
            rules.commit();
        }
    }
    Ok(())
}

fn none(case: &Case, arches: &[Arch]) -> RuleSet {
    let mut rules = RuleSet::new(case.default, case.bad_architecture, case.allow_skip, arches);
    rules.first_match(case.first_match);
    if let Some((kernel, action)) = case.unknown_calls {
        rules.unknown_calls(kernel, action);
    }
    rules
}

#[test]
fn random_filters_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(2);
    prove_cases(cases, |seed| Case::of(seed, &case::filter(seed)));
}

#[test]
fn random_filters_that_compare_ints_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(10);
    prove_cases(cases, |seed| Case::of(seed, &case::of_ints(seed)));
}

#[test]
fn random_filters_with_sets_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(10);
    prove_cases(cases, |seed| {
        let mut case = Case::of(seed, &case::of_ints(seed));
        case.compare_sets(&mut Random::new(seed));
        case
    });
}

#[test]
fn random_filters_that_decide_by_order_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(10);
    prove_cases(cases, |seed| {
        let mut case = Case::of(seed, &case::of_ints(seed));
        if seed % 2 == 0 {
            case.compare_sets(&mut Random::new(seed));
        }
        case.first_match = true;
        case
    });
}

#[test]
fn random_filters_with_unknown_calls_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(20);
    prove_cases(cases, |seed| {
        let mut case = Case::of(seed, &case::filter(seed));
        let mut random = Random::new(seed);
        let kernel = KernelVersion {
            major: random.pick(&[2, 3, 4, 5, 6, 7]),
            minor: random.below(20) as u16,
        };
        let action = random.pick(&[Action::errno(38).unwrap(), Action::Log, case.default]);
        case.unknown_calls = Some((kernel, action));
        case
    });
}

#[test]
fn searches_for_values_are_proven() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(20);
    prove_cases(cases, |seed| Case::of(seed, &case::values(seed)));
}

/// A filter that loads at level 1 also loads at level 2; the program of one that does not
/// load is not longer at level 2.
#[test]
fn long_filters_are_no_longer_at_level_2() {
    let cases = size("SCMP_PROOFS", FILTERS).div_ceil(150);
    let first = setting("SCMP_SEED", 1 << 42);
    let started = Instant::now();
    let [beyond, searched, proven] = [const { AtomicU64::new(0) }; 3];
    for_each(cases, |index| {
        let case = oracle::long::case(first.wrapping_add(index));
        let (mut filter, rules) = build(&case).expect("the case can be built");
        let programs = programs(&mut filter).expect("it is short enough");
        let [one, two] = programs
            .each_ref()
            .map(|program| program.instructions().len());
        let seed = case.seed;
        assert!(two <= MAX_LOADED.max(one), "seed {seed}: {one}, {two}");
        beyond.fetch_add(u64::from(two > MAX_LOADED), Ordering::Relaxed);
        searched.fetch_add(u64::from(programs[0] != programs[1]), Ordering::Relaxed);
        // Proofs of long programs take seconds, and the check gives up on the longest.
        if index % 40 == 0 && two <= MAX_LOADED * 5 / 4 {
            let answer = proof::check(&programs[1], &rules);
            assert_eq!(answer, Ok(Answer::Equal), "seed {seed}");
            proven.fetch_add(1, Ordering::Relaxed);
        }
    });
    let [beyond, searched, proven] = [beyond, searched, proven].map(AtomicU64::into_inner);
    println!(
        "{cases} long filters: {beyond} are beyond {MAX_LOADED} instructions, {searched} are \
         searched at level 2, {proven} proven, {:.1?}",
        started.elapsed()
    );
    assert!(
        beyond * 20 >= cases,
        "too few are beyond the kernel's limit"
    );
    assert!(searched * 2 >= cases, "too few are searched");
}

fn prove_cases(cases: u64, case: impl Fn(u64) -> Case + Sync) {
    // Other filters than those of tests/decisions.rs.
    let first = setting("SCMP_SEED", 1 << 40);
    let started = Instant::now();
    let proven = AtomicU64::new(0);
    let instructions = [AtomicU64::new(0), AtomicU64::new(0)];
    let reports = Mutex::new(Vec::new());
    for_each(cases, |index| {
        let seed = first.wrapping_add(index);
        let case = case(seed);
        let (mut filter, rules) = build(&case).expect("the case can be built");
        let Some(programs) = programs(&mut filter) else {
            return;
        };
        match prove(&case, &programs, &rules) {
            Some(report) => reports.lock().unwrap().push(report),
            None => {
                proven.fetch_add(2, Ordering::Relaxed);
                for (total, program) in instructions.iter().zip(&programs) {
                    let length = program.instructions().len() as u64;
                    total.fetch_add(length, Ordering::Relaxed);
                }
            }
        }
    });
    let reports = reports.into_inner().unwrap();
    let proven = proven.into_inner();
    println!(
        "{proven} filters proven, {instructions:?} instructions at levels 1 and 2, {:.1?}",
        started.elapsed()
    );
    assert!(reports.is_empty(), "{} not:\n{}", reports.len(), reports[0]);
    assert!(proven * 20 >= cases * 2 * 19, "too many are too long");
}

/// A profile's own architectures, and 1, 3, 12 and 11.
fn arch_sets(profile: &Profile) -> Vec<Vec<Arch>> {
    let of_order = |endian| Arch::all().filter(|arch| arch.endian() == endian).collect();
    let mut sets = vec![
        profile.arches.clone(),
        vec![Arch::X86_64],
        vec![Arch::X86_64, Arch::X86, Arch::X32],
        of_order(Endian::Little),
        of_order(Endian::Big),
    ];
    sets.dedup();
    // Proofs take time, and thousands of values of one argument are the same
    // on one architecture as on another.
    let most = match profile.steps.len() {
        0..900 => 12,
        900..2_000 => 3,
        _ => 1,
    };
    let most = if is_unoptimized() { 1 } else { most };
    sets.retain(|set| set.len() <= most);
    sets
}

#[test]
fn profiles_are_proven() {
    let mut cases = Vec::new();
    for (name, profile) in profiles() {
        for arches in arch_sets(&profile) {
            let mode = match arches.len() {
                1 => profile.mode,
                _ => RuleMode::BestEffort,
            };
            let what = format!("{name}, {} architectures", arches.len());
            let profile = Profile {
                arches,
                mode,
                ..profile.clone()
            };
            cases.push((what, profile));
        }
    }
    for_each(cases.len() as u64, |index| {
        let (what, profile) = &cases[index as usize];
        let mut built = profile.build().expect("it can be built");
        let programs = programs(&mut built.filter).expect("it is short enough");
        if let Some(report) = prove(what, &programs, &built.rules) {
            panic!("{report}");
        }
    });
    println!("{} programs of profiles proven", 2 * cases.len());
}

/// A mutant in which one instruction is another, and its place. The kernel may refuse it.
fn mutant(program: &Program, random: &mut Random) -> (Program, usize) {
    let mut instructions = program.instructions().to_vec();
    let place = random.below(instructions.len());
    damage::damage(&mut instructions[place], random);
    let mutant = Program::new(instructions, program.endian());
    (mutant.expect("memory"), place)
}

/// Whether some input at the edges of what both programs test shows a difference. Half of the
/// words are from around the change. This does not rely on the check.
fn differ(program: &Program, mutant: &Program, place: usize, random: &mut Random) -> bool {
    let instructions = program.instructions();
    let edges = |from: usize, to: usize| -> Vec<u32> {
        let both = [&instructions[from..to], &mutant.instructions()[from..to]].concat();
        both.iter()
            .filter(|instruction| instruction.code != op::RETURN)
            .flat_map(|instruction| {
                let k = instruction.k;
                [k, k.wrapping_add(1), k.wrapping_sub(1)]
            })
            .chain([0, u32::MAX])
            .collect()
    };
    let all = edges(0, instructions.len());
    let around = edges(place.saturating_sub(12), instructions.len().min(place + 12));
    let tokens: Vec<u32> = Arch::all()
        .map(|arch| arch.audit_token())
        .filter(|token| all.contains(token))
        .collect();
    let word = |random: &mut Random| match random.chance(50) {
        true => random.pick(&around),
        false => random.pick(&all),
    };
    let double = |random: &mut Random| u64::from(word(random)) << 32 | u64::from(word(random));
    (0..1_000).any(|_| {
        let input = scmp_verify::SyscallData {
            number: word(random),
            audit_token: match random.chance(5) || tokens.is_empty() {
                true => word(random),
                false => random.pick(&tokens),
            },
            instruction_pointer: double(random),
            arguments: std::array::from_fn(|_| double(random)),
        };
        scmp_verify::run(program, &input) != scmp_verify::run(mutant, &input)
    })
}

#[derive(Default)]
struct Tally {
    caught: AtomicU64,
    alike: AtomicU64,
    gave_up: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    /// A mutant differs exactly if some decision does: an input that the check names must
    /// show the difference; if the check names none, sampling must find none.
    fn count(&self, program: &Program, seed: u64, random: &mut Random) {
        let (mutant, place) = mutant(program, random);
        let answer = match proof::compare(program, &mutant) {
            Ok(answer) => answer,
            Err(why) => {
                assert_eq!(why.program, Side::Second, "seed {seed}: {why}");
                let Flaw::Instruction { index, .. } = why.flaw else {
                    panic!("seed {seed}: {why}");
                };
                assert_eq!(index, place, "seed {seed}: {why}");
                self.refused.fetch_add(1, Ordering::Relaxed);
                return;
            }
        };
        match answer {
            Answer::Different(difference) => {
                let answers =
                    [program, &mutant].map(|one| scmp_verify::run(one, &difference.input));
                assert_ne!(answers[0], answers[1], "seed {seed}: {difference:x?}");
                assert_eq!(answers[0], Ok(difference.first), "seed {seed}");
                assert_eq!(answers[1], Ok(difference.second[0]), "seed {seed}");
                self.caught.fetch_add(1, Ordering::Relaxed);
            }
            Answer::Equal => {
                let differ = differ(program, &mutant, place, random);
                assert!(!differ, "seed {seed}: one survives");
                self.alike.fetch_add(1, Ordering::Relaxed);
            }
            Answer::GaveUp => {
                // One that returns or computes with a word may have too many values.
                let of_mutant = mutant.instructions()[place].code;
                let mut codes = program.instructions().iter().map(|own| own.code);
                assert!(codes.all(|code| code != of_mutant), "seed {seed}: gave up");
                self.gave_up.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn report(self, of: &str) {
        let counts = [self.caught, self.alike, self.gave_up, self.refused];
        let [caught, alike, gave_up, refused] = counts.map(AtomicU64::into_inner);
        println!(
            "{of}: {caught} mutants decide otherwise and are caught; {alike} decide the same; \
             the check gave up on {gave_up}; the kernel would refuse {refused}"
        );
        assert!(caught >= 5 * alike, "too few mutants that matter");
        assert!(caught >= 20 * gave_up, "the check gave up on too many");
    }
}

#[test]
fn mutants_are_caught() {
    let mutants = size("SCMP_MUTANTS", MUTANTS);
    let first = setting("SCMP_SEED", 1 << 41);
    let started = Instant::now();
    let real: Vec<Program> = profiles()
        .into_values()
        .filter(|profile| profile.steps.len() < 900)
        .flat_map(|profile| {
            let mut built = profile.build().expect("it can be built");
            programs(&mut built.filter).expect("it is short enough")
        })
        .collect();
    let (of_profiles, of_random) = (Tally::default(), Tally::default());
    for_each(mutants, |index| {
        let seed = first.wrapping_add(index);
        let mut random = Random::new(seed);
        let program = &real[random.below(real.len())];
        of_profiles.count(program, seed, &mut random);
    });
    for_each(mutants / 20, |index| {
        let seed = first.wrapping_add(index);
        let mut random = Random::new(seed);
        let case = Case::of(seed, &case::filter(seed));
        let (mut filter, _) = build(&case).expect("the case can be built");
        let Some(programs) = programs(&mut filter) else {
            return;
        };
        for _ in 0..10 {
            let program = &programs[random.below(2)];
            of_random.count(program, seed, &mut random);
        }
    });
    of_profiles.report("profiles");
    of_random.report("random filters");
    println!("{:.1?}", started.elapsed());
}

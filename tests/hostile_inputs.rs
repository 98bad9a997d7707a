// SPDX-License-Identifier: LGPL-2.1-only
//! Random programs and damaged profiles: an answer or an error, never a panic.
//!
//! `SCMP_HOSTILE=n` tries n of each, `SCMP_SEED=s` begins elsewhere.

#[path = "../crates/scmp-verify/tests/programs/mod.rs"]
mod programs;
// Other tests use the rest.
#[allow(dead_code)]
#[path = "oracle/run.rs"]
mod run;

use programs::random::{Random, setting};
use scmp::Endian;
use scmp::bpf::Program;
use scmp_verify::profile::{MAX_STEPS, Profile};
use scmp_verify::proof::{self, Answer, Side};

const TRIES: u64 = 4_000;

fn seeds() -> impl Iterator<Item = u64> {
    let first = setting("SCMP_SEED", 1 << 42);
    first..first + setting("SCMP_HOSTILE", TRIES)
}

/// Each program against itself and against one that differs in an instruction. That decides
/// otherwise exactly if some decision does: an input that the check names must show the
/// difference; if the check names none, sampling must find none.
#[test]
fn random_programs_are_understood_or_refused() {
    let [
        mut understood,
        mut faults,
        mut gave_up,
        mut caught,
        mut alike,
    ] = [0; 5];
    let empty = Program::new(Vec::new(), Endian::HOST).expect("memory");
    for seed in seeds() {
        let mut random = Random::new(seed);
        let one = programs::program(&mut random);
        let numbers = [0, 1, 2, 3, 5];
        let inputs = [(); 20].map(|()| programs::call(&mut random, &one, &numbers));
        let other = programs::mutant(&one, &inputs[0], &mut random);
        let flaw = scmp_verify::validate(&one).err();
        for input in &inputs {
            let mut places = Vec::new();
            let result = scmp_verify::trace(&one, input, |at| places.push(at));
            assert!(
                places.is_sorted_by(|before, after| before < after),
                "seed {seed}"
            );
            if result.is_err() {
                assert_ne!(flaw, None, "seed {seed}");
                faults += 1;
            }
        }
        match (proof::compare(&one, &one), flaw) {
            (Ok(Answer::Equal), None) => {}
            (Ok(Answer::GaveUp), None) => gave_up += 1,
            (Err(why), Some(flaw)) => {
                assert_eq!((why.program, why.flaw), (Side::First, flaw), "seed {seed}");
                continue;
            }
            found => panic!("seed {seed}: {found:x?}"),
        }
        understood += 1;
        // A program that shares nothing with it, and the empty one.
        let stranger = programs::program(&mut random);
        match proof::compare(&one, &stranger) {
            Ok(Answer::Different(found)) => {
                let [first, second] =
                    [&one, &stranger].map(|program| scmp_verify::run(program, &found.input));
                assert_ne!(first, second, "seed {seed}");
            }
            Ok(_) => {}
            Err(why) => assert_eq!(why.program, Side::Second, "seed {seed}"),
        }
        assert!(proof::compare(&one, &empty).is_err());
        let decide = |input| [&one, &other].map(|program| scmp_verify::run(program, input));
        match proof::compare(&one, &other) {
            Ok(Answer::Equal) => {
                for input in &inputs {
                    let [first, second] = decide(input);
                    assert_eq!(first, second, "seed {seed}: {input:x?}");
                }
                alike += 1;
            }
            Ok(Answer::Different(found)) => {
                let named = [found.first, found.second[0]];
                assert_eq!(decide(&found.input), named.map(Ok), "seed {seed}");
                assert_ne!(named[0], named[1], "seed {seed}");
                caught += 1;
            }
            Ok(Answer::GaveUp) => gave_up += 1,
            Err(why) => {
                let flaw = scmp_verify::validate(&other).err();
                assert_eq!(
                    (why.program, Some(why.flaw)),
                    (Side::Second, flaw),
                    "seed {seed}"
                );
            }
        }
    }
    println!(
        "{understood} understood, {caught} mutants decide otherwise and are caught, {alike} decide \
         the same, {gave_up} too complex, {faults} faults"
    );
    assert!(understood > 100 && faults > 100 && caught * 8 > understood && alike > 0);
    assert!(gave_up * 4 < caught);
}

/// The shorter texts of data/profiles.
fn texts() -> Vec<String> {
    let texts = run::profile_texts().into_values();
    texts.filter(|text| text.len() < 20_000).collect()
}

/// Changes a few bytes, or moves, doubles or removes a piece.
fn damaged(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..random.between(1, 4) {
        let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
        let piece = bytes[from..(from + random.below(30)).min(bytes.len())].to_vec();
        match random.below(5) {
            0 => bytes[to] = random.pick(b"\0\n\r\t #(),.=&!<>a0x9-+\x80\xff"),
            1 => bytes[to] = random.word() as u8,
            2 => drop(bytes.drain(from..from + piece.len())),
            3 => drop(bytes.splice(to..to, piece)),
            _ => {
                let words: [&[u8]; 8] = [
                    b"18446744073709551615",
                    b"0xffffffffffffffff",
                    b"99999999999999999999",
                    b"0..65535",
                    b"(a0 == 0..65535, a1 == 0..65535)",
                    b"\nexact\n",
                    b"\narch s390x x32\n",
                    b"\nallow ",
                ];
                drop(bytes.splice(to..to, random.pick(&words).iter().copied()));
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn damaged_profiles_are_read_or_refused() {
    let texts = texts();
    let [mut read, mut refused] = [0, 0];
    for seed in seeds() {
        let mut random = Random::new(seed);
        let text = damaged(&texts[random.below(texts.len())], &mut random);
        match Profile::parse(&text) {
            Ok(profile) => {
                read += 1;
                assert!(profile.steps.len() <= MAX_STEPS, "seed {seed}");
                let lines = 1..=text.lines().count();
                assert!(
                    profile
                        .steps
                        .iter()
                        .all(|step| lines.contains(&step.line()))
                );
                // Thousands of rules take their time.
                if profile.steps.len() < 1_000 && random.chance(20) {
                    profile.build().expect("architectures that go together");
                }
            }
            Err(mistake) => {
                refused += 1;
                let lines = 1..=text.lines().count().max(1);
                assert!(lines.contains(&mistake.line), "seed {seed}: {mistake}");
                assert!(mistake.what.len() < 400, "seed {seed}: {mistake}");
                assert!(!mistake.what.contains('\n'), "seed {seed}: {mistake}");
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 100 && refused > 100);
}

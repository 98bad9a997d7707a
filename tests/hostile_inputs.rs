// SPDX-License-Identifier: LGPL-2.1-only
//! Random programs and damaged profiles: an answer or an error, never a panic.
//!
//! `SCMP_HOSTILE=n` tries n of each, `SCMP_SEED=s` begins elsewhere.

// Other tests use the rest.
#[allow(dead_code)]
#[path = "oracle/random.rs"]
mod random;
#[allow(dead_code)]
#[path = "oracle/run.rs"]
mod run;

use random::Random;
use run::setting;
use scmp::Endian;
use scmp::bpf::{INSTRUCTION_SIZE, Instruction, Program, op};
use scmp_verify::SyscallData;
use scmp_verify::profile::{MAX_STEPS, Profile};
use scmp_verify::proof::{self, Answer, Side};

const TRIES: u64 = 4_000;

fn seeds() -> impl Iterator<Item = u64> {
    let first = setting("SCMP_SEED", 1 << 42);
    first..first + setting("SCMP_HOSTILE", TRIES)
}

/// Mostly what programs of this library consist of, sometimes anything.
fn instruction(random: &mut Random, following: usize) -> Instruction {
    let known = [
        op::LOAD,
        op::AND,
        op::JUMP,
        op::JUMP_EQUAL,
        op::JUMP_GREATER,
        op::JUMP_GREATER_OR_EQUAL,
        op::RETURN,
    ];
    let code = match random.chance(2) {
        true => random.below(0x100) as u16,
        false => random.pick(&known),
    };
    let jump = |random: &mut Random| match random.chance(2) {
        true => random.below(256) as u8,
        false => random.below(following.clamp(1, 256)) as u8,
    };
    let k = match code {
        _ if random.chance(2) => random.word() as u32,
        op::LOAD => 4 * random.below(16) as u32,
        op::JUMP => random.below(following.max(1)) as u32,
        _ => 1 << random.below(4),
    };
    Instruction {
        code,
        jump_true: jump(random),
        jump_false: jump(random),
        k,
    }
}

fn program(random: &mut Random) -> Program {
    let length = random.below(20);
    let mut bytes = Vec::new();
    for following in (0..length).rev() {
        let mut instruction = instruction(random, following);
        if following == 0 && random.chance(95) {
            instruction.code = op::RETURN;
        }
        bytes.extend(instruction.to_bytes(Endian::Little));
    }
    assert_eq!(bytes.len(), length * INSTRUCTION_SIZE);
    Program::from_bytes(&bytes, Endian::Little).expect("whole instructions")
}

fn input(random: &mut Random) -> SyscallData {
    SyscallData {
        number: random.below(16) as u32,
        audit_token: random.below(16) as u32,
        instruction_pointer: random.word() & 0xf_0000_000f,
        arguments: std::array::from_fn(|_| random.word() & 0xf_0000_000f),
    }
}

#[test]
fn random_programs_are_understood_or_refused() {
    let [mut understood, mut faults, mut gave_up] = [0, 0, 0];
    for seed in seeds() {
        let mut random = Random::new(seed);
        let [one, other] = [(); 2].map(|()| program(&mut random));
        let inputs: Vec<SyscallData> = (0..20).map(|_| input(&mut random)).collect();
        let flaw = scmp_verify::validate(&one).err();
        for input in &inputs {
            let mut places = Vec::new();
            let result = scmp_verify::trace(&one, input, |at| places.push(at));
            assert!(
                places.is_sorted_by(|before, after| before < after),
                "seed {seed}"
            );
            match result {
                Ok(_) => {}
                Err(_) => {
                    assert_ne!(flaw, None, "seed {seed}");
                    faults += 1;
                }
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
        match proof::compare(&one, &other) {
            Ok(Answer::Equal) => {
                for input in &inputs {
                    let results = [&one, &other].map(|program| scmp_verify::run(program, input));
                    assert_eq!(results[0], results[1], "seed {seed}: {input:x?}");
                }
            }
            Ok(Answer::Different(found)) => {
                assert_eq!(
                    scmp_verify::run(&one, &found.input),
                    Ok(found.first),
                    "seed {seed}"
                );
                assert_eq!(
                    scmp_verify::run(&other, &found.input),
                    Ok(found.second[0]),
                    "seed {seed}"
                );
                assert_ne!(found.first, found.second[0], "seed {seed}");
            }
            Ok(Answer::GaveUp) => gave_up += 1,
            Err(why) => assert_eq!(why.program, Side::Second, "seed {seed}: {why}"),
        }
    }
    println!("{understood} understood, {gave_up} too complex, {faults} faults");
    assert!(understood > 100 && faults > 100 && gave_up * 200 < understood);
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
                assert!(mistake.what.len() < 200, "seed {seed}: {mistake}");
                assert!(!mistake.what.contains('\n'), "seed {seed}: {mistake}");
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 100 && refused > 100);
}

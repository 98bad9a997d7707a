// SPDX-License-Identifier: LGPL-2.1-only
//! The examples of docs/differences.md, on both libraries.

use scmp::bpf::Program;
use scmp::{Arch, Endian};
use scmp_verify::SyscallData;

use super::call::{Call, Compared, statements};
use super::examine::{bytes, exported_text};
use super::player::{Library, Outcome, Player};

/// What an example shows.
enum Shows {
    /// Both programs' decisions on a call, the C library's first. They are for
    /// the last architecture of the example.
    Decisions([u64; 2], [u32; 2]),
    /// The C library does not return.
    Hang,
    /// The C library writes text without end.
    Endless,
    /// The C library is ended by a signal.
    Crash,
    /// What the last call answers, the C library's first.
    Codes([&'static str; 2]),
    /// The weights that the text shows, the C library's first.
    Weights([&'static str; 2]),
    /// The lengths of the programs, the C library's first.
    Lengths([usize; 2]),
    /// The first line of the text that differs, the C library's first.
    Lines([&'static str; 2]),
}

use Shows::{Codes, Crash, Decisions, Endless, Hang, Lengths, Lines, Weights};

struct Example {
    /// The heading in docs/differences.md.
    title: &'static str,
    calls: Vec<Call>,
    shows: Shows,
}

const KILL: u32 = 0;
const ALLOW: u32 = 0x7fff_0000;
const EPERM: u32 = 0x0005_0001;
const LOG: u32 = 0x7ffc_0000;

const NE: u32 = 1;
const LT: u32 = 2;
const LE: u32 = 3;
const EQ: u32 = 4;
const GE: u32 = 5;
const GT: u32 = 6;
/// What is under the mask equals 0.
const MASKED_EQ: u32 = 7;

fn number(name: &str) -> i32 {
    let number = Arch::native().syscall_number(name.as_bytes());
    number.expect("a known name")
}

fn on_number(action: u32, number: i32, compared: &[(u32, u32, u64)]) -> Call {
    let compared = compared.iter().map(|&(argument, operator, a)| Compared {
        argument,
        operator,
        a,
        b: 0,
    });
    Call::Rule {
        filter: 0,
        exact: false,
        action,
        number,
        compared: compared.collect(),
    }
}

fn rule(action: u32, name: &str, compared: &[(u32, u32, u64)]) -> Call {
    on_number(action, number(name), compared)
}

fn allow(compared: &[(u32, u32, u64)]) -> Call {
    rule(ALLOW, "ioctl", compared)
}

fn nameless(number: i32) -> Call {
    on_number(ALLOW, number, &[])
}

fn priority(name: &str, value: u8) -> Call {
    Call::Priority(0, number(name), value)
}

fn add(arch: Arch) -> Call {
    Call::AddArch(0, arch.token())
}

fn example(title: &'static str, default: u32, calls: Vec<Call>, shows: Shows) -> Example {
    let start = [Call::Init(0, default)];
    Example {
        title,
        calls: start.into_iter().chain(calls).collect(),
        shows,
    }
}

fn wrong_decisions() -> Vec<Example> {
    vec![
        example(
            "The wrong half of an argument is tested",
            KILL,
            vec![allow(&[(0, LT, 1)]), allow(&[(0, GT, 0x1_0000_0002)])],
            Decisions([2, 0], [ALLOW, KILL]),
        ),
        example(
            "Rules change each other through shared nodes",
            KILL,
            vec![
                allow(&[(0, NE, 1), (1, EQ, 3)]),
                allow(&[(0, NE, 2), (1, EQ, 1)]),
            ],
            Decisions([1, 3], [ALLOW, KILL]),
        ),
        example(
            "A redundant rule takes another with it",
            KILL,
            vec![
                allow(&[(0, EQ, 1), (1, MASKED_EQ, 0xf0)]),
                allow(&[(0, EQ, 1), (1, MASKED_EQ, 0x01)]),
                allow(&[(1, MASKED_EQ, 0xf0)]),
            ],
            Decisions([1, 0x10], [KILL, ALLOW]),
        ),
        example(
            "Adding a rule never returns",
            KILL,
            vec![
                allow(&[(0, NE, 1), (1, NE, 2)]),
                allow(&[(0, NE, 1), (1, NE, 0x1_0000_0002)]),
            ],
            Hang,
        ),
        example(
            "The system call number is never loaded",
            ALLOW,
            vec![add(Arch::X86), rule(EPERM, "semtimedop", &[])],
            Decisions([4, 0], [ALLOW, EPERM]),
        ),
        example(
            "A tighter bound loses",
            KILL,
            vec![
                allow(&[(0, LT, 0x1_0000_0010)]),
                rule(EPERM, "ioctl", &[(0, LT, 0x1_0000_0005)]),
            ],
            Decisions([3, 0], [ALLOW, EPERM]),
        ),
    ]
}

fn long_jumps() -> Example {
    let remove = Call::RemoveArch(0, Arch::X86_64.token());
    let mut calls = vec![remove, add(Arch::Ppc)];
    calls.extend((0..300).map(|value| allow(&[(1, EQ, value)])));
    example(
        "An action is returned with its bytes in reverse",
        KILL,
        calls,
        Decisions([0, 299], [ALLOW.swap_bytes(), ALLOW]),
    )
}

fn endless() -> Example {
    let mut calls = vec![Call::SetAttribute(0, 8, 2)];
    for number in 0..17 {
        if number > 0 {
            calls.push(Call::Priority(0, number, 1));
        }
        calls.push(nameless(number));
    }
    calls.push(Call::Text(0));
    example("Level 2 and text without end", KILL, calls, Endless)
}

fn states() -> Vec<Example> {
    vec![
        example(
            "A failed rule forgets priorities",
            KILL,
            vec![
                priority("ioctl", 7),
                allow(&[(0, EQ, 1)]),
                rule(EPERM, "ioctl", &[(0, EQ, 1)]),
            ],
            Weights(["65533", "524285"]),
        ),
        example(
            "A failed rule forgets an architecture",
            KILL,
            vec![
                allow(&[(0, EQ, 1)]),
                add(Arch::X86),
                rule(EPERM, "ioctl", &[(0, EQ, 1)]),
                Call::HasArch(0, Arch::X86.token()),
            ],
            Codes(["-17", "0"]),
        ),
        example(
            "A failed rule brings an architecture back",
            KILL,
            vec![
                add(Arch::X86),
                allow(&[(0, EQ, 1)]),
                Call::RemoveArch(0, Arch::X86.token()),
                rule(EPERM, "ioctl", &[(0, EQ, 1)]),
                Call::HasArch(0, Arch::X86.token()),
            ],
            Codes(["0", "-17"]),
        ),
        example(
            "A failed priority changes some architectures",
            KILL,
            vec![
                add(Arch::X32),
                Call::Priority(0, 1000, 1),
                Call::RemoveArch(0, Arch::X32.token()),
                nameless(1000),
            ],
            Weights(["131071", "65535"]),
        ),
        example(
            "A rejected transaction forgets priorities",
            KILL,
            vec![
                priority("ioctl", 7),
                allow(&[]),
                Call::Start(0),
                Call::Reject(0),
            ],
            Weights(["65535", "524287"]),
        ),
        example(
            "A rejected transaction forgets an architecture",
            KILL,
            vec![
                allow(&[]),
                add(Arch::X86),
                Call::Start(0),
                Call::Reject(0),
                Call::HasArch(0, Arch::X86.token()),
            ],
            Codes(["-17", "0"]),
        ),
        example(
            "Rejecting without a transaction",
            KILL,
            vec![allow(&[]), Call::Reject(0)],
            Crash,
        ),
        Example {
            title: "No filter",
            calls: vec![Call::AddArch(0, Arch::X86.token())],
            shows: Crash,
        },
        example(
            "SCMP_ACT_TRAP with a number",
            KILL,
            vec![rule(0x0003_0005, "ioctl", &[])],
            Codes(["-22", "0"]),
        ),
        example(
            "A filter that is released twice",
            KILL,
            vec![Call::ReleaseTwice(0)],
            Crash,
        ),
        Example {
            title: "seccomp_api_set before anything else",
            calls: vec![Call::SetLevel(3), Call::Init(0, ALLOW), Call::Load(0)],
            shows: Codes(["-125", "0"]),
        },
        Example {
            title: "_llseek on parisc64",
            calls: vec![Call::Resolve(Arch::Parisc64.token(), "_llseek")],
            shows: Codes(["140", "-10026"]),
        },
    ]
}

fn other_forms() -> Vec<Example> {
    vec![
        example(
            "The wrong word is tested to no effect",
            KILL,
            vec![allow(&[(0, LE, 0x1_0000_0000)]), allow(&[(0, GE, 0)])],
            Lengths([17, 18]),
        ),
        example(
            "Other text",
            KILL,
            vec![allow(&[(0, LE, 1)]), rule(EPERM, "ioctl", &[(0, LE, 0)])],
            Lines(["action ALLOW;", "action ERRNO(1);"]),
        ),
        example(
            "Other weight",
            KILL,
            vec![
                allow(&[(0, EQ, 1), (1, EQ, 1)]),
                allow(&[(0, NE, 0)]),
                allow(&[(1, NE, 1)]),
                allow(&[(0, EQ, 1)]),
            ],
            Weights(["65529", "65530"]),
        ),
        example(
            "A contradiction is not seen",
            KILL,
            vec![
                allow(&[(0, GE, 1), (1, GT, 1)]),
                allow(&[(0, GT, 1)]),
                rule(EPERM, "ioctl", &[(0, GE, 1), (1, GT, 1)]),
            ],
            Codes(["0", "-17"]),
        ),
        example(
            "Level 2 and number -1",
            LOG,
            vec![
                add(Arch::X32),
                Call::SetAttribute(0, 5, 1),
                Call::SetAttribute(0, 8, 2),
                on_number(ALLOW, -1, &[(0, EQ, 0)]),
            ],
            Decisions([0x1_0000_0000, 0], [LOG, ALLOW]),
        ),
    ]
}

fn all() -> Vec<Example> {
    let mut all = wrong_decisions();
    all.extend([long_jumps(), endless()]);
    all.extend(states());
    all.extend(other_forms());
    all
}

/// Time for a text of 16 MB, which is how one without end is known.
const MILLISECONDS: u32 = 2_000;

pub fn run(ours: &Library, theirs: &Library) {
    let document = include_str!("../../docs/differences.md");
    let mut wrong = Vec::new();
    let mut count = 0;
    for example in all() {
        count += 1;
        // Processes of its own: a loaded filter and an assumed level stay.
        let [mut ours, mut theirs] =
            [ours, theirs].map(|library| Player::new(&library.within(MILLISECONDS)));
        if let Err(why) = shown(&example, &mut ours, &mut theirs) {
            wrong.push(format!("{}: {why}", example.title));
        }
        let snippet = statements(&example.calls);
        let documented = document
            .split("\n### ")
            .find(|section| section.starts_with(example.title));
        match documented {
            Some(section) if section.contains(&snippet) => {}
            // The document writes many rules as a loop.
            Some(section) if example.calls.len() > 20 && section.contains("\nfor (") => {}
            _ => wrong.push(format!(
                "docs/differences.md lacks\n### {}\n\n```c\n{snippet}```",
                example.title
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{count} examples of docs/differences.md are as it says");
}

fn shown(example: &Example, ours: &mut Player, theirs: &mut Player) -> Result<(), String> {
    let mut calls = example.calls.clone();
    if !matches!(example.shows, Codes(_) | Crash | Endless | Hang) {
        calls.extend([Call::Text(0), Call::Program(0)]);
    }
    let mine = ours.play(&calls);
    let Outcome::Answers(mine) = mine else {
        return Err(format!("ours: {mine:?}"));
    };
    let others = match (theirs.play(&calls), &example.shows) {
        (Outcome::Hang, Hang) | (Outcome::Endless, Endless) | (Outcome::Crash(_), Crash) => {
            return Ok(());
        }
        (Outcome::Answers(others), _) => others,
        (other, _) => return Err(format!("C: {other:?}")),
    };
    let both = [&others, &mine];
    let same = |found: [String; 2], expected: [String; 2]| match found == expected {
        true => Ok(()),
        false => Err(format!("{found:?}, expected {expected:?}")),
    };
    match &example.shows {
        Hang | Endless | Crash => Err("C answers".to_string()),
        Codes(expected) => {
            let last = |answers: &Vec<String>| answers.last().cloned().unwrap_or_default();
            same(both.map(last), expected.map(String::from))
        }
        Weights(expected) => {
            let weight = |answers: &Vec<String>| {
                let text = exported_text(&calls, answers);
                let after = text.split("[priority: ").nth(1).unwrap_or("");
                after.split(']').next().unwrap_or("").to_string()
            };
            same(both.map(weight), expected.map(String::from))
        }
        Lines(expected) => {
            let texts = both.map(|answers| exported_text(&calls, answers));
            let mut lines = texts[0].lines().zip(texts[1].lines());
            let differ = lines.find(|(theirs, ours)| theirs != ours);
            let (theirs, ours) = differ.unwrap_or_default();
            same(
                [theirs, ours].map(|line| line.trim().to_string()),
                expected.map(String::from),
            )
        }
        Lengths(expected) => {
            let length = |answers: &Vec<String>| program(&calls, answers).instructions().len();
            same(
                both.map(length).map(|length| length.to_string()),
                expected.map(|length| length.to_string()),
            )
        }
        Decisions(arguments, expected) => {
            let input = input(&calls, *arguments);
            let decision =
                |answers: &Vec<String>| match scmp_verify::run(&program(&calls, answers), &input) {
                    Ok(raw) => format!("{raw:#x}"),
                    Err(fault) => format!("{fault:?}"),
                };
            same(both.map(decision), expected.map(|raw| format!("{raw:#x}")))
        }
    }
}

/// The example's last architecture.
fn arch(calls: &[Call]) -> Arch {
    let added = calls.iter().rev().find_map(|call| match call {
        Call::AddArch(_, token) => Arch::from_token(*token),
        _ => None,
    });
    added.unwrap_or(Arch::native())
}

fn program(calls: &[Call], answers: &[String]) -> Program {
    let hex = answers.last().and_then(|answer| answer.split_once(' '));
    let bytes = bytes(hex.map_or("", |(_, hex)| hex));
    let endian: Endian = arch(calls).endian();
    Program::from_bytes(&bytes, endian).expect("a program")
}

/// A call of what the last rule is on.
fn input(calls: &[Call], [first, second]: [u64; 2]) -> SyscallData {
    let arch = arch(calls);
    let number = calls.iter().rev().find_map(|call| match call {
        Call::Rule { number, .. } => Some(*number),
        _ => None,
    });
    let number = number.expect("a rule");
    // semtimedop is one of ipc's on x86.
    let number = match Arch::native().syscall_name(number) {
        Some("semtimedop") => arch.syscall_number(b"ipc"),
        Some(name) => arch.syscall_number(name.as_bytes()),
        None => Some(number),
    };
    SyscallData {
        number: number.expect("a known name") as u32,
        audit_token: arch.audit_token(),
        instruction_pointer: 0,
        arguments: [first, second, 0, 0, 0, 0],
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The examples of docs/differences.md, on both libraries.

use scmp::bpf::Program;
use scmp::{Arch, Endian};
use scmp_verify::SyscallData;
use scmp_verify::profile::Profile;

use super::call::{Call, statements};
use super::examine::{bytes, exported_text};
use super::player::{Library, Outcome, Player};
use super::profiles::steps;

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

/// The rules and priorities of a profile's text.
fn rules(text: &str) -> Vec<Call> {
    let profile = Profile::parse(&format!("default log\n{text}")).expect(text);
    let number = |name: &str| Arch::native().syscall_number(name.as_bytes());
    steps(&profile, false, number).collect()
}

fn rule(text: &str) -> Call {
    let [rule] = rules(text).try_into().expect("one rule");
    rule
}

/// The rule, on a number that has no name.
fn on_number(new: i32, text: &str) -> Call {
    let mut rule = rule(text);
    if let Call::Rule { number, .. } = &mut rule {
        *number = new;
    }
    rule
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
            rules("allow ioctl(a0 < 1) ioctl(a0 > 0x100000002)"),
            Decisions([2, 0], [ALLOW, KILL]),
        ),
        example(
            "Rules change each other through shared nodes",
            KILL,
            rules("allow ioctl(a0 != 1, a1 == 3) ioctl(a0 != 2, a1 == 1)"),
            Decisions([1, 3], [ALLOW, KILL]),
        ),
        example(
            "A redundant rule takes another with it",
            KILL,
            rules(
                "allow ioctl(a0 == 1, a1 & 0xf0 == 0) ioctl(a0 == 1, a1 & 0x01 == 0)\n\
                 allow ioctl(a1 & 0xf0 == 0)",
            ),
            Decisions([1, 0x10], [KILL, ALLOW]),
        ),
        example(
            "Adding a rule never returns",
            KILL,
            rules("allow ioctl(a0 != 1, a1 != 2) ioctl(a0 != 1, a1 != 0x100000002)"),
            Hang,
        ),
        example(
            "The system call number is never loaded",
            ALLOW,
            vec![add(Arch::X86), rule("errno 1 semtimedop")],
            Decisions([4, 0], [ALLOW, EPERM]),
        ),
        example(
            "A tighter bound loses",
            KILL,
            rules("allow ioctl(a0 < 0x100000010)\nerrno 1 ioctl(a0 < 0x100000005)"),
            Decisions([3, 0], [ALLOW, EPERM]),
        ),
    ]
}

fn long_jumps() -> Example {
    let remove = Call::RemoveArch(0, Arch::X86_64.token());
    let mut calls = vec![remove, add(Arch::Ppc)];
    calls.extend(rules("allow ioctl(a1 == 0..299)"));
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
        calls.push(on_number(number, "allow ioctl"));
    }
    calls.push(Call::Text(0));
    example("Level 2 and text without end", KILL, calls, Endless)
}

fn states() -> Vec<Example> {
    vec![
        example(
            "A failed rule forgets priorities",
            KILL,
            rules("priority 7 ioctl\nallow ioctl(a0 == 1)\nerrno 1 ioctl(a0 == 1)"),
            Weights(["65533", "524285"]),
        ),
        example(
            "A failed rule forgets an architecture",
            KILL,
            vec![
                rule("allow ioctl(a0 == 1)"),
                add(Arch::X86),
                rule("errno 1 ioctl(a0 == 1)"),
                Call::HasArch(0, Arch::X86.token()),
            ],
            Codes(["-17", "0"]),
        ),
        example(
            "A failed rule brings an architecture back",
            KILL,
            vec![
                add(Arch::X86),
                rule("allow ioctl(a0 == 1)"),
                Call::RemoveArch(0, Arch::X86.token()),
                rule("errno 1 ioctl(a0 == 1)"),
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
                on_number(1000, "allow ioctl"),
            ],
            Weights(["131071", "65535"]),
        ),
        example(
            "A rejected transaction forgets priorities",
            KILL,
            vec![
                rule("priority 7 ioctl"),
                rule("allow ioctl"),
                Call::Start(0),
                Call::Reject(0),
            ],
            Weights(["65535", "524287"]),
        ),
        example(
            "A rejected transaction forgets an architecture",
            KILL,
            vec![
                rule("allow ioctl"),
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
            vec![rule("allow ioctl"), Call::Reject(0)],
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
            rules("trap 5 ioctl"),
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
            rules("allow ioctl(a0 <= 0x100000000) ioctl(a0 >= 0)"),
            Lengths([17, 18]),
        ),
        example(
            "Other text",
            KILL,
            rules("allow ioctl(a0 <= 1)\nerrno 1 ioctl(a0 <= 0)"),
            Lines(["action ALLOW;", "action ERRNO(1);"]),
        ),
        example(
            "Other weight",
            KILL,
            rules("allow ioctl(a0 == 1, a1 == 1) ioctl(a0 != 0) ioctl(a1 != 1) ioctl(a0 == 1)"),
            Weights(["65529", "65530"]),
        ),
        example(
            "A contradiction is not seen",
            KILL,
            rules("allow ioctl(a0 >= 1, a1 > 1) ioctl(a0 > 1)\nerrno 1 ioctl(a0 >= 1, a1 > 1)"),
            Codes(["0", "-17"]),
        ),
        example(
            "Level 2 and number -1",
            LOG,
            vec![
                add(Arch::X32),
                Call::SetAttribute(0, 5, 1),
                Call::SetAttribute(0, 8, 2),
                on_number(-1, "allow ioctl(a0 == 0)"),
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
    SyscallData::new(
        arch.audit_token(),
        number.expect("a known name") as u32,
        [first, second, 0, 0, 0, 0],
    )
}

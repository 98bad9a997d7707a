// SPDX-License-Identifier: LGPL-2.1-only
//! What is played: the profiles of `data/profiles`, docker's rules on more and more
//! architectures, and families of rules on one system call.

use std::collections::HashSet;
use std::ffi::CString;
use std::fs;

use scmp::Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
use scmp::{Action, Arch, Comparison, Operator, RuleMode, WordSize};
use scmp_verify::profile::{Profile, Step as ProfileStep};

use crate::library::{Compared, Library};

/// A filter, as the calls that make it.
pub struct Case {
    pub name: String,
    pub default: u32,
    pub bad_architecture: u32,
    pub exact: bool,
    pub arches: Vec<Arch>,
    /// Names to resolve: each as often as the profile comes to it.
    pub calls: Vec<CString>,
    /// Rules and priorities, each with the place of its name in `calls`.
    pub steps: Vec<(usize, Step)>,
}

pub enum Step {
    Rule {
        action: u32,
        compared: Vec<Compared>,
    },
    Priority(u8),
}

const PROFILES: &str = "docker podman systemd-system-service flatpak openssh qemu \
    daemon-arguments arguments-2-1000 calls-25 calls-100 calls-400 calls-400-priorities \
    argument-10 argument-100 argument-1000 argument-4000";

const LITTLE_ENDIAN: &str = "x86_64 x86 x32 arm aarch64 loongarch64 mipsel mipsel64 \
    mipsel64n32 ppc64le riscv64 sh";

/// All profiles, without the calls that a library does not know.
pub fn profiles(unknown: &HashSet<String>) -> Vec<Case> {
    let read = |name: String, file: &str, arches: &str| {
        let path = format!("data/profiles/{file}.profile");
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
        let mut profile = Profile::parse(&text).unwrap_or_else(|why| panic!("{path}: {why}"));
        if !arches.is_empty() {
            let arches = arches.split(' ');
            let arches = arches.map(|name| Arch::from_name(name.as_bytes()).expect("known"));
            profile.arches = arches.collect();
        }
        Case::new(name, &profile, unknown)
    };
    let plain = PROFILES
        .split(' ')
        .map(|name| read(name.to_string(), name, ""));
    // systemd makes such a filter for each architecture of the machine.
    let systemd = "systemd-system-service";
    let systemd = ["x86", "x32"].map(|arch| read(format!("{systemd}-{arch}"), systemd, arch));
    let docker = [1, 3, 6, 12].map(|count| {
        let arches: Vec<&str> = LITTLE_ENDIAN.split(' ').take(count).collect();
        read(format!("docker-on-{count}"), "docker", &arches.join(" "))
    });
    plain.chain(systemd).chain(docker).collect()
}

/// The names in the cases that one of the libraries does not know.
pub fn unknown(cases: &[Case], libraries: &[Library; 2]) -> Vec<String> {
    let is_known =
        |library: &Library, name: &CString| (library.syscall_resolve_name)(name.as_ptr()) != -1;
    let mut names: Vec<&CString> = cases.iter().flat_map(|case| &case.calls).collect();
    names.retain(|name| !libraries.iter().all(|library| is_known(library, name)));
    names
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

impl Case {
    fn new(name: String, profile: &Profile, unknown: &HashSet<String>) -> Case {
        let mut case = Case {
            name,
            default: profile.default.to_raw(),
            bad_architecture: profile.bad_architecture.to_raw(),
            exact: profile.mode == RuleMode::Exact,
            arches: profile.arches.clone(),
            calls: Vec::new(),
            steps: Vec::new(),
        };
        let mut last = ("", 0);
        for step in &profile.steps {
            if unknown.contains(step.call()) {
                continue;
            }
            // A range of values is one rule for each; its name is resolved once.
            if last != (step.call(), step.line()) {
                last = (step.call(), step.line());
                case.calls.push(CString::new(step.call()).expect("a name"));
            }
            let made = match step {
                ProfileStep::Rule {
                    action,
                    comparisons,
                    condition: None,
                    ..
                } => Step::Rule {
                    action: action.to_raw(),
                    compared: comparisons.iter().map(compared).collect(),
                },
                ProfileStep::Rule { .. } => unreachable!("a measured profile has no conditions"),
                ProfileStep::Priority { priority, .. } => Step::Priority(*priority),
            };
            case.steps.push((case.calls.len() - 1, made));
        }
        case
    }

    /// Whether the libraries know its architectures.
    pub fn is_known_to(&self, libraries: &[Library; 2]) -> bool {
        self.arches.iter().all(|arch| {
            let name = CString::new(arch.name()).expect("a name");
            libraries
                .iter()
                .all(|library| (library.arch_resolve_name)(name.as_ptr()) != 0)
        })
    }
}

fn compared(comparison: &Comparison) -> Compared {
    let width = comparison.width();
    assert_eq!(width, WordSize::Bits64, "the C library compares no ints");
    let datum = comparison.datum();
    // `SCMP_CMP_*`.
    let (operator, a, b) = match comparison.operator() {
        Operator::NotEqual => (1, datum, 0),
        Operator::Less => (2, datum, 0),
        Operator::LessOrEqual => (3, datum, 0),
        Operator::Equal => (4, datum, 0),
        Operator::GreaterOrEqual => (5, datum, 0),
        Operator::Greater => (6, datum, 0),
        Operator::MaskedEqual { mask } => (7, mask, datum),
    };
    Compared {
        argument: comparison.argument().into(),
        operator,
        a,
        b,
    }
}

/// Rules on one system call whose arguments nest or whose orders mix: a name, numbers of
/// rules, and what the rule with an index compares.
pub type Family = (
    &'static str,
    &'static [usize],
    fn(u64, &mut Random) -> Vec<Compared>,
);

/// Those whose growth is measured.
pub const FAMILIES: [Family; 6] = [
    ("nested", &[30, 100, 300, 600, 1000], nested),
    ("dropping", &[30, 100, 300, 1000], dropping),
    ("mixed", &[10, 30, 100, 300, 1000], mixed),
    (
        "six-inequalities",
        &[10, 30, 100, 300, 1000],
        six_inequalities,
    ),
    (
        "equal-then-greater",
        &[10, 30, 100, 300, 600],
        equal_then_greater,
    ),
    (
        "greater-then-equal",
        &[10, 30, 100, 300, 600],
        greater_then_equal,
    ),
];

/// Those whose programs are too long.
pub const TOO_LONG: [Family; 3] = [
    ("ladder", &[66_000], |index, _| vec![test(0, Equal, index)]),
    ("mixed", &[20_000], mixed),
    ("six-inequalities", &[2500], six_inequalities),
];

/// One, two and three arguments by turns.
fn nested(index: u64, _: &mut Random) -> Vec<Compared> {
    (0..=(index % 3) as u8)
        .map(|argument| test(argument, Equal, index))
        .collect()
}

/// Each rule makes the one before it redundant, and each fourth is redundant itself.
fn dropping(index: u64, _: &mut Random) -> Vec<Compared> {
    let first = [0, 1, 2, 1][index as usize % 4];
    (first..3)
        .map(|argument| test(argument, Equal, index / 4))
        .collect()
}

/// `==`, `<` or `>=` on two arguments of 64 bits.
fn mixed(_: u64, random: &mut Random) -> Vec<Compared> {
    let operators = [Equal, Less, GreaterOrEqual];
    let drawn = (0..2).map(|argument| test(argument, random.one_of(&operators), random.next()));
    drawn.collect()
}

fn six_inequalities(_: u64, random: &mut Random) -> Vec<Compared> {
    let operators = [NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
    let mut draw = |argument| test(argument, random.one_of(&operators), random.next() >> 44);
    (0..6).map(&mut draw).collect()
}

fn equal_then_greater(index: u64, _: &mut Random) -> Vec<Compared> {
    let greater = (1..6).map(|argument| test(argument, Greater, index));
    [test(0, Equal, index)].into_iter().chain(greater).collect()
}

fn greater_then_equal(index: u64, _: &mut Random) -> Vec<Compared> {
    let greater = (0..5).map(|argument| test(argument, Greater, 7));
    greater.chain([test(5, Equal, index)]).collect()
}

fn test(argument: u8, operator: Operator, a: u64) -> Compared {
    compared(&Comparison::new(argument, operator, a).expect("six arguments"))
}

/// So many rules of a family, on ioctl.
pub fn of_family((name, _, rule): &Family, size: usize) -> Case {
    let mut random = Random(1);
    let step = |index| {
        let action = Action::Allow.to_raw();
        let compared = rule(index, &mut random);
        (0, Step::Rule { action, compared })
    };
    Case {
        name: format!("{name}-{size}"),
        default: Action::KillProcess.to_raw(),
        bad_architecture: Action::KillThread.to_raw(),
        exact: false,
        arches: vec![Arch::native()],
        calls: vec![c"ioctl".to_owned()],
        steps: (0..size as u64).map(step).collect(),
    }
}

/// A linear congruential generator, so that each run has the same rules.
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.0
    }

    fn one_of(&mut self, all: &[Operator]) -> Operator {
        all[(self.next() >> 33) as usize % all.len()]
    }
}

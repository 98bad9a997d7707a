// SPDX-License-Identifier: LGPL-2.1-only
//! Random filters. Rules of one filter share few calls, arguments and data,
//! so that they meet in every way.

use scmp::{Action, Arch, Comparison, Operator, RuleMode};

use super::case::{Case, Rule, Step};
use super::facts::little_endian;
use super::random::Random;

const ACTIONS: [Action; 10] = [
    Action::Allow,
    Action::KillThread,
    Action::KillProcess,
    errno(1),
    errno(38),
    Action::Trap(0),
    Action::Trace(7),
    Action::Log,
    Action::Notify,
    errno(0),
];

const fn errno(number: i32) -> Action {
    match Action::errno(number) {
        Ok(action) => action,
        Err(_) => panic!("an error number"),
    }
}

const NAMES: [&[u8]; 22] = [
    b"ioctl",
    b"read",
    b"write",
    b"openat",
    b"clone",
    b"prctl",
    b"rt_sigaction",
    b"mmap",
    b"mmap2",
    b"socket",
    b"accept",
    b"accept4",
    b"sendto",
    b"send",
    b"recvmmsg",
    b"socketcall",
    b"shmget",
    b"semop",
    b"semtimedop",
    b"msgctl",
    b"ipc",
    b"open",
];

/// Words that carry, borrow or change sign next to them.
const HALVES: [u64; 9] = [
    0,
    1,
    2,
    3,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x10,
];

const MASKS: [u64; 12] = [
    0,
    1,
    3,
    0xf0,
    0xffff_ffff,
    0x8000_0000,
    0xffff_ffff_0000_0000,
    0x0000_0001_0000_0000,
    0x1_0000_0001,
    u64::MAX,
    0x7fff_ffff_ffff_ffff,
    0xff00_0000_00ff,
];

/// What the rules of one case draw from.
struct Stock {
    actions: Vec<Action>,
    numbers: Vec<i32>,
    arguments: Vec<u8>,
    data: Vec<u64>,
    masks: Vec<u64>,
    operators: Vec<u8>,
    unconditional: usize,
    relatives: usize,
}

pub fn case(seed: u64) -> Case {
    let random = &mut Random::new(seed);
    let arches = arches(random);
    let mut actions = ACTIONS.to_vec();
    random.shuffle(&mut actions);
    let (default, bad_architecture) = (actions[0], actions[1]);
    let allow_skip = random.chance(20);
    let stock = stock(random, &actions[2..], allow_skip);

    let mut case = Case {
        seed,
        default,
        bad_architecture,
        allow_skip,
        arches,
        steps: Vec::new(),
        careful: random.chance(12),
    };
    let flat = random.chance(80);
    let mut rules: Vec<Rule> = Vec::new();
    for _ in 0..random.between(1, 8) {
        if !flat {
            disturb(random, &mut case);
        }
        if random.chance(12) {
            let number = random.pick(&stock.numbers);
            let priority = random.pick(&[0, 1, 100, 255]);
            case.steps.push(Step::Prioritize(number, priority));
        }
        let mut rule = rule(random, &stock, &case);
        if !rules.is_empty() && random.chance(stock.relatives) {
            rule.comparisons = relative(random, &rules);
        }
        rules.push(rule.clone());
        case.steps.push(Step::Rule(rule));
    }
    if !flat {
        disturb(random, &mut case);
    }
    case
}

/// Rules that compare one argument with many values, most of them near each
/// other, with others among them: what level 2 searches.
pub fn values(seed: u64) -> Case {
    let random = &mut Random::new(seed);
    let arches = arches(random);
    let mut actions = ACTIONS.to_vec();
    random.shuffle(&mut actions);
    let few = random.between(1, 3);
    let (default, bad_architecture) = (actions[0], actions[1]);
    let first = random.pick(&[0, 1, 0x40, 0x7fff_fff8, 0xffff_fff0]);
    let high = random.pick(&[0, 0, 1 << 32, u64::from(u32::MAX) << 32]);
    let spread = random.pick(&[1, 1, 2, 5]);
    let others = random.pick(&[0, 0, 10, 30]);
    let second = random.pick(&[0, 0, 30, 100]);
    let number = Arch::native().syscall_number(random.pick(&[b"ioctl" as &[u8], b"socket"]));
    let comparison = |random: &mut Random, argument| {
        let datum = first + spread * random.below(40) as u64;
        let high = if random.chance(8) { 1 << 32 } else { high };
        let operator = match random.chance(others) {
            false => Operator::Equal,
            true => random.pick(&[
                Operator::NotEqual,
                Operator::MaskedEqual { mask: 0xffff_fffe },
                Operator::Less,
                Operator::GreaterOrEqual,
            ]),
        };
        Comparison::new(argument, operator, high | datum).expect("arguments 0 to 5")
    };
    let mut steps = Vec::new();
    for _ in 0..random.between(4, 40) {
        let mut comparisons = vec![comparison(random, 1)];
        if random.chance(second) {
            let argument = random.pick(&[0, 2]);
            comparisons.push(comparison(random, argument));
        }
        steps.push(Step::Rule(Rule {
            action: random.pick(&actions[2..2 + few]),
            number: number.expect("a known name"),
            comparisons,
            how: RuleMode::BestEffort,
        }));
    }
    Case {
        seed,
        default,
        bad_architecture,
        allow_skip: false,
        arches,
        steps,
        careful: false,
    }
}

fn arches(random: &mut Random) -> Vec<Arch> {
    let mut of_order: Vec<Arch> = match random.below(100) {
        0..40 => return vec![Arch::X86_64],
        40..50 => vec![Arch::X86_64, Arch::X32],
        50..56 => return vec![Arch::X32],
        56..66 => vec![Arch::X86_64, Arch::X86, Arch::X32],
        66..78 => {
            let all: Vec<Arch> = Arch::all().collect();
            return vec![random.pick(&all)];
        }
        78..98 => {
            let little = random.chance(50);
            let mut all: Vec<Arch> = Arch::all()
                .filter(|&arch| little_endian(arch) == little)
                .collect();
            random.shuffle(&mut all);
            all.truncate(random.between(2, 4));
            all
        }
        _ => {
            let little = random.chance(50);
            Arch::all()
                .filter(|&arch| little_endian(arch) == little)
                .collect()
        }
    };
    random.shuffle(&mut of_order);
    of_order
}

fn stock(random: &mut Random, actions: &[Action], allow_skip: bool) -> Stock {
    let native = Arch::native();
    let mut numbers: Vec<i32> = Vec::new();
    for _ in 0..random.pick(&[1, 1, 1, 2, 3]) {
        numbers.push(match random.below(100) {
            0..3 if allow_skip => -1,
            // Numbers without a name.
            3..5 => random.pick(&[1000, 0x4000_0010, 0x7fff_ffff, -101, -10_001, -1, -50]),
            _ => native
                .syscall_number(random.pick(&NAMES))
                .expect("a known name"),
        });
    }
    let mut arguments = vec![0, 1, 2, 3, 4, 5];
    random.shuffle(&mut arguments);
    arguments.truncate(random.pick(&[1, 1, 2, 2, 3, 6]));

    let mut high = HALVES.to_vec();
    random.shuffle(&mut high);
    high.truncate(random.between(1, 3));
    let mut low = HALVES.to_vec();
    random.shuffle(&mut low);
    low.truncate(random.between(2, 5));
    if random.chance(20) {
        high.push(random.word() >> 32);
        low.push(random.word() >> 32);
    }
    let mut data: Vec<u64> = Vec::new();
    for &high in &high {
        data.extend(low.iter().map(|low| high << 32 | low));
    }
    random.shuffle(&mut data);
    data.truncate(random.pick(&[1, 2, 2, 3, 5, 8]));

    let mut masks = MASKS.to_vec();
    random.shuffle(&mut masks);
    masks.truncate(random.between(1, 4));
    let mut operators: Vec<u8> = (0..7).collect();
    random.shuffle(&mut operators);
    operators.truncate(random.between(2, 7));
    Stock {
        actions: actions[..random.pick(&[1, 1, 2, 2, 3])].to_vec(),
        numbers,
        arguments,
        data,
        masks,
        operators,
        unconditional: random.pick(&[0, 0, 4, 15]),
        relatives: random.pick(&[0, 5, 25, 50]),
    }
}

fn rule(random: &mut Random, stock: &Stock, case: &Case) -> Rule {
    let action = if random.chance(2) {
        case.default
    } else {
        random.pick(&stock.actions)
    };
    let mut arguments = stock.arguments.clone();
    random.shuffle(&mut arguments);
    let count = if random.chance(stock.unconditional) {
        0
    } else {
        random.between(1, arguments.len())
    };
    let comparisons = arguments[..count]
        .iter()
        .map(|&argument| comparison(random, stock, argument))
        .collect();
    // Exact rules fail on several architectures; a few are enough.
    let exact = match case.arches.len() {
        1 => 50,
        _ => 2,
    };
    Rule {
        action,
        number: random.pick(&stock.numbers),
        comparisons,
        how: if random.chance(exact) {
            RuleMode::Exact
        } else {
            RuleMode::BestEffort
        },
    }
}

fn comparison(random: &mut Random, stock: &Stock, argument: u8) -> Comparison {
    let operator = match random.pick(&stock.operators) {
        0 => Operator::NotEqual,
        1 => Operator::Less,
        2 => Operator::LessOrEqual,
        3 => Operator::Equal,
        4 => Operator::GreaterOrEqual,
        5 => Operator::Greater,
        _ => Operator::MaskedEqual {
            mask: random.pick(&stock.masks),
        },
    };
    Comparison::new(argument, operator, random.pick(&stock.data)).expect("arguments 0 to 5")
}

/// The comparisons of an earlier rule, all or some, as they are or on the
/// other side of an edge: rules that include each other are dropped for one
/// another, and must not be for what is only similar.
fn relative(random: &mut Random, rules: &[Rule]) -> Vec<Comparison> {
    let mut comparisons = rules[random.below(rules.len())].comparisons.clone();
    if comparisons.len() > 1 && random.chance(50) {
        comparisons.remove(random.below(comparisons.len()));
    }
    if !comparisons.is_empty() && random.chance(40) {
        let place = random.below(comparisons.len());
        let old = comparisons[place];
        let operator = match old.operator() {
            Operator::NotEqual => random.pick(&[Operator::Equal, Operator::Less]),
            Operator::Less => random.pick(&[Operator::LessOrEqual, Operator::GreaterOrEqual]),
            Operator::LessOrEqual => random.pick(&[Operator::Less, Operator::Greater]),
            Operator::Equal => random.pick(&[Operator::NotEqual, Operator::GreaterOrEqual]),
            Operator::GreaterOrEqual => random.pick(&[Operator::Greater, Operator::Less]),
            Operator::Greater => random.pick(&[Operator::GreaterOrEqual, Operator::LessOrEqual]),
            Operator::MaskedEqual { .. } => Operator::MaskedEqual {
                mask: random.pick(&MASKS),
            },
        };
        comparisons[place] =
            Comparison::new(old.argument(), operator, old.datum()).expect("arguments 0 to 5");
    }
    comparisons
}

fn disturb(random: &mut Random, case: &mut Case) {
    let little = little_endian(case.arches[0]);
    let step = match random.below(12) {
        0 | 1 => Step::Start,
        2 => Step::Reject,
        3 => Step::Commit,
        4 => {
            let all: Vec<Arch> = Arch::all()
                .filter(|&arch| little_endian(arch) == little)
                .collect();
            Step::Cover(random.pick(&all))
        }
        // The first stays, so that no filter is without.
        5 if case.arches.len() > 1 => {
            Step::Uncover(case.arches[random.between(1, case.arches.len() - 1)])
        }
        _ => return,
    };
    case.steps.push(step);
}

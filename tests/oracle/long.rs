// SPDX-License-Identifier: LGPL-2.1-only
//! Random filters about as long as the kernel takes: most of their programs
//! have 2000 to 6000 instructions.

use scmp::{Action, Arch, Comparison, Errno, Operator, RuleMode};

use super::case::{Case, Rule, Step};
use super::facts::little_endian;
use super::random::Random;

const ACTIONS: [Action; 4] = [
    Action::Errno(Errno::MAX),
    Action::Log,
    Action::Trap(0),
    Action::Trace(7),
];

/// What the rules of one case draw from.
struct Stock {
    actions: Vec<Action>,
    /// Percent of rules that compare a second argument.
    second: usize,
    /// Percent of comparisons with another operator than `==`.
    others: usize,
}

impl Stock {
    /// Rules with two arguments take some four instructions each.
    fn shortened(&self, rules: usize) -> usize {
        match self.second {
            100 => rules / 4,
            _ => rules,
        }
    }
}

pub fn case(seed: u64) -> Case {
    let random = &mut Random::new(seed);
    let stock = Stock {
        actions: ACTIONS[..random.between(1, ACTIONS.len())].to_vec(),
        second: random.pick(&[0, 0, 0, 10, 100]),
        others: random.pick(&[0, 0, 0, 2]),
    };
    let mut numbers: Vec<i32> = (0..450)
        .filter(|&number| Arch::native().syscall_name(number).is_some())
        .collect();
    random.shuffle(&mut numbers);
    let arches = arches(random);
    // Each architecture tests for each call.
    numbers.truncate(400 / (1 + arches.len() / 2));
    let steps = match random.below(3) {
        0 => few_calls(random, &stock, &numbers),
        1 => some_calls(random, &stock, &numbers),
        _ => many_calls(random, &stock, &numbers),
    };
    Case {
        seed,
        unknown_calls: None,
        first_match: false,
        default: Action::Allow,
        bad_architecture: Action::KillThread,
        allow_skip: false,
        arches,
        steps: steps.into_iter().map(Step::Rule).collect(),
        careful: false,
    }
}

/// The native one, and up to three others.
fn arches(random: &mut Random) -> Vec<Arch> {
    let native = Arch::native();
    let is_other = |&arch: &Arch| arch != native && little_endian(arch) == little_endian(native);
    let mut others: Vec<Arch> = Arch::all().filter(is_other).collect();
    random.shuffle(&mut others);
    others.truncate(random.pick(&[0, 0, 0, 1, 3]));
    [vec![native], others].concat()
}

/// One to four calls, each with hundreds or thousands of values; or with the values of the
/// previous call, except some at one end, because linear tests share the blocks of the
/// rest.
fn few_calls(random: &mut Random, stock: &Stock, numbers: &[i32]) -> Vec<Rule> {
    let count = random.between(1, 4);
    let total = stock.shortened(random.between(2200, 4400));
    let mut rules = Vec::new();
    let mut values = Vec::new();
    for &number in &numbers[..count] {
        if values.is_empty() || random.chance(50) {
            values = spread(random, total / count);
        } else {
            let gone = random.below(values.len() / 4);
            match random.chance(70) {
                true => values.truncate(values.len() - gone),
                false => drop(values.drain(..gone)),
            }
        }
        compare(random, stock, number, &values, &mut rules);
    }
    rules
}

/// Tens of calls with about a hundred values each.
fn some_calls(random: &mut Random, stock: &Stock, numbers: &[i32]) -> Vec<Rule> {
    let count = random.between(10, 60);
    let each = stock.shortened(random.between(1800, 4200)) / count;
    let mut rules = Vec::new();
    for &number in &numbers[..count] {
        let values = spread(random, each);
        compare(random, stock, number, &values, &mut rules);
    }
    rules
}

/// Hundreds of calls with a few rules each, some of them without comparisons.
fn many_calls(random: &mut Random, stock: &Stock, numbers: &[i32]) -> Vec<Rule> {
    let most = random.between(1, if stock.second == 100 { 2 } else { 4 });
    let plain = random.pick(&[0, 0, 30]);
    let mut rules = Vec::new();
    for &number in numbers {
        if random.chance(plain) {
            rules.push(rule(random, stock, number, Vec::new()));
        } else {
            let count = random.between(1, most);
            let values = spread(random, count);
            compare(random, stock, number, &values, &mut rules);
        }
    }
    rules
}

/// Rising values, close to each other or far apart.
fn spread(random: &mut Random, count: usize) -> Vec<u64> {
    let widest = random.pick(&[1, 2, 3, 3, 1000]);
    let mut value = random.below(1000) as u64;
    let mut values = Vec::new();
    for _ in 0..count {
        value += random.between(1, widest) as u64;
        values.push(value);
    }
    values
}

/// Rules that compare one argument with each of the values.
fn compare(random: &mut Random, stock: &Stock, number: i32, values: &[u64], rules: &mut Vec<Rule>) {
    let argument = random.below(5) as u8;
    let high = random.pick(&[0, 0, 0, 1 << 32]);
    let comparison = |argument, operator, datum| {
        Comparison::new(argument, operator, datum).expect("arguments 0 to 5")
    };
    for value in values {
        let operator = match random.chance(stock.others) {
            false => Operator::Equal,
            true => random.pick(&[
                Operator::NotEqual,
                Operator::Less,
                Operator::LessOrEqual,
                Operator::GreaterOrEqual,
                Operator::Greater,
            ]),
        };
        let mut comparisons = vec![comparison(argument, operator, high | value)];
        if random.chance(stock.second) {
            let datum = random.below(100_000) as u64;
            comparisons.push(comparison(argument + 1, Operator::Equal, datum));
        }
        rules.push(rule(random, stock, number, comparisons));
    }
}

fn rule(random: &mut Random, stock: &Stock, number: i32, comparisons: Vec<Comparison>) -> Rule {
    Rule {
        action: random.pick(&stock.actions),
        number,
        comparisons,
        how: RuleMode::BestEffort,
        condition: None,
    }
}

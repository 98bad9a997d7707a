// SPDX-License-Identifier: LGPL-2.1-only
//! What conditions and comparisons of an `int` save, in this library alone: a table in
//! Markdown of the same decision written in two ways.

use std::time::{Duration, Instant};

use scmp::{Action, Filter, Optimization};

/// How a filter gets its rules.
type Rules = fn(&mut Filter);

struct Pair {
    what: &'static str,
    /// The usual way to write the rules, and the one that is measured against it.
    ways: [Rules; 2],
}

const PAIRS: [Pair; 4] = [
    Pair {
        what: "six comparisons by `==`: of 64 bits, of an `int`",
        ways: [
            |filter| six(filter, "", "== #"),
            |filter| six(filter, "(int)", "== #"),
        ],
    },
    Pair {
        what: "six comparisons by `<`: of 64 bits, of an `int`",
        ways: [
            |filter| six(filter, "", "< 9"),
            |filter| six(filter, "(int)", "< 9"),
        ],
    },
    Pair {
        what: "a range of 1000 values: rules, a set",
        ways: [
            |filter| each(filter, 1000..2000),
            |filter| one(filter, "a1 in 1000..=1999"),
        ],
    },
    Pair {
        what: "1000 values with gaps: rules, a set",
        ways: [
            |filter| each(filter, (1000..3000).step_by(2)),
            |filter| {
                let values: Vec<String> = (1000..3000)
                    .step_by(2)
                    .map(|v: u64| v.to_string())
                    .collect();
                one(filter, &format!("a1 in {{{}}}", values.join(", ")));
            },
        ],
    },
];

/// Compares all arguments so; `#` is replaced by the argument's position.
fn six(filter: &mut Filter, cast: &str, test: &str) {
    let comparisons = (0..6).map(|argument: usize| {
        let test = test.replace('#', &argument.to_string());
        let comparison = format!("{cast}a{argument} {test}");
        comparison.parse().expect("a comparison")
    });
    filter
        .rule(Action::Allow, "ioctl", comparisons)
        .expect("a rule");
}

fn each(filter: &mut Filter, values: impl Iterator<Item = u64>) {
    for value in values {
        let comparison = format!("a1 == {value}").parse().expect("a comparison");
        filter
            .rule(Action::Allow, "ioctl", [comparison])
            .expect("a rule");
    }
}

fn one(filter: &mut Filter, condition: &str) {
    let condition = condition.parse().expect("a condition");
    filter
        .rule_if(Action::Allow, "ioctl", &condition)
        .expect("a rule");
}

/// The least time of many for building a filter and its program, and the program's length.
fn measure(rules: Rules, optimization: Optimization) -> (Duration, usize) {
    let mut least = Duration::MAX;
    let mut length = 0;
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(200) {
        let before = Instant::now();
        let mut filter = Filter::new(Action::errno(1).expect("an errno")).expect("memory");
        filter.attributes_mut().optimization = optimization;
        rules(&mut filter);
        length = filter.program().expect("a program").instructions().len();
        least = least.min(before.elapsed());
    }
    (least, length)
}

/// Prints the table. Times include reading the comparisons' text.
pub fn print() {
    println!("| | level | instructions | | time | |");
    println!("|---|---|---|---|---|---|");
    for Pair { what, ways } in PAIRS {
        for (level, optimization) in [(1, Optimization::Priority), (2, Optimization::Search)] {
            let [(slow, long), (fast, short)] = ways.map(|way| measure(way, optimization));
            println!("| {what} | {level} | {long} | {short} | {slow:.1?} | {fast:.1?} |");
        }
    }
}

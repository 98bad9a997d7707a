// SPDX-License-Identifier: LGPL-2.1-only
//! System calls that try a filter where it may be wrong: next to the data of
//! its rules.

use scmp::{Arch, Comparison, Operator};
use scmp_verify::SyscallData;

use super::facts::{X32_BIT, facts};
use super::model::{Landed, Model, holds};
use super::random::Random;

/// A rule among those of its architecture.
type Target<'a> = (Arch, &'a [Landed], &'a Landed);

/// About as many calls for the rules as they have edges, 40 to 80.
pub fn inputs(model: &Model, random: &mut Random) -> Vec<SyscallData> {
    let all = model.arches.of_each.iter();
    let targets =
        all.flat_map(|(arch, rules)| rules.iter().map(move |rule| (*arch, &rules[..], rule)));
    let targets: Vec<Target> = targets.collect();
    let count = (40 + 4 * targets.len()).min(80);
    (0..count).map(|_| input(model, &targets, random)).collect()
}

fn input(model: &Model, targets: &[Target], random: &mut Random) -> SyscallData {
    let mut data = SyscallData {
        number: random.pick(&[0, 1, 16, X32_BIT, X32_BIT | 16, u32::MAX, 0x7fff_ffff]),
        audit_token: token(model, random),
        instruction_pointer: random.word(),
        arguments: std::array::from_fn(|_| random.word() >> random.pick(&[0, 30, 32, 62])),
    };
    if targets.is_empty() || random.chance(3) {
        return data;
    }
    let (arch, rules, rule) = random.pick(targets);
    let wide = facts(arch).wide;
    data.number = rule.number;
    data.audit_token = facts(arch).token;

    // Any rule on the number may bring the value that confuses this one.
    let mut edges: [Vec<Comparison>; 6] = Default::default();
    for other in rules.iter().filter(|other| other.number == rule.number) {
        for comparison in &other.comparisons {
            edges[usize::from(comparison.argument())].push(*comparison);
        }
    }
    for (argument, edges) in data.arguments.iter_mut().zip(&edges) {
        if !edges.is_empty() {
            *argument = value(edges, random);
        }
    }
    let satisfies = random.chance(65);
    for comparison in rule.comparisons.iter().filter(|_| satisfies) {
        let place = usize::from(comparison.argument());
        for _ in 0..12 {
            if holds(comparison, data.arguments[place], wide) {
                break;
            }
            data.arguments[place] = value(&edges[place], random);
        }
    }
    // One step off the rule.
    if random.chance(25) && !rule.comparisons.is_empty() {
        let place = usize::from(random.pick(&rule.comparisons).argument());
        data.arguments[place] = value(&edges[place], random);
    }
    match random.below(100) {
        0..3 => data.number = rule.number.wrapping_add(1),
        3..6 => data.number = rule.number.wrapping_sub(1),
        6..9 => data.number ^= X32_BIT,
        9 => data.number |= 0x8000_0000,
        10 => data.number = u32::MAX,
        11..15 => data.audit_token = token(model, random),
        _ => {}
    }
    data
}

/// A token of the filter, of any architecture, or of no architecture.
fn token(model: &Model, random: &mut Random) -> u32 {
    let own: Vec<Arch> = model.arches.arches().collect();
    match random.below(10) {
        0..6 if !own.is_empty() => facts(random.pick(&own)).token,
        9 => random.pick(&[0, u32::MAX, 0x4000_003e]),
        _ => {
            let all: Vec<Arch> = Arch::all().collect();
            facts(random.pick(&all)).token
        }
    }
}

fn value(edges: &[Comparison], random: &mut Random) -> u64 {
    let edge = edges[random.below(edges.len())];
    let other = edges[random.below(edges.len())];
    let (datum, second) = (edge.datum(), other.datum());
    let near = |datum: u64, random: &mut Random| {
        random.pick(&[datum, datum, datum.wrapping_sub(1), datum.wrapping_add(1)])
    };
    let halves = |high: u64, low: u64| high & 0xffff_ffff_0000_0000 | low & 0xffff_ffff;
    if let (Operator::MaskedEqual { mask }, true) = (edge.operator(), random.chance(50)) {
        return match random.below(5) {
            0 => datum & mask,
            1 => datum & mask | !mask,
            2 => datum & mask | random.word() & !mask,
            3 => datum & mask | second & !mask,
            _ => datum ^ mask & mask.wrapping_neg(),
        };
    }
    match random.below(16) {
        0..7 => near(datum, random),
        7..10 => halves(datum, near(second, random)),
        10 => halves(datum.wrapping_add(1 << 32), near(second, random)),
        11 => halves(datum.wrapping_sub(1 << 32), near(second, random)),
        12 => near(datum & 0xffff_ffff, random),
        13 => random.pick(&[0, 1, u64::MAX, 1 << 32, 0xffff_ffff, 1 << 63]),
        14 => halves(random.word(), datum),
        _ => random.word(),
    }
}

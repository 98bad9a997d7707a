// SPDX-License-Identifier: LGPL-2.1-only
//! Filters that were decided wrongly once.

use super::*;
use scmp_verify::profile::Profile;
use scmp_verify::proof::{self, Answer};

/// The C library decides the first five wrongly; this library once decided the others wrongly.
const RULES: [(&str, &str); 8] = [
    (
        "the high word is loaded again after a test of the low one",
        "ioctl(a0 < 1) ioctl(a0 > 0x100000002)",
    ),
    (
        "a wider bound holds where a narrower one fails",
        "ioctl(a0 <= 2) ioctl(a0 < 0x100000002)",
    ),
    (
        "rules below the two ways out of a test do not mix",
        "ioctl(a0 != 1, a1 == 3) ioctl(a0 != 2, a1 == 1)",
    ),
    (
        "two unequal pairs do not hang",
        "ioctl(a0 != 1, a1 != 2) ioctl(a0 != 1, a1 != 0x100000002)",
    ),
    (
        "nor in the other order",
        "ioctl(a0 != 1, a1 != 0x100000002) ioctl(a0 != 1, a1 != 2)",
    ),
    (
        "a rule is not dropped for its opposite",
        "ioctl(a4 == 0x100000001, a3 == 1) ioctl(a4 != 0x100000001)",
    ),
    (
        "a wider bound is not dropped with its neighbour",
        "ioctl(a2 <= 0x10, a5 > 0x10) ioctl(a2 <= 0x10, a5 >= 0x10) ioctl(a5 > 0x10)",
    ),
    (
        "a wider mask is not dropped with its neighbour",
        "ioctl(a5 & 1 == 0, a2 < 0x200000010) ioctl(a2 < 0x200000010, a5 & 0xf0 == 0) \
         ioctl(a5 & 1 == 0)",
    ),
];

#[test]
fn rules_decide_for_all_inputs() {
    for (what, rules) in RULES {
        within(SOON, move || {
            let profile = Profile::parse(&format!("default kill-thread\nallow {rules}"));
            let mut built = profile.expect(what).build().expect(what);
            assert_eq!(built.refused, [], "{what}");
            for optimization in [Optimization::Priority, Optimization::Search] {
                let program = program(&mut built.filter, optimization);
                let answer = proof::check(&program, &built.rules);
                assert_eq!(answer, Ok(Answer::Equal), "{what}: {optimization:?}");
            }
        });
    }
}

#[test]
fn tighter_bound_decides_in_either_order() {
    let wide: (Action, &[Comparison]) = (ALLOW, &[lt(0, 0x1_0000_0010)]);
    let tight: (Action, &[Comparison]) = (ERRNO, &[lt(0, 0x1_0000_0005)]);
    for rules in [[wide, tight], [tight, wide]] {
        let mut filter = ioctl(KILL, &rules);
        assert_eq!(ioctl_decides(&mut filter, &[3]), ERRNO);
        assert_eq!(ioctl_decides(&mut filter, &[0x1_0000_0004]), ERRNO);
        assert_eq!(ioctl_decides(&mut filter, &[0x1_0000_0005]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[0x1_0000_0010]), KILL);
    }
}

#[test]
fn skip_rule_of_x86_64_and_x32_is_one_at_both_levels() {
    for arches in [[Arch::X86_64, Arch::X32], [Arch::X32, Arch::X86_64]] {
        let mut filter = filter_for(&arches, KILL);
        filter.attributes_mut().allow_skip = true;
        let comparisons = Comparisons::new(&[ge(4, 1)]).expect("one");
        filter
            .add_rule(ALLOW, -1, &comparisons, RuleMode::BestEffort)
            .expect("skips are allowed");
        let mut decision =
            |a4| decide_number(&mut filter, Arch::X86_64, u32::MAX, &[0, 0, 0, 0, a4]);
        assert_eq!(decision(1), ALLOW);
        assert_eq!(decision(0), KILL);
        // Which of the two decides is free; that both levels agree is not.
        decision(1 << 32);
    }
}

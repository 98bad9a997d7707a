// SPDX-License-Identifier: LGPL-2.1-only
//! Filters that were decided wrongly once.

use super::*;

// Where the C library breaks point 3.

#[test]
fn high_word_is_reloaded_after_a_low_word_test() {
    let mut filter = ioctl(
        KILL,
        &[(ALLOW, &[lt(0, 1)]), (ALLOW, &[gt(0, 0x1_0000_0002)])],
    );
    assert_eq!(ioctl_decides(&mut filter, &[2]), KILL);
    assert_eq!(ioctl_decides(&mut filter, &[0]), ALLOW);
    assert_eq!(ioctl_decides(&mut filter, &[0x1_0000_0002]), KILL);
    assert_eq!(ioctl_decides(&mut filter, &[0x1_0000_0003]), ALLOW);
}

#[test]
fn wider_bound_holds_where_a_narrower_one_fails() {
    let mut filter = ioctl(
        KILL,
        &[(ALLOW, &[le(0, 2)]), (ALLOW, &[lt(0, 0x1_0000_0002)])],
    );
    for (argument, right) in [
        (2, ALLOW),
        (3, ALLOW),
        (0x1_0000_0001, ALLOW),
        (0x1_0000_0002, KILL),
        (0x2_0000_0000, KILL),
    ] {
        assert_eq!(
            ioctl_decides(&mut filter, &[argument]),
            right,
            "{argument:#x}"
        );
    }
}

#[test]
fn rules_below_two_ways_out_do_not_mix() {
    let mut filter = ioctl(
        KILL,
        &[
            (ALLOW, &[ne(0, 1), eq(1, 3)]),
            (ALLOW, &[ne(0, 2), eq(1, 1)]),
        ],
    );
    for (arguments, right) in [
        ([1, 3], KILL),
        ([2, 1], KILL),
        ([2, 3], ALLOW),
        ([1, 1], ALLOW),
        ([0, 1], ALLOW),
        ([0, 3], ALLOW),
        ([1 << 32 | 1, 3], ALLOW),
    ] {
        assert_eq!(
            ioctl_decides(&mut filter, &arguments),
            right,
            "{arguments:x?}"
        );
    }
}

#[test]
fn two_unequal_pairs_do_not_hang() {
    within(SOON, || {
        let mut filter = ioctl(
            KILL,
            &[
                (ALLOW, &[ne(0, 1), ne(1, 2)]),
                (ALLOW, &[ne(0, 1), ne(1, 0x1_0000_0002)]),
            ],
        );
        assert_eq!(ioctl_decides(&mut filter, &[0, 2]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[0, 0x1_0000_0002]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[1, 5]), KILL);
    });
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

// Where this library once broke it.

#[test]
fn rule_is_not_dropped_for_its_opposite() {
    let mut filter = ioctl(
        KILL,
        &[
            (ALLOW, &[eq(4, 0x1_0000_0001), eq(3, 1)]),
            (ALLOW, &[ne(4, 0x1_0000_0001)]),
        ],
    );
    let mut decision = |a3, a4| ioctl_decides(&mut filter, &[0, 0, 0, a3, a4]);
    assert_eq!(decision(1, 0x1_0000_0001), ALLOW);
    assert_eq!(decision(2, 0x1_0000_0001), KILL);
    assert_eq!(decision(2, 0x1_0000_0002), ALLOW);
}

#[test]
fn wider_rule_is_not_dropped_with_its_neighbour() {
    let mut bounds = ioctl(
        KILL,
        &[
            (ALLOW, &[le(2, 0x10), gt(5, 0x10)]),
            (ALLOW, &[le(2, 0x10), ge(5, 0x10)]),
            (ALLOW, &[gt(5, 0x10)]),
        ],
    );
    assert_eq!(ioctl_decides(&mut bounds, &[0, 0, 0, 0, 0, 0x10]), ALLOW);
    assert_eq!(ioctl_decides(&mut bounds, &[0, 0, 0x11, 0, 0, 0x10]), KILL);
    let mut masks = ioctl(
        KILL,
        &[
            (ALLOW, &[masked(5, 1, 0), lt(2, 0x2_0000_0010)]),
            (ALLOW, &[lt(2, 0x2_0000_0010), masked(5, 0xf0, 0)]),
            (ALLOW, &[masked(5, 1, 0)]),
        ],
    );
    assert_eq!(
        ioctl_decides(&mut masks, &[0, 0, 0, 0, 0, 0x4_0000_0001]),
        ALLOW
    );
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

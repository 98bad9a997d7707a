// SPDX-License-Identifier: LGPL-2.1-only
//! What a filter must decide, one point after the other.

use super::*;

// Point 1: foreign architectures.

#[test]
fn foreign_architectures_get_the_bad_architecture_action() {
    for covered in Arch::all() {
        let mut filter = filter_for(&[covered], KILL);
        add(&mut filter, ALLOW, "read", &[]).expect("all have read");
        for arch in Arch::all().filter(|arch| arch.audit_token() != covered.audit_token()) {
            let decision = decide(&mut filter, arch, "read", &[]);
            assert_eq!(decision, BAD, "{} for {}", arch.name(), covered.name());
        }
        assert_eq!(decide(&mut filter, covered, "read", &[]), ALLOW);
    }
}

#[test]
fn x32_numbers_are_foreign_to_x86_64() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    add(&mut filter, ALLOW, "read", &[]).expect("known");
    let mut decision = |number| decide_number(&mut filter, Arch::X86_64, number, &[]);
    assert_eq!(decision(0), ALLOW);
    assert_eq!(decision(0x3fff_ffff), KILL);
    assert_eq!(decision(0x4000_0000), BAD);
    assert_eq!(decision(0x8000_0000), BAD);
    assert_eq!(decision(0xffff_fffe), BAD);
    // -1 is no x32 call.
    assert_eq!(decision(0xffff_ffff), KILL);
}

#[test]
fn skip_needs_its_attribute() {
    for arch in Arch::all() {
        let mut filter = filter_for(&[arch], KILL);
        let always = Comparisons::NONE;
        let refused = filter.add_rule(ALLOW, -1, &always, RuleMode::BestEffort);
        assert!(matches!(refused, Err(Error::InvalidArgument(_))));
        assert_eq!(decide_number(&mut filter, arch, u32::MAX, &[]), KILL);
        filter.attributes_mut().allow_skip = true;
        filter
            .add_rule(ALLOW, -1, &always, RuleMode::Exact)
            .expect("skips are allowed");
        assert_eq!(decide_number(&mut filter, arch, u32::MAX, &[]), ALLOW);
        filter.attributes_mut().allow_skip = false;
        assert_eq!(decide_number(&mut filter, arch, u32::MAX, &[]), KILL);
    }
}

// Points 2 and 3: default, and matching rules of one action.

#[test]
fn default_is_for_what_no_rule_matches() {
    let mut empty = filter_for(&[Arch::X86_64], ERRNO);
    assert_eq!(decide(&mut empty, Arch::X86_64, "ioctl", &[]), ERRNO);
    let mut filter = ioctl(ERRNO, &[(ALLOW, &[eq(0, 1), eq(5, 2)])]);
    assert_eq!(ioctl_decides(&mut filter, &[1, 0, 0, 0, 0, 3]), ERRNO);
    assert_eq!(ioctl_decides(&mut filter, &[1, 0, 0, 0, 0, 2]), ALLOW);
    assert_eq!(decide(&mut filter, Arch::X86_64, "read", &[1]), ERRNO);
}

// Point 4: different actions.

#[test]
fn different_actions_follow_the_text() {
    let first: (Action, &[Comparison]) = (ALLOW, &[eq(0, 1)]);
    let second: (Action, &[Comparison]) = (ERRNO, &[eq(1, 2)]);
    for rules in [[first, second], [second, first]] {
        let mut filter = ioctl(KILL, &rules);
        let text = String::from_utf8(filter.pseudo_code().expect("text")).expect("ASCII");
        let place = |wanted: &str| text.find(wanted).expect("the action is printed");
        let upper = if place("action ERRNO") < place("action ALLOW") {
            ERRNO
        } else {
            ALLOW
        };
        assert_eq!(ioctl_decides(&mut filter, &[1, 2]), upper, "{text}");
        assert_eq!(ioctl_decides(&mut filter, &[1, 3]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[2, 2]), ERRNO);
        assert_eq!(ioctl_decides(&mut filter, &[2, 3]), KILL);
    }
}

// Point 5: unconditional rules.

#[test]
fn first_unconditional_rule_stays() {
    let mut filter = ioctl(KILL, &[(ALLOW, &[])]);
    let before = picture(&mut filter);
    assert_eq!(add(&mut filter, ERRNO, "ioctl", &[]), Ok(()));
    assert_eq!(picture(&mut filter), before);
    assert_eq!(ioctl_decides(&mut filter, &[]), ALLOW);
}

// Point 6: refusals.

#[test]
fn refused_rules_leave_no_trace() {
    let mut filter = ioctl(
        KILL,
        &[(ALLOW, &[eq(0, 1), lt(1, 7)]), (ALLOW, &[eq(2, 1)])],
    );
    let before = picture(&mut filter);
    assert_eq!(
        add(&mut filter, ERRNO, "ioctl", &[lt(1, 7), eq(0, 1)]),
        Err(Error::ConflictingRule)
    );
    assert_eq!(
        add(&mut filter, KILL, "ioctl", &[eq(3, 1)]),
        Err(Error::ActionIsDefault)
    );
    assert_eq!(
        add(&mut filter, KILL, "read", &[]),
        Err(Error::ActionIsDefault)
    );
    assert_eq!(picture(&mut filter), before);
    // Once more the same is no contradiction.
    assert_eq!(add(&mut filter, ALLOW, "ioctl", &[eq(2, 1)]), Ok(()));
    assert_eq!(ioctl_decides(&mut filter, &[1, 6, 0]), ALLOW);
}

#[test]
fn rule_that_one_architecture_refuses_is_on_none() {
    let mut filter = filter_for(&[Arch::X86_64, Arch::X86], KILL);
    let truncated = [eq(0, 0x1_0000_0005)];
    add(&mut filter, ALLOW, "ioctl", &[eq(0, 5)]).expect("taken");
    let before = picture(&mut filter);
    // The same comparison on x86 only, which comes second.
    assert_eq!(
        add(&mut filter, ERRNO, "ioctl", &truncated),
        Err(Error::ConflictingRule)
    );
    assert_eq!(picture(&mut filter), before);
    assert_eq!(
        decide(&mut filter, Arch::X86_64, "ioctl", &[0x1_0000_0005]),
        KILL
    );
}

// Point 7: comparisons that are always true.

#[test]
fn empty_masks_drop_out() {
    let mut alone = ioctl(KILL, &[(ALLOW, &[masked(0, 0, 5)])]);
    let mut never = ioctl(KILL, &[(ALLOW, &[])]);
    assert_eq!(picture(&mut alone), picture(&mut never));
    let mut filter = ioctl(KILL, &[(ALLOW, &[masked(0, 0, 5), eq(1, 3)])]);
    assert_eq!(ioctl_decides(&mut filter, &[77, 3]), ALLOW);
    assert_eq!(ioctl_decides(&mut filter, &[77, 4]), KILL);
    assert_eq!(
        add(&mut filter, ERRNO, "ioctl", &[eq(1, 3)]),
        Err(Error::ConflictingRule)
    );
}

// `>` and `<=` share a test. A rule must not be merged with a test of the other kind that
// comes later in the level: 2.6.0 answers the same.
#[test]
fn a_bound_of_the_other_kind_does_not_move_a_rule() {
    for (arch, unit) in [(Arch::X86_64, 1u64 << 32), (Arch::Arm, 1)] {
        for bounds in [
            [gt(0, 5 * unit), le(0, 8 * unit), le(0, 5 * unit)],
            [ge(0, 5 * unit), lt(0, 8 * unit), lt(0, 5 * unit)],
        ] {
            let mut filter = filter_for(&[arch], KILL);
            for (errno, bound) in (1..).zip(bounds) {
                let action = Action::errno(errno).expect("an error number");
                add(&mut filter, action, "ioctl", &[bound]).expect("taken");
            }
            let decision = decide(&mut filter, arch, "ioctl", &[3]);
            assert_eq!(Ok(decision), Action::errno(3), "{}", arch.name());
        }
    }
}

// Far more values than a jump reaches, and masks whose low bits are all zero.
#[test]
fn thousands_of_masks_on_one_argument() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    for value in 1..2_000u64 {
        let rule = masked(0, value << 16, value << 16);
        add(&mut filter, ALLOW, "ioctl", &[rule, eq(1, value)]).expect("taken");
    }
    for value in [1u64, 777, 1_999] {
        assert_eq!(ioctl_decides(&mut filter, &[value << 16, value]), ALLOW);
        assert_eq!(ioctl_decides(&mut filter, &[0, value]), KILL);
    }
}

/// Rules that one architecture has dropped for a new rule come back if another architecture
/// refuses the new rule.
#[test]
fn a_rule_that_one_architecture_refuses_drops_nothing() {
    for arches in [[Arch::X86_64, Arch::X86], [Arch::X86, Arch::X86_64]] {
        let mut filter = filter_for(&arches, KILL);
        add(&mut filter, ALLOW, "ioctl", &[eq(0, 1), eq(1, 2)]).expect("taken");
        let other = [eq(1, 0x1_0000_0002), eq(2, 1)];
        add(&mut filter, ERRNO, "ioctl", &other).expect("taken");
        let before = picture(&mut filter);
        let rule = [eq(1, 2)];
        let refused = add(&mut filter, ALLOW, "ioctl", &rule);
        assert_eq!(refused, Err(Error::ConflictingRule));
        assert_eq!(picture(&mut filter), before);
        // Without the one that refuses it, it is taken.
        filter.remove_arch(Arch::X86).expect("it is there");
        let before = picture(&mut filter);
        add(&mut filter, ALLOW, "ioctl", &rule).expect("taken");
        assert_ne!(picture(&mut filter), before);
        assert_eq!(decide(&mut filter, Arch::X86_64, "ioctl", &[3, 2]), ALLOW);
    }
}

/// docs/decisions.md, "Calls newer than the policy": docker's default profile with ENOSYS for
/// newer calls.
#[test]
fn dockers_profile_answers_enosys_to_newer_calls() {
    let text = include_str!("../../data/profiles/docker.profile");
    let newer = format!("{text}\nkernel 6.1\nunknown errno 38\n");
    let [before, after] = [text, &newer].map(|text| {
        let profile = scmp_verify::profile::Profile::parse(text).expect("a profile");
        let mut built = profile.build().expect("its filter");
        built.filter.program().expect("its program").clone()
    });
    let answer = |program, name: &str| {
        let number = Arch::X86_64.syscall_number(name).expect(name);
        let data = call(Arch::X86_64, number as u32, &[]);
        scmp_verify::run(program, &data).expect("a verdict")
    };
    // Without a rule: open_tree_attr came with 6.15, kexec_load is old. read has one.
    for (name, without, with) in [
        ("open_tree_attr", 0x5_0001, 0x5_0026),
        ("kexec_load", 0x5_0001, 0x5_0001),
        ("read", 0x7fff_0000, 0x7fff_0000),
    ] {
        assert_eq!(answer(&before, name), without, "{name}");
        assert_eq!(answer(&after, name), with, "{name}");
    }
}

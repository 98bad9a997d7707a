// SPDX-License-Identifier: LGPL-2.1-only
//! Calls that go through `socketcall` and `ipc`.

use super::*;

fn on(filter: &mut Filter, arch: Arch, number: u32, arguments: &[u64]) -> Action {
    decide_number(filter, arch, number, arguments)
}

#[test]
fn socket_is_one_call_with_two_numbers() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    add(&mut filter, ALLOW, "socket", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::X86, 359, &[9]), ALLOW);
    assert_eq!(on(&mut filter, Arch::X86, 102, &[1]), ALLOW);
    assert_eq!(on(&mut filter, Arch::X86, 102, &[2]), KILL);
    assert_eq!(on(&mut filter, Arch::X86, (-101i32) as u32, &[1]), KILL);
}

#[test]
fn first_argument_of_the_multiplexer_is_the_call() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    add(&mut filter, ALLOW, "socket", &[eq(0, 16), eq(2, 3)]).expect("taken");
    assert_eq!(on(&mut filter, Arch::X86, 359, &[16, 0, 3]), ALLOW);
    assert_eq!(on(&mut filter, Arch::X86, 359, &[1, 0, 3]), KILL);
    assert_eq!(on(&mut filter, Arch::X86, 102, &[1, 0, 3]), ALLOW);
    assert_eq!(on(&mut filter, Arch::X86, 102, &[16, 0, 3]), KILL);
    assert_eq!(on(&mut filter, Arch::X86, 102, &[1, 0, 4]), KILL);
}

#[test]
fn some_calls_exist_in_the_multiplexer_only() {
    let mut filter = filter_for(&[Arch::S390], KILL);
    add(&mut filter, ALLOW, "semop", &[]).expect("taken");
    add(&mut filter, ERRNO, "accept", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::S390, 117, &[1]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390, 117, &[2]), KILL);
    assert_eq!(on(&mut filter, Arch::S390, 102, &[5]), ERRNO);
    // s390x reached semtimedop by a number of its own later.
    let mut filter = filter_for(&[Arch::S390x], KILL);
    add(&mut filter, ALLOW, "semtimedop", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::S390x, 117, &[4]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390x, 392, &[0]), ALLOW);
    assert_eq!(on(&mut filter, Arch::S390x, 117, &[1 << 32 | 4]), KILL);
}

#[test]
fn mips_counts_from_its_base() {
    for arch in [Arch::Mips, Arch::Mipsel] {
        let mut filter = filter_for(&[arch], KILL);
        add(&mut filter, ALLOW, "shmctl", &[]).expect("taken");
        add(&mut filter, ALLOW, "sendmmsg", &[]).expect("taken");
        assert_eq!(on(&mut filter, arch, 4117, &[24]), ALLOW);
        assert_eq!(on(&mut filter, arch, 4102, &[20]), ALLOW);
        assert_eq!(on(&mut filter, arch, 4343, &[0]), ALLOW);
        assert_eq!(on(&mut filter, arch, 117, &[24]), KILL);
    }
}

#[test]
fn rule_on_the_multiplexer_meets_those_on_its_calls() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    add(&mut filter, ALLOW, "socketcall", &[eq(0, 1)]).expect("taken");
    assert_eq!(
        add(&mut filter, ERRNO, "socket", &[]),
        Err(Error::ConflictingRule)
    );
    // Refused for 102, so it is not on 359 either.
    assert_eq!(on(&mut filter, Arch::X86, 359, &[]), KILL);
    add(&mut filter, TRAP, "socketcall", &[]).expect("taken");
    assert_eq!(on(&mut filter, Arch::X86, 102, &[1]), TRAP);
}

#[test]
fn calls_that_an_architecture_lacks_are_left_out() {
    let mut filter = filter_for(&[Arch::X86_64, Arch::Aarch64], KILL);
    add(&mut filter, ALLOW, "open", &[]).expect("taken");
    assert_eq!(decide(&mut filter, Arch::X86_64, "open", &[]), ALLOW);
    assert_eq!(decide(&mut filter, Arch::Aarch64, "open", &[]), KILL);
    let mut filter = filter_for(&[Arch::Aarch64], KILL);
    let always = Comparisons::default();
    assert_eq!(
        filter.add_rule(ALLOW, number("open"), &always, Match::Exact),
        Err(Error::NotOnArchitecture)
    );
}

#[test]
fn exact_rules_on_multiplexed_calls_compare_nothing() {
    let mut filter = filter_for(&[Arch::X86], KILL);
    let compares = Comparisons::new(&[eq(1, 1)]).expect("one");
    assert_eq!(
        filter.add_rule(ALLOW, number("socket"), &compares, Match::Exact),
        Err(Error::InexactMultiplexed)
    );
    assert_eq!(
        filter.add_rule(
            ALLOW,
            number("socket"),
            &Comparisons::default(),
            Match::Exact
        ),
        Ok(())
    );
}

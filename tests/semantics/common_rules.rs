// SPDX-License-Identifier: LGPL-2.1-only
//! Unconditional rules that architectures have in common, and what comes between.

use super::*;

fn read(filter: &mut Filter, arch: Arch) -> Action {
    decide(filter, arch, "read", &[])
}

#[test]
fn an_architecture_that_comes_later_does_not_get_them() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    add(&mut filter, ALLOW, "read", &[]).expect("taken");
    filter.add_arch(Arch::X86).expect("the same byte order");
    add(&mut filter, ERRNO, "read", &[]).expect("taken");
    assert_eq!(read(&mut filter, Arch::X86_64), ALLOW);
    assert_eq!(read(&mut filter, Arch::X86), ERRNO);
}

#[test]
fn an_architecture_that_goes_takes_none_from_the_others() {
    let mut filter = filter_for(&[Arch::X86_64, Arch::X86], KILL);
    add(&mut filter, ALLOW, "read", &[]).expect("taken");
    filter.remove_arch(Arch::X86).expect("present");
    filter.add_arch(Arch::X86).expect("the same byte order");
    assert_eq!(read(&mut filter, Arch::X86_64), ALLOW);
    assert_eq!(read(&mut filter, Arch::X86), KILL);
}

#[test]
fn merged_filters_keep_their_own() {
    let mut one = filter_for(&[Arch::X86_64], KILL);
    let mut other = filter_for(&[Arch::X86], KILL);
    add(&mut one, ALLOW, "read", &[]).expect("taken");
    add(&mut other, ERRNO, "read", &[]).expect("taken");
    one.merge(&mut other).expect("alike");
    assert_eq!(read(&mut one, Arch::X86_64), ALLOW);
    assert_eq!(read(&mut one, Arch::X86), ERRNO);
}

#[test]
fn a_rejected_transaction_takes_them_back() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    add(&mut filter, ALLOW, "write", &[]).expect("taken");
    filter.start_transaction().expect("started");
    add(&mut filter, ALLOW, "read", &[]).expect("taken");
    filter.reject_transaction();
    assert_eq!(read(&mut filter, Arch::X86_64), KILL);
    assert_eq!(decide(&mut filter, Arch::X86_64, "write", &[]), ALLOW);
    filter.start_transaction().expect("started");
    add(&mut filter, ALLOW, "read", &[]).expect("taken");
    filter.commit_transaction();
    assert_eq!(read(&mut filter, Arch::X86_64), ALLOW);
}

#[test]
fn they_stand_before_what_comes_after_them() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    add(&mut filter, ALLOW, "ioctl", &[]).expect("taken");
    add(&mut filter, ERRNO, "ioctl", &[eq(0, 1)]).expect("taken, and redundant");
    assert_eq!(ioctl_decides(&mut filter, &[1]), ALLOW);
    let mut filter = ioctl(KILL, &[(ERRNO, &[eq(0, 1)])]);
    add(&mut filter, ALLOW, "ioctl", &[]).expect("taken");
    assert_eq!(ioctl_decides(&mut filter, &[1]), ALLOW);
}

#[test]
fn thousands_of_the_same_are_one() {
    let mut filter = filter_for(&[Arch::X86_64], KILL);
    for _ in 0..5_000 {
        add(&mut filter, ALLOW, "read", &[]).expect("taken");
    }
    add(&mut filter, ERRNO, "read", &[]).expect("taken, and redundant");
    assert_eq!(read(&mut filter, Arch::X86_64), ALLOW);
    assert_eq!(
        program(&mut filter, Optimization::Priority)
            .instructions()
            .len(),
        9
    );
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Changes that can be taken back.

use super::*;

#[test]
fn reject_goes_back_and_commit_does_not() {
    let mut filter = ioctl(KILL, &[(ALLOW, &[eq(0, 1)])]);
    let before = picture(&mut filter);
    filter.start_transaction().expect("started");
    add(&mut filter, ERRNO, "ioctl", &[eq(0, 2)]).expect("taken");
    add(&mut filter, ERRNO, "read", &[]).expect("taken");
    filter.add_arch(Arch::Aarch64).expect("the same byte order");
    assert_eq!(ioctl_decides(&mut filter, &[2]), ERRNO);
    filter.reject_transaction();
    filter.attributes_mut().optimization = Optimization::Priority;
    assert_eq!(picture(&mut filter), before);
    assert!(!filter.has_arch(Arch::Aarch64));

    filter.start_transaction().expect("started");
    add(&mut filter, ERRNO, "ioctl", &[eq(0, 2)]).expect("taken");
    let inside = picture(&mut filter);
    filter.commit_transaction();
    assert_eq!(picture(&mut filter), inside);
    // Nothing is open any more.
    filter.reject_transaction();
    assert_eq!(picture(&mut filter), inside);
    assert_eq!(ioctl_decides(&mut filter, &[2]), ERRNO);
}

#[test]
fn transactions_nest() {
    let mut filter = ioctl(KILL, &[]);
    let empty = picture(&mut filter);
    filter.start_transaction().expect("started");
    add(&mut filter, ALLOW, "ioctl", &[eq(0, 1)]).expect("taken");
    let one = picture(&mut filter);
    filter.start_transaction().expect("started");
    add(&mut filter, ALLOW, "ioctl", &[]).expect("taken");
    assert_ne!(picture(&mut filter), one);
    filter.reject_transaction();
    assert_eq!(picture(&mut filter), one);
    filter.start_transaction().expect("started");
    add(&mut filter, ALLOW, "ioctl", &[]).expect("taken");
    filter.commit_transaction();
    assert_eq!(ioctl_decides(&mut filter, &[2]), ALLOW);
    filter.reject_transaction();
    assert_eq!(picture(&mut filter), empty);
}

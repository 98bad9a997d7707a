// SPDX-License-Identifier: LGPL-2.1-only
//! The declared functions are the library's: structures, enumerations and variadic arguments
//! arrive.

use scmp_sys::*;
use std::ptr;

const DEFAULT: u32 = SCMP_ACT_ALLOW;
const REFUSE: u32 = SCMP_ACT_ERRNO(1);
/// The same number on every architecture.
const EINVAL: i32 = 22;

fn comparison(arg: u32, op: scmp_compare, datum_a: u64, datum_b: u64) -> scmp_arg_cmp {
    scmp_arg_cmp {
        arg,
        op,
        datum_a,
        datum_b,
    }
}

/// The program of a filter with one rule, which `add` adds.
fn program(add: impl FnOnce(scmp_filter_ctx) -> i32) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    let mut length = bytes.len();
    // SAFETY: the filter is released once, and `length` is the buffer's size.
    unsafe {
        let filter = seccomp_init(DEFAULT);
        assert!(!filter.is_null());
        assert_eq!(add(filter), 0);
        assert_eq!(
            seccomp_export_bpf_mem(filter, bytes.as_mut_ptr().cast(), &mut length),
            0
        );
        seccomp_release(filter);
    }
    bytes.truncate(length);
    bytes
}

#[test]
fn variadic_rules_are_those_of_an_array() {
    // Arm has no mmap.
    // SAFETY: the name ends with a zero.
    let call = unsafe { seccomp_syscall_resolve_name(c"ioctl".as_ptr()) };
    let all = [
        comparison(0, scmp_compare::SCMP_CMP_NE, 0x1_0000_0002, 0),
        comparison(1, scmp_compare::SCMP_CMP_LT, 3, 0),
        comparison(2, scmp_compare::SCMP_CMP_MASKED_EQ, 0xf0, 0x40),
        comparison(3, scmp_compare::SCMP_CMP_GE, 5, 0),
        comparison(4, scmp_compare::SCMP_CMP_GT, 6, 0),
        comparison(5, scmp_compare::SCMP_CMP_EQ, 7, 0),
    ];
    let [a, b, c, d, e, f] = all;
    let array = program(|it| {
        // SAFETY: there are as many comparisons as the count says.
        unsafe { seccomp_rule_add_array(it, REFUSE, call, 6, all.as_ptr()) }
    });
    let listed = program(|it| {
        // SAFETY: as above.
        unsafe { seccomp_rule_add(it, REFUSE, call, 6, a, b, c, d, e, f) }
    });
    let exact = program(|it| {
        // SAFETY: as above.
        unsafe { seccomp_rule_add_exact(it, REFUSE, call, 6, a, b, c, d, e, f) }
    });
    assert_eq!(listed, array);
    assert_eq!(exact, array);

    let none = program(|it| {
        // SAFETY: as above.
        unsafe { seccomp_rule_add_array(it, REFUSE, call, 0, ptr::null()) }
    });
    let none_listed = program(|it| {
        // SAFETY: as above.
        unsafe { seccomp_rule_add(it, REFUSE, call, 0) }
    });
    assert_eq!(none_listed, none);
    assert_ne!(none, array);

    let unchanged = program(|it| {
        // SAFETY: more than 6 are refused before any is read.
        assert_eq!(unsafe { seccomp_rule_add(it, REFUSE, call, 7) }, -EINVAL);
        0
    });
    assert_eq!(unchanged, program(|_| 0));
}

#[test]
fn attributes_and_the_version_arrive() {
    // SAFETY: the version is static; the filter is released once, `value` outlives the call.
    unsafe {
        let version = scmp_version {
            major: 2,
            minor: 6,
            micro: 1,
        };
        assert_eq!(*seccomp_version(), version);
        let filter = seccomp_init(DEFAULT);
        let attribute = scmp_filter_attr::SCMP_FLTATR_CTL_OPTIMIZE;
        let mut value = 0;
        assert_eq!(seccomp_attr_set(filter, attribute, 2), 0);
        assert_eq!(seccomp_attr_get(filter, attribute, &mut value), 0);
        assert_eq!(value, 2);
        assert_eq!(
            seccomp_attr_get(filter, scmp_filter_attr::_SCMP_FLTATR_MAX, &mut value),
            -EINVAL
        );
        seccomp_release(filter);
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The pseudo numbers that libseccomp has published are those of the table, of every
//! look-up, and of our header: compiled programs contain them.

use scmp::Arch;
use scmp::syscalls;
use std::collections::BTreeMap;

const PUBLISHED: &str = include_str!("../data/pseudo-numbers-2.6.1.csv");
const HEADER: &str = include_str!("../include/seccomp-syscalls.h");

/// libseccomp publishes a number for this name, but none of its tables has the name.
const NO_SYSCALL: &str = "oldwait4";

/// Two names have the same published number: a search by the number finds the second.
const SAME_NUMBER: [&str; 2] = ["switch_endian", "sys_debug_setcontext"];

fn published() -> BTreeMap<&'static str, i32> {
    let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
    let cells = lines.skip(1).map(|line| line.split_once(',').unwrap());
    cells.map(|(name, n)| (name, n.parse().unwrap())).collect()
}

/// Where constants differ from the published ones, or are more than these without lying below
/// all of them: numbers between may yet be published for other names.
fn differences(ours: &BTreeMap<&str, i32>) -> Vec<String> {
    let published = published();
    let lowest = published.values().min().copied();
    let wrong = published
        .iter()
        .filter(|(name, n)| ours.get(*name) != Some(n));
    let wrong = wrong.map(|(name, n)| format!("{name}: {n}, ours {:?}", ours.get(name)));
    let more = ours
        .iter()
        .filter(|(name, n)| !published.contains_key(*name) && Some(**n) >= lowest);
    let more = more.map(|(name, n)| format!("{name}: {n}, not published"));
    wrong.chain(more).collect()
}

#[test]
fn file_has_every_published_number() {
    assert_eq!(published().len(), 251);
}

/// So has the table, from which the header is generated (tests/syscalls_header.rs).
#[test]
fn header_has_the_published_numbers() {
    let defined = HEADER
        .lines()
        .filter_map(|line| line.strip_prefix("#define __PNR_")?.split_once(' '));
    let defined = defined.map(|(name, n)| (name, n.parse().unwrap()));
    assert_eq!(differences(&defined.collect()), [""; 0]);
}

#[test]
fn every_architecture_resolves_to_the_published_numbers() {
    for (name, number) in published() {
        let expected = match name {
            NO_SYSCALL => None,
            _ if name == SAME_NUMBER[0] => Some(SAME_NUMBER[1]),
            _ => Some(name),
        };
        let found = syscalls::row_by_pseudo(number).map(syscalls::name);
        assert_eq!(found, expected, "{number}");
        for arch in Arch::all() {
            let resolved = arch.syscall_number(name.as_bytes());
            assert_eq!(resolved.is_none(), name == NO_SYSCALL, "{name}");
            // Where the architecture has the call, that is another number.
            if resolved.is_some_and(|resolved| resolved < 0) {
                assert_eq!(resolved, Some(number), "{name} on {arch:?}");
                assert_eq!(arch.syscall_name(number), expected, "{number} on {arch:?}");
            }
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Of which architectures `scmp` tells something, run as a user runs it.

use crate::run::{scmp, stdout};

// It had no x86_64, whose calls the filter decides too.
#[test]
fn a_filter_for_x32_decides_on_x86_64() {
    let profile = "arch x32\ndefault errno 1\nforeign errno 2\nallow read";
    let shown = scmp(["show", "-"]).stdin(profile).assert().success();
    let shown = stdout(&shown);
    let of_x86_64 = "\nx86_64\n  errno 2 (ENOENT): ";
    assert!(shown.contains(of_x86_64), "{shown}");
    assert!(
        shown.contains("\nx32\n  allow: 1 call\n    read\n"),
        "{shown}"
    );
}

// `--arch x86_64` left out what happens to x86.
#[test]
fn other_architectures_are_those_that_are_not_shown() {
    let program = "
        { 0x20, 0, 0, 4 }, { 0x15, 4, 0, 0xc000003e }, { 0x15, 1, 0, 0x40000003 },
        { 0x15, 3, 3, 0xc00000b7 }, { 0x20, 0, 0, 0 }, { 0x15, 1, 0, 3 },
        { 6, 0, 0, 0x50001 }, { 6, 0, 0, 0x7fff0000 }";
    let shown = scmp(["show", "-", "--arch", "x86_64"]).stdin(program);
    let shown = stdout(&shown.assert().success());
    let (_, others) = shown.split_once("\nother architectures\n").expect("them");
    let expected = "  x86: by the call (--arch x86 shows it)\n";
    assert!(others.contains(expected), "{others}");
    // The lint had not seen it either.
    let check = scmp(["check", "-", "--arch", "x86_64", "--format", "json"]);
    let findings = stdout(&check.stdin(program).assert().code(1));
    assert!(findings.contains("open-by-foreign"), "{findings}");
}

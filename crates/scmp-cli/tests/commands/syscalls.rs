// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp syscalls`, run as a user runs it.

use snapbox::cmd::OutputAssert;
use snapbox::str;

use crate::run::{json, scmp, stdout};

fn syscalls(arguments: &[&str]) -> OutputAssert {
    scmp(["syscalls"]).args(arguments).assert()
}

#[test]
fn a_call_is_described() {
    let described = syscalls(&["socket", "--arch", "x86_64,x86,x32"]).success();
    let text = stdout(&described);
    for line in [
        "socket(int domain, int type, int protocol)",
        "  x86_64       41",
        "  x86          359 (Linux 4.3), socketcall(1)",
        "  x32          0x40000029 (Linux 3.4)",
        "  groups: network",
    ] {
        assert!(text.lines().any(|each| each == line), "{line}: {text}");
    }
    let by_number = syscalls(&["41", "--arch", "x86_64", "--format", "json"]).success();
    let json = json(&by_number);
    assert_eq!(json["calls"][0]["name"], "socket");
    assert_eq!(json["calls"][0]["arguments"][0]["bits"], 32);
    assert_eq!(json["calls"][0]["numbers"][0]["first_kernel"], "2.6");
    syscalls(&["sockett"]).code(2).stderr_eq(str![[r#"
scmp: sockett: neither a system call's name nor its number

"#]]);
}

#[test]
fn all_calls_are_listed() {
    let listed = syscalls(&["--arch", "aarch64"]).success();
    let text = stdout(&listed);
    assert!(text.lines().any(|line| line == "openat 56"));
    assert!(!text.lines().any(|line| line.starts_with("open ")));
}

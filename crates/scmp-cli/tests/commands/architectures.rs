// SPDX-License-Identifier: LGPL-2.1-only
//! Of which architectures `scmp` tells something, run as a user runs it.

use snapbox::str;

use crate::run::{file, scmp, stderr, stdout};

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
    let expected = "  x86: not the same for all calls (add x86 to --arch to see its calls)\n";
    assert!(others.contains(expected), "{others}");
    // The lint had not seen it either.
    let check = scmp(["check", "-", "--arch", "x86_64", "--format", "json"]);
    let findings = stdout(&check.stdin(program).assert().code(1));
    assert!(findings.contains("open-by-foreign"), "{findings}");
}

/// Regression: which architectures there are was not said.
#[test]
fn an_unknown_architecture_is_told_which_there_are() {
    for arguments in [
        &["show", "-", "--arch", "amd64"][..],
        &["syscalls", "--arch", "amd64"],
        &["diff", "-", "--across", "x86_64,amd64"],
    ] {
        let said = stderr(&scmp(arguments).stdin("default allow").assert().code(2));
        let expected = "not an architecture: expected one of x86 x86_64 x32 arm aarch64 ";
        assert!(said.contains(expected), "{said}");
    }
}

// All but `show` used x86_64's names: EDESTADDRREQ.
#[test]
fn errnos_have_the_names_of_the_architecture() {
    let profile = "arch mips\ndefault allow\nerrno 89 clone3 read(a0 == 1)";
    let one = file("one.profile", profile);
    let other = file("other.profile", "arch mips\ndefault allow");
    let twice = file("twice.profile", format!("{profile}\nerrno 89 clone3"));
    let assertion = file("assertions", "allow clone3");
    let record = "type=SECCOMP arch=8 syscall=4435 code=0x50059";
    let answers = [
        scmp(["show"]).arg(&one).arg("clone3"),
        scmp(["show"]).arg(&one).args(["read", "--svg"]),
        scmp(["sim"]).arg(&one).arg("clone3"),
        scmp(["why"]).arg(&one).arg("clone3"),
        scmp(["why", "--audit"]).arg(&other).stdin(record),
        scmp(["diff"]).args([&one, &other]),
        scmp(["diff", "--exact-input"]).args([&one, &other]),
        scmp(["test"]).args([&one, &assertion]),
        scmp(["check"]).arg(&twice),
    ];
    for answer in answers {
        let text = stdout(&answer.assert());
        let named = text.matches("errno 89 (ENOSYS)").count();
        assert!(named > 0, "{text}");
        assert_eq!(named, text.matches("errno 89").count(), "{text}");
    }
    let x86_64 = "arch x86_64\ndefault allow\nerrno 38 clone3";
    let across = scmp(["diff"]).args([&one, &file("x86_64.profile", x86_64)]);
    let across = across.args(["--across", "mips,x86_64"]).assert().code(1);
    across.stdout_eq(str![[r#"
mips clone3: errno 89 (ENOSYS) → errno 38 (ENOSYS)
mips read: errno 89 (ENOSYS) → allow when fd == 1
    as in read(1)

"#]]);
}

// Each machine's filter was run, shown and measured for the other machine's calls, too: kill.
#[test]
fn a_machines_filter_is_asked_for_its_own_calls() {
    let policy = file("read.policy", "read: 1\n");
    let options = ["--from", "minijail", "--arch", "x86_64,aarch64"];
    let on = |command| scmp([command]).arg(&policy).args(options);
    on("sim")
        .arg("read(0)")
        .assert()
        .success()
        .stdout_eq(str![[r#"
x86_64 x86_64: allow
  program 0: allow by instructions 0-4
aarch64 aarch64: allow
  program 0: allow by instructions 0-4

"#]]);
    for command in ["show", "cost"] {
        let shown = stdout(&on(command).assert().success());
        for arch in ["\nx86_64\n", "\naarch64\n"] {
            assert_eq!(shown.matches(arch).count(), 1, "{shown}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff`, run as a user runs it.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

fn diff() -> Command {
    Command::new(snapbox::cmd::cargo_bin!("scmp"))
        .env("NO_COLOR", "1")
        .arg("diff")
}

/// A file of one test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

#[test]
fn changes_are_listed() {
    let old = file("old.profile", "default errno 1\nallow read socket");
    let new = "default errno 1\nallow read socket(a0 != 38) write\nerrno 38 clone3";
    let new = file("new.profile", new);
    let compared = diff().args([&old, &new]).assert().code(1);
    compared.stdout_eq(str![[r#"
x86_64 clone3: errno 1 (EPERM) → errno 38 (ENOSYS)
x86_64 socket: allow → errno 1 (EPERM) when domain == AF_ALG
    as in socket(AF_ALG)
x86_64 write: errno 1 (EPERM) → allow

"#]]);
    let looser = diff().args([&old, &new]).args(["--only", "looser"]);
    looser.assert().code(1).stdout_eq(str![[r#"
x86_64 write: errno 1 (EPERM) → allow

"#]]);
    diff()
        .args([&old, &old])
        .assert()
        .code(0)
        .stdout_eq("no difference\n");
}

#[test]
fn all_numbers_and_architectures_count() {
    let old = file("numbers-1.profile", "default errno 1\nforeign errno 2");
    let new = file(
        "numbers-2.profile",
        "default errno 3\nforeign kill-process\nerrno 1 read",
    );
    let output = diff()
        .args([&old, &new])
        .assert()
        .code(1)
        .get_output()
        .stdout
        .clone();
    let text = String::from_utf8(output).expect("text");
    assert!(!text.contains("x86_64 read:"));
    for line in [
        "x86_64 numbers 472 to 0x3fffffff: errno 1 (EPERM) → errno 3 (ESRCH)",
        "x86_64 number 0xffffffff: errno 1 (EPERM) → errno 3 (ESRCH)",
        "x32 read: errno 2 (ENOENT) → kill-process",
        "other architectures: errno 2 (ENOENT) → kill-process",
    ] {
        assert!(text.lines().any(|each| each == line), "{line}: {text}");
    }
}

#[test]
fn architectures_are_compared_by_name() {
    let both = "arch x86_64 aarch64\ndefault errno 1\nallow open read";
    let both = file("across.profile", both);
    let across = diff().arg(&both).args(["--across", "x86_64,aarch64"]);
    across.assert().code(0).stdout_eq("no difference\n");
    let other = file(
        "across-2.profile",
        "arch aarch64\ndefault errno 1\nallow write",
    );
    let across = diff()
        .args([&both, &other])
        .args(["--across", "x86_64,aarch64"]);
    across.assert().code(1).stdout_eq(str![[r#"
x86_64 read: allow → errno 1 (EPERM)
x86_64 write: errno 1 (EPERM) → allow

"#]]);
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Inputs that are not what they should be: each gets an answer or an error with its place,
//! in bounded memory and time.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

fn scmp() -> Command {
    Command::new(snapbox::cmd::cargo_bin!("scmp")).env("NO_COLOR", "1")
}

/// A file of one test's own.
fn file(name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("inputs");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, contents).expect("a file");
    path
}

#[test]
fn empty_inputs_are_named() {
    for contents in ["", " \n\t\n"] {
        for from in [&[][..], &["--from", "raw"], &["--from", "minijail"]] {
            let shown = scmp().args(["show", "-"]).args(from).stdin(contents);
            shown.assert().code(2).stderr_eq(str![[r#"
scmp: standard input: the input is empty: expected a filter

"#]]);
        }
    }
}

#[test]
fn standard_input_is_read_once() {
    let filter = "default errno 1\nallow read";
    let path = file("once.profile", filter);
    let commands: [&[&str]; 3] = [
        &["diff", "-", "-"],
        &["test", "-", "-"],
        &["why", "-", "--audit"],
    ];
    for arguments in commands {
        scmp()
            .args(arguments)
            .stdin(filter)
            .assert()
            .code(2)
            .stderr_eq(str![[r#"
scmp: standard input: two inputs are read from it: expected `-` once

"#]]);
    }
    scmp()
        .arg("diff")
        .arg("-")
        .arg(path)
        .stdin(filter)
        .assert()
        .code(0);
}

#[test]
fn policies_of_kafel_are_no_policies_of_minijail() {
    let policy =
        "// A sandbox.\nPOLICY a {\n  ALLOW { read, write { fd == 1 } }\n}\nUSE a DEFAULT KILL\n";
    let path = file("kafel.policy", policy);
    scmp()
        .arg("show")
        .arg(path)
        .assert()
        .code(2)
        .stderr_eq(str![[r#"
scmp: [..]kafel.policy: a policy of kafel, which scmp does not read

"#]]);
}

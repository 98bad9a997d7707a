// SPDX-License-Identifier: LGPL-2.1-only
//! Policies of minijail that consist of several files, and an empty one.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

use crate::run::{self, file, scmp, stderr};

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> PathBuf {
    for (name, contents) in files {
        file(name, contents);
    }
    run::folder()
}

fn show(folder: &PathBuf, arguments: &[&str]) -> Command {
    let command = scmp(["show"]).args(arguments).args(["--arch", "x86_64"]);
    command.current_dir(folder)
}

#[test]
fn files_include_others() {
    let folder = folder(
        &[
            (
                "main.policy",
                b"# Two files.\n@include ./parts/one.policy\n@include /usr/share/policy/none/two.policy\n",
            ),
            ("parts/one.policy", b"@include ./three.policy\nread: 1\n"),
            ("parts/three.policy", b"close: arg0 > 2\n"),
            ("two.policy", b"@frequency ./two.frequency\n{write, kill}: return EACCES\n"),
        ],
    );
    show(&folder, &["main.policy", "read", "write", "close"])
        .assert()
        .success()
        .stdout_eq(str![[r#"
note: main.policy:3:10: /usr/share/policy/none/two.policy is not on this machine: two.policy is read
note: two.policy:1:12: ./two.frequency says how often calls are made, which only orders a program's tests: it is not read
note: main.policy: the policy has no @default: blocked calls get kill-thread (--kill), if minijail's own options don't say otherwise
note: parts/one.policy:1:1: read as compile_seccomp_policy.py reads it: libminijail refuses @include in a file that is included

main.policy on x86_64: 18 instructions

x86_64
  allow: 1 call
    read
  errno 13 (EACCES): 1 call
    write
  by arguments: 1
    close
      kill-thread if fd <= 2
      allow otherwise

other architectures
  kill-thread

"#]]);
}

#[test]
fn mistakes_name_the_file() {
    let deep: Vec<(String, Vec<u8>)> = (0..12)
        .map(|level| {
            let text = format!("@include ./{}.policy\n", level + 1);
            (format!("{level}.policy"), text.into_bytes())
        })
        .collect();
    let mut files: Vec<(&str, &[u8])> = deep
        .iter()
        .map(|(name, text)| (&name[..], &text[..]))
        .collect();
    files.extend::<[(&str, &[u8]); 6]>([
        ("a.policy", b"read: 1\n\n  @include ./sub/b.policy\n"),
        ("sub/b.policy", b"\nread: 1\nwrite: arg0 == \\\n  NOPE\n"),
        ("circle.policy", b"@include ./sub/../circle.policy"),
        ("missing.policy", b"@include /no/such/file.policy"),
        ("bytes.policy", b"@include ./sub/bytes.policy"),
        ("sub/bytes.policy", b"read: 1 # \xff"),
    ]);
    let folder = folder(&files);
    let mistakes = [
        (
            "a.policy",
            "sub/b.policy:4:3: NOPE: expected a number or a constant's name",
        ),
        (
            "circle.policy",
            "circle.policy:1:10: ./sub/../circle.policy: includes itself",
        ),
        (
            "missing.policy",
            "missing.policy:1:10: /no/such/file.policy: No such file or directory (os error 2)",
        ),
        (
            "bytes.policy",
            "bytes.policy:1:10: ./sub/bytes.policy: not UTF-8",
        ),
        (
            "0.policy",
            "9.policy:1:10: ./10.policy: included more than 10 levels deep",
        ),
    ];
    for (file, why) in mistakes {
        let shown = show(&folder, &[file]).assert().code(2);
        shown.stderr_eq(format!("scmp: {why}\n"));
    }
}

#[test]
fn what_would_take_too_long_is_refused() {
    // A file that includes itself eight times over, by way of others.
    let many = "@include ./next/f.policy\n".repeat(8);
    let mut names: Vec<String> = Vec::new();
    for level in 0..8 {
        names.push(format!("{}f.policy", "next/".repeat(level)));
    }
    let mut files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (&name[..], many.as_bytes()))
        .collect();
    let last = format!("{}f.policy", "next/".repeat(8));
    files.push((&last, b"read: 1\n"));
    let folder = folder(&files);
    let shown = show(&folder, &["f.policy"]).assert().code(2);
    let why = stderr(&shown);
    assert!(why.contains("more than 16 MiB are included"), "{why}");
}

#[test]
fn an_empty_policy_allows_nothing() {
    let folder = folder(&[("empty.policy", b"# Nothing is allowed.\n")]);
    let shown = show(&folder, &["empty.policy", "--kill", "process"])
        .assert()
        .success();
    shown.stdout_eq(str![[r#"
note: empty.policy: the policy has no @default: blocked calls get kill-process (--kill), if minijail's own options don't say otherwise

empty.policy on x86_64: 4 instructions

x86_64
  every call: kill-process
  allowed by newer kernels without running the filter: uprobe (from Linux 6.18 on), uretprobe (from Linux 6.14 on)

other architectures
  kill-thread

"#]]);
}

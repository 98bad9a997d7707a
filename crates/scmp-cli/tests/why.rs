// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp why`, run as a user runs it.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

fn why() -> Command {
    Command::new(snapbox::cmd::cargo_bin!("scmp"))
        .env("NO_COLOR", "1")
        .arg("why")
}

/// A profile of one test's own.
fn profile(name: &str) -> PathBuf {
    let text = "\
arch x86_64
default errno 1
allow read
allow socket(a0 == 1..2)
errno 97 socket(a0 == 38)
";
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

#[test]
fn the_rule_that_decides_is_named() {
    let path = profile("why-1.profile");
    let name = path.display().to_string();
    let text = |output: &[u8]| String::from_utf8_lossy(output).replace(&name, "P");
    let asked = |call: &str, code| {
        let assert = why().arg(&path).arg(call).assert().code(code);
        text(&assert.get_output().stdout)
    };
    snapbox::assert_data_eq!(
        asked("socket(38)", 1),
        str![[r#"
x86_64 socket (number 41)
  errno 97 (EAFNOSUPPORT)
    by P:5: errno 97 (EAFNOSUPPORT) socket if a0 == 38
    socket(AF_ALG): instructions 0-3, 5-10, 15
    to allow it: except these arguments from socket at P:5, and add `allow socket(a0 == 0x26)`

"#]]
    );
    snapbox::assert_data_eq!(
        asked("write", 1),
        str![[r#"
x86_64 write (number 1)
  errno 1 (EPERM)
    by the default action
    write(): instructions [..]
    to allow it: add `allow write`

"#]]
    );
    let socket = asked("socket", 1);
    assert!(
        socket.contains(
            "  allow if domain in {AF_UNIX, AF_INET}\n    by P:4: allow socket if a0 == 1"
        )
    );
    assert!(socket.contains("  errno 97 (EAFNOSUPPORT) if domain == AF_ALG\n    by P:5"));
    assert!(asked("socket(2)", 0).contains("by P:4: allow socket if a0 == 2"));
}

#[test]
fn audit_records_are_explained() {
    let path = profile("why-2.profile");
    let records = "\
kernel: audit: type=1326 audit(1:2): comm=\"a\" exe=\"/bin/a\" arch=c000003e syscall=1 code=0x50001
type=SECCOMP msg=audit(1:3): comm=\"b\" exe=\"/bin/b\" arch=c000003e syscall=1 code=0x50001
type=SECCOMP msg=audit(1:4): exe=\"/bin/a\" arch=40000003 syscall=3 code=0x80000000
type=AVC msg=audit(1:5): nothing of seccomp
";
    let assert = why()
        .arg(&path)
        .arg("--audit")
        .stdin(records)
        .assert()
        .code(1);
    assert.stdout_eq(str![[r#"
x86 read (number 3)
  recorded once: /bin/a
  recorded as kill-process, which this filter never returns for it
  kill-thread
    by the default action
    read(): instructions [..]
    to allow it: cover the architecture x86

x86_64 write (number 1)
  recorded 2 times: /bin/a, /bin/b
  errno 1 (EPERM)
    by the default action
    write(): instructions [..]
    to allow it: add `allow write`

"#]]);
    why().arg(&path).arg("--audit").stdin("").assert().code(2);
}

#[test]
fn what_was_left_out_is_said() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("why-3.profile");
    let text = "arch x86\ndefault errno 1\nallow socket(a0 == 1)\nerrno 97 socket(a0 == 2)";
    std::fs::write(&path, text).expect("a file");
    let assert = why().arg(&path).arg("socket(2)").assert().code(1);
    let output = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let note = "why-3.profile:4: socket is left out: a rule with the same comparisons";
    assert!(output.contains(note), "{output}");
}

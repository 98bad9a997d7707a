// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp why`, run as a user runs it.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

use crate::run::{file, scmp, stderr, stdout};

fn why() -> Command {
    scmp(["why"])
}

fn profile() -> PathBuf {
    let text = "\
arch x86_64
default errno 1
allow read
allow socket(a0 == 1..2)
errno 97 socket(a0 == 38)
";
    file("a.profile", text)
}

#[test]
fn the_rule_that_decides_is_named() {
    let path = profile();
    let name = path.display().to_string();
    let asked = |call: &str, code| {
        let asked = why().arg(&path).arg(call).assert().code(code);
        stdout(&asked).replace(&name, "P")
    };
    snapbox::assert_data_eq!(
        asked("socket(38)", 1),
        str![[r#"
x86_64 socket (number 41)
  errno 97 (EAFNOSUPPORT)
    by P:5: errno 97 (EAFNOSUPPORT) socket if a0 == 38 (0x26, AF_ALG)
    socket(38): instructions 0-3, 5-10, 15
    to allow it: replace socket at P:5 by `allow socket((int)a0 == 0x26)`

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
    let path = profile();
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
    by the action for architectures that are not covered
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
    let text = "arch x86\ndefault errno 1\nallow socket(a0 == 1)\nerrno 97 socket(a0 == 2)";
    let output = explained(text, &["socket(2)", "--from", "profile"], 1);
    let note = "standard input:4: socket is left out: on x86, it conflicts with the rule on \
                socket in line 3, which has the action allow";
    assert!(output.contains(note), "{output}");
    // Neither rule has or begins with what the other compares: they share a half's test.
    let text = "arch x86_64\ndefault errno 1\nlog read(a0 < 1, a1 == 1)\nallow read(a0 <= 1)";
    let output = explained(text, &["read(9)", "--from", "profile"], 1);
    let note =
        "4: read is left out: on x86_64, it conflicts with the rule on read in line 3, which";
    assert!(output.contains(note), "{output}");
    // Neither the rule nor the architecture was named, of a container's profile too.
    let entry = |action, args| {
        format!(r#"{{"names": ["socket"], "action": "SCMP_ACT_{action}", "args": [{args}]}}"#)
    };
    let one = r#"{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}"#;
    let two = r#"{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}"#;
    let (one, two) = (entry("ALLOW", one), entry("LOG", two));
    let container = format!(
        r#"{{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"],
            "syscalls": [{one},
            {two}]}}"#
    );
    let asked = why()
        .args(["-", "socket", "--arch", "x86_64"])
        .stdin(container);
    let said = stderr(&asked.assert().code(2));
    let why = "3:24: socket: runc refuses the rule: on x86, it conflicts with the rule on socket in line 2,";
    assert!(said.contains(why), "{said}");
}

/// The output for an input on standard input.
pub fn explained(input: &str, arguments: &[&str], code: i32) -> String {
    let asked = why().arg("-").args(arguments).stdin(input.to_string());
    stdout(&asked.assert().code(code))
}

#[test]
fn programs_have_instructions_for_rules() {
    let program = "{ 0x20, 0, 0, 0 }, { 0x15, 0, 1, 59 }, { 6, 0, 0, 0 }, { 6, 0, 0, 0x7fff0000 }";
    snapbox::assert_data_eq!(
        explained(program, &["execve", "--arch", "x86_64"], 1),
        str![[r#"
x86_64 execve (number 59)
  kill-thread
    by instruction 2: programs do not tell their rules
    execve(): instructions 0-2

"#]]
    );
}

#[test]
fn other_architectures_are_told_from_the_default() {
    let profile = "arch x86_64\ndefault errno 1\nallow read";
    let of = |call: &str, arch| explained(profile, &[call, "--from", "profile", "--arch", arch], 1);
    // --arch builds the profile for another architecture.
    assert!(of("write", "aarch64").contains("by the default action"));
    let records = "type=SECCOMP arch=c00000b7 syscall=64 code=0x0\n\
                   type=SECCOMP arch=c000003e syscall=1073741825 code=0x0\n";
    let path = file("why-4.profile", profile);
    let assert = why().arg(&path).arg("--audit").stdin(records).assert();
    let output = stdout(&assert.code(1));
    let by = "    by the action for architectures that are not covered\n";
    assert_eq!(output.matches(by).count(), 2, "{output}");
    let change = "to allow it: cover the architecture aarch64, and add `allow write`";
    assert!(output.contains(change), "{output}");
    // x32 shares the token of x86_64, and minijail's programs don't tell it apart.
    let policy = "@default kill-process\nread: 1";
    let x32 = "type=SECCOMP arch=c000003e syscall=1073741825 code=0x80000000\n";
    let path = file("why-4.policy", policy);
    let on = ["--audit", "--arch", "x86_64"];
    let assert = why().arg(&path).args(on).stdin(x32).assert();
    let output = stdout(&assert.code(1));
    assert!(output.contains("by the default action"), "{output}");
}

pub const CONTAINER: &str = r#"{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "syscalls": [
    {"names": ["read", "openat"], "action": "SCMP_ACT_ALLOW"}]}"#;

#[test]
fn what_runc_answers_is_told_from_the_default() {
    let of = |call: &str, runtime| {
        let options = [call, "--runtime", runtime, "--arch", "x86_64"];
        explained(CONTAINER, &options, 1)
    };
    let runc = "by runc, for calls above the highest number that the profile names";
    let default = "by the default action";
    assert!(of("clone3", "runc").contains(runc));
    assert!(of("clone3", "crun").contains(default));
    assert!(of("write", "runc").contains(default));
    let add = r#"to allow it: add `{"names": ["clone3"], "action": "SCMP_ACT_ALLOW"}`"#;
    assert!(of("clone3", "runc").contains(add));
}

/// Every question has an answer.
#[test]
fn a_call_of_no_machine_is_explained() {
    let path = file("why-5.json", CONTAINER);
    let records = "type=SECCOMP arch=40000003 syscall=3 code=0x0\n";
    let on = ["--audit", "--arch", "x86_64,aarch64"];
    let asked = why().arg(&path).args(on).stdin(records);
    let output = stdout(&asked.assert().code(1));
    for machine in ["by x86_64", "by aarch64"] {
        assert!(
            output.contains(&format!("x86 read (number 3) {machine}\n")),
            "{output}"
        );
    }
}

/// Regression: a mask of high bits only, which is 0 on a 32-bit architecture, matched nothing
/// there, and the default action was named.
#[test]
fn comparisons_are_cut_to_the_architectures_words() {
    let profile = "arch x86_64 x86\ndefault log\nerrno 1 keyctl(a0 & 0x100000000 == 0x100000000)";
    let options = |arch| ["keyctl", "--from", "profile", "--arch", arch];
    let output = explained(profile, &options("x86"), 1);
    assert!(output.contains("by standard input:3"), "{output}");
    let check = scmp(["check", "-", "--from", "profile"]).stdin(profile);
    let findings = stdout(&check.assert());
    assert!(!findings.contains("shadowed-rule"), "{findings}");
}

/// Regression: a number was in another notation than in the profile and the question.
#[test]
fn numbers_are_in_the_notations_of_profile_and_question() {
    let profile = "default allow\nerrno 1 setuid(a0 == 1000) ioctl(a1 & 0xff0 == 0x410)";
    for (call, lines) in [
        (
            "setuid(1000)",
            "setuid if a0 == 1000 (0x3e8)\n    setuid(1000): instructions",
        ),
        (
            "setuid(0x3e8)",
            "setuid if a0 == 1000 (0x3e8)\n    setuid(0x3e8): instructions",
        ),
        (
            "ioctl(_, TIOCSTI)",
            "ioctl if a1 & 0xff0 == 1040 (0x410)\n    ioctl(0, TIOCSTI): instructions",
        ),
        ("ioctl", "\n    ioctl(0, 0x410): instructions"),
        // A multiplexer has no domain: 1 is not AF_UNIX.
        (
            "socketcall(1)",
            "socket if a0 == 1 (SYS_SOCKET)\n    socketcall(1): instr",
        ),
    ] {
        let (text, arch) = match call.starts_with("socketcall") {
            true => ("default allow\n\nerrno 2 socket(a0 == 2)", "x86"),
            false => (profile, "x86_64"),
        };
        let options = [call, "--from", "profile", "--arch", arch];
        let output = explained(text, &options, 1);
        assert!(output.contains(lines), "{output}");
    }
}

#[test]
fn audit_records_that_are_not_understood_are_told() {
    let path = profile();
    let asked = |records: &str| {
        let asked = why().arg(&path).arg("--audit").stdin(records.to_string());
        asked.assert()
    };
    let known = "type=SECCOMP arch=c000003e syscall=1 code=0x50001\x1dARCH=x86_64 SYSCALL=write";
    let unknown = "type=SECCOMP arch=12345678 syscall=1 code=0x50001";
    let wanted = "arch=12345678: expected the hexadecimal AUDIT_ARCH_* value of a known architecture, or its name";
    let output = stdout(&asked(&format!("{known}\n{unknown}\nother\n")).code(1));
    let note = format!("note: standard input:2: {wanted}\n\nx86_64 write (number 1)\n");
    assert!(output.starts_with(&note), "{output}");
    assert!(!output.contains("recorded as"), "{output}");
    asked(unknown)
        .code(2)
        .stdout_eq("")
        .stderr_eq(format!("scmp: standard input:1: {wanted}\n"));
    let long = "type=SECCOMP arch=c000003e syscall=4294967297";
    asked(long).code(2).stderr_eq(str![[r#"
scmp: standard input:1: syscall=4294967297: expected a number of 32 bits, or a name of the architecture

"#]]);
    let interpreted = "type=SECCOMP arch=i386 syscall=read code=kill\n";
    let output = stdout(&asked(interpreted).code(1));
    assert!(output.starts_with("x86 read (number 3)"), "{output}");
    assert!(!output.contains("recorded as"), "{output}");
    asked("type=SECCOMP arch=c000003e syscall=0\n")
        .code(0)
        .stdout_eq(str![[r#"
x86_64 read (number 0)
  recorded once
  allow
    by [..]a.profile:3: allow read
    read(): instructions [..]

"#]]);
    // A line without an end costs no memory.
    let mut long = "x".repeat(1 << 20);
    long += &format!("type=SECCOMP \n{known}\n");
    asked(&long).code(1);
    asked("\u{fffd}\n").code(2);
}

#[test]
fn newer_kernels_do_not_filter_probes() {
    let profile = "arch x86_64\ndefault errno 1";
    let of = |call| explained(profile, &[call], 1);
    let line = "  Linux 6.14 and later allow uretprobe without running the filter\n";
    assert!(of("uretprobe").ends_with(line));
    assert!(of("335").ends_with(line));
    assert!(of("uprobe").contains("Linux 6.18"));
    assert!(!of("write").contains("Linux"));
}

#[test]
fn calls_that_the_kernel_lacks_are_told_from_the_default() {
    let text = "\
default errno 1
kernel 5.2
unknown errno 38
allow socket(a1 in {1, 3..=5} && (int)a0 != 16)
";
    let path = file("kernel.profile", text);
    for (call, by) in [
        (
            "clone3",
            "by the action for calls that the text's kernel does not have",
        ),
        (
            "600",
            "by the action for calls that the text's kernel does not have",
        ),
        ("clone", "by the default action"),
        ("socket(16, 1)", "by the default action"),
        (
            "socket(0x100000001, 4)",
            ":4: allow socket if (int)a0 != 16 (0x10, AF_NETLINK) && a1 == 1 (SOCK_STREAM) || \
             (int)a0 != 16 (0x10, AF_NETLINK) && a1 >= 3 && a1 <= 5",
        ),
    ] {
        let told = stdout(&why().arg(&path).arg(call).assert());
        assert!(told.contains(by), "{call}: {told}");
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The changes of a text that `scmp why` proposes.

use crate::why::{CONTAINER, explained};

/// The change that is proposed for a call, with P for the input.
fn told(text: &str, options: &[&str], call: &str) -> Option<String> {
    let output = explained(text, &[&[call], options].concat(), 1);
    let (_, told) = output.split_once("to allow it: ")?;
    Some(told.lines().next()?.replace("standard input", "P"))
}

/// Asserts that a change is proposed, and that it allows the call.
fn assert_change(options: &[&str], text: &str, call: &str, change: &str, changed: &str) {
    assert_eq!(told(text, options, call).as_deref(), Some(change));
    for added in change.split('`').skip(1).step_by(2) {
        assert!(changed.contains(added), "{change}");
    }
    let output = explained(changed, &[&[call], options].concat(), 0);
    assert!(output.contains("\n  allow\n"), "{changed}\n{output}");
}

/// Regression: `scmp why` told to write a rule that the filter had refused, or would refuse.
#[test]
fn no_change_is_told_that_the_filter_does_not_take() {
    let head = "arch x86\ndefault errno 97\n";
    for (rules, call, entry) in [
        ("log semctl(a1 < 1)\nallow semctl", "semctl(1, 1)", None),
        (
            "errno 2 semctl(a0 == 1, a1 == 2)",
            "read(1)",
            Some("allow read(a0 == 0x1)"),
        ),
        ("errno 2 read(a0 == 1, a1 == 2)", "read(1)", None),
        ("log read(a0 == 1, a1 == 2)", "read(1)", None),
        ("errno 2 semctl(a1 < 1)", "semctl", None),
        (
            "errno 2 read(a1 < 1)",
            "read(_, 1)",
            Some("allow read(a1 == 0x1)"),
        ),
    ] {
        let profile = format!("{head}{rules}");
        let told = told(&profile, &["--from", "profile"], call);
        let told = told.as_ref().and_then(|told| told.split('`').nth(1));
        assert_eq!(told, entry);
        if let Some(entry) = entry {
            let changed = format!("{profile}\n{entry}");
            explained(&changed, &[call, "--from", "profile"], 0);
        }
    }
}

/// Each change, made to the profile, lets the call through.
#[test]
fn changes_allow_the_call() {
    let head = "arch x86_64\n";
    for (rules, call, change, changed) in [
        (
            "default errno 1\nallow read",
            "write",
            "add `allow write`",
            "default errno 1\nallow read\nallow write",
        ),
        (
            "default allow\nerrno 1 ptrace",
            "ptrace",
            "remove ptrace at P:3",
            "default allow",
        ),
        (
            "default allow\nerrno 1 ioctl(a1 & 0xffffffff == 0x5412)",
            "ioctl(_, TIOCSTI)",
            "remove ioctl at P:3",
            "default allow",
        ),
        (
            "default allow\nerrno 1 ioctl(a1 == 5..6)",
            "ioctl(_, 5)",
            "remove ioctl if a1 == 5 at P:3",
            "default allow\nerrno 1 ioctl(a1 == 6)",
        ),
        (
            "default allow\nerrno 1 ioctl",
            "ioctl(_, TIOCSTI)",
            "add the condition `(int)a1 != 21522` to ioctl at P:3; or remove it",
            "default allow\nerrno 1 ioctl((int)a1 != 21522)",
        ),
        (
            "default allow\nerrno 1 read(a0 == 1)\nerrno 2 read(a1 == 2)",
            "read(1, 2)",
            "add the condition `a1 != 2` to read at P:3; add the condition `(int)a0 != 1` to read \
             at P:4; or remove them",
            "default allow\nerrno 1 read(a0 == 1, a1 != 2)\nerrno 2 read(a1 == 2, (int)a0 != 1)",
        ),
        (
            "default allow\nerrno 1 read(a2 > 5)",
            "read(1, 2, 6)",
            "write read at P:3 once with each of these conditions added: `(int)a0 != 1`, `a1 != 2`, \
             `a2 != 6`; or remove it",
            "default allow\nerrno 1 read(a2 > 5 && (int)a0 != 1) read(a2 > 5 && a1 != 2)\n\
             errno 1 read(a2 > 5 && a2 != 6)",
        ),
        (
            "default allow\nerrno 1 read(a0 > 5)\nerrno 2 read(a0 == 7)",
            "read(7)",
            "add the condition `(int)a0 != 7` to read at P:3; remove read at P:4; or remove them",
            "default allow\nerrno 1 read(a0 > 5 && (int)a0 != 7)",
        ),
        (
            "default errno 1\nfirst-match\nallow socket(a0 == 38)\nerrno 97 socket",
            "socket(2)",
            "add the condition `(int)a0 != 2` to socket at P:5; and add `allow socket((int)a0 == 0x2)`",
            "default errno 1\nfirst-match\nallow socket(a0 == 38)\nerrno 97 socket((int)a0 != 2)\n\
             allow socket((int)a0 == 0x2)",
        ),
        (
            "default errno 1\nerrno 97 socket",
            "socket",
            "replace socket at P:3 by `allow socket`",
            "default errno 1\nallow socket",
        ),
        (
            "default errno 1\nerrno 97 socket",
            "socket(AF_ALG)",
            "add the condition `(int)a0 != 38` to socket at P:3; and add `allow socket((int)a0 == 0x26)`",
            "default errno 1\nerrno 97 socket((int)a0 != 38)\nallow socket((int)a0 == 0x26)",
        ),
        (
            "default errno 1\nallow openat(a0 == 3)",
            "openat(AT_FDCWD, 0x7fffffffffff, _, 0644)",
            "add `allow openat((int)a0 == 0xffffff9c, a1 == 0x7fffffffffff, a3 & 0xffff == 0x1a4)`",
            "default errno 1\nallow openat((int)a0 == 0xffffff9c, a1 == 0x7fffffffffff, a3 & 0xffff == 0x1a4)",
        ),
    ] {
        let (text, changed) = (format!("{head}{rules}"), format!("{head}{changed}"));
        assert_change(&["--from", "profile"], &text, call, change, &changed);
    }
}

#[test]
fn changes_are_in_the_formats_language() {
    let of = |text: &str, call: &str, options: &[&str]| {
        told(text, &[&["--arch", "x86_64"], options].concat(), call).unwrap_or_default()
    };
    let masked = r#"add `{"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": 4294967295, "valueTwo": 21522, "op": "SCMP_CMP_MASKED_EQ"}]}`"#;
    assert_eq!(of(CONTAINER, "ioctl(_, TIOCSTI)", &[]), masked);
    let threads = |matched: &str, mismatched: &str, rule: &str| {
        format!(
            r#"{{"api": {{"default_action": "{mismatched}", "filter_action": "{matched}", "filter": [{rule}]}}}}"#
        )
    };
    let ioctl =
        r#"{"syscall": "ioctl", "args": [{"index": 1, "type": "dword", "op": "eq", "val": 1}]}"#;
    let file = threads("allow", "trap", ioctl);
    let dword = r#"add `{"syscall": "ioctl", "args": [{"index": 1, "type": "dword", "op": "eq", "val": 21522}]}`"#;
    assert_eq!(of(&file, "ioctl(_, TIOCSTI)", &[]), dword);
    // The compiler would lose a rule without args beside others.
    let replaced = of(&file, "ioctl", &[]);
    assert!(replaced.starts_with("replace ioctl at P:1:"), "{replaced}");
    // No rule of this file allows anything.
    let file = threads("trap", "kill_process", ioctl);
    assert_eq!(of(&file, "ioctl(_, 1)", &[]), "");
    assert_eq!(of(&file, "read", &[]), "");
    let policy = "ioctl: arg1 == 1\nptrace: return 1\n";
    let line = "let the line for ioctl at P:1:8 also allow what `ioctl: arg1 == 0x5412` allows";
    assert_eq!(of(policy, "ioctl(_, TIOCSTI)", &[]), line);
    assert_eq!(of(policy, "read", &[]), "add `read: 1`");
    let policy = "@denylist\nioctl: arg1 == 1 || arg1 == 2; return 1\n";
    let condition = "add the condition `(int)a1 != 1` to ioctl at P:2:8; or remove it";
    assert_eq!(of(policy, "ioctl(_, 1)", &[]), condition);
    // Where no condition holds, the default action decides.
    let policy = format!("@default trap\n{policy}ioctl: arg1 == 3; return 1\n");
    let all = "remove ioctl at P:3:8, ioctl at P:4:8";
    assert_eq!(of(&policy, "ioctl(_, 1)", &[]), all);
    let policy = "ioctl: arg1 == 1\nptrace: return 1\n";
    assert_eq!(
        of(policy, "ptrace", &[]),
        "replace ptrace at P:2:9 by `ptrace: 1`"
    );
}

/// Regression: the change had no effect, or the runtime refused it.
#[test]
fn changes_respect_multiplexers_and_lines_of_a_call() {
    // The rule would conflict on x86.
    let profile = "arch x86_64 x86\ndefault errno 1\nlog accept4(a1 == 5)";
    let arguments = ["--from", "profile"];
    assert_eq!(told(profile, &arguments, "accept4"), None);
    // runc takes accept4's number on x86 for negative, so that read stays the newest call.
    let container = r#"{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"],
        "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}"#;
    let arguments = ["--from", "oci", "--arch", "x86"];
    assert_eq!(told(container, &arguments, "accept4"), None);
    let policy = "ioctl: arg1 == 5; return 97\nioctl: arg1 == 6; return 98\nioctl: 1\n";
    let arguments = ["--from", "minijail", "--minijail", "compiler"];
    let places = ["1:8", "2:8", "3:8"].map(|place| format!("ioctl at P:{place}"));
    let change = format!("replace {} by `ioctl: 1`", places.join(", "));
    assert_eq!(told(policy, &arguments, "ioctl"), Some(change));
}

/// Regression: the places of rules took a time that grew with the cube of their number.
#[test]
fn many_rules_that_decide_are_named_in_time() {
    let arg = |value| format!(r#"{{"index": 0, "value": {value}, "op": "SCMP_CMP_NE"}}"#);
    let args: Vec<String> = (1..=2_000).map(arg).collect();
    let args = args.join(", ");
    let text = format!(
        r#"{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{{"names": ["openat"],
            "action": "SCMP_ACT_ERRNO", "args": [{args}]}}]}}"#
    );
    let start = std::time::Instant::now();
    let change = told(&text, &["--arch", "x86_64"], "openat(_, 7)").unwrap_or_default();
    assert!(start.elapsed() < std::time::Duration::from_secs(10));
    assert!(change.contains("to openat at P:1:61"), "{change}");
}

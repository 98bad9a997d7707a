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
        // On socketcall, both rules would be the same.
        ("errno 2 socket(a0 == 3)", "socket(2)", None),
        (
            "errno 2 read(a1 < 1)",
            "read(_, 1)",
            Some("allow read(a1 == 0x1)"),
        ),
    ] {
        let profile = format!("{head}{rules}");
        let output = explained(&profile, &[call, "--from", "profile"], 1);
        let added = output.split_once("to allow it: add `");
        let added = added.and_then(|(_, added)| added.split('`').next());
        assert_eq!(added, entry, "{output}");
        if let Some(entry) = entry {
            let changed = format!("{profile}\n{entry}");
            explained(&changed, &[call, "--from", "profile"], 0);
        }
    }
}

// The changes made libseccomp decide otherwise on calls that nobody had asked about.
#[test]
fn no_change_is_told_beside_rules_that_allow() {
    for (rules, call) in [
        (
            "kill-process personality\nallow personality",
            "personality(5)",
        ),
        (
            "trap 3 fcntl(a1 & 0x4 == 0)\nallow fcntl(a2 < 7)",
            "fcntl(3, 1, 9)",
        ),
        (
            "allow ioctl(a1 == 7)\nkill-process ioctl(a2 != 6)",
            "ioctl(5, 7, 7)",
        ),
    ] {
        let profile = format!("arch x86_64\ndefault errno 1\n{rules}");
        assert_eq!(
            told(&profile, &["--from", "profile"], call),
            None,
            "{rules}"
        );
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
            "add the condition `&& a1 != 2` to read at P:3; add the condition `&& (int)a0 != 1` to read \
             at P:4; or remove them",
            "default allow\nerrno 1 read(a0 == 1 && a1 != 2)\nerrno 2 read(a1 == 2 && (int)a0 != 1)",
        ),
        (
            "default allow\nerrno 1 read(a2 > 5)",
            "read(1, 2, 6)",
            "write read at P:3 once with each of these conditions added: `&& (int)a0 != 1`, `&& a1 != 2`, \
             `&& a2 != 6`; or remove it",
            "default allow\nerrno 1 read(a2 > 5 && (int)a0 != 1) read(a2 > 5 && a1 != 2)\n\
             errno 1 read(a2 > 5 && a2 != 6)",
        ),
        (
            "default allow\nerrno 1 read(a0 > 5)\nerrno 2 read(a0 == 7)",
            "read(7)",
            "add the condition `&& (int)a0 != 7` to read at P:3; remove read at P:4; or remove them",
            "default allow\nerrno 1 read(a0 > 5 && (int)a0 != 7)",
        ),
        // Commas beside && are taken, too.
        (
            "default allow\nerrno 1 read(a0 == 1, a2 > 5)",
            "read(1, _, 7)",
            "add the condition `&& a2 != 7` to read at P:3; or remove it",
            "default allow\nerrno 1 read(a0 == 1, a2 > 5 && a2 != 7)",
        ),
        (
            "default allow\nerrno 1 ioctl(a1 in {5..=9, 12})",
            "ioctl(_, 12)",
            "add the condition `&& (int)a1 != 12` to ioctl at P:3; or remove it",
            "default allow\nerrno 1 ioctl(a1 in {5..=9, 12} && (int)a1 != 12)",
        ),
        (
            "default errno 1\nfirst-match\nallow socket(a0 == 38)\nerrno 97 socket",
            "socket(2)",
            "add the condition `(int)a0 != 2` to socket at P:5; and add `allow socket((int)a0 == 0x2)`",
            "default errno 1\nfirst-match\nallow socket(a0 == 38)\nerrno 97 socket((int)a0 != 2)\n\
             allow socket((int)a0 == 0x2)",
        ),
        // With the same condition, each would conflict with the other.
        (
            "default allow\nerrno 1 read\nerrno 2 read",
            "read(1)",
            "remove read at P:3, read at P:4",
            "default allow",
        ),
        // Beside the entry alone, libseccomp would refuse it.
        (
            "arch x86\ndefault errno 1\nerrno 97 socket(a0 == 2)",
            "socket(2)",
            "replace socket at P:4 by `allow socket((int)a0 == 0x2)`",
            "arch x86\ndefault errno 1\nallow socket((int)a0 == 0x2)",
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
    let condition = "add the condition `&& arg1 != 0x1` to ioctl at P:2:8, in each alternative; \
                     or remove it";
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

/// Regression: the condition was one that entries can't have, or runc would have been content
/// with it.
#[test]
fn containers_get_only_conditions_that_their_entries_can_have() {
    let profile = |default: &str, entries: &[&str]| {
        let entries = entries.join(",\n");
        format!(r#"{{"defaultAction": "SCMP_ACT_{default}", "syscalls": [{entries}]}}"#)
    };
    let entry = |names: &str, args: &[&str]| {
        let args = args.join(", ");
        format!(r#"{{"action": "SCMP_ACT_ERRNO", "names": [{names}], "args": [{args}]}}"#)
    };
    let both = |args: &[&str]| entry(r#""uname", "openat""#, args);
    let openat = |args: &[&str]| entry(r#""openat""#, args);
    let uname = |args: &[&str]| entry(r#""uname""#, args);
    let large = r#"{"index": 0, "value": 8, "op": "SCMP_CMP_GT"}"#;
    let two = r#"{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}"#;
    let other = r#"{"index": 1, "value": 7, "op": "SCMP_CMP_NE"}"#;
    let add = format!("add the condition `{other}` to openat at P:1:98, in an entry of its own");
    let or_remove = format!("{add}; or remove it");
    for (args, call, change, changed) in [
        // An int can't be unequal, and one comparison of an argument is enough.
        (
            &[][..],
            "openat(1)",
            "remove openat at P:1:98",
            &[uname(&[])][..],
        ),
        (
            &[large],
            "openat(9)",
            "remove openat at P:1:98",
            &[uname(&[large])],
        ),
        (
            &[large],
            "openat(9, 7)",
            "remove openat at P:1:98",
            &[uname(&[large])],
        ),
        (
            &[large, two],
            "openat(9, 7)",
            "remove openat if a0 > 8 at P:1:98",
            &[uname(&[large, two]), openat(&[two])],
        ),
        (
            &[],
            "openat(_, 7)",
            &or_remove,
            &[uname(&[]), openat(&[other])],
        ),
        (
            &[large],
            "openat(_, 7)",
            &or_remove,
            &[uname(&[large]), openat(&[large, other])],
        ),
    ] {
        let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
        let (text, changed) = (profile("ALLOW", &[&both(args)]), profile("ALLOW", &changed));
        assert_change(&["--arch", "x86_64"], &text, call, change, &changed);
    }
    let allowing = |arg: &str| {
        format!(r#"{{"names": ["openat"], "action": "SCMP_ACT_ALLOW", "args": [{arg}]}}"#)
    };
    let masked =
        allowing(r#"{"index": 0, "value": 4294967295, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}"#);
    let equal = allowing(r#"{"index": 1, "value": 7, "op": "SCMP_CMP_EQ"}"#);
    for (call, change, changed) in [
        (
            "openat(1)",
            format!("replace openat at P:1:98 by `{masked}`"),
            [&masked, &uname(&[])],
        ),
        (
            "openat(_, 7)",
            format!("{add}; and add `{equal}`"),
            [&equal, &openat(&[other])],
        ),
    ] {
        let text = profile("TRACE", &[&both(&[])]);
        let changed = profile("TRACE", &changed.map(String::as_str));
        assert_change(&["--arch", "x86_64"], &text, call, &change, &changed);
    }
}

/// Regression: the condition was in the language of profiles.
#[test]
fn conditions_are_in_the_formats_language() {
    let threads = |rules: &[&[&str]]| {
        let rule = |args: &&[&str]| match args {
            [] => r#"{"syscall": "ioctl"}"#.to_string(),
            args => format!(r#"{{"syscall": "ioctl", "args": [{}]}}"#, args.join(", ")),
        };
        let rules: Vec<String> = rules.iter().map(rule).collect();
        let rules = rules.join(", ");
        format!(
            r#"{{"a": {{"default_action": "allow", "filter_action": "trap", "filter": [{rules}]}}}}"#
        )
    };
    let test = |index, kind, op, value| {
        format!(r#"{{"index": {index}, "type": "{kind}", "op": "{op}", "val": {value}}}"#)
    };
    let large = &test(1, "dword", "gt", 5);
    let fd = &test(0, "dword", "ne", 3);
    let request = &test(1, "dword", "ne", 6);
    let long = &test(2, "qword", "ne", 3);
    let at = "ioctl at P:1:83";
    let (seccompiler, firecracker) = (
        &["--arch", "x86_64"][..],
        &["--arch", "x86_64", "--compiler", "firecracker"][..],
    );
    for (options, rules, call, change, changed) in [
        (
            seccompiler,
            &[&[large.as_str()][..]][..],
            "ioctl(_, 6)",
            format!("add the condition `{request}` to {at}; or remove it"),
            &[&[large.as_str(), request][..]][..],
        ),
        (
            seccompiler,
            &[&[]],
            "ioctl(3, 6)",
            format!(
                "write {at} once with each of these conditions added: `{fd}`, `{request}`; or \
                 remove it"
            ),
            &[&[fd], &[request]],
        ),
        // Firecracker compares all of a dword, and no argument twice.
        (
            firecracker,
            &[&[large]],
            "ioctl(_, 6)",
            format!("remove {at}"),
            &[],
        ),
        (
            firecracker,
            &[&[large]],
            "ioctl(_, 6, 3)",
            format!("remove {at}"),
            &[],
        ),
        (
            firecracker,
            &[&[large]],
            "ioctl(_, _, 3)",
            format!("add the condition `{long}` to {at}; or remove it"),
            &[&[large, long]],
        ),
    ] {
        assert_change(options, &threads(rules), call, &change, &threads(changed));
    }
    let policy = |lines: &str| format!("@denylist\n{lines}\n");
    for (lines, call, change, changed) in [
        (
            "ioctl: return 1",
            "ioctl(_, 6)",
            "add the condition `arg1 != 0x6` to ioctl at P:2:8; or remove it",
            "ioctl: arg1 != 0x6; return 1",
        ),
        (
            "ioctl: arg1 > 4 || arg0 == 3; return 1",
            "ioctl(3, 6)",
            "write ioctl at P:2:8 once with each of these conditions added, in each alternative: \
             `&& arg0 != 0x3`, `&& arg1 != 0x6`; or remove it",
            "ioctl: arg1 > 4 && arg0 != 0x3 || arg0 == 3 && arg0 != 0x3; return 1\n\
             ioctl: arg1 > 4 && arg1 != 0x6 || arg0 == 3 && arg1 != 0x6; return 1",
        ),
    ] {
        let options = ["--from", "minijail", "--arch", "x86_64"];
        assert_change(&options, &policy(lines), call, change, &policy(changed));
    }
    // A multiplexer's arguments are not the call's.
    let (head, options) = ("arch x86\ndefault allow", ["--from", "profile"]);
    let text = format!("{head}\nerrno 1 socket(a0 == 2)");
    assert_change(
        &options,
        &text,
        "socketcall(1, 0x1234)",
        "remove socket at P:3",
        head,
    );
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
    assert_eq!(change, "remove openat at P:1:61");
}

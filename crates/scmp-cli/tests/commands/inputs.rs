// SPDX-License-Identifier: LGPL-2.1-only
//! Inputs that are not what they should be: each gets an answer or an error with its place,
//! in bounded memory and time.

use std::path::PathBuf;

use snapbox::str;

use crate::run::{file, program, scmp, stderr, stdout};

#[test]
fn empty_inputs_are_named() {
    for contents in ["", " \n\t\n"] {
        for from in [&[][..], &["--from", "raw"], &["--from", "minijail"]] {
            let shown = scmp(["show", "-"]).args(from).stdin(contents);
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
        scmp(arguments)
            .stdin(filter)
            .assert()
            .code(2)
            .stderr_eq(str![[r#"
scmp: standard input: two inputs are read from it: expected `-` once

"#]]);
    }
    scmp(["diff"])
        .arg("-")
        .arg(path)
        .stdin(filter)
        .assert()
        .code(0);
}

/// A text of each format.
const SAMPLES: [(&str, &[u8]); 7] = [
    ("hex", b"20000000 04000000 06000000 0000ff7f"),
    ("c", b"/* A filter. */ { 0x20, 0, 0, 4 }, // load\n{ 6, 0, 0, 0x7fff0000u },\n"),
    ("listing", b" 0000: 0x20 0x00 0x00 0x00000004   ld  $data[4]\n 0001: 0x06 0x00 0x00 0x7fff0000   ret ALLOW\n"),
    ("profile", b"# One.\narch x86_64 x86\ndefault errno 1\nforeign kill-process\npriority 3 read\nallow read ioctl(a1 == 1..3, a2 != 0) socket((int)a0 == 3)\n"),
    ("oci", br#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_EQ"}]}]}"#),
    ("seccompiler", br#"{"api": {"default_action": {"errno": 1}, "filter_action": "allow", "filter": [{"syscall": "read", "args": [{"index": 0, "type": "dword", "op": "eq", "val": 1}]}]}}"#),
    ("minijail", b"@default kill-process\nsocket: arg0 == AF_UNIX || arg1 in ~0x4 && arg2 == 3; return EPERM\n{open, openat}: return 1\n"),
];

/// Damaged inputs get an answer or an error that names the input.
#[test]
fn damaged_inputs_are_refused_or_read() {
    let mut refused = 0;
    for (from, sample) in SAMPLES {
        let middle = sample.len() / 2;
        let with = |bytes: &[u8]| [&sample[..middle], bytes, &sample[middle..]].concat();
        let text = String::from_utf8_lossy(sample);
        let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut damaged = vec![
            sample.to_vec(),
            [b"\xef\xbb\xbf", sample].concat(),
            utf16,
            text.replace('\n', "\r\n").into_bytes(),
            text.replace(' ', "\0").into_bytes(),
            with(b"\0"),
            with(b"\xff\xfe"),
            with(&b"[".repeat(10_000)),
            with(&b"(".repeat(10_000)),
            with(&b"{".repeat(10_000)),
            with(b"99999999999999999999"),
            sample.repeat(2),
        ];
        damaged.extend(
            (1..sample.len())
                .step_by(11)
                .map(|end| sample[..end].to_vec()),
        );
        for (index, input) in damaged.into_iter().enumerate() {
            for options in [&[][..], &["--from", from]] {
                let shown = scmp(["show", "-"])
                    .args(options)
                    .stdin(input.clone())
                    .assert();
                let said = stderr(&shown);
                match shown.get_output().status.code() {
                    Some(0) => assert_eq!(said, "", "{from} {index}"),
                    Some(2) => {
                        refused += 1;
                        assert!(said.starts_with("scmp: standard input:"), "{said}");
                        assert_eq!(stdout(&shown), "");
                    }
                    code => panic!("{from} {index}: {code:?}: {said}"),
                }
            }
        }
        scmp(["show", "-", "--from", from])
            .stdin(sample)
            .assert()
            .code(0);
    }
    assert!(refused > 100, "{refused}");
}

/// An empty set made no combinations, whatever was combined before it.
#[test]
fn conditions_have_a_most_of_combinations() {
    let odd = |count: u32| {
        let values = (0..count).map(|value| (2 * value + 1).to_string());
        values.collect::<Vec<_>>().join(", ")
    };
    let masks = (1..1000).map(|mask| format!("a0 & {} != 0", 2 * mask));
    let masks = masks.collect::<Vec<_>>().join(" && ");
    for (condition, what) in [
        (
            format!("a0 in {{{0}}} && a1 in {{{0}}} && a2 in {{}}", odd(1000)),
            "1000000 combinations of ranges, expected 10000 at most",
        ),
        (
            format!("{masks} && a0 in {{{}}}", odd(1000)),
            "the combinations of ranges up to here have more than 200000 tests",
        ),
    ] {
        let profile = format!("default allow\nerrno 1 read({condition})");
        let shown = scmp(["show", "-"]).stdin(profile);
        let expected = format!("scmp: standard input:2: {what}\n");
        shown.assert().code(2).stderr_eq(expected);
    }
}

// A name with a line break made a line that looked like scmp's own.
#[test]
fn hostile_names_forge_no_lines() {
    let oci = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
        {"names": ["read", "a\nnote: forged\u001b[2J"], "action": "SCMP_ACT_ALLOW"}]}"#;
    let threads = r#"{"a\nnote: forged\u001b[2J": {"default_action": "trap",
        "filter_action": "allow", "filter": [{"syscall": "read"}]}}"#;
    let unknown = threads.replace("\"read\"", r#""a\nnote: forged\u001b""#);
    let assertions = file("assertions", "refuse read \u{1b}[2J\u{9b}");
    let trace = file("trace", "a\u{1b}[2J\n");
    let named = file("a\nnote: forged\u{1b}.profile", "default allow");
    let plain = file("plain.profile", "default allow");
    let [assertions, trace, named, plain] =
        [&assertions, &trace, &named, &plain].map(|path| path.to_str().expect("UTF-8"));
    let x86 = ["--arch", "x86_64"];
    for (arguments, input) in [
        (&["show", "-"][..], oci),
        (&["check", "-"], oci),
        (&["show", "-", "read"], threads),
        (&["cost", "-"], threads),
        (&["sim", "-", "read", "--arch", "aarch64"], threads),
        (&["show", "-"], &unknown),
        (
            &["show", "-", "--from", "minijail"],
            "@include ./\u{1b}[2J\n",
        ),
        (
            &["show", "-", "--from", "profile"],
            "default log\nallow \u{1b}[2J",
        ),
        (&["test", plain, assertions], ""),
        (&["cost", plain, "--trace", trace], ""),
        (&["show", named, "read"], ""),
        (&["why", "-", "re\nnote: forged"], oci),
    ] {
        let answer = scmp(arguments).args(x86).stdin(input).assert();
        let said = stdout(&answer) + &stderr(&answer);
        let is_other = |c: char| c.is_control() && c != '\n';
        assert!(!said.contains(is_other), "{arguments:?}: {said:?}");
        assert!(!said.contains("\nnote: forged"), "{arguments:?}: {said:?}");
        assert!(
            said.contains("\\u{1b}") || said.contains("\\n"),
            "{arguments:?}: {said:?}"
        );
    }
    let record = "type=SECCOMP msg=audit(1): exe=\"/a\u{1b}[2J\" arch=c000003e syscall=0";
    let why = scmp(["why", plain, "--audit"]).stdin(record).assert();
    assert!(stdout(&why).contains("recorded once: /a\\u{1b}[2J\n"));
}

/// An answer within so many seconds of the processor's time; an emulator has no limit.
fn within(seconds: u32, arguments: &[&str], profile: &PathBuf) -> String {
    let mut limited = std::process::Command::new("sh");
    let seconds = match std::env::var("EMULATOR") {
        Ok(emulator) if !emulator.is_empty() => "unlimited".to_string(),
        _ => seconds.to_string(),
    };
    limited
        .arg("-c")
        .arg(format!("ulimit -t {seconds}; exec \"$@\""));
    let program = program();
    limited
        .arg("sh")
        .arg(program.get_program())
        .args(program.get_args());
    let answer = limited.args(arguments).arg(profile).output().expect("sh");
    assert!(
        answer.status.code().is_some_and(|code| code < 2),
        "{answer:?}"
    );
    String::from_utf8(answer.stdout).expect("text")
}

// Regression: each finding and each note was looked for among all the others: that took 8 and
// 10 seconds.
#[test]
fn many_notes_take_no_time_each() {
    let names: Vec<String> = (0..65_536).map(|index| format!("\"no_{index}\"")).collect();
    let profile = format!(
        r#"{{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
            {{"names": [{}], "action": "SCMP_ACT_ALLOW"}}]}}"#,
        names.join(", ")
    );
    let found = within(5, &["check", "--arch", "x86_64"], &file("a.json", profile));
    assert!(found.contains("no_65535"));
    let rules: String = (0..60_000)
        .map(|index| format!("allow no_{index}\n"))
        .collect();
    let profile = format!("arch x86_64\ndefault errno 1\n{rules}");
    let shown = within(5, &["show"], &file("a.profile", profile));
    assert!(shown.contains("no_59999"));
}

// The filter's function was made for each call: that was too much work.
#[test]
fn many_calls_are_explained_by_one_function() {
    let rules: String = (0..20_000)
        .map(|value| format!("allow ioctl(a1 == {})\n", 2 * value))
        .collect();
    let profile = file(
        "a.profile",
        format!("arch x86_64\ndefault errno 1\n{rules}"),
    );
    let record =
        |number: u32| format!("type=SECCOMP arch=c000003e syscall={number} code=0x50001\n");
    let records: String = (0..1000).map(record).collect();
    let why = scmp(["why", "--audit"])
        .arg(&profile)
        .stdin(records)
        .assert()
        .code(1);
    assert!(stdout(&why).contains("x86_64 999 (number 999)"));
}

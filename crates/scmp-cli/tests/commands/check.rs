// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp check`, run as a user runs it.

use serde_json::Value;

use crate::run::{file, json, scmp};

/// The findings, as JSON has them.
fn findings(input: &str, from: &str, options: &[&str]) -> Vec<Value> {
    let check = scmp(["check", "-", "--from", from, "--format", "json"]);
    let check = check.args(options).stdin(input.to_string()).assert();
    let mut json = json(&check);
    let findings = json["findings"].as_array_mut().expect("a list");
    check.code(i32::from(!findings.is_empty()));
    for finding in &*findings {
        assert!(!text(finding, "fix").is_empty() && !text(finding, "why").is_empty());
    }
    std::mem::take(findings)
}

/// Those of one kind.
fn found(input: &str, from: &str, id: &str) -> Vec<Value> {
    let mut found = findings(input, from, &[]);
    found.retain(|finding| finding["id"] == id);
    found
}

fn text<'a>(finding: &'a Value, member: &str) -> &'a str {
    finding[member].as_str().unwrap_or_default()
}

/// A profile has one finding of this kind, which says this.
fn assert_found(profile: &str, id: &str, what: &str) {
    let found = found(profile, "profile", id);
    assert!(
        matches!(&found[..], [finding] if text(finding, "what").contains(what)),
        "{id}: {found:?}"
    );
    let all = findings(profile, "profile", &[]);
    let rest = findings(profile, "profile", &["--allow", id]);
    assert_eq!(rest.len(), all.len() - 1);
}

#[test]
fn each_kind_is_found() {
    let deny = "default allow\nerrno 1 ";
    let allow = "default errno 1\nallow ";
    let of = |start: &str, rest: &str| format!("{start}{rest}");
    for (profile, id, what) in [
        (
            of(deny, "socket(a0 == 40)"),
            "int-as-long",
            "slips past: allow, not errno 1",
        ),
        (
            of(allow, "openat(a0 == 3)"),
            "int-as-long",
            "is refused: errno 1 (EPERM), not allow",
        ),
        (
            of("arch x86\n", &of(allow, "socketcall")),
            "open-by-multiplexer",
            " socket ",
        ),
        (
            of(deny, "openat"),
            "open-by-equivalent",
            "openat is refused; allowed are open (opens a file), openat2 (opens a file)",
        ),
        (
            of(
                allow,
                "read clone\nerrno 13 clone3\nerrno 38 landlock_create_ruleset",
            ),
            "eperm-for-enosys",
            "clone3 gets errno 13 (EACCES)",
        ),
        (of(allow, "read\nlog read"), "shadowed-rule", "log read"),
        (
            of(allow, "read(a0 == 3) read(a0 < 5)"),
            "redundant-rule",
            "allow read if a0 == 3",
        ),
        (of(allow, "reed"), "unknown-call", "reed"),
        (of(allow, "read\nerrno 1 write"), "equals-default", "write"),
        (
            of(&of("foreign allow\n", allow), "read"),
            "open-by-foreign",
            "other architectures",
        ),
    ] {
        assert_found(&profile, id, what);
    }
}

/// Regression: what a rule did on another architecture, to a multiplexer, in order, for
/// `unknown`, or to rules that conflict with it did not count.
#[test]
fn a_rule_that_is_to_be_removed_changes_nothing() {
    for (profile, lines) in [
        (
            "arch x86_64 x86\ndefault errno 1\nlog ioctl(a1 == 2)\nlog ioctl(a1 in {0x100000001})",
            &[][..],
        ),
        (
            "arch x86\ndefault allow\nerrno 1 shmat\nlog shmat((int)a1 in {1, 2})",
            &[4],
        ),
        (
            "arch x86\ndefault allow\nlog socket((int)a1 in {1})\nlog socketcall(a0 == 1, a1 == 1)",
            &[4],
        ),
        (
            "default errno 1\nfirst-match\nlog read(a0 == 1)\ntrap 0 read(a0 < 2)\nlog read",
            &[],
        ),
        (
            "default errno 1\nfirst-match\nlog read(a0 == 1)\ntrap 0 read(a0 > 2)\nlog read",
            &[3],
        ),
        // Where other actions come first, nothing was found.
        (
            "default errno 1\nfirst-match\nlog read(a0 in {2, 3})\ntrap 0 read(a0 == 1)\n\
             log read(a0 in {1, 2})",
            &[5],
        ),
        // Without both, the call would be unknown: the second one stays.
        (
            "default errno 1\nunknown trace 7\nkernel 4.3\nfirst-match\n\
             log landlock_restrict_self(a0 < 0)\ntrap 0 landlock_restrict_self(a0 < 0)",
            &[5],
        ),
        (
            "default errno 1\nunknown trace 7\nkernel 4.3\nlog landlock_restrict_self(a0 < 0)",
            &[],
        ),
        (
            "arch mipsel\ndefault allow\ntrap 0 shmget(a2 == 1)\nlog shmget\ntrap 0 shmget(a2 == 1)",
            &[],
        ),
        ("default errno 1\nlog read\ntrap 0 read", &[3]),
        (
            "default log\nerrno 1 ioctl(a0 >= 2)\nerrno 2 ioctl(a0 < 9)\nerrno 1 ioctl(a0 == 5)",
            &[],
        ),
        (
            "default errno 1\nlog read(a0 in {1, 2})\nlog read(a0 in {2, 3})\nlog read(a0 in {1, 3})",
            &[2],
        ),
    ] {
        let mut found = findings(profile, "profile", &[]);
        found.retain(|finding| text(finding, "fix") == "remove the rule");
        let line = |finding: &Value| finding["place"]["line"].as_u64().expect("a line");
        assert_eq!(
            found.iter().map(line).collect::<Vec<_>>(),
            lines,
            "{profile}"
        );
        for line in lines {
            let mut changed: Vec<_> = profile.lines().collect();
            changed.remove(*line as usize - 1);
            let (before, after) = (file("before", profile), file("after", changed.join("\n")));
            let diff = scmp(["diff", "--from", "profile"]).arg(before).arg(after);
            diff.assert().code(0);
        }
    }
}

/// Regression: the place of a rule may have more than the rule, and a policy's `@default` for the
/// calls of a denylist was one.
#[test]
fn what_is_to_be_removed_is_told_from_what_else_the_place_has() {
    let fixes = |input: &str, from: &str, options: &[&str]| {
        let options = [options, &["--arch", "x86_64"]].concat();
        let mut found = findings(input, from, &options);
        found.retain(|finding| text(finding, "id").ends_with("-rule"));
        let fixes = found.iter().map(|finding| text(finding, "fix").to_string());
        fixes.collect::<Vec<_>>()
    };
    let profile = "default errno 1\nallow read write\nallow read close(a0 == 3..4) close(a1 == 3)\n\
                   allow close(a0 < 4)\nallow write";
    assert_eq!(
        fixes(profile, "profile", &[]),
        [
            "remove only close if a0 == 3 from the line, and keep what else it says of close",
            "remove read from the line, and keep its other calls",
            "remove the rule"
        ]
    );
    let policy = "{read, dup}: arg0 == 1 || arg0 == 2; return 1\nread: arg0 == 2; return 1\n\
                  {read, close}: arg0 == 1; return 1";
    assert_eq!(
        fixes(policy, "minijail", &[]),
        [
            "take read out of the line's calls; if the line has more for it, write that in a line of its own"
        ]
    );
    let policy = "read: arg0 == 1 || arg0 == 2; return 1\nread: arg0 == 2; return 1";
    assert_eq!(fixes(policy, "minijail", &[]), ["remove the rule"]);
    let compare = |op, value| format!(r#"{{"index": 0, "value": {value}, "op": "SCMP_CMP_{op}"}}"#);
    let container = format!(
        r#"{{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
            {{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}},
            {{"names": ["read"], "action": "SCMP_ACT_ALLOW"}},
            {{"names": ["close"], "action": "SCMP_ACT_ALLOW", "args": [{}, {}]}}]}}"#,
        compare("EQ", 3),
        compare("LT", 5)
    );
    assert_eq!(
        fixes(&container, "oci", &[]),
        [
            "give close an entry for each comparison of args but that of close if a0 == 3",
            "remove \"read\" from names, or the entry if it names nothing else"
        ]
    );
    let library = |text| fixes(text, "minijail", &["--minijail", "library"]);
    assert_eq!(
        library("read: arg0 < 0; return 1\nwrite: arg0 >= 0; return 1"),
        [
            "remove the condition, and keep the action behind it",
            "remove the action behind the condition"
        ]
    );
    let denylist = "@denylist\n@default trap\nread: arg0 < 0; return 1";
    assert!(fixes(denylist, "minijail", &[]).is_empty());
}

/// Regression: `--arch` hid that a rule decides on another architecture of the filter.
#[test]
fn a_rule_may_be_needed_on_an_architecture_that_is_not_shown() {
    let allow = |value: &str| {
        let args = r#"[{"index": 0, "value": VALUE, "op": "SCMP_CMP_LE"}]"#;
        let args = args.replace("VALUE", value);
        format!(r#"{{"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": {args}}}"#)
    };
    let redundant = |arches: &str| {
        let container = format!(
            r#"{{"defaultAction": "SCMP_ACT_ERRNO", "architectures": [{arches}],
            "syscalls": [{}, {}]}}"#,
            allow("9223372036854775808"),
            allow("5")
        );
        let mut found = findings(&container, "oci", &["--arch", "x86_64"]);
        found.retain(|finding| text(finding, "id") == "redundant-rule");
        found.len()
    };
    assert_eq!(redundant(r#""SCMP_ARCH_X86_64""#), 1);
    assert_eq!(redundant(r#""SCMP_ARCH_X86_64", "SCMP_ARCH_X86""#), 0);
}

#[test]
fn a_sound_filter_has_no_finding() {
    let profile = "default errno 38\nallow read write exit_group rt_sigreturn\n";
    let options = ["--allow", "open-by-equivalent,eperm-for-enosys"];
    assert!(findings(profile, "profile", &options).is_empty());
}

#[test]
fn a_filter_that_asks_for_numbers_alone_is_found() {
    let program = "{ 0x20, 0, 0, 0 }, { 0x15, 0, 1, 59 }, { 6, 0, 0, 0 }, { 6, 0, 0, 0x7fff0000 }";
    let check = scmp(["check", "-", "--format", "sarif", "--arch", "x86_64"]);
    let sarif = json(&check.stdin(program).assert().code(1));
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let ids: Vec<_> = results
        .iter()
        .map(|result| result["ruleId"].as_str())
        .collect();
    assert!(ids.contains(&Some("arch-not-tested")), "{ids:?}");
    let location = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "standard%20input");
    assert!(ids.contains(&Some("open-by-equivalent")), "{ids:?}");
}

#[test]
fn a_filter_that_refuses_everything_needs_no_test_of_the_architecture() {
    for program in [
        "{ 6, 0, 0, 0 }",
        "{ 0x20, 0, 0, 0 }, { 0x15, 0, 1, 59 }, { 6, 0, 0, 0 }, { 6, 0, 0, 0x50001 }",
    ] {
        assert!(found(program, "c", "arch-not-tested").is_empty());
    }
}

/// An argument may be compared so that high bits get some calls past the filter and others
/// refused: the former is what matters.
#[test]
fn an_example_shows_what_slips_past() {
    // With most high halves, 1 is refused; with the highest one, everything but 0 is allowed.
    let profile = "default errno 1\nallow socket(a0 == 1) socket(a0 > 0xffffffff00000000)";
    let findings = found(profile, "profile", "int-as-long");
    let x86_64: Vec<_> = findings
        .iter()
        .filter(|each| each["arches"][0] == "x86_64")
        .collect();
    let [finding] = x86_64[..] else {
        panic!("{findings:?}");
    };
    let what = text(finding, "what");
    assert!(
        what.contains("slips past: allow, not errno 1 (EPERM)"),
        "{what}"
    );
    let example = text(finding, "example");
    assert!(example.starts_with("socket(0xffffffff"), "{example}");
}

/// docs/decisions.md: `ERRNO shmget` does not match `ipc(1 << 16 | 23)`.
#[test]
fn versions_of_ipc_are_open() {
    let open = |arch: &str, rule: &str| {
        let profile = format!("arch {arch}\ndefault allow\n{rule}");
        let found = found(&profile, "profile", "open-by-multiplexer");
        let parts = |finding: &Value| {
            ["what", "example", "fix"].map(|part| text(finding, part).to_string())
        };
        found.iter().map(parts).collect::<Vec<_>>()
    };
    let shmget = open("x86", "errno 1 shmget");
    let [[what, example, fix]] = &shmget[..] else {
        panic!("{shmget:?}");
    };
    assert!(what.ends_with("allowed through ipc: shmget"), "{what}");
    assert_eq!(example, "ipc(0x10017)");
    assert!(fix.contains("0xffff"), "{fix}");
    // Without a number of its own.
    let semop = open("x86", "errno 1 semop");
    assert!(semop[0][0].ends_with("ipc: semop"), "{semop:?}");
    // The kernel refuses version 1 of shmat.
    assert_eq!(open("x86", "errno 1 shmat")[0][1], "ipc(0x20015)");
    // s390's ipc and socketcall have no versions.
    assert!(open("s390x", "errno 1 shmget").is_empty());
    assert!(open("x86", "errno 1 socket").is_empty());
    assert!(open("x86", "errno 1 ipc").is_empty());
}

#[test]
fn fixes_have_the_architectures_enosys() {
    for (arch, number) in [("mips", 89), ("parisc", 251), ("x86_64", 38)] {
        let profile = format!("arch {arch}\ndefault errno 13\nallow read clone");
        let findings = found(&profile, "profile", "eperm-for-enosys");
        let fix = text(&findings[0], "fix");
        let expected = format!("with errno {number} (ENOSYS)");
        assert!(fix.ends_with(&expected), "{fix}");
        let profile = profile.replace("13", &number.to_string());
        assert!(found(&profile, "profile", "eperm-for-enosys").is_empty());
    }
}

#[test]
fn programs_that_the_kernel_refuses_are_found() {
    let long = "default errno 1\nallow ioctl(a1 == 1..5000)\n";
    let findings = found(long, "profile", "too-long");
    assert!(text(&findings[0], "what").contains("the kernel takes 4096"));
    assert!(
        found(
            "default errno 1\nallow ioctl(a1 == 1..300)\n",
            "profile",
            "too-long"
        )
        .is_empty()
    );
}

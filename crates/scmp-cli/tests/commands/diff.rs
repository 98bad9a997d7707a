// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff`, run as a user runs it.

use std::path::PathBuf;

use snapbox::cmd::Command;
use snapbox::str;

use crate::run::{file, scmp, stdout};

fn diff() -> Command {
    scmp(["diff"])
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
    let text = stdout(&diff().args([&old, &new]).assert().code(1));
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

/// A program as C initialisers: code, jumps, constant.
fn program(name: &str, instructions: &[(u16, u8, u8, u32)]) -> PathBuf {
    let lines = instructions
        .iter()
        .map(|(code, yes, no, k)| format!("{{ {code:#x}, {yes}, {no}, {k:#x} }},\n"));
    file(name, lines.collect::<String>())
}

const LOAD: u16 = 0x20;
const EQUAL: u16 = 0x15;
const AT_LEAST: u16 = 0x35;
const RETURN: u16 = 0x06;
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const X86_64: u32 = 0xc000_003e;
const ALLOW: u32 = 0x7fff_0000;

// Filters whose name the other file lacks were left out without a word.
#[test]
fn filters_without_a_partner_are_told() {
    let filter = r#"{"default_action": "trap", "filter_action": "allow",
        "filter": [{"syscall": "read"}]}"#;
    let threads = |names: [&str; 2]| {
        let filters = names.map(|name| format!(r#""{name}": {filter}"#));
        format!("{{{}}}", filters.join(", "))
    };
    let one = file("threads-1.json", threads(["api", "vmm"]));
    let other = file("threads-2.json", threads(["vcpu", "vmm"]));
    let both = diff().args([&one, &other]).args(["--arch", "x86_64"]);
    both.assert().code(1).stdout_eq(str![[r#"
no difference
only [..]threads-1.json has a filter named 'api on x86_64'
only [..]threads-2.json has a filter named 'vcpu on x86_64'

"#]]);
    let html = diff().args([&one, &other]).arg("--html");
    let page = stdout(&html.assert().code(1));
    assert!(page.contains("has a filter named 'api on "));
    let same = diff().args([&one, &one]).args(["--arch", "x86_64"]);
    same.assert().code(0);
    let neither = file("threads-3.json", threads(["one", "two"]));
    let neither = diff().args([&one, &neither]).assert().code(2);
    neither.stderr_eq(
        "scmp: [..]threads-3.json: has no filter of a name that [..]threads-1.json has\n",
    );
    // Assertions need every filter's partner.
    let assertions = file("threads.assertions", "same as threads-2.json\n");
    let test = scmp(["test"]).args([&one, &assertions]);
    let test = test.args(["--arch", "x86_64"]);
    test.assert().code(2).stderr_eq(
        "scmp: [..]threads-1.json: has no filter named 'vcpu on x86_64', which [..]threads-2.json has\n",
    );
}

// Which architectures a condition was for was left out, and so were alternatives that held
// for all calls of one.
#[test]
fn conditions_belong_to_their_architecture() {
    let old = program(
        "foreign-1.c",
        &[
            (LOAD, 0, 0, ARCHITECTURE),
            (EQUAL, 4, 0, X86_64),
            (EQUAL, 0, 2, 7),
            (LOAD, 0, 0, NUMBER),
            (AT_LEAST, 0, 1, 5),
            (RETURN, 0, 0, 0x0005_0001),
            (RETURN, 0, 0, ALLOW),
        ],
    );
    let new = program(
        "foreign-2.c",
        &[
            (LOAD, 0, 0, ARCHITECTURE),
            (EQUAL, 1, 0, X86_64),
            (RETURN, 0, 0, 0x0005_0002),
            (RETURN, 0, 0, ALLOW),
        ],
    );
    let compared = diff().args([&old, &new]).assert().code(1);
    compared.stdout_eq(str![[r#"
other architectures: errno 1 (EPERM) → errno 2 (ENOENT)
architecture 0x7: errno 1 (EPERM) → errno 2 (ENOENT) when number >= 5
    as in [..]()
architecture 0x7: allow → errno 2 (ENOENT) when number <= 4
    as in 0()

"#]]);
}

// A 32-bit architecture can't pass what made the difference.
#[test]
fn high_halves_are_no_difference_across_32_bits() {
    let text = "default errno 1\nallow read(a0 <= 0xffffffff) write(a0 <= 5)";
    let both = file("short.profile", text);
    for arches in ["x86_64,x86", "x86,x86_64"] {
        let across = diff().arg(&both).args(["--across", arches]);
        across.assert().code(0).stdout_eq("no difference\n");
    }
}

// Only the filter of the machine that runs scmp was built.
#[test]
fn a_container_profile_is_built_for_both_machines() {
    let profile = r#"{"defaultAction": "SCMP_ACT_ERRNO",
        "archMap": [{"architecture": "SCMP_ARCH_X86_64"}, {"architecture": "SCMP_ARCH_AARCH64"}],
        "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"},
            {"names": ["write"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm64"]}}]}"#;
    let profile = file("across.json", profile);
    let across = diff().arg(&profile).args(["--across", "x86_64,aarch64"]);
    let across = across.args(["--runtime", "crun"]).assert().code(1);
    across.stdout_eq("x86_64 write: errno 1 (EPERM) → allow\n");
}

#[test]
fn across_needs_two_architectures() {
    let profile = file("across-one.profile", "default errno 1\nallow read");
    for arches in ["x86_64", "x86_64,x86,arm"] {
        let across = diff().arg(&profile).args(["--across", arches]).assert();
        across
            .code(2)
            .stderr_eq("scmp: --across: expected two architectures, as in x86_64,aarch64\n");
    }
}

// The kernel ignores the data of kill and log.
#[test]
fn only_data_that_counts_are_a_difference() {
    let returns = |name: &str, value| program(name, &[(RETURN, 0, 0, value)]);
    let compare = |one, other| {
        let files = [returns("data-1.c", one), returns("data-2.c", other)];
        diff().args(files).assert()
    };
    compare(0x8000_0000, 0x8000_0007).code(0);
    compare(0x7ffc_0001, 0x7ffc_0002).code(0);
    compare(0x0003_0001, 0x0003_0002).code(1);
}

// An action that the kernel does not know lies between log and allow as a number.
#[test]
fn unknown_actions_are_tighter() {
    let returns = |name: &str, value| program(name, &[(RETURN, 0, 0, value)]);
    let errno = returns("unknown-1.c", 0x0005_0001);
    let unknown = returns("unknown-2.c", 0x7ffe_0000);
    let compare = || diff().args([&errno, &unknown]).args(["--arch", "x86_64"]);
    let tighter = compare().args(["--only", "tighter"]);
    let text = stdout(&tighter.assert().code(1));
    let line = "x86_64 read: errno 1 (EPERM) → kill-process (unknown action 0x7ffe0000)";
    assert!(text.lines().any(|each| each == line), "{text}");
    let looser = compare().args(["--only", "looser"]);
    looser.assert().code(0);
    let sim = scmp(["sim"]).arg(&unknown).arg("read");
    sim.assert().code(1);
}

// With --arch, only the machine's own architecture was compared: "no difference".
#[test]
fn all_that_a_machine_runs_is_compared() {
    let profile = |name: &str, calls: &str| {
        let text = format!(
            r#"{{"defaultAction": "SCMP_ACT_ERRNO",
            "archMap": [{{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}}],
            "syscalls": [{{"names": [{calls}, "clone3"], "action": "SCMP_ACT_ALLOW"}}]}}"#
        );
        file(name, &text)
    };
    let old = profile("machine-1.json", r#""read", "socketcall""#);
    let new = profile("machine-2.json", r#""read""#);
    let compared = diff()
        .args([&old, &new])
        .args(["--arch", "x86_64", "--only", "tighter"]);
    let text = stdout(&compared.assert().code(1));
    let line = "x86 socketcall: allow → errno 1 (EPERM)";
    assert!(text.lines().any(|each| each == line), "{text}");
    let page = diff()
        .args([&old, &new])
        .args(["--arch", "x86_64", "--html"]);
    let page = stdout(&page.assert().code(1));
    assert!(page.contains(r#""name":"x86","#));
    let same = file("machine.assertions", "same as machine-1.json");
    let test = scmp(["test"]).args([&new, &same]);
    test.args(["--arch", "x86_64"]).assert().code(1);
}

// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp test`, run as a user runs it.

use std::process::Command;
use std::{fs, thread};

use snapbox::cmd::OutputAssert;
use snapbox::str;

use crate::run::{file, folder, scmp, stderr, stdout};

/// Tests a filter beside its base, for x86_64 and x86.
fn test(assertions: &str, options: &[&str]) -> OutputAssert {
    let base = "arch x86_64 x86\ndefault errno 1\nallow read socket(a0 == 1)\nerrno 38 clone3";
    file("base.profile", base);
    test_of(&format!("{base}\nallow write"), assertions, options)
}

fn test_of(filter: &str, assertions: &str, options: &[&str]) -> OutputAssert {
    let files = [
        file("filter.profile", filter),
        file("assertions", assertions),
    ];
    scmp(["test"]).args(files).args(options).assert()
}

#[test]
fn assertions_hold_or_have_a_counterexample() {
    let assertions = "\
refuse socket(a0 == 38) on all   # AF_ALG
allow clone3 or enosys
allow socket(a0 in {1, 2}) on x86_64
allow read on x86
same as base.profile except write
no tighter than base.profile
no looser than base.profile
";
    test(assertions, &[]).code(1).stdout_eq(str![[r#"
TAP version 13
1..7
ok 1 - refuse socket(a0 == 38) on all
ok 2 - allow clone3 or enosys
not ok 3 - allow socket(a0 in {1, 2}) on x86_64
# x86_64 socket(AF_INET): errno 1 (EPERM)
ok 4 - allow read on x86
ok 5 - same as base.profile except write
ok 6 - no tighter than base.profile
not ok 7 - no looser than base.profile
# x86 write(): allow, not errno 1 (EPERM)
# x86_64 write(): allow, not errno 1 (EPERM)

"#]]);
    let junit = test(assertions, &["--format", "junit"]).code(1);
    let junit = stdout(&junit);
    assert!(junit.contains("tests=\"7\" failures=\"2\""), "{junit}");
    assert!(junit.contains("<failure message=\"x86_64 socket(AF_INET): errno 1 (EPERM)\">"));
}

#[test]
fn mistakes_name_their_place() {
    for (text, why) in [
        (
            "allow read\nallow reed",
            "assertions:2:7: reed: not a system call",
        ),
        ("allow socket(domain == AF_NONE)", "assertions:1:24: "),
        ("refuse 9999", "assertions:1:8: 9999: expected the name of"),
        (
            "allow read(a6 == 1)",
            "assertions:1:12: a6: expected a0 to a5, or a name: fd, buf, count",
        ),
        ("# nothing\n\n", "assertions: no assertions"),
        (
            "same as base.profile except read, reed",
            "assertions:1:35: reed: not a system call: expected names after `except`",
        ),
        (
            "allow read on x86_64,x86\nallow socketcall on x86_64, x86",
            "assertions:2:7: socketcall: not a system call of x86_64",
        ),
        (
            "refuse socket(a0 == 38, a0 == 39)",
            "assertions:1:8: socket: no arguments meet all of these tests",
        ),
        (
            "refuse socket(a0 > 0xffffffff) on x86",
            "assertions:1:8: socket: no arguments meet all of these tests",
        ),
        (
            "refuse socket(a0 in {1, 9..=3})",
            "assertions:1:25: 9..=3: expected the smaller number first",
        ),
        (
            "refuse socket((int)a0 in -1..=1) on x86_64",
            "assertions:1:26: -1..=1: expected the smaller number first: values are unsigned, and \
             -1 is 4294967295",
        ),
        (
            "refuse socket(a0 in {5, -1..=1}) on x86_64",
            "assertions:1:25: -1..=1: expected the smaller number first: values are unsigned, and \
             -1 is 18446744073709551615",
        ),
        (
            "refuse socket(a0 == 0x100000026) on x86",
            "assertions:1:21: 0x100000026: expected 32 bits, which arguments of x86 have",
        ),
        (
            "refuse socket((int)a0 == 0x100000026) on x86_64",
            "assertions:1:26: 0x100000026: expected 32 bits, which an int has",
        ),
    ] {
        let said = stderr(&test(text, &[]).code(2));
        assert!(said.contains(why), "{said}");
    }
}

/// Regression: the name was `-`.
#[test]
fn assertions_on_standard_input_have_its_name() {
    let asked = scmp(["test"])
        .arg(file("f.profile", "default allow"))
        .arg("-");
    let said = stderr(&asked.stdin("alow read").assert().code(2));
    assert!(
        said.starts_with("scmp: standard input:1:1: alow: "),
        "{said}"
    );
}

/// Regression: the place of the assertion was missing.
#[test]
fn mistakes_in_other_files_have_the_assertions_place() {
    file("wrong.profile", "default allow\nalow read");
    for (assertion, why) in [
        ("same as missing.profile", "missing.profile: No such file"),
        ("same as wrong.profile", "wrong.profile:2:1: alow: not an"),
    ] {
        let text = format!("allow read\n{assertion}");
        let said = stderr(&test(&text, &[]).code(2));
        let (place, mistake) = said.split_once("assertions:2:9: ").expect("the place");
        assert!(
            place.starts_with("scmp: /") && mistake.contains(why),
            "{said}"
        );
    }
}

#[test]
fn negative_numbers_are_as_long_as_the_arguments() {
    let assertions = "allow socket(a0 == -1) on x86\nallow socket((int)a0 == -1) on x86_64, x86";
    test(assertions, &[]).code(1).stdout_eq(str![[r#"
TAP version 13
1..2
not ok 1 - allow socket(a0 == -1) on x86
# x86 socket(0xffffffff): errno 1 (EPERM)
not ok 2 - allow socket((int)a0 == -1) on x86_64, x86
# x86 socket(0xffffffff): errno 1 (EPERM)
# x86_64 socket(0xffffffff): errno 1 (EPERM)

"#]]);
}

/// ENOSYS is 38 on most architectures, 89 on mips and 251 on parisc.
#[test]
fn an_error_has_the_architectures_number() {
    let filter = "arch mips parisc\ndefault allow\nerrno 89 clone3\nerrno 251 close";
    let assertions = "enosys clone3 on mips\nenosys clone3 on parisc\nerrno ENOSYS clone3 on mips\n\
                      enosys close on parisc";
    test_of(filter, assertions, &[]).code(1).stdout_eq(str![[r#"
TAP version 13
1..4
ok 1 - enosys clone3 on mips
not ok 2 - enosys clone3 on parisc
# parisc clone3(): errno 89
ok 3 - errno ENOSYS clone3 on mips
ok 4 - enosys close on parisc

"#]]);
}

/// A profile's filters are for one machine each: an assertion about a machine's calls is
/// about that machine's filter.
#[test]
fn each_machine_has_its_own_filter() {
    let container = r#"{"defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}"#;
    let assertions = "allow read\nallow read on aarch64";
    let options = ["--from", "oci", "--arch", "x86_64,aarch64"];
    test_of(container, assertions, &options)
        .code(0)
        .stdout_eq(str![[r#"
TAP version 13
1..2
ok 1 - allow read
ok 2 - allow read on aarch64

"#]]);
}

/// Regression: with `--arch`, an assertion was about those architectures too.
#[test]
fn an_assertion_about_an_architecture_is_about_no_other() {
    let profile = file("profile", "arch x86\ndefault allow");
    let program = file("program", "");
    let written = scmp(["asm"]).arg(profile).arg("-o").arg(&program);
    written.assert().success();
    for (assertion, code) in [("allow read on x86", 0), ("allow read on all", 1)] {
        let test = scmp(["test", "--arch", "x86,x86_64"]).arg(&program);
        test.arg(file("assertions", assertion)).assert().code(code);
    }
}
// With assertions in the current folder, `run:` was a program, and `-` standard input.
#[test]
fn assertions_run_no_commands() {
    let base = "arch x86_64\ndefault errno 1";
    let _ = fs::remove_file(folder().join("owned"));
    for name in ["run:touch owned", "pid:1", "-"] {
        file(name, base);
        file("filter.profile", base);
        file("assertions", format!("same as {name}"));
        let asked = scmp(["test", "filter.profile", "assertions", "--from", "profile"]);
        asked.current_dir(folder()).assert().success();
        assert!(!folder().join("owned").exists());
    }
}

// Each assertion read the other filter, and built it again. A pipe can be read once.
#[test]
fn a_file_is_read_once() {
    let base = "arch x86_64\ndefault errno 1\nallow read";
    let pipe = folder().join("base.profile");
    let _ = fs::remove_file(&pipe);
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let writer = thread::spawn(move || fs::write(pipe, base));
    let assertions = "same as base.profile\nno looser than ./base.profile\nsame as base.profile";
    test_of(base, assertions, &[]).success();
    writer.join().expect("a thread").expect("a pipe");
}

/// Regression: a link was taken for the file that it leads to, which includes other files.
#[test]
fn a_link_is_an_input_of_its_own() {
    let include = "@include ./common.policy\n";
    let target = file("two/p.policy", include);
    file("two/common.policy", "read: 1\nwrite: 1\n");
    file("one/common.policy", "read: 1\n");
    let folder = target.ancestors().nth(2).expect("a folder");
    let _ = std::fs::remove_file(folder.join("one/p.policy"));
    std::os::unix::fs::symlink("../two/p.policy", folder.join("one/p.policy")).expect("a link");
    let options = ["--from", "minijail", "--arch", "x86_64"];
    let assertions = "same as two/p.policy\nsame as one/p.policy\n";
    let answer = test_of("read: 1\nwrite: 1\n", assertions, &options).code(1);
    let said = stdout(&answer);
    assert!(
        said.contains("\nok 1") && said.contains("\nnot ok 2"),
        "{said}"
    );
}

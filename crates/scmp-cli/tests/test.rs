// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp test`, run as a user runs it.

use std::path::{Path, PathBuf};

use snapbox::cmd::Command;
use snapbox::str;

/// A folder of one test's own with a filter and its base.
fn folder(name: &str, assertions: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let base = "arch x86_64 x86\ndefault errno 1\nallow read socket(a0 == 1)\nerrno 38 clone3";
    let files = [
        ("filter.profile", format!("{base}\nallow write")),
        ("base.profile", base.to_string()),
        ("assertions", assertions.to_string()),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).expect("a file");
    }
    folder
}

fn test(folder: &Path, options: &[&str]) -> snapbox::cmd::OutputAssert {
    Command::new(snapbox::cmd::cargo_bin!("scmp"))
        .arg("test")
        .args([folder.join("filter.profile"), folder.join("assertions")])
        .args(options)
        .assert()
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
    let folder = folder("test-1", assertions);
    test(&folder, &[]).code(1).stdout_eq(str![[r#"
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
    let junit = test(&folder, &["--format", "junit"]).code(1);
    let junit = String::from_utf8_lossy(&junit.get_output().stdout).into_owned();
    assert!(junit.contains("tests=\"7\" failures=\"2\""), "{junit}");
    assert!(junit.contains("<failure message=\"x86_64 socket(AF_INET): errno 1 (EPERM)\">"));
}

#[test]
fn mistakes_name_their_line() {
    for (text, why) in [
        (
            "allow read\nallow reed",
            "assertions:2: reed: not a system call",
        ),
        ("allow socket(domain == AF_NONE)", "assertions:1: "),
        ("same as missing.profile", "missing.profile: No such file"),
    ] {
        let folder = folder("test-2", text);
        let failed = test(&folder, &[]).code(2);
        let said = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
        assert!(said.contains(why), "{said}");
    }
}

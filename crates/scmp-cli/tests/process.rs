// SPDX-License-Identifier: LGPL-2.1-only
//! Filters of processes. The program that installs one is this test itself.

use scmp::{Action, Filter};
use scmp_kernel::Load as _;
use snapbox::cmd::Command;
use snapbox::str;

/// Set in the process that installs filters.
const INSTALLS: &str = "SCMP_TEST_INSTALLS";

fn show(argument: &str) -> Command {
    let command = Command::new(snapbox::cmd::cargo_bin!("scmp")).env("NO_COLOR", "1");
    command
        .args(["show", argument, "--arch"])
        .arg(scmp::Arch::native().name())
}

#[test]
fn installs_a_filter() {
    if std::env::var_os(INSTALLS).is_none() {
        return;
    }
    let mut filter = Filter::new(Action::Allow).expect("a filter");
    let compared = ["a0 == 5".parse().expect("a comparison")];
    let refused = Action::errno(2).expect("an action");
    filter
        .rule(refused, "getpriority", compared)
        .expect("a rule");
    filter.load().expect("loaded");
    println!("on standard error");
}

#[test]
fn a_program_is_run_and_shown() {
    let test = std::env::current_exe().expect("this program");
    let program = format!(
        "run:'{}' --exact installs_a_filter --nocapture",
        test.display()
    );
    let shown = show(&program)
        .arg("getpriority")
        .env(INSTALLS, "1")
        .assert();
    let output = shown.get_output();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("not supported by this kernel") {
        return eprintln!("skipped: this process may not trace others");
    }
    assert!(said.contains("on standard error"), "{said}");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.contains("errno 2 (ENOENT) if "), "{answer}");
    assert!(!answer.contains("on standard error"), "{answer}");
}

#[test]
fn what_has_no_filter_allows_everything() {
    let shown = show("run:exit 3").arg("read").assert().success();
    shown.stdout_eq(str![[r#"
note: run:exit 3: no filter was installed

run:exit 3: no filter

x86_64
  allow: 1 call
    read

other architectures
  allow

"#]]);
}

#[test]
fn what_is_no_process_is_an_error() {
    show("pid:x")
        .assert()
        .code(2)
        .stderr_eq("scmp: pid:x: expected the number of a process, as in pid:1\n");
    show("pid:4294967295")
        .assert()
        .code(2)
        .stderr_eq("scmp: pid:4294967295: No such process (os error 3)\n");
}

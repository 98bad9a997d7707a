// SPDX-License-Identifier: LGPL-2.1-only
//! Filters of processes. The program that installs one is this test itself.

use scmp::{Action, Filter};
use scmp_kernel::Load as _;
use snapbox::cmd::Command;
use snapbox::str;

use crate::run::{scmp, stderr, stdout};

/// Set in the process that installs filters.
const INSTALLS: &str = "SCMP_TEST_INSTALLS";

fn show(argument: &str) -> Command {
    scmp(["show", argument, "--arch", scmp::Arch::native().name()])
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
        "run:'{}' --exact process::installs_a_filter --nocapture",
        test.display()
    );
    let shown = show(&program)
        .arg("getpriority")
        .env(INSTALLS, "1")
        .assert();
    let said = stderr(&shown);
    if said.contains("not supported by this kernel") {
        assert_eq!(std::env::var_os("MUST_RUN"), None, "{said}");
        return eprintln!("skipped: this process may not trace others");
    }
    assert!(said.contains("on standard error"), "{said}");
    let answer = stdout(&shown);
    assert!(answer.contains("errno 2 (ENOENT) if "), "{answer}");
    assert!(!answer.contains("on standard error"), "{answer}");
}

#[test]
fn what_has_no_filter_allows_everything() {
    let shown = show("run:true").arg("read").assert().success();
    shown.stdout_eq(str![[r#"
note: run:true: no filter was installed

run:true: no filter

[..]
  allow: 1 call
    read

other architectures
  allow

"#]]);
}

// It counted as a program without filters: all was well.
#[test]
fn what_can_not_be_executed_is_an_error() {
    for program in ["no_such_program", "/dev/null", "exit 3"] {
        let program = format!("run:{program}");
        for command in ["show", "check", "cost"] {
            let said = stderr(&scmp([command, &program]).assert().code(2));
            let expected = format!("scmp: {program}: the program can't be executed\n");
            assert!(said.ends_with(&expected), "{said}");
        }
    }
}

// `check` found nothing wrong with no filter.
#[test]
fn without_a_filter_there_is_nothing_to_explain() {
    for arguments in [&["check", "run:true"][..], &["why", "run:true", "read"]] {
        let asked = scmp(arguments).assert().code(2);
        asked.stderr_eq("scmp: run:true: has no filter: every call is allowed\n");
    }
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

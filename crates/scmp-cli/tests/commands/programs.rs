// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp asm`, `disasm`, `sim` and `cost`, run as a user runs them.

use std::collections::HashSet;
use std::path::PathBuf;

use snapbox::str;

use crate::run::{file, folder, scmp, stdout};

fn profile() -> PathBuf {
    let text = "default errno 1\nallow read write\nallow socket(a0 == 1)\n";
    file("a.profile", text)
}

#[test]
fn a_listing_is_read_again() {
    let profile = profile();
    let binaries = ["1.bpf", "2.bpf"].map(|name| folder().join(name));
    let written = scmp(["asm"]).arg(&profile).arg("-o").arg(&binaries[0]);
    written.assert().success();
    let listing = scmp(["disasm"]).arg(&binaries[0]).assert().success();
    let listing = stdout(&listing);
    let written = scmp(["asm"]).args(["-", "-o"]).arg(&binaries[1]);
    written.stdin(listing).assert().success();
    let [one, other] = binaries.map(|path| std::fs::read(path).expect("a program"));
    assert_eq!(one, other);
    let swapped = scmp(["asm"])
        .arg(&profile)
        .args(["--endian", "big"])
        .assert()
        .success();
    assert_eq!(swapped.get_output().stdout[..4], [0, 0x20, 0, 0]);
}

#[test]
fn a_call_is_simulated() {
    let profile = profile();
    let run = |call: &str| scmp(["sim"]).arg(&profile).arg(call).assert();
    run("socket(1)").code(0).stdout_eq(str![[r#"
allow
  program 0: allow by instructions [..]

"#]]);
    run("socket(2)").code(1).stdout_eq(str![[r#"
errno 1 (EPERM)
  program 0: errno 1 (EPERM) by instructions 0-3, 5-12

"#]]);
    run("socked").code(2);
    run("socket(_)").code(2).stderr_eq(str![[r#"
scmp: call 'socket(_)', column 8: _: expected a number or the name of a constant: the call is run

"#]]);
}

#[test]
fn costs_are_told() {
    let profile = profile();
    let trace = file(
        "a.trace",
        "# A trace.\nread 90\n  # of a server\nsocket 10 # some\nno_such_call 1\n",
    );
    let cost = scmp(["cost"]).arg(&profile).arg("--trace").arg(&trace);
    cost.assert().success().stdout_eq(str![[r#"
[..]/a.profile: 15 instructions (15 at level 1, 14 at level 2)

x86_64
  instructions: 6 (read) to 12 (socket)
  allowed by the kernel's bitmap: 2 of 385 calls
  trace: 100 calls, 90.0 % by the bitmap, 1.0 to 1.2 instructions a call
  not calls of x86_64:
    no_such_call

x32
  instructions: 6 ([..]) to 6 ([..])
  the kernel has no bitmap of its calls
  trace: 100 calls, 0.0 % by the bitmap, 6.0 to 6.0 instructions a call
  not calls of x32:
    no_such_call

"#]]);
    let mips = scmp(["cost"]).arg(&profile).args(["--arch", "mipsel64"]);
    mips.assert().success().stdout_eq(str![[r#"
[..]

mipsel64
  instructions: [..]
  the kernel has no bitmap of its calls

"#]]);
    let trace = file("a.trace", "read 1\nwrite many\n");
    let cost = scmp(["cost"]).arg(&profile).arg("--trace").arg(&trace);
    cost.assert().code(2).stderr_eq(str![[r#"
scmp: [..]a.trace:2:7: write many: expected a call's name, and how many there are: `read 12`

"#]]);
}

// The sum wrapped: the trace had 4 calls.
#[test]
fn a_trace_has_no_more_calls_than_can_be_counted() {
    let profile = profile();
    let trace = file("a.trace", "read 18446744073709551615\nread 5\n");
    let cost = scmp(["cost"]).arg(&profile).arg("--trace").arg(&trace);
    cost.assert().code(2).stderr_eq(str![[r#"
scmp: [..]a.trace:2:6: read 5: expected 18446744073709551615 calls at most in all

"#]]);
}

#[test]
fn shells_complete_the_names_of_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&scmp(["completions", shell]).assert().success());
        let words: HashSet<&str> = script.split(|c: char| !c.is_alphanumeric()).collect();
        // Bash's script has no help texts, in which the other names are words too.
        let commands = match shell {
            "bash" => "asm check cost diff disasm show sim syscalls test why",
            _ => "disasm",
        };
        assert!(
            commands.split(' ').all(|name| words.contains(name)),
            "{shell}"
        );
    }
}

/// Regression: what standard output did not take was lost, and the exit code was 0.
#[test]
fn a_program_that_could_not_be_written_is_a_failure() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut asm = crate::run::program();
    asm.arg("asm").arg(file("profile", "default allow"));
    let status = asm.stdout(full.expect("/dev/full")).status();
    assert_eq!(status.expect("scmp runs").code(), Some(2));
}

// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff --exact-input`, run as a user runs it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process;

use scmp::Endian;
use scmp::bpf::{Instruction, Program, op};
use scmp_verify::profile::Profile;
use snapbox::cmd::OutputAssert;
use snapbox::str;

use crate::run::{self, file, folder, scmp, stdout};

const ALLOW: u32 = 0x7fff_0000;
const OPTIONS: [&str; 2] = ["diff", "--exact-input"];

fn diff(one: &Path, other: &Path) -> OutputAssert {
    scmp(OPTIONS).args([one, other]).assert()
}

fn instruction(code: u16, jump_true: u8, jump_false: u8, k: u32) -> Instruction {
    Instruction::new(code, [jump_true, jump_false], k)
}

fn returning(value: u32) -> Instruction {
    instruction(op::RETURN, 0, 0, value)
}

fn program(name: impl AsRef<Path>, instructions: &[Instruction]) -> PathBuf {
    let program = Program::new(instructions.to_vec(), Endian::Little).expect("memory");
    let path = folder().join(name);
    fs::write(&path, program.to_bytes().expect("memory")).expect("a file");
    path
}

/// The instructions of a profile.
fn instructions(profile: &str) -> Vec<Instruction> {
    let mut built = Profile::parse(profile).unwrap().build().unwrap();
    built.filter.program().unwrap().instructions().to_vec()
}

fn built(name: &str, profile: &str) -> PathBuf {
    program(name, &instructions(profile))
}

#[test]
fn equal_and_different_programs() {
    let one = "default errno 1\nallow read write(a0 == 1)";
    let one = built("one.bpf", one);
    let other = "default errno 1\nallow write(a0 == 1) read";
    let other = built("other.bpf", other);
    let third = "default errno 1\nallow write(a0 == 2) read";
    let third = built("third.bpf", third);
    diff(&one, &other).code(0).stdout_eq("equal\n");
    diff(&one, &third).code(1).stdout_eq(str![[r#"
different for arch 0xc000003e (x86_64), number 1 (write), a0 0x1, a1 0x0, a2 0x0, a3 0x0, a4 0x0, a5 0x0, at 0x0
[..]one.bpf: allow
  by 0-3, 5-10, 12
[..]third.bpf: errno 1 (EPERM)
  by 0-3, 5-11

"#]]);
}

#[test]
fn equal_and_different_profiles() {
    let program = built("a.bpf", "default errno 1\nallow read write(a0 == 1..3)");
    let same = "default errno 1\nallow read\nallow write(a0 == 1..3)";
    diff(&program, &file("same.profile", same)).code(0);
    let other = "default errno 1\nallow read\nallow write(a0 == 1..4)";
    let compared = diff(&program, &file("other.profile", other));
    compared.code(1).stdout_eq(str![[r#"
different for arch 0xc000003e (x86_64), number 1 (write), a0 0x4, a1 0x0, a2 0x0, a3 0x0, a4 0x0, a5 0x0, at 0x0
[..]a.bpf: errno 1 (EPERM)
  by 0-3, 5-13
[..]other.profile: allow

"#]]);
}

#[test]
fn programs_that_the_kernel_refuses_are_never_equal() {
    let jump = |k| [instruction(op::JUMP, 0, 0, k), returning(0)];
    let load = |k| [instruction(op::LOAD, 0, 0, k), returning(0)];
    let last = [returning(0), instruction(op::AND, 0, 0, 1)];
    for (instructions, why) in [
        (
            jump(1),
            "instruction 0 (0x0005, jmp 0002): it jumps past the end of the program",
        ),
        (load(66), "[..] it loads from offset 66[..]"),
        (last, "[..]does not end with a return[..]"),
    ] {
        let path = program("a.bpf", &instructions);
        let expected = format!("scmp: [..]a.bpf: {why}\n");
        diff(&path, &path).code(2).stderr_eq(expected);
    }
    let empty = program("a.bpf", &[]);
    diff(&empty, &empty).code(2);
}

// Such rules used to be left out without a word, and what was left was equal.
#[test]
fn rules_that_the_filter_refuses_are_named() {
    let program = built(
        "a.bpf",
        "default errno 1\nallow read write\nlog ioctl(a0 == 1)",
    );
    let profile = "default errno 1\nallow read no_such_call write\n\
                   priority 3 nor_this\nlog ioctl(a0 == 1)\nallow ioctl(a0 == 1)\n\
                   errno 1 close(a0 == 1..9)";
    let refused = diff(&program, &file("a.profile", profile)).code(2);
    refused.stdout_eq("").stderr_eq(str![[r#"
scmp: [..]a.profile: the filter can't take all of the profile:
note: [..]a.profile:2: no_such_call is left out: no system call has this name
note: [..]a.profile:3: nor_this is left out: no system call has this name
note: [..]a.profile:5: ioctl is left out: on x86_64, it conflicts with the rule on ioctl in line 4, which has the action log
note: [..]a.profile:6: close is left out: the rule's action is the default action

"#]]);
}

#[test]
fn rules_on_calls_that_the_architecture_lacks_are_left_out() {
    let program = built("a.bpf", "default errno 1\nallow read");
    let profile = "exact\ndefault errno 1\nallow read mmap2";
    diff(&program, &file("a.profile", profile)).code(0);
}

// States double with each pair of instructions.
#[test]
fn it_gives_up_on_masks_that_double() {
    let doubling = |name, value| {
        let mut all = vec![instruction(op::LOAD, 0, 0, 16)];
        for bit in 0..20 {
            all.push(instruction(op::JUMP_EQUAL, 1, 0, 1 << bit));
            all.push(instruction(op::AND, 0, 0, !(1 << bit)));
        }
        all.push(instruction(op::JUMP_EQUAL, 0, 1, 0));
        all.extend([returning(0), returning(value)]);
        program(name, &all)
    };
    let compared = diff(&doubling("one.bpf", 0), &doubling("other.bpf", ALLOW));
    compared.code(3).stderr_eq("scmp: [..]: gave up: [..]\n");
}

// The program used to be copied for each instruction that was executed.
#[test]
fn reports_of_the_longest_programs_are_made() {
    let long = |name, value| {
        let mut all = vec![instruction(op::LOAD, 0, 0, 0)];
        all.extend((0..65_533).map(|k| instruction(op::JUMP_EQUAL, 0, 0, k)));
        all.push(returning(value));
        program(name, &all)
    };
    let compared = diff(&long("one.bpf", 0), &long("other.bpf", ALLOW)).code(1);
    let text = stdout(&compared);
    assert_eq!(text.matches("\n  by 0-65534\n").count(), 2, "{text}");
}

#[test]
fn inputs_are_limited() {
    let program = program("a.bpf", &[returning(0)]);
    let zero = Path::new("/dev/zero");
    let too_large = |compared: OutputAssert| {
        let why = "scmp: [..]: larger than 16 MiB\n";
        compared.code(2).stderr_eq(why);
    };
    too_large(diff(zero, &program));
    let endless = folder().join("endless.profile");
    let _ = std::os::unix::fs::symlink(zero, &endless);
    too_large(diff(&program, &endless));
    let many = "default allow\nlog ioctl(a0 == 0..65535, a1 == 0..999)";
    let many = diff(&program, &file("a.profile", many)).code(2);
    many.stderr_eq("scmp: [..]a.profile:2:5: more than 65536 rules[..]\n");
}

#[test]
fn what_is_no_program_or_profile_is_refused() {
    let good = program("a.bpf", &[returning(0)]);
    for (path, why) in [
        (
            file("b.bpf", "#!/bin/sh\n"),
            "b.bpf: the format is not known[..]",
        ),
        (
            file("b.profile", b"default allow\nlog \xff"),
            "b.profile:2:5: not UTF-8",
        ),
        (folder(), ": Is a directory[..]"),
        (folder().join("none"), "none: No such file[..]"),
    ] {
        let expected = format!("scmp: [..]{why}\n");
        diff(&good, &path).code(2).stdout_eq("").stderr_eq(expected);
    }
    scmp(OPTIONS).arg(&good).assert().code(2);
}

// x32's calls were shown as x86_64's, with no name.
#[test]
fn calls_of_x32_have_names() {
    let paths = [0x4000_0001, 0x3fff_fff0].map(|number| {
        let mut all = instructions("arch x32\ndefault errno 1\nallow write");
        for each in all.iter_mut().filter(|each| each.k == 0x4000_0001) {
            each.k = number;
        }
        program(format!("{number}.bpf"), &all)
    });
    let text = stdout(&diff(&paths[0], &paths[1]).code(1));
    let expected = "arch 0xc000003e (x32), number 1073741825 (write)";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn file_names_need_not_be_text() {
    let name = OsStr::from_bytes(b"\xff\xfe.bpf");
    let path = program(name, &[returning(0)]);
    diff(&path, &path).code(0);
}

/// The command with an output of its own.
fn writing(arguments: &[&PathBuf], output: impl Into<process::Stdio>) -> process::Command {
    let mut command = run::program();
    command.args(OPTIONS).args(arguments).stdout(output);
    command
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let one = &program("one.bpf", &[returning(0)]);
    let other = &program("other.bpf", &[returning(ALLOW)]);
    for (arguments, expected) in [(vec![one, other], 1), (vec![one, one], 0), (vec![], 2)] {
        // As a pipe does, a socket refuses what nobody can read.
        let (reader, writer) = UnixStream::pair().expect("a pair of sockets");
        drop(reader);
        let errors = OwnedFd::from(writer.try_clone().expect("its end"));
        let mut command = writing(&arguments, OwnedFd::from(writer));
        let status = command.stderr(errors).status().expect("it runs");
        assert_eq!(status.code(), Some(expected));
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    let path = program("a.bpf", &[returning(ALLOW)]);
    let full = File::options().write(true).open("/dev/full");
    let mut command = writing(&[&path, &path], full.expect("the device"));
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}

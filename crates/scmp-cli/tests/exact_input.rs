// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff --exact-input`, run as a user runs it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use scmp::bpf::{Instruction, Program, op};
use scmp::{Action, Endian};
use scmp_verify::profile::Profile;

const ALLOW: u32 = 0x7fff_0000;
const ADD: u16 = 0x04;

/// A folder of one test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn command(arguments: &[&Path]) -> Command {
    // EMULATOR runs what this machine can't.
    let emulator = std::env::var("EMULATOR").unwrap_or_default();
    let mut words = emulator.split_whitespace().collect::<Vec<_>>();
    words.push(env!("CARGO_BIN_EXE_scmp"));
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .args(["diff", "--exact-input"])
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs the program; fails after 120 s.
fn answer(arguments: &[&Path]) -> (Option<i32>, String, String) {
    let started = Instant::now();
    let mut command = command(arguments);
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = output.spawn().expect("it starts");
    while child.try_wait().expect("its status").is_none() {
        if started.elapsed() > Duration::from_secs(120) {
            child.kill().expect("it is stopped");
            panic!("{command:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("its output");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

fn instruction(code: u16, jump_true: u8, jump_false: u8, k: u32) -> Instruction {
    Instruction {
        code,
        jump_true,
        jump_false,
        k,
    }
}

fn returning(value: u32) -> Instruction {
    instruction(op::RETURN, 0, 0, value)
}

fn write_program(path: &Path, instructions: &[Instruction]) {
    let program = Program::new(instructions.to_vec(), Endian::Little).expect("memory");
    fs::write(path, program.to_bytes().expect("memory")).expect("a file");
}

/// The program of a profile.
fn write_built(path: &Path, profile: &str) {
    let mut built = Profile::parse(profile).unwrap().build().unwrap();
    fs::write(path, built.filter.program().unwrap().to_bytes().unwrap()).expect("a file");
}

#[test]
fn equal_and_different_programs() {
    let folder = folder("programs");
    let [one, other, third] = ["one.bpf", "other.bpf", "third.bpf"].map(|name| folder.join(name));
    write_built(&one, "default errno 1\nallow read write(a0 == 1)");
    write_built(&other, "default errno 1\nallow write(a0 == 1) read");
    write_built(&third, "default errno 1\nallow write(a0 == 2) read");
    let (code, text, complaint) = answer(&[&one, &other]);
    assert_eq!((code, &text[..], &complaint[..]), (Some(0), "equal\n", ""));
    let (code, text, _) = answer(&[&one, &third]);
    assert_eq!(code, Some(1));
    assert!(text.contains("(write), a0 0x1,"), "{text}");
    assert!(text.contains("one.bpf: allow\n  by 0-"), "{text}");
    assert!(
        text.contains("third.bpf: errno 1 (EPERM)\n  by 0-"),
        "{text}"
    );
}

#[test]
fn equal_and_different_profiles() {
    let folder = folder("profiles");
    let [program, profile] = ["a.bpf", "a.profile"].map(|name| folder.join(name));
    write_built(&program, "default errno 1\nallow read write(a0 == 1..3)");
    fs::write(
        &profile,
        "default errno 1\nallow read\nallow write(a0 == 1..3)",
    )
    .unwrap();
    assert_eq!(answer(&[&program, &profile]).0, Some(0));
    fs::write(
        &profile,
        "default errno 1\nallow read\nallow write(a0 == 1..4)",
    )
    .unwrap();
    let (code, text, _) = answer(&[&program, &profile]);
    assert_eq!(code, Some(1));
    assert!(text.contains("(write), a0 0x4,"), "{text}");
    assert!(text.ends_with("a.profile: allow\n"), "{text}");
}

// They used to be equal, because both "fault" alike.
#[test]
fn arithmetic_counts() {
    let folder = folder("arithmetic");
    let [one, other] = ["one.bpf", "other.bpf"].map(|name| folder.join(name));
    for (path, k) in [(&one, 1), (&other, 2)] {
        let jump = instruction(op::JUMP_EQUAL, 0, 1, 5);
        let (load, add) = (instruction(op::LOAD, 0, 0, 0), instruction(ADD, 0, 0, k));
        write_program(path, &[load, add, jump, returning(0), returning(ALLOW)]);
    }
    assert_ne!(answer(&[&one, &other]).0, Some(0));
    assert_eq!(answer(&[&one, &one]).0, answer(&[&other, &other]).0);
}

#[test]
fn programs_that_the_kernel_refuses_are_never_equal() {
    let folder = folder("refused");
    let path = folder.join("a.bpf");
    let jump = |k| [instruction(op::JUMP, 0, 0, k), returning(0)];
    let load = |k| [instruction(op::LOAD, 0, 0, k), returning(0)];
    for (program, why) in [
        (
            jump(1),
            "instruction 0 (code 0x0005, BPF_JMP | BPF_JA | BPF_K): it jumps past the end",
        ),
        (load(66), "it loads from offset 66"),
        (
            [returning(0), instruction(op::AND, 0, 0, 1)],
            "does not end with a return",
        ),
    ] {
        write_program(&path, &program);
        let (code, _, complaint) = answer(&[&path, &path]);
        assert_eq!(code, Some(2));
        assert!(complaint.contains(why), "{complaint}");
    }
    fs::write(&path, b"").unwrap();
    assert_eq!(answer(&[&path, &path]).0, Some(2));
}

// Such rules used to be left out without a word, and what was left was equal.
#[test]
fn rules_that_the_filter_refuses_are_named() {
    let folder = folder("dropped");
    let [program, profile] = ["a.bpf", "a.profile"].map(|name| folder.join(name));
    write_built(
        &program,
        "default errno 1\nallow read write\nlog ioctl(a0 == 1)",
    );
    let text = "default errno 1\nallow read no_such_call write\n\
                priority 3 nor_this\nlog ioctl(a0 == 1)\nallow ioctl(a0 == 1)\n\
                errno 1 close(a0 == 1..9)";
    fs::write(&profile, text).unwrap();
    let (code, text, complaint) = answer(&[&program, &profile]);
    assert_eq!((code, &text[..]), (Some(2), ""));
    let lines: Vec<&str> = complaint.lines().skip(1).collect();
    assert_eq!(lines.len(), 4, "{complaint}");
    for (line, start) in lines.iter().zip([
        ".profile:2: no_such_call is left out: no system call has this name",
        ".profile:3: nor_this is left out: no system call has this name",
        ".profile:5: ioctl is left out: a rule that has or begins with these",
        ".profile:6: close is left out: the rule's action is the default action",
    ]) {
        assert!(line.contains(start), "{line}");
    }
}

#[test]
fn rules_on_calls_that_the_architecture_lacks_are_left_out() {
    let folder = folder("lacking");
    let [program, profile] = ["a.bpf", "a.profile"].map(|name| folder.join(name));
    write_built(&program, "default errno 1\nallow read");
    fs::write(&profile, "exact\ndefault errno 1\nallow read mmap2").unwrap();
    assert_eq!(answer(&[&program, &profile]).0, Some(0));
}

// States double with each pair of instructions.
#[test]
fn it_gives_up_on_masks_that_double() {
    let folder = folder("masks");
    let paths = ["one.bpf", "other.bpf"].map(|name| folder.join(name));
    for (path, value) in paths.iter().zip([0, ALLOW]) {
        let mut program = vec![instruction(op::LOAD, 0, 0, 16)];
        for bit in 0..20 {
            program.push(instruction(op::JUMP_EQUAL, 1, 0, 1 << bit));
            program.push(instruction(op::AND, 0, 0, !(1 << bit)));
        }
        program.extend([
            instruction(op::JUMP_EQUAL, 0, 1, 0),
            returning(0),
            returning(value),
        ]);
        write_program(path, &program);
    }
    let (code, _, complaint) = answer(&[&paths[0], &paths[1]]);
    assert_eq!(code, Some(3));
    assert!(complaint.contains("gave up: "), "{complaint}");
}

// The program used to be copied for each instruction that was executed.
#[test]
fn reports_of_the_longest_programs_are_made() {
    let folder = folder("long");
    let paths = ["one.bpf", "other.bpf"].map(|name| folder.join(name));
    for (path, value) in paths.iter().zip([0, ALLOW]) {
        let mut program = vec![instruction(op::LOAD, 0, 0, 0)];
        program.extend((0..65_533).map(|k| instruction(op::JUMP_EQUAL, 0, 0, k)));
        program.push(returning(value));
        write_program(path, &program);
    }
    let (code, text, _) = answer(&[&paths[0], &paths[1]]);
    assert_eq!(code, Some(1));
    assert_eq!(text.matches("\n  by 0-65534\n").count(), 2, "{text}");
}

#[test]
fn inputs_are_limited() {
    let folder = folder("limits");
    let [program, profile, endless] =
        ["a.bpf", "a.profile", "endless.profile"].map(|name| folder.join(name));
    write_program(&program, &[returning(0)]);
    let zero = Path::new("/dev/zero");
    let (code, _, complaint) = answer(&[zero, &program]);
    assert_eq!(
        (code, complaint.contains("larger than 16 MiB")),
        (Some(2), true)
    );
    let _ = std::os::unix::fs::symlink(zero, &endless);
    let (code, _, complaint) = answer(&[&program, &endless]);
    assert_eq!(
        (code, complaint.contains("larger than 16 MiB")),
        (Some(2), true)
    );
    fs::write(
        &profile,
        "default allow\nlog ioctl(a0 == 0..65535, a1 == 0..999)",
    )
    .unwrap();
    let (code, _, complaint) = answer(&[&program, &profile]);
    let why = "a.profile:2:5: more than 65536 rules";
    assert_eq!(
        (code, complaint.contains(why)),
        (Some(2), true),
        "{complaint}"
    );
}

#[test]
fn what_is_no_program_or_profile_is_refused() {
    let folder = folder("garbage");
    let [good, bad, profile] = ["a.bpf", "b.bpf", "b.profile"].map(|name| folder.join(name));
    write_program(&good, &[returning(0)]);
    fs::write(&bad, "#!/bin/sh\n").unwrap();
    fs::write(&profile, b"default allow\nlog \xff").unwrap();
    for (path, why) in [
        (&bad, "b.bpf: the format is not known"),
        (&profile, "b.profile:2:5: not UTF-8"),
        (&folder, "Is a directory"),
        (&folder.join("none"), "No such file"),
    ] {
        let (code, text, complaint) = answer(&[&good, path]);
        assert_eq!((code, &text[..]), (Some(2), ""));
        assert!(complaint.contains(why), "{complaint}");
    }
    assert_eq!(answer(&[&good]).0, Some(2));
}

// x32's calls were shown as x86_64's, with no name.
#[test]
fn calls_of_x32_have_names() {
    let folder = folder("x32");
    let paths = ["one.bpf", "other.bpf"].map(|name| folder.join(name));
    for (path, number) in paths.iter().zip([0x4000_0001, 0x3fff_fff0]) {
        let text = "arch x32\ndefault errno 1\nallow write";
        let mut built = Profile::parse(text)
            .expect("a profile")
            .build()
            .expect("it");
        let program = built.filter.program().expect("a program");
        let mut instructions = program.instructions().to_vec();
        for each in &mut instructions {
            if each.k == 0x4000_0001 {
                each.k = number;
            }
        }
        write_program(path, &instructions);
    }
    let (code, text, _) = answer(&[&paths[0], &paths[1]]);
    assert_eq!(code, Some(1));
    let expected = "arch 0xc000003e (x32), number 1073741825 (write)";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn file_names_need_not_be_text() {
    let folder = folder("names");
    let path = folder.join(OsStr::from_bytes(b"\xff\xfe.bpf"));
    write_program(&path, &[returning(0)]);
    assert_eq!(answer(&[&path, &path]).0, Some(0));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder("pipe");
    let paths = ["one.bpf", "other.bpf"].map(|name| folder.join(name));
    write_program(&paths[0], &[returning(0)]);
    write_program(&paths[1], &[returning(ALLOW)]);
    for (arguments, expected) in [
        (vec![&paths[0], &paths[1]], 1),
        (vec![&paths[0], &paths[0]], 0),
        (vec![], 2),
    ] {
        let arguments: Vec<&Path> = arguments.into_iter().map(PathBuf::as_path).collect();
        // As a pipe does, a socket refuses what nobody can read.
        let (reader, writer) = UnixStream::pair().expect("a pair of sockets");
        drop(reader);
        let errors = OwnedFd::from(writer.try_clone().expect("its end"));
        let writer = OwnedFd::from(writer);
        let mut command = command(&arguments);
        let status = command
            .stdout(writer)
            .stderr(errors)
            .status()
            .expect("it runs");
        assert_eq!(status.code(), Some(expected));
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    let folder = folder("full");
    let path = folder.join("a.bpf");
    write_program(&path, &[returning(Action::Allow.to_raw())]);
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("the device");
    let output = command(&[&path, &path])
        .stdout(full)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The programs, run as a user runs them. `tests/drop_in.rs` compares them with the
//! C library's tools.

mod program;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use scmp::bpf::Instruction;
use scmp::{Arch, Endian};
use scmp_verify::assembly;

const EIO: i32 = 5;
const ENOENT: i32 = 2;
const ENOEXEC: i32 = 8;
const EFAULT: i32 = 14;
const EISDIR: i32 = 21;
const EINVAL: i32 = 22;
const ENOSPC: i32 = 28;

/// Its exit code, standard output, and standard error.
type Answer = (i32, String, String);

fn command(program: &str, arguments: &[&OsStr]) -> Command {
    // EMULATOR runs what this machine can't.
    let emulator = std::env::var("EMULATOR").unwrap_or_default();
    let mut words: Vec<&str> = emulator.split_whitespace().collect();
    words.push(program::path(program));
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(arguments);
    command.env_remove("POSIXLY_CORRECT");
    command
}

fn answer(mut command: Command) -> Answer {
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

/// Runs a command line whose words are separated by blanks.
fn run(line: &str) -> Answer {
    let mut words = line.split(' ');
    let program = words.next().expect("a program");
    let arguments: Vec<&OsStr> = words.map(OsStr::new).collect();
    answer(command(program, &arguments))
}

/// Runs a program with options and a file.
fn run_with(program: &str, options: &str, path: &Path) -> Answer {
    let mut arguments: Vec<&OsStr> = options.split_whitespace().map(OsStr::new).collect();
    arguments.push(path.as_os_str());
    answer(command(program, &arguments))
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).expect("a file");
    path
}

fn bytes(text: &str, endian: Endian) -> Vec<u8> {
    let program: Vec<Instruction> = assembly::parse(text).expect("a program");
    program
        .iter()
        .flat_map(|each| each.to_bytes(endian))
        .collect()
}

#[track_caller]
fn prints(line: &str, output: &str) {
    assert_eq!(
        run(line),
        (0, format!("{output}\n"), String::new()),
        "{line}"
    );
}

#[track_caller]
fn is_wrong_usage(line: &str) {
    let (code, output, complaint) = run(line);
    assert_eq!((code, output.as_str()), (EINVAL, ""), "{line}");
    assert!(complaint.contains("\nusage: "), "{line}: {complaint}");
}

#[test]
fn system_calls_are_resolved() {
    for (line, output) in [
        ("-a x86_64 openat", "257"),
        ("-ax86_64 257", "openat"),
        ("openat -a x86_64", "257"),
        ("-a x86 socket", "-101"),
        ("-a x86 -t socket", "102"),
        ("-t -a aarch64 socket", "198"),
        ("-a x86_64 -t socketcall", "-10060"),
        ("-a aarch64 open", "-10166"),
        ("-a aarch64 -- -10166", "open"),
        ("-a x32 0", "read"),
        ("-a x32 read", "1073741824"),
        ("-a mips64n32 6000", "read"),
        ("-a s390x no_such_call", "-1"),
        ("-a ppc64le 99999", "UNKNOWN"),
        ("-a ppc64le read write", "3"),
        // The C library's tool answers for the number in front, or for 0.
        ("-a x86_64 0x10", "UNKNOWN"),
        ("-a x86_64 12abc", "UNKNOWN"),
        ("-a x86_64 4294967296", "UNKNOWN"),
        ("-a x86_64 -", "UNKNOWN"),
    ] {
        prints(&format!("scmp_sys_resolver {line}"), output);
    }
    for line in [
        "-h",
        "-a x86",
        "-a mips128 read",
        "-a",
        "-x read",
        "--help",
        "-10031",
    ] {
        is_wrong_usage(&format!("scmp_sys_resolver {line}"));
    }
    // An empty name, and one that is no text.
    prints("scmp_sys_resolver -- ", "-1");
    let bad = [OsStr::from_bytes(b"read\xff")];
    assert_eq!(answer(command("scmp_sys_resolver", &bad)).1, "-1\n");
}

#[test]
fn the_machine_is_described() {
    prints("scmp_arch_detect", Arch::native().name());
    prints(
        "scmp_arch_detect -t",
        &(Arch::native().token() as i32).to_string(),
    );
    prints("scmp_arch_detect operand", Arch::native().name());
    is_wrong_usage("scmp_arch_detect -h");
    is_wrong_usage("scmp_arch_detect -a x86");
    let (code, level, _) = run("scmp_api_level -x y");
    assert_eq!(code, 0);
    assert!(
        (1..=7).contains(&level.trim_end().parse::<u32>().unwrap()),
        "{level}"
    );
}

/// What the C library's tool prints for this program, too.
const LISTING: &str = " line  OP   JT   JF   K
=================================
 0000: 0x20 0x00 0x00 0x00000004   ld  $data[4]
 0001: 0x15 0x00 0x03 0x40000003   jeq 1073741827 true:0002 false:0005
 0002: 0x54 0x00 0x00 0x000000ff   and 0x000000ff
 0003: 0x35 0x01 0x00 0x00000007   jge 7    true:0005 false:0004
 0004: 0x06 0x00 0x00 0x7ff00007   ret TRACE(7)
 0005: 0x06 0x00 0x00 0x00000000   ret KILL
";

const GRAPH: &str = "digraph {
	start[shape=\"box\", style=rounded];
	line0[label=\"ld $data[4]\",shape=parallelogram]
	start -> line0
	line1[label=\"jeq 1073741827\\n(0x40000003)\",shape=diamond]
	line1 -> line2 [label=\"true\"]
	line1 -> line5 [label=\"false\"]
	line0 -> line1
	line2[label=\"and 0x000000ff\",shape=rectangle]
	line3[label=\"jge 7   \",shape=diamond]
	line3 -> line5 [label=\"true\"]
	line3 -> line4 [label=\"false\"]
	line2 -> line3
	line4[label=\"ret TRACE(7)\", shape=\"box\", style=rounded]
	line5[label=\"ret KILL\", shape=\"box\", style=rounded]
}
";

#[test]
fn programs_are_printed() {
    let big = file("printed-big.bpf", &bytes(LISTING, Endian::Big));
    let little = file("printed-little.bpf", &bytes(LISTING, Endian::Little));
    let good = |output: &str| (0, output.to_string(), String::new());
    assert_eq!(run_with("scmp_bpf_disasm", "-a ppc", &big), good(LISTING));
    assert_eq!(run_with("scmp_bpf_disasm", "-a m68k -d", &big), good(GRAPH));
    assert_eq!(run_with("scmp_bpf_disasm", "-da arm", &little), good(GRAPH));
    for arguments in [&["-a", "x32"][..], &["-a", "x32", "-"]] {
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        let mut command = command("scmp_bpf_disasm", &arguments);
        command.stdin(File::open(&little).expect("the program"));
        assert_eq!(answer(command), good(LISTING));
    }
    let empty = run_with("scmp_bpf_disasm", "", &file("printed-empty.bpf", b""));
    let heading: String = LISTING.split_inclusive('\n').take(2).collect();
    assert_eq!(empty, good(&heading));
}

#[test]
fn what_cannot_be_printed_is_refused() {
    let whole = bytes(LISTING, Endian::Little);
    let short = file("printed-short.bpf", &whole[..whole.len() - 3]);
    let (code, output, complaint) = run_with("scmp_bpf_disasm", "-a x86", &short);
    assert_eq!(code, EINVAL);
    let lines: String = LISTING.split_inclusive('\n').take(7).collect();
    assert_eq!(output, lines);
    assert!(
        complaint.ends_with("ends with 5 bytes that are no instruction\n"),
        "{complaint}"
    );

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (code, _, complaint) = run_with("scmp_bpf_disasm", "", folder);
    assert_eq!(code, EISDIR, "{complaint}");
    let (code, output, complaint) = run_with("scmp_bpf_disasm", "", &folder.join("no-such-file"));
    assert_eq!((code, output.as_str()), (ENOENT, ""));
    assert!(complaint.contains("no-such-file"), "{complaint}");
    for line in ["-h", "-a sparc", "-x", "-a", "a b"] {
        is_wrong_usage(&format!("scmp_bpf_disasm {line}"));
    }
}

#[test]
fn standard_output_may_fail() {
    let program = file("printed-lost.bpf", &bytes("ret ALLOW", Endian::HOST));
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: no /dev/full here");
        return;
    };
    for (name, options) in [
        ("scmp_bpf_disasm", ""),
        ("scmp_bpf_sim", "-f"),
        ("scmp_api_level", ""),
    ] {
        let mut arguments: Vec<&OsStr> = options.split_whitespace().map(OsStr::new).collect();
        arguments.push(program.as_os_str());
        let mut failing = command(name, &arguments);
        failing.stdout(full.try_clone().expect("a descriptor"));
        let (code, _, complaint) = answer(failing);
        assert!(code == ENOSPC || code == EIO, "{name}: {complaint}");
        assert!(complaint.contains("standard output"), "{name}: {complaint}");
    }
    // As a shell shows a program that SIGPIPE ends.
    let mut unread = command("scmp_bpf_disasm", &[program.as_os_str()]);
    let (reader, writer) = std::os::unix::net::UnixStream::pair().expect("a pair");
    drop(reader);
    unread.stdout(std::os::fd::OwnedFd::from(writer));
    assert_eq!(answer(unread), (141, String::new(), String::new()));
}

/// A stream is printed as it comes, in bounded memory.
#[test]
fn long_programs_are_printed() {
    let size = 3 << 20;
    let path = file("printed-long.bpf", b"");
    let long = File::options().write(true).open(&path).expect("a file");
    long.set_len(size).expect("a size");
    let (code, output, _) = run_with("scmp_bpf_disasm", "", &path);
    assert_eq!((code, output.lines().count() as u64), (0, 2 + size / 8));
}

#[track_caller]
fn simulates(program: &str, options: &str, action: &str) {
    let name = std::thread::current()
        .name()
        .unwrap_or_default()
        .to_string();
    let path = file(&format!("{name}.bpf"), &bytes(program, Endian::Little));
    let found = run_with("scmp_bpf_sim", &format!("-a x86_64 {options} -f"), &path);
    let failed = |code, word: &str| (code, String::new(), format!("{word}\n"));
    let expected = match action {
        "ERROR" => failed(ENOEXEC, action),
        "FAULT" => failed(EFAULT, action),
        _ => (0, format!("{action}\n"), String::new()),
    };
    assert_eq!(found, expected, "{program} {options}");
}

#[test]
fn programs_are_simulated() {
    let by_number = "ld $data[0]\njeq 257 true:2 false:3\nret ERRNO(1)\nret ALLOW";
    simulates(by_number, "-s 257", "ERRNO(1)");
    simulates(by_number, "-s 0x101", "ERRNO(1)");
    simulates(by_number, "-s 258", "ALLOW");
    simulates(by_number, "", "ALLOW");
    // As strtol(3): a number in front, and its low bits.
    simulates(by_number, "-s 257read", "ERRNO(1)");
    simulates(by_number, "-s 4294967553", "ERRNO(1)");
    let by_arguments = "ld $data[44]\njgt 1 true:4 false:2\nld $data[56]\njeq 0xfffffffe true:5 false:4\nret LOG\nret KILL_PROCESS";
    simulates(by_arguments, "-5 -2", "KILL_PROCESS");
    simulates(by_arguments, "-3 0x200000000 -5 -2", "LOG");
    simulates(
        "ld $data[4]\njeq 0xc000003e true:2 false:3\nret TRAP\nret KILL",
        "",
        "TRAP",
    );
    // The C library's tool does not know these.
    simulates("ret NOTIFY", "", "NOTIFY");
    let by_memory = "ld $data[16]\nst $temp[15]\nldx $temp[15]\ndiv X\nadd 0x50000\nret $acc";
    simulates(by_memory, "-0 7", "ERRNO(1)");
    simulates(by_memory, "", "KILL");
    simulates("ret 0x12345678", "", "ERROR");
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    simulates("ld $data[0]", "", "ERROR");
    simulates("jmp 2\nret LOG", "", "ERROR");
    simulates("0x05 0 0 0xffffffff", "", "ERROR");
    simulates("ld $data[64]\nret LOG", "", "ERROR");
    // The C library's tool reads past the data.
    simulates("ld $data[62]\nret LOG", "", "ERROR");
    simulates("0xff 0 0 0\nret LOG", "", "FAULT");
    simulates("ret LOG", "-f /dev/null", "FAULT");
    simulates("ret LOG", "-a sparc", "FAULT");
    let loads = "ld $data[0]\n".repeat(4095);
    simulates(&format!("{loads}ret LOG"), "", "LOG");
    simulates(&format!("{loads}ld $data[0]\nret LOG"), "", "FAULT");

    let whole = bytes("ld $data[0]\nret LOG", Endian::Little);
    let short = file("simulated-short.bpf", &whole[..15]);
    assert_eq!(run_with("scmp_bpf_sim", "-f", &short).0, EFAULT);
    let (code, _, complaint) = run_with("scmp_bpf_sim", "-v -f", Path::new("/no such file"));
    assert_eq!(code, EFAULT);
    assert!(
        complaint.starts_with("FAULT: /no such file: "),
        "{complaint}"
    );
    // Stops at the first that is too many.
    assert_eq!(run("scmp_bpf_sim -f /dev/zero").0, EFAULT);
    for line in ["-h", "-s 1", "-6 0", "-f", "-x"] {
        is_wrong_usage(&format!("scmp_bpf_sim {line}"));
    }
}

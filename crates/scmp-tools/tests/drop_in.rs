// SPDX-License-Identifier: LGPL-2.1-only
//! The programs and the C library's tools of the same names print the same and end with
//! the same exit code, but for what docs/differences.md lists.
//!
//! `scripts/check-drop-in-tools.sh` runs this. It sets `SCMP_C_TOOLS` (the folder of the
//! C library's tools), `SCMP_C_LIBRARY` and `SCMP_OUR_LIBRARY` (the folders of the C
//! library and of ours).

mod program;
// Other tests use the rest.
#[allow(dead_code)]
#[path = "../../../tests/oracle/random.rs"]
mod random;
#[allow(dead_code)]
#[path = "../../../tests/oracle/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use random::Random;
use run::{for_each, profiles};
use scmp::bpf::{Instruction, Program};
use scmp::{Arch, Endian, syscalls};

const WHY: &str = "needs the C library's tools: scripts/check-drop-in-tools.sh";

/// The exit code, `None` after a signal, and standard output.
type Outcome = (Option<i32>, String);

fn folder(variable: &str) -> PathBuf {
    PathBuf::from(std::env::var_os(variable).unwrap_or_else(|| panic!("{variable}: {WHY}")))
}

/// A run of a tool.
#[derive(Clone, Debug)]
struct Call {
    tool: &'static str,
    arguments: Vec<OsString>,
    input: PathBuf,
}

impl Call {
    /// Arguments are separated by blanks.
    fn new(tool: &'static str, line: &str, input: &Path) -> Call {
        Call {
            tool,
            arguments: line.split_whitespace().map(OsString::from).collect(),
            input: input.to_path_buf(),
        }
    }

    fn run(&self, program: &Path, library: Option<&Path>) -> Outcome {
        let mut command = Command::new(program);
        command.args(&self.arguments).stderr(Stdio::null());
        command.stdin(File::open(&self.input).expect("the input"));
        if let Some(library) = library {
            command.env("LD_LIBRARY_PATH", library);
        }
        let output = command.output().expect("it starts");
        let text = String::from_utf8_lossy(&output.stdout);
        (output.status.code(), text.into_owned())
    }

    fn ours(&self) -> Outcome {
        self.run(Path::new(program::path(self.tool)), None)
    }

    fn theirs(&self) -> Outcome {
        let program = folder("SCMP_C_TOOLS").join(self.tool);
        self.run(&program, Some(&folder("SCMP_C_LIBRARY")))
    }

    /// The C library's tool on our library, whose table of system calls is newer.
    fn theirs_on_ours(&self) -> Outcome {
        let program = folder("SCMP_C_TOOLS").join(self.tool);
        self.run(&program, Some(&folder("SCMP_OUR_LIBRARY")))
    }
}

/// Makes all calls on both sides; answers how many have another outcome only because our
/// library's table is newer.
fn same(calls: &[Call]) -> usize {
    let newer = AtomicUsize::new(0);
    let different = Mutex::new(Vec::new());
    for_each(calls.len() as u64, |index| {
        let call = &calls[index as usize];
        let (ours, theirs) = (call.ours(), call.theirs());
        if ours != theirs {
            match call.theirs_on_ours() == ours {
                true => _ = newer.fetch_add(1, Ordering::Relaxed),
                false => different.lock().unwrap().push((call, ours, theirs)),
            }
        }
    });
    let different = different.into_inner().unwrap();
    let first: Vec<_> = different.iter().take(5).collect();
    assert!(
        first.is_empty(),
        "{} differ, as {first:#?}",
        different.len()
    );
    newer.into_inner()
}

/// A folder of one test's own.
fn temporary(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn file(folder: &Path, name: &str, instructions: Vec<Instruction>, endian: Endian) -> PathBuf {
    let program = Program::new(instructions, endian).expect("memory");
    let path = folder.join(name);
    fs::write(&path, program.to_bytes().expect("memory")).expect("a file");
    path
}

#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn system_calls_are_resolved_alike() {
    let null = Path::new("/dev/null");
    let mut calls = Vec::new();
    for arch in Arch::all() {
        let mut call = |line: String| {
            let line = format!("-a {} {line}", arch.name());
            calls.push(Call::new("scmp_sys_resolver", &line, null));
        };
        // The numbers of an ABI need not begin with 0.
        let first = arch.syscall_number("read").unwrap_or_default() & !0xfff;
        let bases = if first > 0 { vec![0, first] } else { vec![0] };
        for number in bases.iter().flat_map(|base| base - 10..=base + 600) {
            call(format!("-- {number}"));
        }
        for row in syscalls::rows() {
            let name = syscalls::name(row);
            call(name.to_string());
            call(format!("-t {name}"));
            if let Some(pseudo) = syscalls::pseudo(row) {
                call(format!("-- {pseudo}"));
            }
        }
        for other in [
            "no_such_call",
            "READ",
            "read_",
            "-- -2147483648",
            "2147483647",
        ] {
            call(other.to_string());
        }
    }
    let newer = same(&calls);
    println!(
        "{} look-ups, {newer} of what only our table has",
        calls.len()
    );
    // Names that came after 2.6.0.
    assert!(newer < calls.len() / 20);
}

#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn the_machine_is_described_alike() {
    let null = Path::new("/dev/null");
    let calls: Vec<Call> = ["", "-t", "-h", "-x", "a", "-t -t", "-- -t", "-tx"]
        .iter()
        .flat_map(|line| {
            ["scmp_arch_detect", "scmp_api_level"].map(|tool| Call::new(tool, line, null))
        })
        .collect();
    assert_eq!(same(&calls), 0);
}

/// The program of each profile, for each architecture.
fn programs_of_profiles(folder: &Path) -> Vec<(Arch, PathBuf)> {
    let mut programs = Vec::new();
    for (name, mut profile) in profiles() {
        for arch in Arch::all() {
            profile.arches = vec![arch];
            let mut built = profile.build().expect("a filter");
            let program = built.filter.program().expect("a program");
            let name = format!("{name}-{arch}.bpf");
            let instructions = program.instructions().to_vec();
            let endian = program.endian();
            programs.push((arch, file(folder, &name, instructions, endian)));
        }
    }
    programs
}

/// Programs that the C library's simulator understands and the kernel accepts.
fn random_program(random: &mut Random) -> Vec<Instruction> {
    let length = 2 + random.below(30);
    let instruction = |at: usize, random: &mut Random| {
        let following = length - 1 - at;
        let code = match following {
            0 => 0x06,
            _ => random.pick(&[0x20, 0x20, 0x44, 0x54, 0x05, 0x15, 0x15, 0x25, 0x35, 0x06]),
        };
        let mut jump = || {
            if following > 0 {
                random.below(following)
            } else {
                0
            }
        };
        let jumps = [jump(), jump()];
        let value = match random.below(3) {
            0 => random.word() as u32,
            1 => random.pick(&[0, 1, 0xff, 0x4000_0000, 0xc000_003e]),
            _ => random.word() as u32 % 8,
        };
        let actions = [
            0x8000_0000,
            0,
            0x3_0000,
            0x5_0000,
            0x7ff0_0000,
            0x7ffc_0000,
            0x7fff_0000,
        ];
        let k = match code {
            0x20 => 4 * (random.word() as u32 % 16),
            0x05 => jumps[0] as u32,
            0x06 => random.pick(&actions) | value & 0xffff,
            _ => value,
        };
        let is_branch = matches!(code, 0x15 | 0x25 | 0x35);
        let jumps = jumps.map(|jump| if is_branch { jump as u8 } else { 0 });
        Instruction::new(code, jumps, k)
    };
    (0..length).map(|at| instruction(at, random)).collect()
}

/// Instructions of any operation, but for those that docs/differences.md lists.
fn random_instructions(random: &mut Random) -> Vec<Instruction> {
    let instruction = |random: &mut Random| {
        let code = match random.below(3) {
            0 => random.word() as u16,
            _ => random.word() as u16 & 0xff,
        };
        let is_by_x = matches!(code & 0x07, 0x04 | 0x05) && code & 0x08 != 0;
        let is_unknown_mode = matches!(code & 0x07, 0x00 | 0x01) && code & 0xe0 > 0xa0;
        let k = match random.below(3) {
            0 => random.word() as u32 & 0x7fff_ffff,
            1 => random.word() as u32 % 600,
            _ => random.pick(&[0x8000_0000, 0, 0x3_0001, 0x5_0002, 0x7ff0_0003, 0x7ffc_0000]),
        };
        Instruction {
            code: if is_by_x || is_unknown_mode {
                code & 0xff07
            } else {
                code
            },
            jump_true: random.word() as u8,
            jump_false: random.word() as u8,
            // A jump and a notification.
            k: if code & 0x07 == 0x05 || k >> 16 == 0x7fc0 {
                k & 0xffff
            } else {
                k
            },
        }
    };
    (0..random.below(60)).map(|_| instruction(random)).collect()
}

#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn programs_are_printed_alike() {
    let folder = temporary("printed-alike");
    let mut programs = programs_of_profiles(&folder);
    let profiles = programs.len();
    let mut random = Random::new(1);
    let arches: Vec<Arch> = Arch::all().collect();
    for index in 0..1000 {
        let arch = random.pick(&arches);
        let instructions = random_instructions(&mut random);
        let name = format!("random-{index}.bpf");
        programs.push((arch, file(&folder, &name, instructions, arch.endian())));
    }
    // The C library's tool does not know these.
    let unknown = [
        Arch::M68k,
        Arch::Parisc,
        Arch::Parisc64,
        Arch::Sheb,
        Arch::Sh,
    ];
    let mut calls = Vec::new();
    for (arch, program) in &programs {
        let arch = match unknown.contains(arch) && arch.endian() == Endian::Big {
            true => "mips",
            false if unknown.contains(arch) => "mipsel",
            false => arch.name(),
        };
        for option in ["", "-d", "-d -d"] {
            let line = format!("{option} -a {arch}");
            calls.push(Call::new("scmp_bpf_disasm", &line, program));
        }
    }
    // Some in the wrong byte order.
    for (_, program) in &programs[..profiles] {
        calls.push(Call::new("scmp_bpf_disasm", "", program));
    }
    for line in [
        "-h",
        "-x",
        "-a",
        "-a sparc",
        "-da x86 -d",
        "--",
        "-dh",
        "--help",
        "-",
    ] {
        calls.push(Call::new("scmp_bpf_disasm", line, Path::new("/dev/null")));
    }
    assert_eq!(same(&calls), 0);
    println!("{} listings and graphs", calls.len());
}

#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn programs_are_simulated_alike() {
    let folder = temporary("simulated-alike");
    let mut programs = programs_of_profiles(&folder);
    let mut random = Random::new(2);
    let arches: Vec<Arch> = Arch::all().collect();
    for index in 0..1000 {
        let arch = random.pick(&arches);
        let instructions = random_program(&mut random);
        let name = format!("random-{index}.bpf");
        programs.push((arch, file(&folder, &name, instructions, arch.endian())));
    }
    let mut calls = Vec::new();
    for (arch, program) in &programs {
        for _ in 0..8 {
            let rows: Vec<_> = syscalls::rows().collect();
            let name = syscalls::name(random.pick(&rows));
            let mut line = match random.below(4) {
                0 => format!("-s {}", arch.syscall_number(name).unwrap_or(-1)),
                1 => format!("-s {:#x}", random.word() as u32 % 500),
                2 => format!("-s {:x}", random.word() as u32),
                _ => format!("-s {}", random.word() as i32),
            };
            for argument in 0..random.below(7) {
                let value = random.word();
                line += &match random.below(6) {
                    0 => format!(" -{argument} {value:#x}"),
                    1 => format!(" -{argument} -{}", value >> 40),
                    2 => format!(" -{argument}0{:o}", value % 1000),
                    // Too large, or no number as a whole.
                    3 => format!(" -{argument} {:x}", value >> random.below(64)),
                    4 => format!(" -{argument} -{value}{}", value >> random.below(64)),
                    _ => format!(" -{argument} {}", value % 20),
                };
            }
            line += &format!(" -a {}", random.pick(&[arch.name(), arch.name(), "x86_64"]));
            let mut call = Call::new(
                "scmp_bpf_sim",
                &format!("{line} -f"),
                Path::new("/dev/null"),
            );
            call.arguments.push(program.clone().into());
            calls.push(call);
        }
    }
    assert_eq!(same(&calls), 0);
    let mut seen = BTreeMap::new();
    for call in calls.iter().step_by(97) {
        *seen.entry(call.ours()).or_insert(0) += 1;
    }
    println!("{} simulations, for example {seen:?}", calls.len());
    assert!(seen.len() > 5);
}

#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn command_lines_are_read_alike() {
    let folder = temporary("lines-alike");
    let allow = Instruction::new(0x06, [0, 0], 0x7fff_0000);
    let program = file(&folder, "allow.bpf", vec![allow], Endian::HOST);
    // No name with a blank.
    let path = "/tmp/scmp-drop-in-allow.bpf";
    fs::copy(&program, path).expect("a copy");
    let tools: [(&str, &[&str]); 5] = [
        (
            "scmp_sys_resolver",
            &[
                "-a", "-h", "-t", "-x", "x86", "x86_64", "open", "5", "-ta", "-tax32", "-5",
                "-a=x86", "sparc",
            ],
        ),
        (
            "scmp_bpf_disasm",
            &[
                "-a",
                "-d",
                "-h",
                "-x",
                "-ax86",
                "-dax86_64",
                "-ax32",
                "-asparc",
            ],
        ),
        (
            "scmp_bpf_sim",
            &[
                "-a",
                "-h",
                "-x",
                "-v",
                "x86",
                "x86_64",
                "-s",
                "5",
                "-f",
                path,
                "--",
                "-0",
                "-57",
                "-vs9",
                "-f/tmp/scmp-drop-in-allow.bpf",
                "-f/no/such/file",
                "-asparc",
                "operand",
                "-6",
            ],
        ),
        (
            "scmp_arch_detect",
            &["-h", "-t", "-x", "--", "operand", "-th"],
        ),
        ("scmp_api_level", &["-h", "operand", "--"]),
    ];
    let mut random = Random::new(3);
    let mut calls = Vec::new();
    for (tool, words) in tools {
        for _ in 0..1500 {
            let line: Vec<&str> = (0..random.below(6)).map(|_| random.pick(words)).collect();
            calls.push(Call::new(tool, &line.join(" "), &program));
        }
    }
    for line in [
        "--",
        "-- -5",
        "-- open",
        "-t -- open -a",
        "-a x86 -- -101 -x",
    ] {
        calls.push(Call::new("scmp_sys_resolver", line, &program));
    }
    let newer = same(&calls);
    fs::remove_file(path).expect("the copy");
    assert_eq!(newer, 0);
    println!("{} command lines", calls.len());
}

/// docs/differences.md, "The tools": what the C library's do, and ours.
#[test]
#[ignore = "needs the C library's tools: scripts/check-drop-in-tools.sh"]
fn differences_are_those_of_the_document() {
    let folder = temporary("differences");
    let write = |name: &str, text: &str| {
        let instructions = scmp_verify::assembly::parse(text).expect("a program");
        file(&folder, name, instructions, Endian::HOST)
    };
    let null = Path::new("/dev/null");
    let ok = |text: &str| (Some(0), text.to_string());
    let failed = |code: i32| (Some(code), String::new());
    let differ = |call: Call, theirs: Outcome, ours: Outcome| {
        assert_eq!(call.theirs(), theirs, "{call:?}");
        assert_eq!(call.ours(), ours, "{call:?}");
    };
    for (number, theirs) in [
        ("0x10", "read"),
        ("12abc", "brk"),
        ("4294967296", "read"),
        ("-", "read"),
    ] {
        let call = Call::new("scmp_sys_resolver", &format!("-a x86_64 {number}"), null);
        differ(call, ok(&format!("{theirs}\n")), ok("UNKNOWN\n"));
    }

    let heading = " line  OP   JT   JF   K\n=================================\n";
    let listing = |raw: &str, text: &str| ok(&format!("{heading} 0000: {raw}   {text}\n"));
    for (raw, theirs, ours) in [
        (
            "0x1d 0x01 0x02 0x00000000",
            "jeq 0    true:0002 false:0003",
            "jeq X    true:0002 false:0003",
        ),
        ("0x0c 0x00 0x00 0x00000000", "add 0", "add X"),
        ("0x06 0x00 0x00 0x7fc00000", "ret 0x7fc00000", "ret NOTIFY"),
    ] {
        let call = Call::new("scmp_bpf_disasm", "", &write("instruction.bpf", raw));
        differ(call, listing(raw, theirs), listing(raw, ours));
    }
    let allow = write("allow.bpf", "ret ALLOW");
    let shown = ok(&format!(
        "{heading} 0000: 0x06 0x00 0x00 0x7fff0000   ret ALLOW\n"
    ));
    let mut call = Call::new("scmp_bpf_disasm", "", null);
    call.arguments.push(allow.clone().into());
    differ(call.clone(), ok(heading), shown.clone());
    call.arguments.insert(0, "-ax86_64".into());
    // It opens the word before the file.
    differ(call, failed(2), shown.clone());
    let native = if Endian::HOST == Endian::Little {
        "sh"
    } else {
        "m68k"
    };
    let call = Call::new("scmp_bpf_disasm", &format!("-a {native}"), &allow);
    differ(call, failed(22), shown.clone());
    fs::write(folder.join("short.bpf"), [6, 0, 0]).expect("a file");
    let call = Call::new("scmp_bpf_disasm", "", &folder.join("short.bpf"));
    differ(call, ok(heading), (Some(22), heading.to_string()));
    let call = Call::new("scmp_bpf_disasm", "-d", &write("mode.bpf", "0xc0 0 0 0"));
    let graph = |label: &str| {
        let start = "digraph {\n\tstart[shape=\"box\", style=rounded];\n";
        ok(&format!(
            "{start}\tline0[label=\"{label}\tstart -> line0\n}}\n"
        ))
    };
    differ(call, graph("???"), graph("??? \",shape=parallelogram]\n"));

    let simulation = |name: &str, text: &str, options: &str| {
        let mut call = Call::new("scmp_bpf_sim", &format!("{options} -f"), null);
        call.arguments.push(write(name, text).into());
        call
    };
    differ(
        simulation("notify.bpf", "ret NOTIFY", ""),
        failed(8),
        ok("NOTIFY\n"),
    );
    differ(
        simulation("unaligned.bpf", "ld $data[2]\nret LOG", ""),
        ok("LOG\n"),
        failed(8),
    );
    let longest = "ld $data[0]\n".repeat(4095) + "ret LOG";
    differ(
        simulation("longest.bpf", &longest, ""),
        failed(14),
        ok("LOG\n"),
    );
    let whole = fs::read(write("pieces.bpf", "ret LOG\nret KILL")).expect("a file");
    let pieces = folder.join("pieces.bpf");
    fs::write(&pieces, &whole[..12]).expect("a file");
    let mut call = Call::new("scmp_bpf_sim", "-f", null);
    call.arguments.push(pieces.into());
    differ(call, ok("LOG\n"), failed(14));
    let mut call = Call::new("scmp_bpf_sim", "-f", null);
    call.arguments.push(folder.into());
    differ(call, failed(8), failed(14));
}

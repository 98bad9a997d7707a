// SPDX-License-Identifier: LGPL-2.1-only
//! Compares two seccomp programs, or a program with a profile, for all
//! inputs.

#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use scmp::bpf::{self, Instruction, Program, SyscallData, op};
use scmp::profile::Profile;
use scmp::proof::{self, Difference, Verdict};
use scmp::{Action, Arch, Endian};

const USAGE: &str = "\
usage: scmp_bpf_cmp A.bpf B.bpf
       scmp_bpf_cmp A.bpf FILTER.profile

Compares what two seccomp programs (as seccomp_export_bpf writes them), or a
program and the rules of a profile, decide for all inputs.

prints `equal`, or an input, both verdicts, and for each program the
instructions that it executes, counted from 0
exits with 0 if equal, 1 if different, 2 if the check gave up, 3 on an error";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [only] = &arguments[..] {
        if only == "-h" || only == "--help" {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
    }
    let [first, second] = &arguments[..] else {
        eprintln!("{USAGE}");
        return ExitCode::from(3);
    };
    match compare(Path::new(first), Path::new(second)) {
        Ok((verdict, report)) => {
            println!("{report}");
            ExitCode::from(match verdict {
                Verdict::Equal => 0,
                Verdict::Different(_) => 1,
                Verdict::GaveUp => 2,
            })
        }
        Err(why) => {
            eprintln!("scmp_bpf_cmp: {why}");
            ExitCode::from(3)
        }
    }
}

fn compare(first: &Path, second: &Path) -> Result<(Verdict, String), String> {
    let program = |path| read(path).and_then(|bytes| parse(path, &bytes));
    let one = program(first)?;
    if second.extension().is_some_and(|end| end == "profile") {
        let text = String::from_utf8(read(second)?);
        let text = text.map_err(|_| format!("{}: not text", second.display()))?;
        let at = |why: &dyn std::fmt::Display| format!("{}: {why}", second.display());
        let profile = Profile::parse(&text).map_err(|mistake| at(&mistake))?;
        let built = profile.build().map_err(|error| at(&error))?;
        if built.filter.endian() != Some(one.endian()) {
            return Err(at(&"the program has the other byte order"));
        }
        let verdict = proof::check(&one, &built.rules);
        let report = report(&verdict, &[(first, &one)], Some(second));
        return Ok((verdict, report));
    }
    let other = program(second)?;
    if one.endian() != other.endian() {
        return Err("the programs have different byte orders".to_string());
    }
    let verdict = proof::compare(&one, &other);
    let report = report(&verdict, &[(first, &one), (second, &other)], None);
    Ok((verdict, report))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Operations are below 256, so the byte order shows.
fn parse(path: &Path, bytes: &[u8]) -> Result<Program, String> {
    let endian = match bytes {
        [0, code, ..] if *code != 0 => Endian::Big,
        [code, 0, ..] if *code != 0 => Endian::Little,
        _ => return Err(format!("{}: not a program", path.display())),
    };
    Program::from_bytes(bytes, endian).map_err(|error| format!("{}: {error}", path.display()))
}

fn report(verdict: &Verdict, programs: &[(&Path, &Program)], rules: Option<&Path>) -> String {
    let difference = match verdict {
        Verdict::Equal => return "equal".to_string(),
        Verdict::GaveUp => return "gave up: the check would take too much memory".to_string(),
        Verdict::Different(difference) => difference,
    };
    let mut text = format!("different for {}\n", input(difference));
    for (path, program) in programs {
        let verdict = match bpf::run(program, &difference.input) {
            Ok(raw) => action(raw),
            Err(fault) => format!("{fault:?}"),
        };
        let _ = writeln!(text, "{}: {verdict}", path.display());
        let _ = writeln!(
            text,
            "  by {}",
            ranges(&executed(program, &difference.input))
        );
    }
    if let Some(path) = rules {
        let right: Vec<String> = (difference.second.iter().flatten())
            .map(|raw| action(*raw))
            .collect();
        let _ = writeln!(text, "{}: {}", path.display(), right.join(" or "));
    }
    text.pop();
    text
}

fn input(difference: &Difference) -> String {
    let SyscallData {
        number,
        audit_token,
        instruction_pointer,
        arguments,
    } = difference.input;
    let mut text = format!("arch {audit_token:#x}");
    let arch = Arch::all().find(|arch| arch.audit_token() == audit_token);
    if let Some(arch) = arch {
        let _ = write!(text, " ({})", arch.name());
    }
    let _ = write!(text, ", number {number}");
    if let Some(name) = arch.and_then(|arch| arch.syscall_name(number as i32)) {
        let _ = write!(text, " ({name})");
    }
    for (index, argument) in arguments.iter().enumerate() {
        let _ = write!(text, ", a{index} {argument:#x}");
    }
    let _ = write!(text, ", at {instruction_pointer:#x}");
    text
}

fn action(raw: u32) -> String {
    match Action::from_raw(raw) {
        Some(action) => format!("{action:?}"),
        None => format!("{raw:#x}, no action"),
    }
}

/// The places of the instructions that are executed.
fn executed(program: &Program, input: &SyscallData) -> Vec<usize> {
    let instructions = program.instructions();
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(&instruction) = instructions.get(at) {
        places.push(at);
        at += match instruction.code {
            op::LOAD | op::AND => 1,
            op::JUMP => 1 + instruction.k as usize,
            op::JUMP_EQUAL | op::JUMP_GREATER | op::JUMP_GREATER_OR_EQUAL => {
                let skipped = match holds(program, at, input) {
                    true => instruction.jump_true,
                    false => instruction.jump_false,
                };
                1 + usize::from(skipped)
            }
            _ => break,
        };
    }
    places
}

/// Whether the jump at this place is taken when control gets there: the
/// interpreter tells, if both of its sides return.
fn holds(program: &Program, at: usize, input: &SyscallData) -> bool {
    let returning = |k| Instruction {
        code: op::RETURN,
        jump_true: 0,
        jump_false: 0,
        k,
    };
    let mut instructions = program.instructions()[..=at].to_vec();
    instructions[at].jump_true = 0;
    instructions[at].jump_false = 1;
    instructions.extend([returning(1), returning(0)]);
    let bytes: Vec<u8> = (instructions.iter())
        .flat_map(|instruction| instruction.to_bytes(program.endian()))
        .collect();
    Program::from_bytes(&bytes, program.endian())
        .is_ok_and(|program| bpf::run(&program, input) == Ok(1))
}

/// `0-3, 7, 9-11`.
fn ranges(places: &[usize]) -> String {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for &place in places {
        match all.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => all.push((place, place)),
        }
    }
    let text: Vec<String> = all
        .iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        })
        .collect();
    text.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(text: &str) -> Program {
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        built.filter.program().unwrap().clone()
    }

    #[test]
    fn paths_end_in_the_verdict() {
        let program = built("default errno 1\nallow read(a0 == 0x100000002)");
        let mut input = SyscallData {
            number: 0,
            audit_token: Arch::X86_64.audit_token(),
            instruction_pointer: 0,
            arguments: [0x1_0000_0002, 0, 0, 0, 0, 0],
        };
        for argument in [0x1_0000_0002, 2, 0x1_0000_0003] {
            input.arguments[0] = argument;
            let path = executed(&program, &input);
            let last = program.instructions()[*path.last().unwrap()];
            assert_eq!(last.code, op::RETURN);
            assert_eq!(bpf::run(&program, &input), Ok(last.k));
        }
    }

    #[test]
    fn places_become_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2, 5, 7-8");
    }

    #[test]
    fn the_byte_order_is_seen() {
        for arch in ["x86", "ppc"] {
            let program = built(&format!("arch {arch}\ndefault allow\nerrno 1 read"));
            let bytes = program.to_bytes().unwrap();
            assert_eq!(parse(Path::new("p"), &bytes).unwrap(), program);
        }
        assert!(parse(Path::new("p"), b"").is_err());
        assert!(parse(Path::new("p"), &[0x20, 0, 0]).is_err());
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Runs a program on one system call, and prints the action.

#![forbid(unsafe_code)]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read as _, Write};
use std::ops::RangeInclusive;
use std::process::ExitCode;

use scmp::Arch;
use scmp::bpf::{INSTRUCTION_SIZE, MAX_LOADED, Program};
use scmp_tools::{Failure, Options};
use scmp_verify::{Fault, InstructionFault, SyscallData, assembly};

fn main() -> ExitCode {
    scmp_tools::run(simulate)
}

fn simulate(output: &mut impl Write) -> Result<(), Failure> {
    let name = scmp_tools::program_name("scmp_bpf_sim");
    let usage = format!(
        "{name} -f <bpf_file> [-v] [-h] [-a <arch>] [-s <syscall_num>] [-0 <a0>] ... [-5 <a5>]"
    );
    let wrong = |why: String| Failure::usage(&usage, why);
    let mut options = Options::of_process("a:f:hs:v0:1:2:3:4:5:");
    let mut arch = Arch::native();
    let mut file: Option<OsString> = None;
    let mut is_verbose = false;
    let (mut number, mut arguments) = (0, [0; 6]);
    while let Some((letter, value)) = options.next_option().map_err(wrong)? {
        let fault = |why: String| fault(is_verbose, &why);
        match letter {
            b'a' => arch = scmp_tools::arch(&value).map_err(fault)?,
            b'f' if file.is_some() => return Err(fault("more than one file".to_string())),
            b'f' => file = Some(value),
            b's' => number = parse(&value, NUMBERS).map_err(fault)? as u32,
            b'v' => is_verbose = true,
            b'0'..=b'5' => {
                let value = parse(&value, ARGUMENTS).map_err(fault)?;
                arguments[usize::from(letter - b'0')] = value as u64;
            }
            _ => return Err(wrong("runs a BPF program on one system call".to_string())),
        }
    }
    let file = file.ok_or_else(|| wrong("no file is named".to_string()))?;
    let program = read(&file, arch).map_err(|why| fault(is_verbose, &why))?;
    let data = SyscallData {
        number,
        audit_token: arch.audit_token(),
        instruction_pointer: 0,
        arguments,
    };
    let mut last = 0;
    let returned = scmp_verify::trace(&program, &data, |place| last = place);
    let action = match returned {
        Ok(value) => assembly::action(value).ok_or_else(|| {
            let why = format!("instruction {last}: {value:#010x} is no action");
            error(is_verbose, &why)
        }),
        Err(why) => Err(match why {
            Fault::Instruction {
                fault: InstructionFault::UnknownOperation,
                ..
            } => fault(is_verbose, &why.to_string()),
            _ => error(is_verbose, &why.to_string()),
        }),
    }?;
    writeln!(output, "{action}").map_err(|error| scmp_tools::unwritten(&error))
}

/// The simulator can't do what it is asked to.
fn fault(is_verbose: bool, why: &str) -> Failure {
    failure(libc::EFAULT, "FAULT", is_verbose, why)
}

/// The program does what no program may do.
fn error(is_verbose: bool, why: &str) -> Failure {
    failure(libc::ENOEXEC, "ERROR", is_verbose, why)
}

fn failure(code: i32, word: &str, is_verbose: bool, why: &str) -> Failure {
    let message = match is_verbose {
        true => format!("{word}: {why}"),
        false => word.to_string(),
    };
    Failure { code, message }
}

/// Numbers of system calls: signed or unsigned.
const NUMBERS: RangeInclusive<i128> = i32::MIN as i128..=u32::MAX as i128;
const ARGUMENTS: RangeInclusive<i128> = i64::MIN as i128..=u64::MAX as i128;

/// A number as strtol(3) reads it with base 0: decimal, octal after `0`, hexadecimal
/// after `0x`, maybe with a sign.
fn parse(text: &OsStr, range: RangeInclusive<i128>) -> Result<i128, String> {
    let text = text.to_string_lossy();
    let (sign, digits) = match text.trim_start().strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.trim_start()),
    };
    let digits = if sign == 1 {
        digits.strip_prefix('+').unwrap_or(digits)
    } else {
        digits
    };
    let (radix, digits) = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None if digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    // A second sign is none of theirs.
    let magnitude = u64::from_str_radix(digits, radix)
        .ok()
        .filter(|_| !digits.starts_with('+'));
    magnitude
        .map(|magnitude| sign * i128::from(magnitude))
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            format!(
                "not a number from {} to {}: {text}",
                range.start(),
                range.end()
            )
        })
}

/// Reads a program of at most [`MAX_LOADED`] instructions.
fn read(path: &OsStr, arch: Arch) -> Result<Program, String> {
    let at = |why: String| format!("{}: {why}", path.to_string_lossy());
    let limit = MAX_LOADED * INSTRUCTION_SIZE;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| at(error.to_string()))?;
    match bytes.len() > limit {
        true => Err(at(format!("more than {MAX_LOADED} instructions"))),
        false => Program::from_bytes(&bytes, arch.endian()).map_err(|error| at(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_strtol() {
        for (text, expected) in [
            ("0", Some(0)),
            ("257", Some(257)),
            ("0x101", Some(257)),
            ("0X1f", Some(31)),
            ("0401", Some(257)),
            ("-1", Some(-1)),
            (" +7", Some(7)),
            ("18446744073709551615", Some(u64::MAX as i128)),
            ("18446744073709551616", None),
            ("-9223372036854775809", None),
            ("", None),
            ("-", None),
            ("0x", None),
            ("08", None),
            ("++1", None),
            ("-+1", None),
            ("read", None),
            ("1read", None),
        ] {
            assert_eq!(parse(OsStr::new(text), ARGUMENTS).ok(), expected, "{text}");
        }
        assert!(parse(OsStr::new("4294967296"), NUMBERS).is_err());
        assert_eq!(
            parse(OsStr::new("4294967295"), NUMBERS),
            Ok(u32::MAX.into())
        );
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Runs a program on one system call, and prints the action.

#![forbid(unsafe_code)]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::process::ExitCode;

use scmp::Arch;
use scmp::bpf::{INSTRUCTION_SIZE, MAX_LOADED, Program};
use scmp_tools::{Failure, Options};
use scmp_verify::{Fault, InstructionFault, SyscallData, assembly};

fn main() -> ExitCode {
    scmp_tools::run_for_line(simulate)
}

/// The name of the action.
fn simulate() -> Result<String, Failure> {
    let name = scmp_tools::program_name("scmp_bpf_sim");
    let usage = format!(
        "{name} -f <bpf_file> [-v] [-h] [-a <arch>] [-s <syscall_num>] [-0 <a0>] ... [-5 <a5>]"
    );
    let wrong = |why: String| Failure::usage(&usage, why);
    let mut options = Options::of_process("a:f:hs:v0:1:2:3:4:5:");
    let mut arch = Arch::native();
    let mut file: Option<OsString> = None;
    let mut is_verbose = false;
    let (mut call, mut arguments) = (0, [0; 6]);
    while let Some((letter, value)) = options.next_option().map_err(wrong)? {
        let fault = |why: String| fault(is_verbose, &why);
        match letter {
            b'a' => arch = scmp_tools::arch(&value).map_err(fault)?,
            b'f' if file.is_some() => return Err(fault("more than one file".to_string())),
            b'f' => file = Some(value),
            b's' => call = system_call(&value),
            b'v' => is_verbose = true,
            b'0'..=b'5' => {
                arguments[usize::from(letter - b'0')] = argument(&value);
            }
            _ => return Err(wrong("runs a BPF program on one system call".to_string())),
        }
    }
    let file = file.ok_or_else(|| wrong("no file is named".to_string()))?;
    let program = read(&file, arch).map_err(|why| fault(is_verbose, &why))?;
    let data = SyscallData::new(arch.audit_token(), call, arguments);
    let mut last = 0;
    let returned = scmp_verify::trace(&program, &data, |place| last = place);
    match returned {
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
    }
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

/// The low 32 bits of what strtol(3) reads.
fn system_call(text: &OsStr) -> u32 {
    number(text).clamp(i64::MIN.into(), i64::MAX.into()) as u32
}

/// What strtoull(3) reads: negative numbers wrap around, those beyond 64 bits don't.
fn argument(text: &OsStr) -> u64 {
    let number = number(text);
    match u64::try_from(number.abs()) {
        Ok(_) => number as u64,
        Err(_) => u64::MAX,
    }
}

/// The number at the start of a text, by strtol(3)'s rules for base 0: decimal, octal after
/// `0`, hexadecimal after `0x`, maybe with a sign; 0 if there is none. The C library's own
/// test suite passes random text.
fn number(text: &OsStr) -> i128 {
    let text = text.to_string_lossy();
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let hexadecimal = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
    let (radix, digits) = match hexadecimal {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_hexdigit()) => (16, digits),
        _ if digits.starts_with('0') => (8, digits),
        _ => (10, digits),
    };
    let digits = digits.chars().map_while(|c| c.to_digit(radix));
    let magnitude = digits.fold(0i128, |value, digit| {
        value
            .saturating_mul(radix.into())
            .saturating_add(digit.into())
    });
    sign * magnitude
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
            ("0", 0),
            ("257", 257),
            ("0x101", 257),
            ("0X1fg", 31),
            ("0401", 257),
            ("-1", -1),
            ("\t +7", 7),
            ("", 0),
            ("-", 0),
            ("0x", 0),
            ("0xg", 0),
            ("08", 0),
            ("++1", 0),
            ("-+1", 0),
            ("read", 0),
            ("1read", 1),
        ] {
            assert_eq!(number(OsStr::new(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("-2", u64::MAX - 1),
            ("18446744073709551615", u64::MAX),
            ("18446744073709551616", u64::MAX),
            ("-18446744073709551615", 1),
            ("-999999999999999999999999999999999999999999999", u64::MAX),
        ] {
            assert_eq!(argument(OsStr::new(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("4294967297", 1),
            ("9223372036854775808", u32::MAX),
            ("-9223372036854775809", 0),
        ] {
            assert_eq!(system_call(OsStr::new(text)), expected, "{text}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! From names of system calls to numbers, and back.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use scmp::Arch;
use scmp_tools::{Failure, Options};

/// What the C library answers for names that it does not know (`__NR_SCMP_ERROR`).
const NO_NUMBER: i32 = -1;

fn main() -> ExitCode {
    scmp_tools::run_for_line(answer)
}

fn answer() -> Result<String, Failure> {
    let name = scmp_tools::program_name("scmp_sys_resolver");
    let usage = format!("{name} [-h] [-a <arch>] [-t] <name>|<number>");
    let wrong = |why: String| Failure::usage(&usage, why);
    let mut options = Options::of_process("a:ht");
    let mut arch = Arch::native();
    let mut translates = false;
    while let Some((letter, value)) = options.next_option().map_err(wrong)? {
        match letter {
            b'a' => arch = scmp_tools::arch(&value).map_err(wrong)?,
            b't' => translates = true,
            _ => return Err(wrong("resolves system calls".to_string())),
        }
    }
    let operands = options.operands();
    let syscall = operands
        .first()
        .ok_or_else(|| wrong("no system call is named".to_string()))?
        .as_encoded_bytes();
    if syscall.starts_with(b"-") || syscall.first().is_some_and(u8::is_ascii_digit) {
        let text = std::str::from_utf8(syscall).ok();
        let number = text.and_then(|text| text.parse().ok());
        let name = number.and_then(|number| arch.syscall_name(number));
        return Ok(name.unwrap_or("UNKNOWN").to_string());
    }
    let mut number = arch.syscall_number(syscall);
    if translates {
        number = number.and_then(|direct| {
            let multiplexer = arch.rewrite(direct).ok()?;
            Some(multiplexer.map_or(direct, |number| number as i32))
        });
    }
    Ok(number.unwrap_or(NO_NUMBER).to_string())
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Prints the native architecture.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use scmp::Arch;
use scmp_tools::{Failure, Options};

fn main() -> ExitCode {
    scmp_tools::run_for_line(answer)
}

fn answer() -> Result<String, Failure> {
    let usage = format!("{} [-h] [-t]", scmp_tools::program_name("scmp_arch_detect"));
    let wrong = |why: String| Failure::usage(&usage, why);
    let mut options = Options::of_process("ht");
    let mut shows_token = false;
    while let Some((letter, _)) = options.next_option().map_err(wrong)? {
        match letter {
            b't' => shows_token = true,
            _ => return Err(wrong("prints the native architecture".to_string())),
        }
    }
    let arch = Arch::native();
    Ok(match shows_token {
        // The C library's tool prints it as a signed number.
        true => (arch.token() as i32).to_string(),
        false => arch.name().to_string(),
    })
}

// SPDX-License-Identifier: LGPL-2.1-only
#![forbid(unsafe_code)]
//! What the programs of this crate share: options, standard output, exit codes.
//!
//! The programs take the options of the C library's tools of the same names, and have
//! their exit codes: error numbers of errno(3).

mod options;

pub use options::Options;

use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write as _};
use std::process::ExitCode;

use scmp::Arch;

/// 128 + SIGPIPE, the status a shell reports: SIGPIPE ends the C library's tools when nobody
/// reads their output.
const BROKEN_PIPE: i32 = 128 + libc::SIGPIPE;

/// Why a program fails.
#[derive(Debug)]
pub struct Failure {
    /// The exit code: an error number.
    pub code: i32,
    /// What it says on standard error, or nothing.
    pub message: String,
}

impl Failure {
    /// A wrong call of the program: `why`, and its usage.
    pub fn usage(usage: &str, why: impl Display) -> Failure {
        Failure {
            code: libc::EINVAL,
            message: format!("{why}\nusage: {usage}"),
        }
    }

    /// An error of the system, at a named place.
    pub fn io(place: impl Display, error: &io::Error) -> Failure {
        Failure {
            code: error.raw_os_error().unwrap_or(libc::EIO),
            message: format!("error: {place}: {error}"),
        }
    }
}

/// Runs a program with a writer to its standard output, and gives its exit code. What was
/// written before a failure is printed as well.
pub fn run(
    program: impl FnOnce(&mut BufWriter<StdoutLock<'static>>) -> Result<(), Failure>,
) -> ExitCode {
    let mut output = BufWriter::new(io::stdout().lock());
    let result = program(&mut output);
    let flushed = output.flush().map_err(|error| unwritten(&error));
    let Err(failure) = flushed.and(result) else {
        return ExitCode::SUCCESS;
    };
    if !failure.message.is_empty() {
        // There is no other place to complain.
        let _ = writeln!(io::stderr(), "{}", failure.message);
    }
    // Error numbers are below 256.
    ExitCode::from(failure.code as u8)
}

/// Runs a program that prints one line, and gives its exit code.
pub fn run_for_line<D: Display>(program: impl FnOnce() -> Result<D, Failure>) -> ExitCode {
    run(|output| {
        let line = program()?;
        writeln!(output, "{line}").map_err(|error| unwritten(&error))
    })
}

/// The failure of writing to standard output.
pub fn unwritten(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure {
            code: BROKEN_PIPE,
            message: String::new(),
        },
        _ => Failure::io("standard output", error),
    }
}

/// The name by which the program was called, or another if it has none.
pub fn program_name(otherwise: &str) -> String {
    let name = std::env::args_os().next();
    name.map_or(otherwise.to_string(), |name| {
        name.to_string_lossy().into_owned()
    })
}

/// The architecture of this name.
///
/// # Errors
/// A sentence that says that there is none.
pub fn arch(name: &OsStr) -> Result<Arch, String> {
    Arch::from_name(name.as_encoded_bytes())
        .ok_or_else(|| format!("unknown architecture: {}", name.to_string_lossy()))
}

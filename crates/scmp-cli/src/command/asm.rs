// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp asm`: a program's bytes from its text, or from a profile.

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;
use scmp::Endian;
use scmp::bpf::Program;

use crate::failure::Failure;
use crate::input;
use crate::output::Answer;
use crate::text;

/// Writes a filter's program as bytes: an array of struct sock_filter.
///
/// The filter may be a text as `scmp disasm` writes it, a profile, or anything else that has
/// one program.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// Where to write the bytes, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The byte order, instead of that of the filter
    #[arg(long, value_enum)]
    endian: Option<Order>,
    #[command(flatten)]
    input: input::Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    Little,
    Big,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let mut programs = input.subjects.iter().flat_map(|subject| &subject.programs);
    let (Some(program), None) = (programs.next(), programs.next()) else {
        let count: usize = input.subjects.iter().map(|each| each.programs.len()).sum();
        let what = format!(
            "has {count} programs: expected one; --arch chooses a machine, --filter a category of threads"
        );
        return Err(Failure::of(&input.name, what));
    };
    let endian = match arguments.endian {
        None => program.endian(),
        Some(Order::Little) => Endian::Little,
        Some(Order::Big) => Endian::Big,
    };
    let program = Program::new(program.instructions().to_vec(), endian);
    let bytes = program.and_then(|program| program.to_bytes());
    let bytes = bytes.map_err(|why| Failure::of(&input.name, why))?;
    match &arguments.output {
        Some(path) => {
            let failed = |why| Failure::of(&text::file_name(path), why);
            fs::write(path, bytes).map_err(failed)?;
        }
        None if io::stdout().is_terminal() => {
            let what = "standard output is a terminal; --output names a file";
            return Err(Failure::Input(what.to_string()));
        }
        None => {
            // What is flushed at exit may fail unseen.
            let mut output = io::stdout();
            output.write_all(&bytes).and_then(|()| output.flush())?;
        }
    }
    Ok(Answer::Yes)
}

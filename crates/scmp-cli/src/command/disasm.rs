// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp disasm`: a filter's programs as text.

use scmp_verify::assembly;
use std::ffi::OsString;

use crate::failure::Failure;
use crate::input;
use crate::output::{self, Answer};

/// Prints the programs of a filter as text, as `scmp_bpf_disasm` does.
///
/// `scmp asm` reads the text.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    #[command(flatten)]
    input: input::Options,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let mut text = Vec::new();
    let count: usize = input
        .subjects
        .iter()
        .map(|subject| subject.programs.len())
        .sum();
    for subject in &input.subjects {
        for (index, program) in subject.programs.iter().enumerate() {
            if count > 1 {
                let heading = format!("# {subject}, program {index}\n");
                text.extend_from_slice(heading.as_bytes());
            }
            assembly::write_listing(&mut text, program.instructions().iter().copied())?;
        }
    }
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Answer::Yes)
}

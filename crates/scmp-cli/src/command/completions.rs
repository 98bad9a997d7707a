// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp completions`: what a shell needs to complete the command line.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Scmp;
use crate::failure::Failure;
use crate::output::{self, Answer};

/// Prints a script that lets a shell complete the command line.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Scmp::command(), "scmp", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Answer::Yes)
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The commands, one module each.

mod asm;
mod check;
mod completions;
mod cost;
mod diff;
mod disasm;
mod show;
mod sim;
mod syscalls;
mod test;
mod why;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::output::Answer;

/// What does this seccomp filter do, why was this call refused, what changed, is it sound?
///
/// A filter is a file (BPF or a profile), `-` for standard input, `pid:N` for the filters
/// of a process, or `run:PROGRAM ARG…` for those that a program installs.
///
/// Exit codes: 0 yes or the same, 1 no or different, 2 wrong usage or input, 3 gave up.
#[derive(Debug, Parser)]
#[command(name = "scmp", version, max_term_width = 100)]
pub struct Scmp {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Arguments),
    Why(why::Arguments),
    Diff(diff::Arguments),
    Test(test::Arguments),
    Check(check::Arguments),
    Cost(cost::Arguments),
    Asm(asm::Arguments),
    Disasm(disasm::Arguments),
    Completions(completions::Arguments),
    Sim(sim::Arguments),
    Syscalls(syscalls::Arguments),
}

impl Scmp {
    /// Does what the command line says.
    pub fn run(&self) -> Result<Answer, Failure> {
        match &self.command {
            Command::Show(arguments) => show::run(arguments),
            Command::Why(arguments) => why::run(arguments),
            Command::Diff(arguments) => diff::run(arguments),
            Command::Test(arguments) => test::run(arguments),
            Command::Check(arguments) => check::run(arguments),
            Command::Asm(arguments) => asm::run(arguments),
            Command::Disasm(arguments) => disasm::run(arguments),
            Command::Completions(arguments) => completions::run(arguments),
            Command::Cost(arguments) => cost::run(arguments),
            Command::Sim(arguments) => sim::run(arguments),
            Command::Syscalls(arguments) => syscalls::run(arguments),
        }
    }
}

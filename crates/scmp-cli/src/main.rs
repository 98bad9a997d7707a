// SPDX-License-Identifier: LGPL-2.1-only
#![forbid(unsafe_code)]
//! `scmp` answers questions about seccomp filters: what they do, why a call was refused,
//! what changed, and whether they are sound.

mod advice;
mod assertion;
mod code;
mod command;
mod comparison;
mod compile;
mod data;
mod failure;
mod formula;
mod input;
mod lint;
mod matrix;
mod names;
mod output;
mod page;
mod question;
#[cfg(test)]
#[path = "../../../tests/oracle/random.rs"]
#[allow(dead_code)]
mod random;
mod record;
mod report;
mod text;
mod tree;
mod wording;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    output::exit(command::Scmp::parse().run())
}

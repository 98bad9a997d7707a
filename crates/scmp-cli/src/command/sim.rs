// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp sim`: runs a filter on one call.

use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};

use scmp::Arch;
use scmp_verify::{SyscallData, run_stack, trace};
use serde::Serialize;

use crate::failure::Failure;
use crate::input;
use crate::names;
use crate::output::{self, Answer};
use crate::question::{self, Question};
use crate::wording;

/// Runs a filter on one system call, as the kernel would.
///
/// Prints what the kernel would do, and the instructions that are executed. Arguments that
/// are not given are 0. Exit code 0 if the call is let through, else 1.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// The call: a name or a number, and arguments: `socket(2, 1)`
    call: String,
    /// The address of the calling instruction
    #[arg(long, default_value = "0", value_parser = address)]
    instruction_pointer: u64,
    #[command(flatten)]
    input: input::Options,
    #[command(flatten)]
    output: output::Options,
}

fn address(text: &str) -> Result<u64, String> {
    question::number(text).ok_or("expected a number".to_string())
}

/// The answer.
#[derive(Serialize)]
struct Simulated {
    input: String,
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    #[serde(serialize_with = "names::of_arch")]
    arch: Arch,
    /// What tells the filter from the others of the input.
    filter: String,
    action: String,
    value: u32,
    /// For each program, the instructions that it executes and what it returns.
    programs: Vec<Executed>,
}

#[derive(Serialize)]
struct Executed {
    instructions: Vec<usize>,
    value: u32,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let mut runs = Vec::new();
    let fault = |fault| Failure::of(&input.name, fault);
    for subject in &input.subjects {
        let arches = match (&arguments.input.arch[..], &subject.arches[..]) {
            ([], []) => vec![Arch::native()],
            ([], [first, ..]) => vec![*first],
            (wanted, _) => subject.own(wanted),
        };
        for arch in arches {
            let question = Question::with_values(&arguments.call, arch)?;
            let data = question.complete(SyscallData {
                number: 0,
                audit_token: 0,
                instruction_pointer: arguments.instruction_pointer,
                arguments: [0; 6],
            });
            let value = run_stack(&subject.programs, &data).map_err(fault)?;
            let mut programs = Vec::new();
            for program in &subject.programs {
                let mut instructions = Vec::new();
                let value = trace(program, &data, |place| instructions.push(place));
                let value = value.map_err(fault)?;
                programs.push(Executed {
                    instructions,
                    value,
                });
            }
            runs.push(Run {
                arch,
                filter: subject.to_string(),
                action: wording::action(arch, value),
                value,
                programs,
            });
        }
    }
    let refused = runs.iter().any(|run| wording::is_refusal(run.value));
    let simulated = Simulated {
        input: input.name,
        runs,
    };
    arguments.output.print("scmp-sim", &simulated)?;
    Ok(if refused { Answer::No } else { Answer::Yes })
}

impl Display for Simulated {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for run in &self.runs {
            let filter = match self.runs.len() {
                1 => String::new(),
                _ => format!("{} {}: ", run.filter, run.arch.name()),
            };
            let action = output::coloured(run.value, &run.action);
            writeln!(f, "{filter}{action}")?;
            for (index, program) in run.programs.iter().enumerate() {
                let places = wording::places(&program.instructions);
                let action = wording::action(run.arch, program.value);
                writeln!(f, "  program {index}: {action} by instructions {places}")?;
            }
        }
        Ok(())
    }
}

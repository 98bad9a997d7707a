// SPDX-License-Identifier: LGPL-2.1-only
//! Filters of processes: those that one has (`pid:N`), and those that a program installs
//! (`run:PROGRAM ARG…`).

use std::fs;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use scmp::bpf::Program;
use scmp_kernel::{filters_of_threads, trace};

use super::{Format, Input, Note, Subject};
use crate::failure::Failure;
use crate::text::in_line;

/// Options about programs that are run.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(id = "options of processes")]
pub struct Options {
    /// How long the program of `run:` may run; then it is killed
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u64,
}

/// Reads the input if it is one of these.
pub fn read(argument: &str, options: &Options) -> Option<Result<Input, Failure>> {
    if let Some(number) = argument.strip_prefix("pid:") {
        return Some(of_process(argument, number));
    }
    let command = argument.strip_prefix("run:")?;
    Some(of_program(argument, command, options))
}

/// The filters of a process. Its threads may differ.
fn of_process(name: &str, number: &str) -> Result<Input, Failure> {
    let wanted = |_| Failure::of(name, "expected the number of a process, as in pid:1");
    let process: u32 = number.parse().map_err(wanted)?;
    let stacks = filters_of_threads(process).map_err(|why| Failure::of(name, why))?;
    let several = stacks.len() > 1;
    let subjects = stacks.into_iter().map(|(thread, programs)| {
        let program = fs::read_to_string(format!("/proc/{thread}/comm")).unwrap_or_default();
        let program = program.trim_end();
        let label = match several {
            true => format!("{program} (thread {thread})"),
            false => program.to_string(),
        };
        subject(label, programs)
    });
    Ok(input(name, subjects.collect(), Vec::new()))
}

/// The filters that a program and its children install, as the shell reads its name and
/// arguments.
fn of_program(name: &str, line: &str, options: &Options) -> Result<Input, Failure> {
    if line.trim().is_empty() {
        let what = "expected a program and its arguments, as in 'run:ls -l'";
        return Err(Failure::of(name, what));
    }
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("exec {line}"));
    // Standard output is for the answer.
    command.stdout(Stdio::from(io::stderr()));
    let traced = trace(command, Duration::from_secs(options.seconds));
    let traced = traced.map_err(|why| Failure::of(name, why))?;
    if traced.executions == 0 && !traced.was_killed {
        // The shell has said why on standard error.
        return Err(Failure::of(name, "the program can't be executed"));
    }
    let mut notes = Vec::new();
    let mut note = |text: String| notes.push(Note::remark(text));
    if traced.was_killed {
        let seconds = options.seconds;
        note(format!("killed after {seconds} seconds (--seconds)"));
    }
    if traced.is_incomplete {
        note(format!(
            "only the first {} stacks of filters are kept",
            traced.stacks.len()
        ));
    }
    if traced.unreadable > 0 {
        let missing = traced.unreadable;
        note(format!(
            "{missing} filters could not be read from the program's memory: they are missing"
        ));
    }
    if fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("Seccomp:\t2")) {
        note(
            "scmp runs under filters itself, which the program has too: they are missing"
                .to_string(),
        );
    }
    let subjects = traced.stacks.into_iter().map(|stack| {
        let executable = stack.executable.display();
        subject(
            format!("{executable} (process {})", stack.process),
            stack.programs,
        )
    });
    let mut subjects: Vec<Subject> = subjects.collect();
    if subjects.is_empty() {
        note("no filter was installed".to_string());
        subjects.push(subject(String::new(), Vec::new()));
    }
    Ok(input(name, subjects, notes))
}

fn subject(label: String, programs: Vec<Program>) -> Subject {
    Subject {
        label: Some(label).filter(|label| !label.is_empty()),
        programs,
        ..Subject::default()
    }
}

fn input(name: &str, subjects: Vec<Subject>, mut notes: Vec<Note>) -> Input {
    if subjects.iter().any(|subject| subject.programs.is_empty()) && notes.is_empty() {
        notes.push(Note::remark("without filters, every call is allowed"));
    }
    Input::new(&in_line(name), Format::Process, subjects, notes)
}

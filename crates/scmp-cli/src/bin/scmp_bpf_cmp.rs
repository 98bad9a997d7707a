// SPDX-License-Identifier: LGPL-2.1-only
//! Compares two seccomp programs, or a program with a profile, for all
//! inputs.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use scmp::bpf::{INSTRUCTION_SIZE, MAX_INSTRUCTIONS, Program};
use scmp::{Action, Arch, Endian, Error};
use scmp_verify::profile::{Built, Profile};
use scmp_verify::proof::{self, Answer, Difference, NotUnderstood, Side};
use scmp_verify::{self as bpf, SyscallData};

const USAGE: &str = "\
usage: scmp_bpf_cmp A.bpf B.bpf
       scmp_bpf_cmp A.bpf FILTER.profile

Compares what two seccomp programs (as seccomp_export_bpf writes them), or a
program and the rules of a profile, decide for all inputs.

prints `equal`, or an input, both decisions, and for each program the
instructions that it executes, counted from 0
exits with 0 if equal, 1 if different, 2 if the check gave up, 3 on an error:
also if a program has an instruction that is not understood, or if the filter
of a profile could not take all of its rules

limits: programs of 65535 instructions, profiles of 4 MiB and of 65536 rules
(one for each value of a range); gives up if that takes more than about 1 GB of
memory, or more than about a minute for a profile's filter or for the check";

/// The largest profile, in bytes.
const MAX_TEXT: usize = 4 << 20;

/// The largest program, in bytes.
const MAX_BINARY: usize = MAX_INSTRUCTIONS * INSTRUCTION_SIZE;

/// How long the filter of a profile may take: rules that compare the same
/// arguments in many ways take a time that grows with their square or cube.
const MAX_TIME: Duration = Duration::from_secs(60);

const GAVE_UP: u8 = 2;
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let outcome = match &arguments[..] {
        [only] if only == "-h" || only == "--help" => Ok((0, USAGE.to_string())),
        [first, second] => compare(Path::new(first), Path::new(second))
            .map_err(|why| format!("scmp_bpf_cmp: {}", why.trim_end())),
        _ => Err(USAGE.to_string()),
    };
    let outcome = outcome.and_then(|(code, text)| match print(&text) {
        Ok(()) => Ok(code),
        // A closed pipe is no error.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(code),
        Err(error) => Err(format!("scmp_bpf_cmp: standard output: {error}")),
    });
    ExitCode::from(outcome.unwrap_or_else(|why| {
        // There is no other place to complain.
        let _ = writeln!(io::stderr(), "{why}");
        FAILED
    }))
}

fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// The exit code and what to print.
fn compare(first: &Path, second: &Path) -> Result<(u8, String), String> {
    let program = |path| read(path, MAX_BINARY).and_then(|bytes| parse(path, &bytes));
    let one = program(first)?;
    if second.extension().is_some_and(|end| end == "profile") {
        let Some(built) = build(second)? else {
            let why = "gave up: the profile's filter takes too much time";
            return Ok((GAVE_UP, at(second, &why)));
        };
        if built.filter.endian() != Some(one.endian()) {
            return Err(at(second, &"the program has the other byte order"));
        }
        let answer = proof::check(&one, &built.rules);
        let answer = answer.map_err(|why| at(first, &why.flaw))?;
        return Ok(report(&answer, &[(first, &one)], Some(second)));
    }
    let other = program(second)?;
    if one.endian() != other.endian() {
        return Err("the programs have different byte orders".to_string());
    }
    let answer = proof::compare(&one, &other);
    let answer = answer.map_err(|NotUnderstood { program, flaw }| match program {
        Side::First => at(first, &flaw),
        Side::Second => at(second, &flaw),
    })?;
    let programs = [(first, &one), (second, &other)];
    Ok(report(&answer, &programs, None))
}

fn at(path: &Path, what: &dyn fmt::Display) -> String {
    format!("{}: {what}", path.display())
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| at(path, &error))?;
    match bytes.len() > most {
        true => Err(at(path, &format!("more than {most} bytes"))),
        false => Ok(bytes),
    }
}

/// Operations are below 256, so the first one that is not 0 shows the byte
/// order.
fn parse(path: &Path, bytes: &[u8]) -> Result<Program, String> {
    let codes = bytes.chunks(INSTRUCTION_SIZE).map(|each| match each {
        [first, second, ..] => [*first, *second],
        _ => [0, 0],
    });
    let endian = match codes.into_iter().find(|code| *code != [0, 0]) {
        Some([0, _]) => Endian::Big,
        Some([_, 0]) => Endian::Little,
        _ => return Err(at(path, &"not a program")),
    };
    Program::from_bytes(bytes, endian).map_err(|error| at(path, &error))
}

/// The filter of a profile, if it has all of its rules; `None` if that takes too
/// long.
fn build(path: &Path) -> Result<Option<Built>, String> {
    let text = String::from_utf8(read(path, MAX_TEXT)?).map_err(|_| at(path, &"not text"))?;
    let profile = Profile::parse(&text).map_err(|mistake| at(path, &mistake))?;
    let Some(built) = within(MAX_TIME, move || profile.build()) else {
        return Ok(None);
    };
    let built = built.map_err(|error| at(path, &error))?;
    // Without a rule on a call that the architecture lacks, nothing is decided
    // otherwise.
    let mut missing: Vec<String> = (built.refused.iter())
        .filter(|(_, error)| *error != Error::NotOnArchitecture)
        .map(|(step, error)| format!("  line {}: {}: {error}\n", step.line(), step.call()))
        .collect();
    if missing.is_empty() {
        return Ok(Some(built));
    }
    // The rules of a range.
    missing.dedup();
    let what = "the filter can't take all of the profile:\n";
    Err(at(path, &format!("{what}{}", missing.concat())))
}

/// The result of `work`, or `None` after `most`; the thread is left running.
fn within<T: Send + 'static>(
    most: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(most).ok()
}

/// The exit code and what to print.
fn report(answer: &Answer, programs: &[(&Path, &Program)], rules: Option<&Path>) -> (u8, String) {
    let difference = match answer {
        Answer::Equal => return (0, "equal".to_string()),
        Answer::GaveUp => {
            let why = "gave up: the check would take too much time or memory";
            return (GAVE_UP, why.to_string());
        }
        Answer::Different(difference) => difference,
    };
    let mut text = format!("different for {}", input(difference));
    for (path, program) in programs {
        let mut executed = Places::default();
        let decision = match bpf::trace(program, &difference.input, |at| executed.push(at)) {
            Ok(raw) => action(raw),
            Err(fault) => format!("{fault:?}"),
        };
        let _ = write!(text, "\n{}: {decision}\n  by {executed}", path.display());
    }
    if let Some(path) = rules {
        let right: Vec<String> = difference.second.iter().map(|raw| action(*raw)).collect();
        let _ = write!(text, "\n{}: {}", path.display(), right.join(" or "));
    }
    (1, text)
}

fn input(difference: &Difference) -> String {
    let SyscallData {
        number,
        audit_token,
        instruction_pointer,
        arguments,
    } = difference.input;
    let mut text = format!("arch {audit_token:#x}");
    let arch = Arch::all().find(|arch| arch.audit_token() == audit_token);
    if let Some(arch) = arch {
        let _ = write!(text, " ({})", arch.name());
    }
    let _ = write!(text, ", number {number}");
    if let Some(name) = arch.and_then(|arch| arch.syscall_name(number as i32)) {
        let _ = write!(text, " ({name})");
    }
    for (index, argument) in arguments.iter().enumerate() {
        let _ = write!(text, ", a{index} {argument:#x}");
    }
    let _ = write!(text, ", at {instruction_pointer:#x}");
    text
}

fn action(raw: u32) -> String {
    match Action::from_raw(raw) {
        Some(action) => format!("{action:?}"),
        None => format!("{raw:#x}, no action"),
    }
}

/// Rising places of instructions, as first and last of each run: `0-3, 7`.
#[derive(Default)]
struct Places(Vec<(usize, usize)>);

impl Places {
    fn push(&mut self, place: usize) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => self.0.push((place, place)),
        }
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(text: &str) -> Program {
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        built.filter.program().unwrap().clone()
    }

    #[test]
    fn work_that_takes_too_long_is_left() {
        assert_eq!(within(MAX_TIME, || 1), Some(1));
        let endless = || loop {
            thread::park();
        };
        assert_eq!(within::<()>(Duration::from_millis(10), endless), None);
    }

    #[test]
    fn places_become_ranges() {
        let mut places = Places::default();
        for place in [0, 1, 2, 5, 7, 8] {
            places.push(place);
        }
        assert_eq!(places.to_string(), "0-2, 5, 7-8");
    }

    #[test]
    fn the_byte_order_is_seen() {
        for arch in ["x86", "ppc"] {
            let program = built(&format!("arch {arch}\ndefault allow\nerrno 1 read"));
            let bytes = program.to_bytes().unwrap();
            assert_eq!(parse(Path::new("p"), &bytes).unwrap(), program);
        }
        // An operation that is 0 shows nothing.
        let program = parse(
            Path::new("p"),
            &[0, 0, 0, 0, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
        );
        assert_eq!(program.unwrap().endian(), Endian::Big);
        assert!(parse(Path::new("p"), b"").is_err());
        assert!(parse(Path::new("p"), &[0; 16]).is_err());
        assert!(parse(Path::new("p"), b"#!/bin/sh").is_err());
        assert!(parse(Path::new("p"), &[0x20, 0, 0]).is_err());
    }
}

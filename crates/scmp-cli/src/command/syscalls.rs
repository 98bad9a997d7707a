// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp syscalls`: what is known of system calls.

use std::fmt::{self, Display, Formatter};

use scmp::Arch;
use serde::Serialize;

use crate::data::tables::{self, Equivalent};
use crate::data::{self, arguments};
use crate::failure::Failure;
use crate::names;
use crate::output::{self, Answer};
use crate::question;

/// What is known of a system call?
///
/// Its numbers on all architectures and the Linux releases that it came with, its arguments
/// and their types, which groups it is in, and which others do the same. Without a
/// name or number: all calls of an architecture with their numbers.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A name, or a number of the architectures
    #[arg(value_name = "NAME|NUMBER")]
    call: Option<String>,
    /// Only these architectures; for the list of all calls, this machine's if none is given
    #[arg(long, value_delimiter = ',', value_parser = names::arch)]
    arch: Vec<Arch>,
    #[command(flatten)]
    output: output::Options,
}

/// The answer.
#[derive(Serialize)]
struct Known {
    calls: Vec<Call>,
    #[serde(skip)]
    list: bool,
}

#[derive(Serialize)]
struct Call {
    name: &'static str,
    numbers: Vec<Number>,
    arguments: Vec<Argument>,
    /// What it concerns.
    groups: Vec<&'static str>,
    /// Other calls that do the same.
    equivalents: &'static [Equivalent],
    /// Why C libraries need ENOSYS where the call is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<&'static str>,
}

#[derive(Serialize)]
struct Number {
    arch: &'static str,
    /// The call's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    /// The first Linux release with that number.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_kernel: Option<String>,
    /// `socketcall(N)` or `ipc(N)`, if that makes it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<String>,
}

#[derive(Serialize)]
struct Argument {
    name: &'static str,
    #[serde(rename = "type")]
    c_type: &'static str,
    /// How many bits the kernel reads on 64-bit architectures.
    bits: u32,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let all: Vec<Arch> = Arch::all().collect();
    let native = [Arch::native()];
    let arches = match (&arguments.arch[..], &arguments.call) {
        ([], Some(_)) => &all,
        ([], None) => &native[..],
        (named, _) => named,
    };
    let names: Vec<&'static str> = match &arguments.call {
        None => {
            let on = |arch: &Arch, name: &str| names::number(*arch, name).is_some();
            let has = |name: &&str| arches.iter().any(|arch| on(arch, name));
            names::all().filter(has).collect()
        }
        Some(call) => match named(call, arches) {
            names if names.is_empty() => {
                let what = "neither a system call's name nor its number";
                return Err(Failure::of(call, what));
            }
            names => names,
        },
    };
    let known = Known {
        calls: names
            .into_iter()
            .map(|name| describe(name, arches))
            .collect(),
        list: arguments.call.is_none(),
    };
    arguments.output.print("scmp-syscalls", &known)?;
    Ok(Answer::Yes)
}

/// The calls that have a name, or a number on one of the architectures.
fn named(call: &str, arches: &[Arch]) -> Vec<&'static str> {
    if let Some(number) = question::number(call).and_then(|number| u32::try_from(number).ok()) {
        let names = arches.iter().filter_map(|arch| names::name(*arch, number));
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names.dedup();
        return names;
    }
    names::known(call).into_iter().collect()
}

fn describe(name: &'static str, arches: &[Arch]) -> Call {
    let number = |arch: &Arch| {
        let targets = names::targets(*arch, name);
        let through = targets
            .and_then(|targets| targets.multiplexed)
            .and_then(|through| {
                let by = names::name(*arch, through.number)?;
                Some(format!("{by}({})", through.call))
            });
        let number = names::number(*arch, name);
        (number.is_some() || through.is_some()).then_some(Number {
            arch: arch.name(),
            number,
            first_kernel: data::first_kernel(*arch, name).map(|version| version.to_string()),
            through,
        })
    };
    let arch = arches.first().copied().unwrap_or(Arch::native());
    let of_call = arguments::of(arch, name).unwrap_or_default();
    let argument = |argument: &arguments::Argument| Argument {
        name: argument.name,
        c_type: argument.c_type,
        bits: argument.bits(Arch::X86_64),
    };
    Call {
        name,
        numbers: arches.iter().filter_map(number).collect(),
        arguments: of_call.iter().map(argument).collect(),
        groups: tables::groups(name).map(|group| group.name).collect(),
        equivalents: tables::equivalents(name),
        fallback: tables::fallback(name).map(|fallback| fallback.reason),
    }
}

impl Display for Known {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, call) in self.calls.iter().enumerate() {
            if self.list {
                let numbers = call.numbers.iter().filter_map(|number| number.number);
                let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
                writeln!(f, "{} {}", call.name, numbers.join(" "))?;
                continue;
            }
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{call}")?;
        }
        Ok(())
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let arguments = self.arguments.iter().map(|argument| {
            let Argument { name, c_type, .. } = argument;
            let space = if c_type.ends_with('*') { "" } else { " " };
            format!("{c_type}{space}{name}")
        });
        let arguments: Vec<String> = arguments.collect();
        writeln!(f, "{}({})", self.name, arguments.join(", "))?;
        for number in &self.numbers {
            let own = number.number.map(|own| match own {
                0..0x1_0000 => own.to_string(),
                _ => format!("{own:#x}"),
            });
            // Releases before 2.6 count as 2.6.
            let first = number.first_kernel.as_deref();
            let first = first.filter(|first| *first != "2.6");
            let own = own.map(|own| match first {
                Some(first) => format!("{own} (Linux {first})"),
                None => own,
            });
            let ways: Vec<String> = own.into_iter().chain(number.through.clone()).collect();
            writeln!(f, "  {:<12} {}", number.arch, ways.join(", "))?;
        }
        if !self.groups.is_empty() {
            writeln!(f, "  groups: {}", self.groups.join(" "))?;
        }
        for equivalent in self.equivalents {
            writeln!(f, "  also: {}: {}", equivalent.call, equivalent.reason)?;
        }
        if let Some(reason) = self.fallback {
            writeln!(f, "  needs ENOSYS where it is missing: {reason}")?;
        }
        Ok(())
    }
}

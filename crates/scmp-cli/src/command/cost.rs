// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp cost`: what a filter costs each system call.

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::path::Path;

use scmp::Arch;
use scmp_verify::cost::{self, Cost, Meter};
use scmp_verify::decision::Unanswered;
use scmp_verify::text::Wrong;
use serde::Serialize;

use crate::failure::Failure;
use crate::input::{self, Place, Subject};
use crate::matrix::Explorer;
use crate::names;
use crate::output::{self, Answer};
use crate::text;
use crate::wording;

/// What does this filter cost?
///
/// How many instructions the kernel executes for each call, and which calls it allows by its
/// bitmap without running the filter (Linux 5.11; only calls of the machine's own
/// architecture and of the compatible one of 32 bits; none of MIPS and x32).
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// Weigh the calls as this trace has them: lines of a call's name and how often it was
    /// made; `#` begins a comment
    #[arg(long, value_name = "FILE")]
    trace: Option<OsString>,
    /// Say it for each call
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    input: input::Options,
    #[command(flatten)]
    output: output::Options,
}

/// The answer.
#[derive(Serialize)]
struct Costs {
    input: String,
    filters: Vec<Filter>,
    #[serde(skip)]
    all: bool,
}

#[derive(Serialize)]
struct Filter {
    /// What tells it from the others of the input.
    label: String,
    /// Instructions of all programs.
    instructions: usize,
    /// Instructions if system calls are found by priority (level 1) or by search (level 2),
    /// where the filter was built from rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_priority: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_search: Option<usize>,
    architectures: Vec<Architecture>,
}

#[derive(Serialize)]
struct Architecture {
    name: &'static str,
    /// Whether kernels have a bitmap of its calls.
    has_bitmap: bool,
    calls: Vec<Call>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Weighed>,
}

#[derive(Serialize)]
struct Call {
    name: &'static str,
    #[serde(flatten)]
    bounds: Bounds,
}

/// Instructions that all programs together execute for a call.
#[derive(Clone, Copy, Serialize)]
struct Bounds {
    least: usize,
    most: usize,
    in_bitmap: bool,
}

/// A trace's calls.
#[derive(Serialize)]
struct Weighed {
    calls: u64,
    /// Of them, those that the kernel's bitmap allows.
    in_bitmap: u64,
    /// Instructions executed a call, at least and at most, with the bitmap's calls at 0.
    least: f64,
    most: f64,
    /// Names that the architecture lacks.
    unknown: Vec<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let trace = arguments.trace.as_deref().map(read_trace).transpose()?;
    let trace = trace.as_deref();
    let mut meter = Meter::new();
    let filters = input
        .subjects
        .iter()
        .map(|subject| filter(&mut meter, subject, arguments, trace));
    let filters: Result<Vec<Filter>, Unanswered> = filters.collect();
    let costs = Costs {
        filters: filters.map_err(|why| Failure::unanswered(&input.name, why))?,
        input: input.name,
        all: arguments.all,
    };
    arguments.output.print("scmp-cost", &costs)?;
    Ok(Answer::Yes)
}

/// The names and counts of a trace.
fn read_trace(path: &OsStr) -> Result<Vec<(String, u64)>, Failure> {
    let trace = input::read_text(path)?;
    let path = &text::file_name(Path::new(path));
    let lines = (1..).zip(trace.lines());
    let entries = lines.filter_map(|(number, line)| {
        let entry = line.split('#').next()?.trim_end();
        (!entry.is_empty()).then_some((number, entry))
    });
    let mut sum = 0_u64;
    let read = entries.map(|(number, line)| {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let (count, more) = (words.next(), words.next());
        let wanted =
            || format!("{line:.60}: expected a call's name, and how many there are: `read 12`");
        let (part, what) = match (count.map_or(Ok(1), str::parse), more) {
            (Ok(calls), None) => match sum.checked_add(calls) {
                Some(all) => {
                    sum = all;
                    return Ok((name.to_string(), calls));
                }
                None => {
                    let what = format!("{line:.60}: expected {} calls at most in all", u64::MAX);
                    (count.unwrap_or(name), what)
                }
            },
            (Ok(_), Some(more)) => (more, wanted()),
            (Err(_), _) => (count.unwrap_or_default(), wanted()),
        };
        let wrong = Wrong::new(part, what);
        let place = Place::of(&wrong, number, line);
        Err(Failure::of(&place.in_file(path), wrong.what))
    });
    read.collect()
}

fn filter(
    meter: &mut Meter,
    subject: &Subject,
    arguments: &Arguments,
    trace: Option<&[(String, u64)]>,
) -> Result<Filter, Unanswered> {
    let matrix = Explorer::default().matrix(subject, &arguments.input.arch)?;
    let mut architectures = Vec::new();
    for of_arch in &matrix.arches {
        let arch = of_arch.arch;
        let mut calls = Vec::new();
        for call in &of_arch.calls {
            let bounds = bounds(meter, subject, arch, call.number)?;
            let name = call.name;
            calls.push(Call { name, bounds });
        }
        architectures.push(Architecture {
            name: arch.name(),
            has_bitmap: cost::has_bitmap(arch),
            trace: trace.map(|trace| weighed(&calls, trace, arch)),
            calls,
        });
    }
    let sizes = subject.sizes;
    Ok(Filter {
        label: subject.to_string(),
        instructions: subject
            .programs
            .iter()
            .map(|each| each.instructions().len())
            .sum(),
        by_priority: sizes.map(|[priority, _]| priority),
        by_search: sizes.map(|[_, search]| search),
        architectures,
    })
}

fn bounds(
    meter: &mut Meter,
    subject: &Subject,
    arch: Arch,
    number: u32,
) -> Result<Bounds, Unanswered> {
    let mut all = Bounds {
        least: 0,
        most: 0,
        in_bitmap: cost::has_bitmap(arch),
    };
    for program in &subject.programs {
        let Cost {
            least,
            most,
            in_bitmap,
        } = meter.of_call(program, arch.audit_token(), number)?;
        all.least += least;
        all.most += most;
        all.in_bitmap &= in_bitmap;
    }
    Ok(all)
}

fn weighed(calls: &[Call], trace: &[(String, u64)], arch: Arch) -> Weighed {
    let mut weighed = Weighed {
        calls: 0,
        in_bitmap: 0,
        least: 0.0,
        most: 0.0,
        unknown: Vec::new(),
    };
    for (name, count) in trace {
        let number = names::number(arch, name);
        let call = calls.binary_search_by_key(&name.as_str(), |call| call.name);
        let (Some(_), Ok(place)) = (number, call) else {
            weighed.unknown.push(name.clone());
            continue;
        };
        let bounds = calls[place].bounds;
        weighed.calls += count;
        if bounds.in_bitmap {
            weighed.in_bitmap += count;
        } else {
            weighed.least += *count as f64 * bounds.least as f64;
            weighed.most += *count as f64 * bounds.most as f64;
        }
    }
    if weighed.calls > 0 {
        weighed.least /= weighed.calls as f64;
        weighed.most /= weighed.calls as f64;
    }
    weighed
}

impl Display for Costs {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for filter in &self.filters {
            let on = if filter.label.is_empty() { "" } else { " on " };
            let length = wording::length(filter.instructions);
            write!(f, "{}{on}{}: {length}", self.input, filter.label)?;
            match (filter.by_priority, filter.by_search) {
                (Some(priority), Some(search)) => {
                    writeln!(f, " ({priority} at level 1, {search} at level 2)")?;
                }
                _ => writeln!(f)?,
            }
            for architecture in &filter.architectures {
                architecture.write(f, self.all)?;
            }
        }
        Ok(())
    }
}

impl Architecture {
    fn write(&self, f: &mut Formatter<'_>, all: bool) -> fmt::Result {
        writeln!(f, "\n{}", self.name)?;
        let least = self.calls.iter().min_by_key(|call| call.bounds.least);
        let most = self.calls.iter().max_by_key(|call| call.bounds.most);
        if let (Some(least), Some(most)) = (least, most) {
            let (few, many) = (least.bounds.least, most.bounds.most);
            writeln!(
                f,
                "  instructions: {few} ({}) to {many} ({})",
                least.name, most.name
            )?;
        }
        let by_bitmap = self.calls.iter().filter(|call| call.bounds.in_bitmap);
        let (count, of) = (by_bitmap.count(), self.calls.len());
        match self.has_bitmap {
            true => writeln!(f, "  allowed by the kernel's bitmap: {count} of {of} calls")?,
            false => writeln!(f, "  the kernel has no bitmap of its calls")?,
        }
        if let Some(trace) = &self.trace {
            let share = 100.0 * trace.in_bitmap as f64 / trace.calls.max(1) as f64;
            let (calls, least, most) = (trace.calls, trace.least, trace.most);
            writeln!(
                f,
                "  trace: {calls} calls, {share:.1} % by the bitmap, {least:.1} to {most:.1} instructions a call"
            )?;
            if !trace.unknown.is_empty() {
                writeln!(f, "  not calls of {}:", self.name)?;
                let names = trace.unknown.iter().map(|name| text::in_line(name));
                let names: Vec<String> = names.collect();
                let names = names.iter().map(String::as_str);
                writeln!(f, "{}", wording::wrapped(names, 4, 96))?;
            }
        }
        if all {
            for call in &self.calls {
                let Bounds {
                    least,
                    most,
                    in_bitmap,
                } = call.bounds;
                let bitmap = if in_bitmap { ", by the bitmap" } else { "" };
                let range = match least == most {
                    true => least.to_string(),
                    false => format!("{least} to {most}"),
                };
                writeln!(f, "    {}: {range}{bitmap}", call.name)?;
            }
        }
        Ok(())
    }
}

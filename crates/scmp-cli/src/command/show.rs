// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp show`: what a filter does.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::failure::Failure;
use crate::input::{self, Format, Input, Note};
use crate::matrix::Explorer;
use crate::output::{self, Answer};
use crate::page;
use crate::report::{self, Architecture, Call, Decision, Filter, Unknown};
use crate::tree;
use crate::wording::{self, ArchCall};

/// What does this filter do with each system call?
///
/// For each architecture: which calls get which action, and under which conditions on their
/// arguments. The answer is exact, whoever made the filter.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// Only these system calls
    #[arg(value_name = "CALL")]
    calls: Vec<String>,
    /// Name all calls, also the many that get what unknown numbers get
    #[arg(long)]
    all: bool,
    /// Write a page for a web browser: a table of all calls, with search, conditions and rules
    #[arg(long, conflicts_with = "format")]
    html: bool,
    /// Draw the decision tree of the system call, for the first architecture that has it
    #[arg(long, conflicts_with_all = ["format", "html"], requires = "calls")]
    svg: bool,
    #[command(flatten)]
    input: input::Options,
    #[command(flatten)]
    output: output::Options,
}

/// The answer.
#[derive(Serialize)]
struct Shown {
    input: String,
    #[serde(rename = "from")]
    format: Format,
    notes: Vec<Note>,
    filters: Vec<Filter>,
    #[serde(skip)]
    all: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    if arguments.svg {
        output::print(&drawn(&input, arguments)?)?;
        return Ok(Answer::Yes);
    }
    let filters = report::filters(&input, &arguments.input.arch, &arguments.calls)
        .map_err(|why| Failure::unanswered(&input.name, why))?;
    for wanted in &arguments.calls {
        let architectures = || filters.iter().flat_map(|filter| &filter.architectures);
        let mut calls = architectures().flat_map(|each| &each.calls);
        if !calls.any(|call| call.name == wanted) {
            return Err(unknown(wanted, architectures()));
        }
    }
    if arguments.html {
        let title = input.name;
        output::print(&page::of(&Page { title, filters })?)?;
        return Ok(Answer::Yes);
    }
    let shown = Shown {
        input: input.name,
        format: input.format,
        notes: input.notes,
        filters,
        all: arguments.all,
    };
    arguments.output.print("scmp-show", &shown)?;
    Ok(Answer::Yes)
}

/// A call that none of the architectures has.
fn unknown<'a>(call: &str, architectures: impl Iterator<Item = &'a Architecture>) -> Failure {
    let names: BTreeSet<&str> = architectures.map(|each| each.arch.name()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let names = names.join(", ");
    let expected = "expected a name, as `scmp syscalls` lists them";
    Failure::of(
        &format!("call '{call}'"),
        format!("not a system call of {names}: {expected}"),
    )
}

/// The picture of a call's decision tree.
fn drawn(input: &Input, arguments: &Arguments) -> Result<String, Failure> {
    let [name] = &arguments.calls[..] else {
        return Err(Failure::Input("--svg draws one system call".to_string()));
    };
    let unanswered = |why| Failure::unanswered(&input.name, why);
    let mut explorer = Explorer::default();
    for subject in &input.subjects {
        let matrix = explorer
            .matrix(subject, &arguments.input.arch)
            .map_err(unanswered)?;
        for of_arch in &matrix.arches {
            if let Some(call) = of_arch.find(name) {
                let named = ArchCall::of(of_arch.arch, call.name);
                let tree = tree::of(&mut explorer, call.decided, named).map_err(unanswered)?;
                return Ok(tree::svg(&tree, &format!("{} {name}", of_arch.arch.name())));
            }
        }
    }
    Err(Failure::of(name, "not a system call of the architectures"))
}

/// What the page shows.
#[derive(Serialize)]
struct Page {
    title: String,
    filters: Vec<Filter>,
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        input::write_notes(f, &self.notes, &self.input)?;
        for (index, filter) in self.filters.iter().enumerate() {
            if index > 0 || !self.notes.is_empty() {
                writeln!(f)?;
            }
            let on = if filter.label.is_empty() { "" } else { " on " };
            let programs: Vec<String> = filter.programs.iter().map(usize::to_string).collect();
            let label = &filter.label;
            match &programs[..] {
                [] => writeln!(f, "{}{on}{label}: no filter", self.input)?,
                [_] => {
                    let length = wording::length(filter.programs[0]);
                    writeln!(f, "{}{on}{label}: {length}", self.input)?;
                }
                more => {
                    let (count, each) = (more.len(), more.join(" + "));
                    writeln!(
                        f,
                        "{}{on}{label}: {count} programs, {each} instructions",
                        self.input
                    )?;
                }
            }
            filter.write(f, self.all)?;
        }
        Ok(())
    }
}

/// More calls than this that get what unknown numbers get are only counted.
const MAX_LISTED: usize = 100;

impl Filter {
    fn write(&self, f: &mut Formatter<'_>, all: bool) -> fmt::Result {
        for architecture in &self.architectures {
            writeln!(f)?;
            architecture.write(f, all)?;
        }
        if !self.others.is_empty() {
            writeln!(f, "\nother architectures")?;
        }
        let named = self.others.iter().filter(|other| other.name.is_some());
        let (named, all) = (named.count(), self.others.len());
        for other in &self.others {
            let which = match other.name {
                Some(name) => format!("{name}: "),
                None if named + 1 < all => format!("{:#x}: ", other.audit_token),
                None if named > 0 => "all others: ".to_string(),
                None => String::new(),
            };
            match (other.name, &other.decisions[..]) {
                (Some(name), []) => {
                    let add = format!("add {name} to --arch to see its calls");
                    writeln!(f, "  {which}not the same for all calls ({add})")?;
                }
                (_, decisions) => inline(f, &which, decisions)?,
            }
        }
        Ok(())
    }
}

impl Architecture {
    /// What most unknown numbers get, if it does not depend on arguments.
    fn of_unknown(&self) -> Option<&Decision> {
        let size = |unknown: &&Unknown| unknown.last - unknown.first;
        let most = self.unknown.iter().max_by_key(size)?;
        match &most.decisions[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What every call gets, if it is the same.
    fn of_every_call(&self) -> Option<&Decision> {
        if !self.is_whole {
            return None;
        }
        let calls = self.calls.iter().map(|call| &call.decisions);
        let unknown = self.unknown.iter().map(|unknown| &unknown.decisions);
        let mut all = calls.chain(unknown);
        let [first] = &all.next()?[..] else {
            return None;
        };
        let same = |decisions: &Vec<Decision>| match &decisions[..] {
            [only] => only.value == first.value,
            _ => false,
        };
        all.all(same).then_some(first)
    }

    fn write(&self, f: &mut Formatter<'_>, all: bool) -> fmt::Result {
        writeln!(f, "{}", self.arch.name())?;
        if let Some(decision) = self.of_every_call() {
            writeln!(f, "  every call: {}", decision.coloured())?;
            return self.write_unfiltered(f);
        }
        let of_unknown = self.of_unknown();
        let mut plain: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        let mut by_arguments = Vec::new();
        for call in &self.calls {
            match &call.decisions[..] {
                [only] => plain.entry(only.value).or_default().push(call.name),
                _ => by_arguments.push(call),
            }
        }
        // The most permissive action first.
        for (value, calls) in plain.iter().rev() {
            let calls_are = if calls.len() == 1 { "call" } else { "calls" };
            let action = output::coloured(*value, &wording::action(self.arch, *value));
            writeln!(f, "  {action}: {} {calls_are}", calls.len())?;
            let usual = of_unknown.is_some_and(|decision| decision.value == *value);
            match usual && !all && calls.len() > MAX_LISTED {
                true => writeln!(f, "    all that are not named here (--all names them)")?,
                false => writeln!(f, "{}", wording::wrapped(calls.iter().copied(), 4, 96))?,
            }
        }
        if !by_arguments.is_empty() {
            writeln!(f, "  by arguments: {}", by_arguments.len())?;
        }
        for call in by_arguments {
            writeln!(f, "    {}", call.name)?;
            by_condition(f, &call.decisions)?;
        }
        if let Some(decision) = of_unknown {
            writeln!(f, "  other numbers: {}", decision.coloured())?;
        }
        for unknown in &self.unknown {
            let usual = of_unknown.map(|decision| decision.value);
            if unknown.decisions.len() == 1 && usual == Some(unknown.decisions[0].value) {
                continue;
            }
            let range = wording::numbers(&(unknown.first..=unknown.last));
            inline(f, &format!("{range}: "), &unknown.decisions)?;
        }
        self.write_unfiltered(f)
    }

    /// Says which calls newer kernels allow whatever the filter decides.
    fn write_unfiltered(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let refused = |call: &&Call| {
            let mut decisions = call.decisions.iter();
            decisions.any(|decision| wording::is_refusal(decision.value))
        };
        let calls = self.calls.iter().filter(refused);
        let calls = calls.filter_map(|call| {
            Some(format!(
                "{} (from Linux {} on)",
                call.name, call.unfiltered_since?
            ))
        });
        let calls: Vec<String> = calls.collect();
        match calls.is_empty() {
            true => Ok(()),
            false => writeln!(
                f,
                "  allowed by newer kernels without running the filter: {}",
                calls.join(", ")
            ),
        }
    }
}

/// Decisions behind a start on one line, or each on its own.
fn inline(f: &mut Formatter<'_>, start: &str, decisions: &[Decision]) -> fmt::Result {
    if let [only] = decisions {
        return writeln!(f, "  {start}{}", only.coloured());
    }
    if !start.is_empty() {
        writeln!(f, "  {}", start.trim_end())?;
    }
    by_condition(f, decisions)
}

/// A line for each decision, and one for each of several conditions that lead to it.
fn by_condition(f: &mut Formatter<'_>, decisions: &[Decision]) -> fmt::Result {
    for decision in decisions {
        write!(f, "      {}", decision.coloured())?;
        match decision.when.as_deref() {
            None => writeln!(f, " otherwise")?,
            Some([one]) => writeln!(f, " if {}", wording::conjunction(one))?,
            Some(several) => {
                writeln!(f, " if one of")?;
                for tests in several {
                    writeln!(f, "          {}", wording::conjunction(tests))?;
                }
            }
        }
    }
    Ok(())
}

impl Decision {
    fn coloured(&self) -> String {
        output::coloured(self.value, &self.action)
    }
}

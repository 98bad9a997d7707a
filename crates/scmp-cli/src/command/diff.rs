// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff`: what two filters decide differently.

mod exact;

use std::cmp::Ordering;
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};

use clap::ValueEnum;
use scmp::Arch;
use scmp_verify::SyscallData;
use scmp_verify::decision::{Unanswered, strictness};
use serde::Serialize;

use crate::comparison::{self, Calls, Change, Foreign};
use crate::failure::Failure;
use crate::input::{self, Format, Input, Note, Subject};
use crate::matrix::Explorer;
use crate::names;
use crate::output::{self, Answer};
use crate::page;
use crate::report::{self, Filter};
use crate::wording::{self, FieldTest, has_high_halves};

/// What do two filters decide differently?
///
/// Every difference, a line for each call and condition, with an example. The filters may
/// be of any two formats. Those of inputs with several are compared by name; one whose name
/// the other input lacks is a difference too. Exit code 0 if there is none, 1 if there are
/// some.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The first filter: a file, `-`, `pid:N` or `run:PROGRAM`
    first: OsString,
    /// The second filter; may be left out with --across
    #[arg(required_unless_present = "across")]
    second: Option<OsString>,
    /// Only where the second filter is stricter or less strict than the first
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Compare the calls of one architecture with those of another, by name. Of a profile,
    /// the filters for the two machines are compared
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        num_args = 1,
        value_parser = names::arch,
        conflicts_with = "arch"
    )]
    across: Vec<Arch>,
    /// Write a page for a web browser: the second filter's table, with the changes marked
    #[arg(long, conflicts_with_all = ["format", "across", "exact_input"])]
    html: bool,
    /// Compare exactly what is returned, also the parts of values that the kernel ignores,
    /// and print one input and the instructions that it executes; of a second filter that
    /// libseccomp's rules made, compare with what the rules mean
    #[arg(long, conflicts_with_all = ["only", "across", "arch"])]
    exact_input: bool,
    #[command(flatten)]
    input: input::Options,
    #[command(flatten)]
    output: output::Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    /// The second filter lets through what the first one refuses
    Looser,
    /// The second filter refuses what the first one lets through
    Tighter,
}

/// The answer.
#[derive(Serialize)]
struct Compared {
    first: String,
    second: String,
    /// On the first filter, and on the second.
    notes: [Vec<Note>; 2],
    filters: Vec<Pair>,
    /// The first input's filters that the second one lacks, and the other way round.
    alone: [Vec<String>; 2],
}

#[derive(Serialize)]
struct Pair {
    /// What tells it from the others.
    label: String,
    /// What tells the second filter from the others of its input.
    second: String,
    changes: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    arch: Option<&'static str>,
    /// A name, or numbers that have none.
    calls: String,
    from: String,
    to: String,
    /// `tighter`, `looser`, or `other` if only the action's data differ.
    direction: &'static str,
    /// Alternatives; all tests of one must hold. Empty if the arguments do not matter.
    when: Vec<Vec<FieldTest>>,
    example: Example,
    #[serde(skip)]
    values: [u32; 2],
}

#[derive(Serialize)]
struct Example {
    text: String,
    number: u32,
    audit_token: u32,
    arguments: [u64; 6],
    instruction_pointer: u64,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let arches = match arguments.across[..] {
        [] => [&arguments.input.arch[..]; 2],
        [ref from, ref to] => [std::slice::from_ref(from), std::slice::from_ref(to)],
        _ => {
            let what = "--across: expected two architectures, as in x86_64,aarch64";
            return Err(Failure::Input(what.to_string()));
        }
    };
    let [one, other] = arches.map(|arches| {
        let mut options = arguments.input.clone();
        options.arch = arches.to_vec();
        options
    });
    let first = input::read(&arguments.first, &one)?;
    let read;
    let second = match &arguments.second {
        // No program is run twice.
        None if first.format == Format::Process => &first,
        second => {
            read = input::read(second.as_ref().unwrap_or(&arguments.first), &other)?;
            &read
        }
    };
    if arguments.exact_input {
        return exact::run(&first, second, &arguments.output);
    }
    let both = format!("{} and {}", first.name, second.name);
    let compared = compared(&first, second, arguments);
    let compared = compared.map_err(|why| Failure::unanswered(&both, why))?;
    if compared.filters.is_empty() {
        let what = format!("has no filter of a name that {} has", first.name);
        return Err(Failure::of(&second.name, what));
    }
    let same = compared.filters.iter().all(|pair| pair.changes.is_empty())
        && compared.alone.iter().all(Vec::is_empty);
    if arguments.html {
        let all = first.subjects.iter().chain(&second.subjects);
        let arches = comparison::compared(all, &arguments.input.arch);
        let filters = report::filters(second, arches, &[]);
        let mut title = format!("{} → {}", compared.first, compared.second);
        for line in compared.without_partner() {
            title += &format!("; {line}");
        }
        let page = Page {
            title,
            filters: filters.map_err(|why| Failure::unanswered(&second.name, why))?,
            changes: &compared.filters,
        };
        output::print(&page::of(&page)?)?;
    } else {
        arguments.output.print("scmp-diff", &compared)?;
    }
    Ok(if same { Answer::Yes } else { Answer::No })
}

/// What the page shows.
#[derive(Serialize)]
struct Page<'a> {
    title: String,
    /// The second input's.
    filters: Vec<Filter>,
    changes: &'a [Pair],
}

fn compared(first: &Input, second: &Input, arguments: &Arguments) -> Result<Compared, Unanswered> {
    let mut filters = Vec::new();
    let matched = input::matched(first, second, |subject| {
        // Across architectures, the machines differ.
        let machine = subject.machine.filter(|_| arguments.across.is_empty());
        (&subject.label, machine)
    });
    let mut explorer = Explorer::default();
    for [one, other] in matched.pairs {
        let changes = match arguments.across[..] {
            [from, to] => across(&mut explorer, [one, other], [from, to])?,
            _ => comparison::changes(&mut explorer, one, other, &arguments.input.arch)?,
        };
        let mut lines = Vec::new();
        for change in changes {
            let line = line(&mut explorer, change, arguments.across.get(1))?;
            let wanted = match arguments.only {
                None => true,
                Some(Only::Looser) => line.direction == "looser",
                Some(Only::Tighter) => line.direction == "tighter",
            };
            lines.extend(wanted.then_some(line));
        }
        let labels = [one.to_string(), other.to_string()];
        filters.push(Pair {
            label: match &labels {
                [one, other] if one == other || other.is_empty() => one.clone(),
                [one, other] if one.is_empty() => other.clone(),
                [one, other] => format!("{one} → {other}"),
            },
            second: other.to_string(),
            changes: lines,
        });
    }
    Ok(Compared {
        first: first.name.clone(),
        second: second.name.clone(),
        notes: [first.notes.clone(), second.notes.clone()],
        filters,
        alone: matched
            .alone
            .map(|list| list.into_iter().map(Subject::to_string).collect()),
    })
}

/// Compares calls that two architectures have, by name.
fn across(
    explorer: &mut Explorer,
    subjects: [&Subject; 2],
    [from, to]: [Arch; 2],
) -> Result<Vec<Change>, Unanswered> {
    let [one, other] = subjects.map(|subject| &subject.programs);
    let one = explorer.analysis.of_stack(one)?;
    let other = explorer.analysis.of_stack(other)?;
    let one = explorer.arch_calls(one, from)?;
    let other = explorer.arch_calls(other, to)?;
    let mut changes = Vec::new();
    for call in &one.calls {
        if let Some(same) = other.find(call.name) {
            let calls = Calls::Named(from, call.name);
            let mut decided = [call.decided, same.decided];
            if ![from, to].into_iter().all(has_high_halves) {
                // Only what both can pass is compared.
                for decided in &mut decided {
                    *decided = explorer.analysis.with_short_arguments(*decided)?;
                }
            }
            let [from, to] = decided;
            changes.extend(explorer.differ(&calls, from, to)?);
        }
    }
    Ok(changes)
}

/// A change; `across` is the architecture of the second filter's calls, if it is another.
fn line(
    explorer: &mut Explorer,
    change: Change,
    across: Option<&Arch>,
) -> Result<Line, Unanswered> {
    let Change { calls, difference } = change;
    let (arch, call) = (calls.arch(), calls.arch_call());
    let when = wording::alternatives(&mut explorer.analysis, &difference.when, call)?;
    let (values, input) = (difference.values, difference.example);
    let [from, to] = values;
    let direction = match strictness(to).cmp(&strictness(from)) {
        Ordering::Less => "tighter",
        Ordering::Greater => "looser",
        Ordering::Equal => "other",
    };
    Ok(Line {
        arch: call.arch.map(Arch::name),
        calls: match &calls {
            Calls::Named(_, name) => name.to_string(),
            Calls::Numbers(_, range) => wording::numbers(range),
            Calls::Foreign { token, which } => match which {
                Foreign::One => format!("architecture {token:#x}"),
                Foreign::Some => format!("architectures such as {token:#x}"),
                Foreign::AllOthers => "other architectures".to_string(),
            },
        },
        from: wording::action(arch, from),
        to: wording::action(across.copied().or(arch), to),
        direction,
        when,
        example: Example::of(&input, wording::call(&input, call)),
        values,
    })
}

impl Example {
    fn of(input: &SyscallData, text: String) -> Example {
        Example {
            text,
            number: input.number,
            audit_token: input.audit_token,
            arguments: input.arguments,
            instruction_pointer: input.instruction_pointer,
        }
    }
}

impl Compared {
    /// A line for each filter that only one of the inputs has.
    fn without_partner(&self) -> impl Iterator<Item = String> {
        let inputs = [&self.first, &self.second];
        let lists = self.alone.iter().zip(inputs);
        lists.flat_map(|(labels, input)| {
            let line = move |label| format!("only {input} has a filter named '{label}'");
            labels.iter().map(line)
        })
    }
}

impl Display for Compared {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (input, notes) in [&self.first, &self.second].into_iter().zip(&self.notes) {
            input::write_notes(f, notes, input)?;
        }
        for pair in &self.filters {
            if !pair.label.is_empty() && self.filters.len() > 1 {
                writeln!(f, "{}", pair.label)?;
            }
            if pair.changes.is_empty() {
                writeln!(f, "no difference")?;
            }
            for line in &pair.changes {
                write!(f, "{line}")?;
            }
        }
        for line in self.without_partner() {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let arch = self.arch.map_or(String::new(), |arch| format!("{arch} "));
        let from = output::coloured(self.values[0], &self.from);
        let to = output::coloured(self.values[1], &self.to);
        write!(f, "{arch}{}: {from} → {to}", self.calls)?;
        match &self.when[..] {
            [] => writeln!(f),
            when => {
                writeln!(f, " when {}", wording::disjunction(when))?;
                writeln!(f, "    as in {}", self.example.text)
            }
        }
    }
}

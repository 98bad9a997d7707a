// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp test`: assertions about a filter.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use scmp::Arch;
use scmp_verify::decision::{Function, Unanswered, strictness};
use scmp_verify::text::Wrong;
use serde::Serialize;

use crate::assertion::{self, Assertion, Likeness, Undecided, Wanted};
use crate::comparison::{self, Calls, Change};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::matrix::{Explorer, Scope};
use crate::names;
use crate::output::{self, Answer};
use crate::question::Question;
use crate::text::{self, in_xml};
use crate::wording::{self, ArchCall};

/// Does a filter do what it is meant to do?
///
/// Each line of the assertions is one of:
///
///   ACTION CALL[(TEST, …)] [or ACTION]… [on ARCH,…]
///
///   same as FILE [except CALL,…]
///
///   no looser than FILE [except CALL,…]
///
///   no tighter than FILE [except CALL,…]
///
/// Actions are those of profiles, `refuse`, and errno names: `allow clone3 or enosys`. Tests
/// compare arguments: `refuse socket(domain == AF_ALG)`, `allow ioctl(a1 in {0x5401, 0x5410})`.
/// `#` begins a comment. FILE is always a file beside the assertions, also if it looks like
/// `pid:1`, `run:true` or `-`. A failure has a counterexample. An assertion that concerns no
/// call is an error. Exit code 0 if all hold, 1 if not.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// The file of assertions
    assertions: OsString,
    /// The form of the report
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    input: input::Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// The Test Anything Protocol
    Text,
    /// The same
    Tap,
    Json,
    /// XML as continuous integration systems read it
    Junit,
}

/// The answer.
#[derive(Serialize)]
struct Report {
    input: String,
    assertions: String,
    results: Vec<Checked>,
}

#[derive(Serialize)]
struct Checked {
    line: usize,
    text: String,
    /// Calls for which it does not hold; empty if it holds.
    counterexamples: Vec<String>,
}

/// Counterexamples of one assertion that are reported; there may be many.
const MAX_EXAMPLES: usize = 10;

/// The most assertions of a file. All share one limit of time and memory: that of `Analysis`.
const MAX_ASSERTIONS: usize = 10_000;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let assertions = input::read_text(&arguments.assertions)?;
    let path = &match arguments.assertions.to_str() {
        Some("-") => "standard input".to_string(),
        _ => text::file_name(Path::new(&arguments.assertions)),
    };
    let misread = |line: assertion::Line<'_>, wrong: Wrong<'_>| {
        Failure::of(&line.place(&wrong).in_file(path), wrong.what)
    };
    let list = assertion::parse(&assertions).map_err(|(line, wrong)| misread(line, wrong))?;
    if list.is_empty() {
        return Err(Failure::of(path, "no assertions: expected one a line"));
    }
    if list.len() > MAX_ASSERTIONS {
        let what = format!("more than {MAX_ASSERTIONS} assertions");
        return Err(Failure::of(path, what));
    }
    let mut checker =
        Checker::of(&input, arguments).map_err(|why| Failure::unanswered(&input.name, why))?;
    let mut results = Vec::new();
    for (line, assertion) in list {
        let checked = checker.check(&assertion);
        let counterexamples = checked.map_err(|why| match why {
            Undecided::Word(wrong) => misread(line, wrong),
            Undecided::Unanswered(Unanswered::GaveUp) => {
                Failure::GaveUp(format!("{path}:{}", line.number))
            }
            Undecided::Unanswered(why) => Failure::unanswered(&input.name, why),
            Undecided::Other(file, failure) => {
                let place = line.place(&Wrong::new(file, "")).in_file(path);
                failure.named_at(&place)
            }
        })?;
        results.push(Checked {
            line: line.number,
            text: line.text().to_string(),
            counterexamples,
        });
    }
    let report = Report {
        input: input.name,
        assertions: path.clone(),
        results,
    };
    let holds = report
        .results
        .iter()
        .all(|result| result.counterexamples.is_empty());
    match arguments.format {
        Form::Text | Form::Tap => output::print(&report.to_string())?,
        Form::Junit => output::print(&report.junit())?,
        Form::Json => output::print_json("scmp-test", &report)?,
    }
    Ok(if holds { Answer::Yes } else { Answer::No })
}

/// Holds one filter against assertions.
struct Checker<'i> {
    arguments: &'i Arguments,
    input: &'i Input,
    /// What each of the input's filters decides.
    decided: Vec<Function>,
    explorer: Explorer,
    /// What other files' filters decide otherwise, so that each file is read once.
    changes: HashMap<PathBuf, Vec<Change>>,
}

impl<'i> Checker<'i> {
    fn of(input: &'i Input, arguments: &'i Arguments) -> Result<Checker<'i>, Unanswered> {
        let mut explorer = Explorer::default();
        let subjects = input.subjects.iter();
        let decided = subjects.map(|subject| explorer.analysis.of_stack(&subject.programs));
        Ok(Checker {
            arguments,
            input,
            decided: decided.collect::<Result<_, _>>()?,
            explorer,
            changes: HashMap::new(),
        })
    }

    /// Examples of calls for which an assertion does not hold.
    fn check<'a>(&mut self, assertion: &Assertion<'a>) -> Result<Vec<String>, Undecided<'a>> {
        match assertion {
            Assertion::Call {
                call,
                when,
                actions,
                arches,
            } => self.calls(call, when, actions, arches),
            Assertion::Compared {
                likeness,
                file,
                except,
            } => self.differences(*likeness, file, except),
        }
    }

    /// Examples of a call under a condition that get none of the wanted actions.
    fn calls<'a>(
        &mut self,
        call: &'a str,
        when: &[assertion::ArgumentTest<'a>],
        actions: &[Wanted],
        named: &[Arch],
    ) -> Result<Vec<String>, Undecided<'a>> {
        let (input, explorer) = (self.input, &mut self.explorer);
        let mut examples = Vec::new();
        let mut found = Vec::new();
        let mut concerned = false;
        let Some(name) = names::known(call) else {
            let what = format!(
                "{call:.60}: not a system call: expected a name, as `scmp syscalls` lists them"
            );
            return Err(Undecided::Word(Wrong::new(call, what)));
        };
        let wanted = match named {
            [] => &self.arguments.input.arch[..],
            named => named,
        };
        for (subject, &whole) in input.subjects.iter().zip(&self.decided) {
            let Scope { arches, .. } = explorer.scope(subject, whole, wanted)?;
            let counts = |arch: Arch| {
                // x32 counts only if it is asked for, or the filter covers it.
                let x32 =
                    arch != Arch::X32 || wanted.contains(&arch) || subject.arches.contains(&arch);
                // Another machine's calls are another filter's.
                let others = input
                    .subjects
                    .iter()
                    .any(|other| other.arches.contains(&arch));
                x32 && (subject.arches.is_empty() || subject.arches.contains(&arch) || !others)
            };
            for arch in arches.into_iter().filter(|arch| counts(*arch)) {
                let Some(number) = names::number(arch, name) else {
                    continue;
                };
                found.push(arch);
                let question = Question::of_number(arch, number);
                let decided = question.ask(&mut explorer.analysis, whole)?;
                let named = ArchCall::of(arch, name);
                let condition = assertion::all_hold(&mut explorer.analysis, when, named)?;
                concerned |= explorer.analysis.example(condition)?.is_some();
                let calls = Calls::Named(arch, name);
                examples.extend(explorer.wrong(decided, condition, actions, &calls)?);
            }
        }
        let lacks = named.iter().find(|arch| !found.contains(arch));
        let what = match (lacks, found.is_empty(), concerned) {
            (Some(arch), ..) => format!("{call}: not a system call of {}", arch.name()),
            (None, true, _) => format!("{call}: not a system call of the architectures"),
            (None, false, false) => format!("{call}: no arguments meet all of these tests"),
            (None, false, true) => return Ok(examples),
        };
        Err(Undecided::Word(Wrong::new(call, what)))
    }

    /// Examples of calls that another filter decides otherwise, in a way that counts.
    fn differences<'a>(
        &mut self,
        wanted: Likeness,
        file: &'a str,
        except: &[&'a str],
    ) -> Result<Vec<String>, Undecided<'a>> {
        if let Some(unknown) = except.iter().find(|name| names::known(name).is_none()) {
            let what = format!("{unknown}: not a system call: expected names after `except`");
            return Err(Undecided::Word(Wrong::new(unknown, what)));
        }
        let mut examples = Vec::new();
        for Change { calls, difference } in self.changes_from(file)? {
            let excepted = match calls {
                Calls::Named(_, name) => except.contains(name),
                Calls::Numbers(..) | Calls::Foreign { .. } => false,
            };
            let [from, to] = difference.values.map(strictness);
            let counts = match wanted {
                Likeness::Same => true,
                Likeness::NoLooser => to > from,
                Likeness::NoTighter => to < from,
            };
            if !excepted && counts {
                let call = comparison::shown(calls, &difference.example);
                let arch = calls.arch();
                let [from, to] = difference.values.map(|value| wording::action(arch, value));
                examples.push(format!("{call}: {to}, not {from}"));
            }
        }
        Ok(examples)
    }

    /// What the filter decides otherwise than that of a file beside the assertions.
    fn changes_from<'a>(&mut self, file: &'a str) -> Result<&[Change], Undecided<'a>> {
        let Arguments {
            assertions,
            input: options,
            ..
        } = self.arguments;
        let path = Path::new(assertions).with_file_name(file);
        // A link may be another input: what a policy includes is beside its name.
        Ok(match self.changes.entry(path.components().collect()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let other = |failure| Undecided::Other(file, failure);
                let base = input::read_file(&path, options).map_err(other)?;
                let mut changes = Vec::new();
                for [base, now] in input::pairs(&base, self.input).map_err(other)? {
                    let explorer = &mut self.explorer;
                    changes.extend(comparison::changes(explorer, base, now, &options.arch)?);
                }
                new.insert(changes)
            }
        })
    }
}

impl Explorer {
    /// Examples of calls under a condition that get none of the wanted actions.
    fn wrong(
        &mut self,
        decided: Function,
        condition: Function,
        wanted: &[Wanted],
        calls: &Calls,
    ) -> Result<Vec<String>, Unanswered> {
        let mut examples = Vec::new();
        let arch = calls.arch_call().arch.unwrap_or(Arch::native());
        for value in self.analysis.values(decided)? {
            if wanted.iter().any(|action| action.matches(arch, value)) {
                continue;
            }
            let here = self.analysis.where_value(decided, value)?;
            let wrong = self.analysis.both(condition, here)?;
            if let Some(example) = self.analysis.example(wrong)? {
                let action = wording::action(arch, value);
                examples.push(format!("{}: {action}", comparison::shown(calls, &example)));
            }
        }
        Ok(examples)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "TAP version 13\n1..{}", self.results.len())?;
        for (number, result) in (1..).zip(&self.results) {
            let not = if result.counterexamples.is_empty() {
                ""
            } else {
                "not "
            };
            writeln!(f, "{not}ok {number} - {}", text::in_line(&result.text))?;
            for example in result.counterexamples.iter().take(MAX_EXAMPLES) {
                writeln!(f, "# {example}")?;
            }
            let more = result.counterexamples.len().saturating_sub(MAX_EXAMPLES);
            if more > 0 {
                writeln!(f, "# and {more} more")?;
            }
        }
        Ok(())
    }
}

impl Report {
    /// As JUnit's XML.
    fn junit(&self) -> String {
        let failed = self
            .results
            .iter()
            .filter(|result| !result.counterexamples.is_empty());
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n",
            in_xml(&self.assertions),
            self.results.len(),
            failed.count()
        );
        for result in &self.results {
            let name = in_xml(&result.text);
            let class = in_xml(&self.input);
            text += &format!("  <testcase classname=\"{class}\" name=\"{name}\"");
            match &result.counterexamples[..] {
                [] => text += "/>\n",
                [first, ..] => {
                    let message = in_xml(first);
                    let all = in_xml(&result.counterexamples.join("\n"));
                    text += &format!(
                        ">\n    <failure message=\"{message}\">{all}</failure>\n  </testcase>\n"
                    );
                }
            }
        }
        text + "</testsuite>\n"
    }
}

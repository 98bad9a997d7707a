// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp why`: why a call is refused or allowed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::io;

use scmp::Arch;
use scmp_verify::decision::Unanswered;
use scmp_verify::{SyscallData, trace};
use serde::Serialize;

use crate::failure::Failure;
use crate::input::{self, Input, Note, SourceRule, Subject};
use crate::matrix::Explorer;
use crate::output::{self, Answer};
use crate::question::{Question, Record};
use crate::wording::{self, Place, Test};

/// Why is this call refused, or allowed?
///
/// The verdict, the instructions that are executed, the rule that decides and its line, and
/// for a refusal the smallest change of the profile that would allow the call. Exit code 0
/// if the call is allowed, 1 if it is not, or not always.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The filter: a file, `-`, `pid:N` or `run:PROGRAM`
    filter: OsString,
    /// The call: a name or a number, and arguments if they are known: `socket(2, 1, _)`
    #[arg(required_unless_present = "audit", conflicts_with = "audit")]
    call: Option<String>,
    /// Explain the calls in audit records (`type=SECCOMP …`) on standard input
    #[arg(long)]
    audit: bool,
    #[command(flatten)]
    input: input::Options,
    #[command(flatten)]
    output: output::Options,
}

/// The most lines of audit records that are read.
const MOST_RECORDS: usize = 1_000_000;

/// The answer.
#[derive(Serialize)]
struct Explained {
    input: String,
    /// Remarks on the profile that name one of the calls.
    notes: Vec<Note>,
    calls: Vec<Explanation>,
}

/// What happens to a call, in each way in which it may end.
#[derive(Serialize)]
struct Explanation {
    arch: &'static str,
    call: String,
    number: u32,
    /// Audit records of it, and the programs that they name.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Records>,
    /// What tells the filter from others of the input.
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    verdicts: Vec<Verdict>,
}

#[derive(Clone, Default, Serialize)]
struct Records {
    count: usize,
    programs: Vec<String>,
    /// Values that the kernel recorded and the filter never returns for the call: it was
    /// another filter.
    unexplained: Vec<u32>,
}

#[derive(Serialize)]
struct Verdict {
    action: String,
    value: u32,
    /// Alternatives; all tests of one must hold. Missing if this is what happens when no
    /// other verdict's condition holds, or always.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<Vec<Vec<Test>>>,
    example: String,
    /// For each program, the places of the instructions that the example executes.
    instructions: Vec<Vec<usize>>,
    /// The rules that give the example this action; none if it is the default action.
    rules: Vec<String>,
    /// How the profile would have to change to allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read(&arguments.filter, &arguments.input)?;
    let questions = questions(arguments, &input)?;
    let mut calls = Vec::new();
    for (question, records) in questions {
        let asked = |subject: &&Subject| {
            input.subjects.len() == 1 || subject.arches.contains(&question.arch)
        };
        for subject in input.subjects.iter().filter(asked) {
            let explained = explain(&input, subject, question, records.clone());
            calls.push(explained.map_err(|why| Failure::unanswered(&input.name, why))?);
        }
    }
    let verdicts = calls.iter().flat_map(|call| &call.verdicts);
    let refused = verdicts
        .clone()
        .any(|verdict| wording::is_refusal(verdict.value));
    let names = |note: &&Note| calls.iter().any(|call| note.names(&call.call));
    let explained = Explained {
        notes: input.notes.iter().filter(names).cloned().collect(),
        input: input.name.clone(),
        calls,
    };
    arguments.output.print("scmp-why", &explained, &explained)?;
    Ok(if refused { Answer::No } else { Answer::Yes })
}

fn questions(
    arguments: &Arguments,
    input: &Input,
) -> Result<Vec<(Question, Option<Records>)>, Failure> {
    if let Some(text) = &arguments.call {
        let arches = match &arguments.input.arch[..] {
            [] => {
                let named = input
                    .subjects
                    .iter()
                    .find_map(|subject| subject.arches.first());
                vec![named.copied().unwrap_or(Arch::native())]
            }
            named => named.to_vec(),
        };
        let read = |arch: Arch| {
            let question = Question::parse(text, arch).map_err(Failure::Input)?;
            Ok((question, None))
        };
        return arches.into_iter().map(read).collect();
    }
    let mut found: BTreeMap<(u32, u32, Option<u32>), Records> = BTreeMap::new();
    for line in io::stdin().lines().take(MOST_RECORDS) {
        let line = line.map_err(|why| Failure::of("standard input", why))?;
        let Some(record) = Record::parse(&line) else {
            continue;
        };
        let key = (record.audit_token, record.number, record.code);
        let records = found.entry(key).or_default();
        records.count += 1;
        let program = record
            .program
            .filter(|name| !records.programs.contains(name));
        records.programs.extend(program);
        records.unexplained = record.code.into_iter().collect();
    }
    let questions = found
        .into_iter()
        .filter_map(|((token, number, _), records)| {
            Some((Question::of_number(token, number)?, Some(records)))
        });
    let questions: Vec<_> = questions.collect();
    match questions.is_empty() {
        true => {
            let what = "no audit record of seccomp (type=SECCOMP … arch= syscall=)";
            Err(Failure::of("standard input", what))
        }
        false => Ok(questions),
    }
}

fn explain(
    input: &Input,
    subject: &Subject,
    question: Question,
    mut records: Option<Records>,
) -> Result<Explanation, Unanswered> {
    let mut explorer = Explorer::default();
    let whole = explorer.analysis.of_stack(&subject.programs)?;
    let decided = question.ask(&mut explorer.analysis, whole)?;
    let place = Place {
        arch: Some(question.arch),
        call: question.name(),
    };
    let mut verdicts = Vec::new();
    let nothing = explorer.analysis.constant(0)?;
    for decision in explorer.decisions(decided)? {
        let here = explorer.analysis.where_value(decided, decision.value)?;
        let Some(example) = explorer.analysis.difference(here, nothing) else {
            continue;
        };
        let example = question.complete(example);
        let terms = decision.terms.as_deref();
        let when = terms.map(|terms| wording::alternatives(&mut explorer.analysis, terms, place));
        let rules = deciding(subject, &example, decision.value);
        let shown = |rule: &&SourceRule| wording::rule(rule, &input.name);
        verdicts.push(Verdict {
            action: wording::action(decision.value),
            value: decision.value,
            when: when.transpose()?,
            example: wording::call(&example, place),
            instructions: subject
                .programs
                .iter()
                .map(|program| {
                    let mut places = Vec::new();
                    // Programs are validated: the trace has no fault.
                    let _ = trace(program, &example, |place| places.push(place));
                    places
                })
                .collect(),
            rules: rules.iter().map(shown).collect(),
            change: wording::is_refusal(decision.value)
                .then(|| change(input, subject, question, &rules))
                .flatten(),
        });
    }
    if let Some(records) = &mut records {
        // Kernels before 4.14 leave the data out.
        let explains = |code: u32| {
            let same =
                |verdict: &Verdict| verdict.value == code || verdict.value & 0xffff_0000 == code;
            verdicts.iter().any(same)
        };
        records.unexplained.retain(|code| !explains(*code));
    }
    Ok(Explanation {
        arch: question.arch.name(),
        call: place
            .call
            .map_or(question.number.to_string(), str::to_string),
        number: question.number,
        records,
        filter: match input.subjects.len() {
            1 => String::new(),
            _ => subject.to_string(),
        },
        verdicts,
    })
}

/// The rules that give a call this action.
fn deciding<'a>(subject: &'a Subject, input: &SyscallData, value: u32) -> Vec<&'a SourceRule> {
    let decides = |rule: &&SourceRule| {
        rule.action == value
            && rule.arch.audit_token() == input.audit_token
            && rule.number == input.number
            && rule.condition.holds(&input.arguments)
    };
    subject.rules.iter().filter(decides).collect()
}

/// The smallest change of a text that would allow the call.
fn change(
    input: &Input,
    subject: &Subject,
    question: Question,
    rules: &[&SourceRule],
) -> Option<String> {
    let name = question.name()?;
    let known = (0..).zip(question.arguments);
    let known = known.filter_map(|(position, value)| Some((position, value?)));
    let known: Vec<(u8, u64)> = known.collect();
    let entry = input.format.allowing(name, &known)?;
    if !subject.arches.is_empty() && !subject.arches.contains(&question.arch) {
        return Some(format!("cover the architecture {}", question.arch.name()));
    }
    match rules {
        [] => Some(format!("add {entry}")),
        rules => {
            let places: Vec<String> = rules
                .iter()
                .map(|rule| rule.place.in_file(&input.name))
                .collect();
            let places = places.join(", ");
            match known.is_empty() {
                true => Some(format!("remove {name} at {places}, and add {entry}")),
                false => Some(format!(
                    "except these arguments from {name} at {places}, and add {entry}"
                )),
            }
        }
    }
}

impl Display for Explained {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "{}", note.in_file(&self.input))?;
        }
        for (index, call) in self.calls.iter().enumerate() {
            if index > 0 || !self.notes.is_empty() {
                writeln!(f)?;
            }
            write!(f, "{call}")?;
        }
        Ok(())
    }
}

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let on = match self.filter.is_empty() {
            true => String::new(),
            false => format!(" by {}", self.filter),
        };
        writeln!(
            f,
            "{} {} (number {}){on}",
            self.arch, self.call, self.number
        )?;
        if let Some(records) = &self.records {
            let programs = records.programs.join(", ");
            match records.count {
                1 => writeln!(f, "  recorded once: {programs}")?,
                count => writeln!(f, "  recorded {count} times: {programs}")?,
            }
            for code in &records.unexplained {
                let action = wording::action(*code);
                writeln!(
                    f,
                    "  recorded as {action}, which this filter never returns for it"
                )?;
            }
        }
        for verdict in &self.verdicts {
            write!(f, "{verdict}")?;
        }
        Ok(())
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let style = output::style(self.value);
        write!(f, "  {style}{}{style:#}", self.action)?;
        match &self.when {
            None => writeln!(f)?,
            Some(when) => writeln!(f, " if {}", wording::disjunction(when))?,
        }
        match &self.rules[..] {
            [] => writeln!(f, "    by the default action")?,
            rules => {
                for rule in rules {
                    writeln!(f, "    by {rule}")?;
                }
            }
        }
        for (index, places) in self.instructions.iter().enumerate() {
            let of = match self.instructions.len() {
                1 => String::new(),
                _ => format!(" of program {index}"),
            };
            let places = wording::places(places);
            writeln!(f, "    {}: instructions{of} {places}", self.example)?;
        }
        if let Some(change) = &self.change {
            writeln!(f, "    to allow it: {change}")?;
        }
        Ok(())
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp why`: why a call is refused or allowed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::io::{BufRead as _, Read as _};

use scmp::Arch;
use scmp_verify::decision::{Function, Unanswered, strictness};
use scmp_verify::{SyscallData, trace};
use serde::Serialize;

use crate::advice::{self, Decider};
use crate::data;
use crate::failure::Failure;
use crate::input::{self, Input, Note, NoteKind, Place, SourceRule, Subject};
use crate::matrix::Explorer;
use crate::names;
use crate::output::{self, Answer};
use crate::question::Question;
use crate::record::{Code, Record};
use crate::text;
use crate::wording::{self, ArchCall, FieldTest};

/// Why is this call refused, or allowed?
///
/// The verdict, the instructions that are executed, the rule that decides and its line, and
/// for a refusal the smallest change of the profile that would allow the call. Of BPF, no
/// rules are known: the instruction that returns the verdict is told. Exit code 0 if the
/// call is allowed, 1 if it is not, or not always.
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

/// The most bytes of audit records that are read.
const MAX_BYTES: u64 = 256 << 20;

/// The longest line among them, in bytes; audit records have at most 8970.
const LONGEST_LINE: u64 = 64 << 10;

/// The most different calls that are explained.
const MAX_CALLS: usize = 1000;

/// The most lines about which it is told that they are not understood.
const MAX_REMARKS: usize = 20;

/// The answer.
#[derive(Serialize)]
struct Explained {
    input: String,
    /// Remarks on the profile that name one of the calls, and on audit records.
    notes: Vec<Note>,
    calls: Vec<Explanation>,
}

/// What happens to a call, in each way in which it may end.
#[derive(Serialize)]
struct Explanation {
    #[serde(serialize_with = "names::of_arch")]
    arch: Arch,
    call: String,
    number: u32,
    /// Audit records of it, and the programs that they name.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Records>,
    /// What tells the filter from others of the input.
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    /// The first Linux release that allows the call without running filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    unfiltered_since: Option<&'static str>,
    verdicts: Vec<Verdict>,
}

#[derive(Clone, Default, Serialize)]
struct Records {
    count: usize,
    programs: BTreeSet<String>,
    /// Values that the kernel recorded and the filter never returns for the call: it was
    /// another filter.
    unexplained: Vec<u32>,
    #[serde(skip)]
    code: Option<Code>,
}

/// What gives a call its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    Rules,
    DefaultAction,
    /// The action for calls that the text's kernel does not have.
    UnknownCall,
    /// The action for architectures that the text does not cover.
    OtherArchitectures,
    /// What runc answers to calls above the highest number that the text names.
    AboveHighest,
    /// An instruction: nothing is known of rules.
    Instruction,
    /// There is no filter.
    Nothing,
}

#[derive(Serialize)]
struct Verdict {
    action: String,
    value: u32,
    /// Alternatives; all tests of one must hold. Missing if this is what happens when no
    /// other verdict's condition holds, or always.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<Vec<Vec<FieldTest>>>,
    example: String,
    /// For each program, the places of the instructions that the example executes.
    instructions: Vec<Vec<usize>>,
    /// The program whose result counts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<usize>,
    /// What gives the example this action.
    by: By,
    /// The rules, if they do.
    rules: Vec<String>,
    /// How the profile would have to change to allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<String>,
}

/// A call, and the audit records of it.
type Asked<'a> = (Question<'a>, Option<Records>);

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let input = input::read_filters(&arguments.filter, &arguments.input)?;
    let (questions, remarks) = match &arguments.call {
        Some(call) => (asked(call, &arguments.input.arch, &input)?, Vec::new()),
        None => recorded()?,
    };
    let mut calls = Vec::new();
    let mut explorer = Explorer::default();
    let unanswered = |why| Failure::unanswered(&input.name, why);
    let mut subjects = Vec::new();
    for subject in &input.subjects {
        let whole = explorer.analysis.of_stack(&subject.programs);
        subjects.push((subject, whole.map_err(unanswered)?));
    }
    for (question, records) in questions {
        let covers = |subject: &Subject| subject.arches.is_empty() || subject.covers(question.arch);
        let is_covered = subjects.iter().any(|(subject, _)| covers(subject));
        for &(subject, whole) in &subjects {
            if covers(subject) || !is_covered {
                let (explorer, records) = (&mut explorer, records.clone());
                let explained = explain(explorer, &input, subject, whole, question, records);
                calls.push(explained.map_err(unanswered)?);
            }
        }
    }
    let verdicts = calls.iter().flat_map(|call| &call.verdicts);
    let refused = verdicts
        .clone()
        .any(|verdict| wording::is_refusal(verdict.value));
    let names: HashSet<&str> = calls.iter().map(|call| call.call.as_str()).collect();
    let is_named = |note: &&Note| note.words().any(|word| names.contains(word));
    let notes = input.notes.iter().filter(is_named).cloned();
    let explained = Explained {
        notes: notes.chain(remarks).collect(),
        input: input.name.clone(),
        calls,
    };
    arguments.output.print("scmp-why", &explained)?;
    Ok(if refused { Answer::No } else { Answer::Yes })
}

/// The call of the command line on each architecture.
fn asked<'a>(call: &'a str, wanted: &[Arch], input: &Input) -> Result<Vec<Asked<'a>>, Failure> {
    let arches = match wanted {
        [] => {
            let mut named = input.subjects.iter();
            let named = named.find_map(|subject| subject.arches.first());
            vec![named.copied().unwrap_or(Arch::native())]
        }
        wanted => wanted.to_vec(),
    };
    let read = |arch: Arch| Ok((Question::parse(call, arch)?, None));
    arches.into_iter().map(read).collect()
}

/// The calls of the audit records on standard input, and remarks on those that are not
/// understood.
fn recorded() -> Result<(Vec<Asked<'static>>, Vec<Note>), Failure> {
    const NAME: &str = "standard input";
    let failed = |why| Failure::of(NAME, why);
    let mut source = input::standard_input()?.take(MAX_BYTES + 1);
    let mut found: BTreeMap<(u32, u32, Option<Code>), Records> = BTreeMap::new();
    let mut remarks = Vec::new();
    let mut not_understood = 0_usize;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut source)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        let length = read.map_err(|why| failed(why.to_string()))?;
        if length == 0 {
            break;
        }
        if length as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            source
                .skip_until(b'\n')
                .map_err(|why| failed(why.to_string()))?;
        }
        if source.limit() == 0 {
            return Err(failed(format!("larger than {} MiB", MAX_BYTES >> 20)));
        }
        let record = match Record::parse(&String::from_utf8_lossy(&line)) {
            Ok(None) => continue,
            Ok(Some(record)) => record,
            Err(text) => {
                not_understood += 1;
                if not_understood <= MAX_REMARKS {
                    let place = Place {
                        file: Some(NAME.to_string()),
                        ..Place::line(number)
                    };
                    remarks.push(Note::new(NoteKind::Remark, place, text));
                }
                continue;
            }
        };
        let key = (record.audit_token, record.number, record.code);
        let records = found.entry(key).or_default();
        records.count += 1;
        records.programs.extend(record.program);
        records.code = record.code;
        if found.len() > MAX_CALLS {
            return Err(failed(format!("records of more than {MAX_CALLS} calls")));
        }
    }
    if not_understood > MAX_REMARKS {
        let more = not_understood - MAX_REMARKS;
        let text = format!("{more} more records are not understood");
        remarks.push(Note::remark(text));
    }
    if found.is_empty() {
        return Err(match remarks.first() {
            Some(first) => Failure::Input(first.in_file(NAME).replacen("note: ", "", 1)),
            None => failed("no audit record of seccomp (type=SECCOMP … arch= syscall=)".into()),
        });
    }
    let questions = found
        .into_iter()
        .filter_map(|((token, number, _), records)| {
            let arch = Arch::of_call(token, number)?;
            Some((Question::of_number(arch, number), Some(records)))
        });
    Ok((questions.collect(), remarks))
}

fn explain(
    explorer: &mut Explorer,
    input: &Input,
    subject: &Subject,
    whole: Function,
    question: Question<'_>,
    mut records: Option<Records>,
) -> Result<Explanation, Unanswered> {
    let decided = question.ask(&mut explorer.analysis, whole)?;
    let call = ArchCall::of(question.arch, question.name());
    let mut verdicts = Vec::new();
    let nothing = explorer.analysis.constant(0)?;
    for decision in explorer.decisions(decided)? {
        let here = explorer.analysis.where_value(decided, decision.value)?;
        let Some(example) = explorer.analysis.difference(here, nothing) else {
            continue;
        };
        let example = question.complete(example);
        let terms = decision.terms.as_deref();
        let when = terms.map(|terms| wording::alternatives(&mut explorer.analysis, terms, call));
        let mut results = Vec::new();
        let traced = subject.programs.iter().map(|program| {
            let mut places = Vec::new();
            // Programs are validated: the trace has no fault.
            results.extend(trace(program, &example, |place| places.push(place)));
            places
        });
        let instructions: Vec<Vec<usize>> = traced.collect();
        // Of equally strict results, that of the program counts that was installed last.
        let counts = (0..results.len()).rev();
        let program = counts.min_by_key(|&index| strictness(results[index]));
        let rules = deciding(subject, &example, decision.value);
        let by = by(subject, &question, &instructions, &rules, decision.value);
        let own_number = question
            .name()
            .and_then(|name| question.arch.syscall_number(name));
        let has_own_number = own_number.is_none_or(|number| number >= 0);
        let change = match by {
            By::Rules => Some(Decider::Rules),
            // runc takes the number of a multiplexed call for negative: it is never the highest.
            By::AboveHighest if !has_own_number => None,
            By::DefaultAction | By::UnknownCall | By::AboveHighest => Some(Decider::NoRule),
            By::OtherArchitectures => Some(Decider::OtherArchitecture),
            By::Instruction | By::Nothing => None,
        };
        let change = change.filter(|_| wording::is_refusal(decision.value));
        let shown = |rule: &&SourceRule| wording::rule(rule, &input.name);
        verdicts.push(Verdict {
            action: wording::action(question.arch, decision.value),
            value: decision.value,
            when: when.transpose()?,
            example: wording::call_as_asked(&example, call, question.words),
            instructions,
            program,
            by,
            rules: match by {
                By::Rules => rules.iter().map(shown).collect(),
                _ => Vec::new(),
            },
            change: change.and_then(|by| advice::change(input, subject, &question, &example, by)),
        });
    }
    if let Some(records) = &mut records {
        let is_other = |code: &Code| !verdicts.iter().any(|verdict| code.is_of(verdict.value));
        let others = records.code.filter(is_other);
        records.unexplained = others.map(Code::raw).into_iter().collect();
    }
    Ok(Explanation {
        arch: question.arch,
        call: call
            .name
            .map_or(question.number.to_string(), str::to_string),
        number: question.number,
        records,
        unfiltered_since: call
            .name
            .and_then(|name| data::unfiltered_since(question.arch, name)),
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

/// What gives a call its action, whose programs execute these instructions, and to which
/// these rules would give that action.
fn by(
    subject: &Subject,
    question: &Question<'_>,
    instructions: &[Vec<usize>],
    rules: &[&SourceRule],
    value: u32,
) -> By {
    // The call gets to the filter behind runc's instructions by the first one.
    let filtered =
        |places: &Vec<usize>| subject.above_highest == 0 || places.contains(&subject.above_highest);
    match subject.default {
        None if subject.programs.is_empty() => By::Nothing,
        None => By::Instruction,
        Some(_) if !instructions.iter().all(filtered) => By::AboveHighest,
        Some(_) if !subject.covers(question.arch) => By::OtherArchitectures,
        Some(default)
            if rules.is_empty() && default != value && subject.unknown_calls == Some(value) =>
        {
            By::UnknownCall
        }
        Some(_) if rules.is_empty() => By::DefaultAction,
        Some(_) => By::Rules,
    }
}

impl Display for Explained {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        input::write_notes(f, &self.notes, &self.input)?;
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
        let (arch, call, number) = (self.arch.name(), &self.call, self.number);
        writeln!(f, "{arch} {call} (number {number}){on}")?;
        if let Some(records) = &self.records {
            let programs: Vec<&str> = records.programs.iter().map(String::as_str).collect();
            let programs = match programs.is_empty() {
                true => String::new(),
                false => format!(": {}", text::in_line(&programs.join(", "))),
            };
            match records.count {
                1 => writeln!(f, "  recorded once{programs}")?,
                count => writeln!(f, "  recorded {count} times{programs}")?,
            }
            for code in &records.unexplained {
                let action = wording::action(self.arch, *code);
                writeln!(
                    f,
                    "  recorded as {action}, which this filter never returns for it"
                )?;
            }
        }
        for verdict in &self.verdicts {
            write!(f, "{verdict}")?;
        }
        if let Some(release) = self.unfiltered_since {
            writeln!(
                f,
                "  Linux {release} and later allow {call} without running the filter"
            )?;
        }
        Ok(())
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "  {}", output::coloured(self.value, &self.action))?;
        match &self.when {
            None => writeln!(f)?,
            Some(when) => writeln!(f, " if {}", wording::disjunction(when))?,
        }
        let of = |program: usize| match self.instructions.len() {
            1 => String::new(),
            _ => format!(" of program {program}"),
        };
        let mut say = |text: &str| writeln!(f, "    {text}");
        match self.by {
            By::Rules => {}
            By::DefaultAction => say("by the default action")?,
            By::UnknownCall => say("by the action for calls that the text's kernel does not have")?,
            By::OtherArchitectures => say("by the action for architectures that are not covered")?,
            By::AboveHighest => {
                say("by runc, for calls above the highest number that the profile names")?;
            }
            By::Nothing => say("without a filter")?,
            By::Instruction => {
                let program = self.program.unwrap_or_default();
                let last = self.instructions.get(program).and_then(|all| all.last());
                let place = last.copied().unwrap_or_default();
                let by = format!("by instruction {place}{}", of(program));
                say(&format!("{by}: programs do not tell their rules"))?;
            }
        }
        for rule in &self.rules {
            say(&format!("by {rule}"))?;
        }
        for (index, places) in self.instructions.iter().enumerate() {
            let (of, places) = (of(index), wording::places(places));
            say(&format!("{}: instructions{of} {places}", self.example))?;
        }
        if let Some(change) = &self.change {
            say(&format!("to allow it: {change}"))?;
        }
        Ok(())
    }
}

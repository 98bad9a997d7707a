// SPDX-License-Identifier: LGPL-2.1-only
//! Policies of minijail. Two programs read them: libminijail (`minijail0 -S`), and
//! `compile_seccomp_policy.py`, minijail's compiler, which knows more and differs in what
//! `; return` after a condition means.

mod lexer;
mod parser;
mod policy;
mod sources;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use clap::ValueEnum;
use scmp::Arch;

use self::policy::{Action, Call, Filter, Policy};
use self::sources::Sources;
use super::{Format, Input, Mistake, Note, NoteKind, Place, SourceRule, Subject};
use crate::failure::Failure;
use crate::formula::{Atom, Formula};

const ALLOW: u32 = 0x7fff_0000;
const KILL_THREAD: u32 = 0;
const KILL_PROCESS: u32 = 0x8000_0000;
const ERRNO: u32 = 0x0005_0000;

/// Options about minijail.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[group(id = "options of minijail")]
pub struct Options {
    /// The program that reads a minijail policy, instead of a guess by its contents
    #[arg(long, value_enum, value_name = "READER")]
    minijail: Option<Reader>,
    /// What `kill` means in a minijail policy, and what blocked calls get without @default
    #[arg(long, value_enum, value_name = "WHOM", default_value_t)]
    kill: Kill,
}

/// A program that makes filters of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// libminijail, for minijail0 -S
    Library,
    /// compile_seccomp_policy.py
    Compiler,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Kill {
    /// As both programs do without options
    #[default]
    Thread,
    /// As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do
    Process,
}

impl Options {
    /// The value that `kill` returns.
    fn kill(&self) -> u32 {
        match self.kill {
            Kill::Thread => KILL_THREAD,
            Kill::Process => KILL_PROCESS,
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reader::Library => "libminijail",
            Reader::Compiler => "compile_seccomp_policy.py",
        })
    }
}

/// Whether a line may be the first one of a policy.
pub fn is_statement(line: &str) -> bool {
    let directives = ["@include", "@default", "@denylist", "@frequency"];
    if directives.iter().any(|word| line.starts_with(word)) {
        return true;
    }
    let is_name = |name: &str| {
        let name = name.trim().split('[').next().unwrap_or_default();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| !c.is_ascii_digit()) && name.chars().all(is_part)
    };
    match line.strip_prefix('{') {
        Some(group) => group.split([',', '}']).next().is_some_and(is_name),
        None => line.split_once(':').is_some_and(|(name, _)| is_name(name)),
    }
}

/// A statement that allows a call for whose arguments these equalities hold.
pub fn allowing(call: &str, arguments: &[Atom]) -> String {
    let tests: Vec<String> = arguments.iter().map(test).collect();
    match &tests[..] {
        [] => format!("`{call}: 1`"),
        tests => format!("`{call}: {}`", tests.join(" && ")),
    }
}

/// A test of an argument. The language has no masks in equalities: whole arguments are compared,
/// which lets no other call through.
pub fn test(atom: &Atom) -> String {
    format!("arg{} {} {:#x}", atom.argument, atom.relation, atom.value)
}

/// Reads a policy, and builds its filter for each machine.
///
/// # Errors
/// [`Failure::Input`] with the place.
pub fn read(
    name: &str,
    path: Option<&Path>,
    text: &str,
    machines: &[Arch],
    options: &Options,
) -> Result<Input, Failure> {
    let mut sources = Sources::default();
    let mut subjects = Vec::new();
    let mut notes = Vec::new();
    for &machine in super::machines(machines) {
        let in_file = |mistake: Mistake| mistake.in_file(name);
        let policy = parser::parse(text, path, machine, options, &mut sources);
        let policy = policy.map_err(in_file)?;
        let decided = Decided::by(&policy, machine, options).map_err(in_file)?;
        notes.extend(policy.notes.iter().chain(&decided.notes).cloned());
        let subject = decided.subject(options);
        subjects.push(subject.map_err(|why| Failure::of(name, why))?);
    }
    Ok(Input::new(name, Format::Minijail, subjects, notes))
}

/// What a policy decides.
struct Decided {
    machine: Arch,
    reader: Reader,
    /// Of a call's rules, the first one that matches decides.
    rules: Vec<SourceRule>,
    /// What calls get that no rule matches.
    otherwise: u32,
    notes: Vec<Note>,
}

/// A call's filters, in the policy's order, each with the call as its statement has it.
type Filters<'p> = Vec<(&'p Call, &'p Filter)>;

impl Decided {
    fn by(policy: &Policy, machine: Arch, options: &Options) -> Result<Decided, Mistake> {
        let mut by_number = HashMap::<u32, usize>::new();
        let mut calls: Vec<Filters<'_>> = Vec::new();
        for statement in &policy.statements {
            for call in &statement.calls {
                let place = *by_number.entry(call.number).or_insert_with(|| {
                    calls.push(Vec::new());
                    calls.len() - 1
                });
                let filters = statement.filters.iter().map(|filter| (call, filter));
                calls[place].extend(filters);
            }
        }
        let only = compiler_only(policy, &calls);
        let reader = match (options.minijail, &only) {
            (Some(Reader::Library), Some((at, what))) => {
                return Err(at.mistake(format!("libminijail refuses {what}")));
            }
            (Some(reader), _) => reader,
            (None, Some(_)) => Reader::Compiler,
            (None, None) => Reader::Library,
        };
        let otherwise = match policy.denylist {
            Some(_) => ALLOW,
            None => policy.default.unwrap_or(options.kill()),
        };
        let mut decided = Decided {
            machine,
            reader,
            rules: Vec::new(),
            otherwise,
            notes: Vec::new(),
        };
        decided.remark(policy, options, only);
        for filters in &calls {
            match reader {
                Reader::Library => decided.as_library(filters, options),
                Reader::Compiler => decided.as_compiler(filters, policy, options)?,
            }
        }
        Ok(decided)
    }

    /// Says what the policy leaves open.
    fn remark(&mut self, policy: &Policy, options: &Options, only: Option<(Place, String)>) {
        if policy.default.is_none() && policy.denylist.is_none() {
            let kill = options.kill.to_possible_value();
            let kill = kill.as_ref().map_or("", |kill| kill.get_name());
            let text = format!(
                "the policy has no @default: blocked calls get kill-{kill} (--kill), if minijail's \
                 own options don't say otherwise"
            );
            self.notes.push(Note::remark(text));
        }
        if options.minijail.is_some() {
            return;
        }
        if let Some((place, what)) = only {
            let reader = self.reader;
            let text = format!("read as {reader} reads it: libminijail refuses {what}");
            return self.note(NoteKind::Remark, &place, text);
        }
        let filters = || policy.statements.iter().flat_map(|each| &each.filters);
        let ambiguous = |filter: &&Filter| filter.condition.is_some() && filter.action.is_some();
        if let Some(filter) = filters().find(ambiguous) {
            let text = "libminijail returns the error if the condition does not hold, \
                        compile_seccomp_policy.py if it does: read as libminijail reads it \
                        (--minijail)";
            self.note(NoteKind::RuntimesDiffer, &filter.place, text.to_string());
        }
    }

    /// The first line decides.
    fn as_library(&mut self, filters: &Filters<'_>, options: &Options) {
        let [(call, filter), others @ ..] = &filters[..] else {
            return;
        };
        if let Some((call, second)) = others.first() {
            let text = format!(
                "the second line for {}: libminijail takes the first one, or refuses the policy",
                call.name
            );
            self.note(NoteKind::RuntimesDiffer, &second.place, text);
        }
        let otherwise = match &filter.action {
            Some(Action::Errno(errno)) => ERRNO | u32::from(*errno),
            Some(Action::Other(action)) => *action,
            Some(Action::Blocked) | None => options.kill(),
        };
        if let Some(condition) = &filter.condition {
            self.rule(call, filter, condition.clone(), ALLOW);
        }
        if filter.action.is_some() {
            self.rule(call, filter, Formula::always(), otherwise);
        }
    }

    /// The first filter whose condition holds decides.
    fn as_compiler(
        &mut self,
        filters: &Filters<'_>,
        policy: &Policy,
        options: &Options,
    ) -> Result<(), Mistake> {
        let mut last: Option<&Filter> = None;
        let mut is_bare_allow = true;
        for (call, filter) in filters {
            let mistake = |what: &str| Err(filter.place.mistake(what));
            if let Some(last) = last {
                let before = last.place.in_file("line");
                let what = format!(
                    "{} has an action for all arguments already ({before})",
                    call.name
                );
                return mistake(&what);
            }
            let action = match &filter.action {
                Some(Action::Errno(errno)) => ERRNO | u32::from(*errno),
                Some(Action::Blocked) => {
                    return mistake("`return` alone: expected an error");
                }
                Some(_) if policy.denylist.is_some() => {
                    return mistake("expected `return`, as the policy has @denylist");
                }
                Some(Action::Other(action)) => *action,
                None => ALLOW,
            };
            let condition = filter.condition.clone();
            let condition = condition.unwrap_or_else(Formula::always);
            self.rule(call, filter, condition, action);
            if filter.condition.is_some() {
                is_bare_allow &= action == ALLOW;
                continue;
            }
            last = Some(filter);
            if action == ALLOW && !is_bare_allow {
                let text = format!(
                    "compile_seccomp_policy.py forgets what comes before this action, and allows \
                     {} with any arguments",
                    call.name
                );
                self.note(NoteKind::RuntimesDiffer, &filter.place, text);
            }
        }
        let open = match policy.denylist {
            Some(_) => policy.default.unwrap_or(ALLOW),
            None => policy.default.unwrap_or(options.kill()),
        };
        if let (None, Some((call, filter))) = (last, filters.last()) {
            if open != self.otherwise {
                self.rule(call, filter, Formula::always(), open);
                if let Some(added) = self.rules.last_mut() {
                    added.is_written = false;
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, kind: NoteKind, place: &Place, text: String) {
        self.notes.push(Note::new(kind, place.clone(), text));
    }

    fn rule(&mut self, call: &Call, filter: &Filter, condition: Formula, action: u32) {
        self.rules.push(SourceRule {
            arch: self.machine,
            call: call.name.clone(),
            number: call.number,
            condition,
            action,
            place: filter.place.clone(),
            is_written: true,
        });
    }

    /// The filter, of calls of the policy's machine.
    fn subject(self, options: &Options) -> Result<Subject, scmp::Error> {
        let foreign = match self.reader {
            Reader::Library => KILL_THREAD,
            Reader::Compiler => options.kill(),
        };
        Subject::by_first_match(self.machine, self.rules, self.otherwise, foreign)
    }
}

/// The first thing that only minijail's compiler reads, and what it is.
fn compiler_only(policy: &Policy, calls: &[Filters<'_>]) -> Option<(Place, String)> {
    let second = |filters: &Filters<'_>| {
        let is_plain = |filter: &Filter| {
            filter.condition.is_none() && filter.action == Some(Action::Other(ALLOW))
        };
        let mut tested = filters.iter().filter(|(_, filter)| !is_plain(filter));
        let (call, filter) = tested.nth(1)?;
        Some((
            filter.place.clone(),
            format!("a second line for {}", call.name),
        ))
    };
    let known = policy.compiler_only.clone();
    known.or_else(|| calls.iter().find_map(second))
}

#[cfg(test)]
mod tests;

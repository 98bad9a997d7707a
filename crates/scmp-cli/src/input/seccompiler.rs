// SPDX-License-Identifier: LGPL-2.1-only
//! The JSON of seccompiler and of Firecracker: a filter for each category of threads.
//! seccompiler (the crate, and Firecracker up to 1.10) has a compiler of its own; Firecracker
//! since 1.11 compiles by libseccomp. They read the same file differently:
//!
//! | | seccompiler | Firecracker |
//! |---|---|---|
//! | `dword` | the low 32 bits | of `eq`: the low 32 bits; else all 64 |
//! | a rule without `args`, and one with | the first one is lost | the first one decides |
//! | foreign architectures | kill the process | kill the thread |
//! | x32 on x86_64 | the default action | kill the thread |
//! | unknown members | refused | ignored |

use std::collections::HashSet;

use clap::ValueEnum;
use scmp::{Action, Arch, Comparison, Comparisons, Operator, Syscall};

use super::json::{Object, Source, Value};
use super::libseccomp::Building;
use super::{Format, Input, MAX_RULES, Mistake, Note, NoteKind, Place, SourceRule, Subject};
use crate::failure::Failure;
use crate::formula::{Atom, Relation};

/// Options about these files.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(id = "options of threads")]
pub struct Options {
    /// The category of threads whose filter is meant; without it, all
    #[arg(long = "filter", value_name = "CATEGORY")]
    pub category: Option<String>,
    /// The compiler of seccompiler's and Firecracker's JSON
    #[arg(long, value_enum, default_value_t)]
    pub compiler: Compiler,
}

/// A program that makes filters of these files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Compiler {
    /// The crate of rust-vmm, and Firecracker up to 1.10
    #[default]
    Seccompiler,
    /// Firecracker since 1.11
    Firecracker,
}

impl std::fmt::Display for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Compiler::Seccompiler => "seccompiler",
            Compiler::Firecracker => "Firecracker",
        })
    }
}

impl Compiler {
    fn machines(self) -> &'static [Arch] {
        match self {
            Compiler::Seccompiler => &[Arch::X86_64, Arch::Aarch64],
            Compiler::Firecracker => &[Arch::X86_64, Arch::Aarch64, Arch::Riscv64],
        }
    }
}

/// The most categories of a file. Firecracker has three; `scmp show` takes 340 kB for each.
const MAX_CATEGORIES: usize = 256;

/// A category of threads.
struct Category {
    name: String,
    place: Place,
    mismatch: u32,
    matched: u32,
    rules: Vec<Rule>,
    /// The calls that have rules with `args`.
    compared: HashSet<String>,
}

struct Rule {
    call: String,
    place: Place,
    /// `None`: it has no `args`.
    args: Option<Vec<Comparison>>,
}

/// Whether a JSON object is such a file: its members have filters.
pub fn is_likely(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    let source = Source::new(text);
    let Ok(object) = source.value().and_then(|value| value.object(false)) else {
        return false;
    };
    let has_filter =
        |value: Value<'_>| value.object(false).is_ok_and(|object| object.has("filter"));
    let mut members = object.rest().map(|(_, _, value)| value);
    members.next().is_some_and(has_filter)
}

/// Reads a file, and builds the filters of its categories for each machine.
///
/// # Errors
/// [`Failure::Input`] with the place.
pub fn read(
    name: &str,
    text: &str,
    machines: &[Arch],
    options: &Options,
) -> Result<Input, Failure> {
    let mut reader = Reader {
        compiler: options.compiler,
        rules: 0,
        notes: Vec::new(),
    };
    let machines = match machines {
        [] if !options.compiler.machines().contains(&Arch::native()) => &[Arch::X86_64],
        machines => super::machines(machines),
    };
    let subjects = reader.subjects(text, machines, options);
    let subjects = subjects.map_err(|mistake| mistake.in_file(name))?;
    super::note::sort(&mut reader.notes);
    Ok(Input::new(
        name,
        Format::Seccompiler,
        subjects,
        reader.notes,
    ))
}

/// A rule that matches a call for whose arguments these equalities hold.
pub fn allowing(call: &str, arguments: &[Atom]) -> String {
    let args: Vec<String> = arguments.iter().map(test).collect();
    let args = match args.is_empty() {
        true => String::new(),
        false => format!(r#", "args": [{}]"#, args.join(", ")),
    };
    format!(r#"`{{"syscall": "{call}"{args}}}`"#)
}

/// An element of `args`; other masks than a half can only be tested for equality.
pub fn test(atom: &Atom) -> String {
    let (index, value) = (atom.argument, atom.value & atom.mask);
    let low = u64::from(u32::MAX);
    let op = match atom.relation {
        _ if ![low, u64::MAX].contains(&atom.mask) => format!(r#"{{"masked_eq": {}}}"#, atom.mask),
        Relation::NotEqual => r#""ne""#.to_string(),
        _ => r#""eq""#.to_string(),
    };
    let kind = if atom.mask > low { "qword" } else { "dword" };
    format!(r#"{{"index": {index}, "type": "{kind}", "op": {op}, "val": {value}}}"#)
}

struct Reader {
    compiler: Compiler,
    rules: usize,
    notes: Vec<Note>,
}

impl Reader {
    fn subjects(
        &mut self,
        text: &str,
        machines: &[Arch],
        options: &Options,
    ) -> Result<Vec<Subject>, Mistake> {
        let source = Source::new(text);
        let whole = source.value()?;
        let mut categories = Vec::new();
        let mut others = Vec::new();
        for (name, place, value) in whole.object(false)?.rest() {
            if options
                .category
                .as_ref()
                .is_none_or(|wanted| *wanted == name)
            {
                if categories.len() == MAX_CATEGORIES {
                    let what = format!("more than {MAX_CATEGORIES} categories of threads");
                    return Err(place.mistake(what));
                }
                categories.push(self.category(name, place, value)?);
            } else {
                others.push(name);
            }
        }
        if categories.is_empty() {
            return Err(whole.mistake(match &options.category {
                Some(wanted) => {
                    let others = others.iter().take(20).map(|name| format!("{name:.40}"));
                    let others: Vec<String> = others.collect();
                    let others = others.join(", ");
                    format!("no category {wanted:?}: expected one of {others}")
                }
                None => "no categories of threads".to_string(),
            }));
        }
        let mut subjects = Vec::new();
        for category in &categories {
            if self.compiler == Compiler::Seccompiler {
                for rule in category.rules.iter().filter(|rule| category.loses(rule)) {
                    let call = &rule.call;
                    let text = format!("seccompiler loses this rule: {call} has others, with args");
                    self.note(NoteKind::LeftOut, rule.place.clone(), text);
                }
            }
            for &machine in machines {
                if !self.compiler.machines().contains(&machine) {
                    let (compiler, machine) = (self.compiler, machine.name());
                    let what = format!("{compiler} makes no filters for {machine}");
                    return Err(whole.mistake(what));
                }
                let subject = match self.compiler {
                    Compiler::Seccompiler => self.first_match(category, machine)?,
                    Compiler::Firecracker => self.by_libseccomp(category, machine)?,
                };
                subjects.push(Subject {
                    label: Some(category.name.clone()),
                    ..subject
                });
            }
        }
        Ok(subjects)
    }

    fn category(
        &mut self,
        name: String,
        place: Place,
        value: Value<'_>,
    ) -> Result<Category, Mistake> {
        let mut object = value.object(false)?;
        let mut action = |old, new| {
            let value = match self.compiler {
                Compiler::Seccompiler if object.has(new) => object.need(new)?,
                _ => object.need(old)?,
            };
            self.action(value)
        };
        let mismatch = action("default_action", "mismatch_action")?;
        let matched = action("filter_action", "match_action")?;
        let mut rules = Vec::new();
        for value in object.need("filter")?.array()? {
            rules.push(self.rule(value)?);
        }
        self.unknown(object)?;
        if mismatch == matched && (self.compiler == Compiler::Seccompiler || !rules.is_empty()) {
            let what = format!(
                "both actions are the same: {} refuses the filter",
                self.compiler
            );
            return Err(place.mistake(what));
        }
        let compared = rules.iter().filter(|rule| rule.args.is_some());
        let compared = compared.map(|rule| rule.call.clone()).collect();
        Ok(Category {
            name,
            place,
            mismatch,
            matched,
            rules,
            compared,
        })
    }

    /// An action: a word, or `{"errno": 1}`.
    fn action(&self, value: Value<'_>) -> Result<u32, Mistake> {
        const WANTED: &str = "\"allow\", \"log\", \"trap\", \"kill_thread\", \"kill_process\", \
                              {\"errno\": N} or {\"trace\": N}";
        if let Ok(mut object) = value.object(false) {
            for (name, base) in [("errno", 0x0005_0000), ("trace", 0x7ff0_0000)] {
                if let Some(number) = object.take(name) {
                    let data: u32 = match self.compiler {
                        // It cuts the number.
                        Compiler::Seccompiler => number.number("a number of 32 bits")?,
                        Compiler::Firecracker => {
                            number.number::<u16>("a number of 16 bits")?.into()
                        }
                    };
                    return match object.rest().next() {
                        None => Ok(base | data & 0xffff),
                        Some(_) => Err(value.expected(WANTED)),
                    };
                }
            }
            return Err(value.expected(WANTED));
        }
        Ok(match value.string(WANTED)?.as_str() {
            "allow" => 0x7fff_0000,
            "log" => 0x7ffc_0000,
            "trap" => 0x0003_0000,
            "kill_thread" => 0,
            "kill_process" => 0x8000_0000,
            _ => return Err(value.expected(WANTED)),
        })
    }

    fn rule(&mut self, value: Value<'_>) -> Result<Rule, Mistake> {
        let mut object = value.object(false)?;
        self.rules += 1;
        if self.rules > MAX_RULES {
            return Err(value.mistake(format!("more than {MAX_RULES} rules")));
        }
        let call = object.need("syscall")?;
        let args = match object.take("args") {
            None => None,
            Some(value) => {
                let args = value.array()?;
                if args.is_empty() && self.compiler == Compiler::Seccompiler {
                    let what = "seccompiler refuses empty args: expected none at all";
                    return Err(value.mistake(what));
                }
                let args = args.into_iter().map(|value| self.arg(value));
                Some(args.collect::<Result<_, _>>()?)
            }
        };
        let rule = Rule {
            call: call.string("the name of a system call")?,
            place: call.place(),
            args,
        };
        self.unknown(object)?;
        Ok(rule)
    }

    /// A comparison, as the compiler reads it.
    fn arg(&mut self, value: Value<'_>) -> Result<Comparison, Mistake> {
        let mut object = value.object(false)?;
        const ARGUMENT: &str = "an argument, 0 to 5";
        let index = object.need("index")?;
        let argument: u8 = index.number(ARGUMENT)?;
        if argument > 5 {
            return Err(index.expected(ARGUMENT));
        }
        let number = |value: Value<'_>| value.number("a number of 64 bits, not negative");
        let value: u64 = number(object.need("val")?)?;
        const TYPE: &str = "\"dword\" or \"qword\"";
        let kind = object.need("type")?;
        let is_dword = match kind.string(TYPE)?.as_str() {
            "dword" => true,
            "qword" => false,
            _ => return Err(kind.expected(TYPE)),
        };
        let op = object.need("op")?;
        let mut operator = operator(op)?;
        self.unknown(object)?;
        if is_dword && value > u64::from(u32::MAX) {
            self.note(
                NoteKind::Remark,
                op.place(),
                format!("a dword is compared with {value}, which is larger"),
            );
        }
        let comparison = match (self.compiler, is_dword) {
            (Compiler::Seccompiler, true) => Comparison::of_int(argument, operator, value),
            (Compiler::Firecracker, true) => {
                match operator {
                    Operator::Equal => {
                        let mask = u32::MAX.into();
                        operator = Operator::MaskedEqual { mask };
                    }
                    // No high bit counts.
                    Operator::MaskedEqual { mask } if mask >> 32 == 0 => {}
                    _ => {
                        let text =
                            "Firecracker compares 64 bits of this dword: the high half counts";
                        self.note(NoteKind::RuntimesDiffer, op.place(), text.to_string());
                    }
                }
                Comparison::new(argument, operator, value)
            }
            (_, false) => Comparison::new(argument, operator, value),
        };
        comparison.map_err(|why| op.mistake(why.to_string()))
    }

    /// Refuses or reports what the compiler does not know.
    fn unknown(&mut self, mut object: Object<'_>) -> Result<(), Mistake> {
        let compiler = self.compiler;
        if let (Compiler::Seccompiler, Some(comment)) = (compiler, object.take("comment")) {
            comment.string("a string")?;
        }
        for (name, place, _) in object.rest() {
            match (compiler, name.as_str()) {
                (_, "comment") => {}
                (Compiler::Seccompiler, _) => {
                    let what = format!("{name:?} is unknown: seccompiler refuses the file");
                    return Err(place.mistake(what));
                }
                (Compiler::Firecracker, _) => {
                    self.note(
                        NoteKind::LeftOut,
                        place,
                        format!("{name:?} is unknown: Firecracker ignores it"),
                    );
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, kind: NoteKind, place: Place, text: String) {
        self.notes.push(Note::new(kind, place, text));
    }

    /// seccompiler's filter: of a system call's rules, one must match.
    fn first_match(&self, category: &Category, machine: Arch) -> Result<Subject, Mistake> {
        let mut rules = Vec::new();
        for rule in &category.rules {
            let number = machine.syscall_number(&rule.call);
            let number = number.and_then(|number| u32::try_from(number).ok());
            let number = number.ok_or_else(|| {
                let (call, machine) = (&rule.call, machine.name());
                let why = format!("{machine} has no such system call");
                (rule.place).mistake(format!("{call}: seccompiler refuses the file: {why}"))
            })?;
            if category.loses(rule) {
                continue;
            }
            rules.push(SourceRule {
                arch: machine,
                call: rule.call.clone(),
                number,
                condition: rule
                    .args
                    .iter()
                    .flatten()
                    .copied()
                    .map(Atom::from)
                    .collect(),
                action: category.matched,
                place: rule.place.clone(),
                is_written: true,
            });
        }
        // Foreign architectures are killed.
        Subject::by_first_match(machine, rules, category.mismatch, 0x8000_0000)
            .map_err(|why| category.place.mistake(why.to_string()))
    }

    fn by_libseccomp(&self, category: &Category, machine: Arch) -> Result<Subject, Mistake> {
        let refused = |why: &dyn std::fmt::Display| {
            (category.place).mistake(format!("Firecracker refuses it: {why}"))
        };
        let action = |raw| Action::from_raw(raw).ok_or_else(|| refused(&"an error above 4094"));
        let (mismatch, matched) = (action(category.mismatch)?, action(category.matched)?);
        let mut filter = Building::new(mismatch, machine).map_err(|why| refused(&why))?;
        for rule in &category.rules {
            let call = &rule.call;
            let args = rule.args.as_deref().unwrap_or_default();
            let refused = |why: String| {
                let what = format!("{call}: Firecracker refuses the rule: {why}");
                rule.place.mistake(what)
            };
            let number = Syscall::from(call.as_str()).number();
            let number = number.map_err(|why| refused(why.to_string()))?;
            let comparisons = Comparisons::new(args).map_err(|why| refused(why.to_string()))?;
            let added = filter.add(matched, call, number, comparisons, &rule.place);
            added.map_err(refused)?;
        }
        filter.finish().map_err(|why| refused(&why))
    }
}

/// A word, or `{"masked_eq": mask}`.
fn operator(value: Value<'_>) -> Result<Operator, Mistake> {
    const WANTED: &str = "\"eq\", \"ne\", \"lt\", \"le\", \"gt\", \"ge\" or {\"masked_eq\": MASK}";
    if let Ok(mut object) = value.object(false) {
        let mask = object
            .take("masked_eq")
            .ok_or_else(|| value.expected(WANTED))?;
        let mask = mask.number("a mask of 64 bits")?;
        return match object.rest().next() {
            None => Ok(Operator::MaskedEqual { mask }),
            Some(_) => Err(value.expected(WANTED)),
        };
    }
    Ok(match value.string(WANTED)?.as_str() {
        "eq" => Operator::Equal,
        "ne" => Operator::NotEqual,
        "lt" => Operator::Less,
        "le" => Operator::LessOrEqual,
        "gt" => Operator::Greater,
        "ge" => Operator::GreaterOrEqual,
        _ => return Err(value.expected(WANTED)),
    })
}

impl Category {
    /// Whether seccompiler forgets this rule, as the call has others with `args`.
    fn loses(&self, rule: &Rule) -> bool {
        rule.args.is_none() && self.compared.contains(&rule.call)
    }
}

#[cfg(test)]
mod tests;

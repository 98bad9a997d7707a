// SPDX-License-Identifier: LGPL-2.1-only
//! Filters in every form in which people have them. Whatever the form, an input becomes
//! programs; text also leaves the rules that it was built from.

mod bpf;
mod detection;
mod json;
mod libseccomp;
mod minijail;
mod note;
mod oci;
mod process;
mod profile;
mod seccompiler;

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use scmp::bpf::{INSTRUCTION_SIZE, MAX_INSTRUCTIONS, Program};
use scmp::{Arch, Error};
use scmp_verify::decision::effective;
use scmp_verify::proof::RuleSet;
use serde::Serialize;

use crate::compile::{ArchRules, RawRule, compile};
use crate::failure::Failure;
use crate::formula::{Atom, Formula};
use crate::names;
use crate::text::{file_name, in_line};
pub use note::{Mistake, Note, NoteKind, Place, write_notes};

/// The largest input, in bytes.
const MAX_SIZE: usize = 16 << 20;

/// The largest program, in bytes.
const MAX_BINARY: usize = MAX_INSTRUCTIONS * INSTRUCTION_SIZE;

/// The most rules of a text, one for each system call that they name.
// Also of other lists, so that memory is bounded.
const MAX_RULES: usize = 65_536;

/// Options of every command about its inputs.
#[derive(Clone, Debug, clap::Args)]
#[group(id = "input options")]
pub struct Options {
    /// The format of the inputs, instead of a guess by their contents
    #[arg(long, value_enum)]
    pub from: Option<Format>,
    /// Look only at calls of these architectures. Of a profile, they are also the machines for
    /// which filters are built; `diff` compares all calls that such a machine runs
    #[arg(long, value_delimiter = ',', value_parser = names::arch)]
    pub arch: Vec<Arch>,
    #[command(flatten)]
    container: oci::Options,
    #[command(flatten)]
    threads: seccompiler::Options,
    #[command(flatten)]
    minijail: minijail::Options,
    #[command(flatten)]
    process: process::Options,
}

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// An array of struct sock_filter, in either byte order
    Raw,
    /// The bytes of such an array as hexadecimal digits
    Hex,
    /// C initialisers: `{ 0x20, 0, 0, 4 }, …`
    C,
    /// Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it
    Listing,
    /// Rules in the language of scmp's own profiles
    Profile,
    /// A container's profile in JSON: the OCI's, docker's or podman's
    Oci,
    /// The JSON of seccompiler and Firecracker
    Seccompiler,
    /// A policy of minijail
    Minijail,
    /// Not in a file: the filters of a process
    #[value(skip)]
    Process,
}

impl Format {
    /// An entry of the format that allows a call for whose arguments these equalities hold;
    /// `None` if the format has programs, not rules.
    pub fn allowing(self, call: &str, arguments: &[Atom]) -> Option<String> {
        Some(match self {
            Format::Raw | Format::Hex | Format::C | Format::Listing | Format::Process => {
                return None;
            }
            Format::Profile => profile::allowing(call, arguments),
            Format::Oci => oci::allowing(call, arguments),
            Format::Seccompiler => seccompiler::allowing(call, arguments),
            Format::Minijail => minijail::allowing(call, arguments),
        })
    }

    /// A test of an argument as rules have it: an equality or an inequality.
    pub fn test(self, atom: &Atom) -> String {
        match self {
            Format::Oci => oci::test(atom),
            Format::Seccompiler => seccompiler::test(atom),
            Format::Minijail => minijail::test(atom),
            _ => atom.to_string(),
        }
    }
}

/// A filter, and where it comes from.
#[derive(Debug)]
pub struct Input {
    /// As on the command line, in one line; `standard input` for `-`.
    pub name: String,
    pub format: Format,
    /// At least one.
    pub subjects: Vec<Subject>,
    /// What the reader should know: what was left out, and why.
    pub notes: Vec<Note>,
}

impl Input {
    /// An input whose notes may be there for each of several machines: each is kept once.
    fn new(name: &str, format: Format, subjects: Vec<Subject>, mut notes: Vec<Note>) -> Input {
        let mut said = HashSet::new();
        notes.retain(|note| said.insert(note.clone()));
        Input {
            name: name.to_string(),
            format,
            subjects,
            notes,
        }
    }
}

/// A filter as one machine runs it. A profile gives one for each machine, and so do a
/// seccompiler file's thread categories; BPF gives one.
#[derive(Debug, Default)]
pub struct Subject {
    /// What tells it from the input's other subjects.
    pub label: Option<String>,
    /// The machine for which a profile was built.
    pub machine: Option<Arch>,
    /// The architectures whose rules it has. Empty if only the programs say it.
    pub arches: Vec<Arch>,
    /// The programs, the one that was installed first at the start. The kernel runs all of
    /// them and takes the strictest result. Without programs, every call is allowed.
    pub programs: Vec<Program>,
    /// The instructions of the program at level 1 (by priority) and 2 (by search), if
    /// libseccomp's rules made it.
    pub sizes: Option<[usize; 2]>,
    /// What the rules mean, without programs, if they are libseccomp's.
    pub rule_set: Option<RuleSet>,
    /// The rules of the text, in its order.
    pub rules: Vec<SourceRule>,
    /// Whether the first rule that matches decides.
    pub first_match: bool,
    /// What calls of its architectures get that no rule matches; `None` without a text.
    pub default: Option<u32>,
    /// What calls get instead that have no rule and that the text's kernel does not have.
    pub unknown_calls: Option<u32>,
    /// The instructions at the start of its program by which runc answers calls above the
    /// highest one that the text names.
    pub above_highest: usize,
}

/// A rule of a text.
#[derive(Clone, Debug)]
pub struct SourceRule {
    pub arch: Arch,
    /// The call's name in the text.
    pub call: String,
    /// Its number on the architecture, as the kernel sees it.
    pub number: u32,
    pub condition: Formula,
    /// The value that the kernel takes from the filter (`SECCOMP_RET_*` with its data).
    pub action: u32,
    pub place: Place,
    /// Whether the text has it. What a format adds to a text nobody can remove.
    pub is_written: bool,
}

impl SourceRule {
    /// Whether it is on the call's own number, not on a multiplexer's.
    pub fn is_direct(&self) -> bool {
        names::number(self.arch, &self.call) == Some(self.number)
    }
}

impl Subject {
    /// The filter of a machine that tries rules in their order. Calls of other architectures
    /// get `foreign`.
    ///
    /// # Errors
    /// [`Error::ProgramTooLong`]
    fn by_first_match(
        machine: Arch,
        mut rules: Vec<SourceRule>,
        default: u32,
        foreign: u32,
    ) -> Result<Subject, Error> {
        let raw = rules.iter().map(|rule| RawRule {
            number: rule.number,
            condition: rule.condition.clone(),
            action: rule.action,
        });
        let raw = ArchRules {
            arch: machine,
            rules: raw.collect(),
            default,
        };
        let program = compile(&raw, foreign)?;
        for rule in &mut rules {
            rule.action = effective(rule.action);
        }
        Ok(Subject {
            machine: Some(machine),
            arches: vec![machine],
            programs: vec![program],
            rules,
            first_match: true,
            default: Some(default),
            ..Subject::default()
        })
    }

    /// Whether the rules of a text are for this architecture.
    pub fn covers(&self, arch: Arch) -> bool {
        // Of the programs with rules, only libseccomp's tell x32 from x86_64.
        let by_token = self.sizes.is_none();
        self.arches
            .iter()
            .any(|each| *each == arch || by_token && each.audit_token() == arch.audit_token())
    }

    /// Of the architectures that are asked for, those that this filter runs: where an input has
    /// a filter for each of several machines, the others' calls are not its. All, if it has
    /// none of them, or was not built for a machine.
    pub fn own(&self, wanted: &[Arch]) -> Vec<Arch> {
        let mut own = wanted.to_vec();
        own.retain(|arch| self.arches.contains(arch));
        match self.machine.is_none() || own.is_empty() {
            true => wanted.to_vec(),
            false => own,
        }
    }

    /// The rules by architecture and number, in the text's order.
    pub fn rules_by_call(&self) -> HashMap<(Arch, u32), Vec<&SourceRule>> {
        let mut by_call: HashMap<_, Vec<_>> = HashMap::new();
        for rule in &self.rules {
            let key = (rule.arch, rule.number);
            by_call.entry(key).or_default().push(rule);
        }
        by_call
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = self.label.as_deref().map(in_line);
        let label = label.as_deref();
        let machine = self.machine.map(Arch::name);
        let parts: Vec<&str> = label.into_iter().chain(machine).collect();
        f.write_str(&parts.join(" on "))
    }
}

/// Reads the input that an argument names.
///
/// # Errors
/// [`Failure::Input`].
pub fn read(argument: &OsStr, options: &Options) -> Result<Input, Failure> {
    let process = argument.to_str();
    if let Some(input) = process.and_then(|argument| process::read(argument, &options.process)) {
        return input;
    }
    read_source(source(argument), options)
}

/// Reads a file, whatever its name: neither a process nor standard input.
///
/// # Errors
/// [`Failure::Input`].
pub fn read_file(path: &Path, options: &Options) -> Result<Input, Failure> {
    read_source(Some(path), options)
}

/// The file that an argument names; `None` for standard input.
fn source(argument: &OsStr) -> Option<&Path> {
    (argument != "-").then_some(Path::new(argument))
}

fn read_source(source: Option<&Path>, options: &Options) -> Result<Input, Failure> {
    let (name, bytes) = contents(source)?;
    if bytes.trim_ascii().is_empty() {
        return Err(Failure::of(&name, "the input is empty: expected a filter"));
    }
    let format = match options.from {
        Some(format) => format,
        None => detection::detect(source, &bytes).map_err(|what| Failure::of(&name, what))?,
    };
    let text = || text(&name, &bytes);
    match format {
        Format::Raw | Format::Process => bpf::raw(&name, &bytes),
        Format::Hex => bpf::hexadecimal(&name, text()?),
        Format::C => bpf::initialisers(&name, text()?),
        Format::Listing => bpf::listing(&name, text()?),
        Format::Profile | Format::Oci | Format::Seccompiler => {
            let (text, options) = (text()?.to_string(), options.clone());
            within(&name.clone(), move || match format {
                Format::Oci => oci::read(&name, &text, &options.arch, &options.container),
                Format::Seccompiler => {
                    seccompiler::read(&name, &text, &options.arch, &options.threads)
                }
                _ => profile::read(&name, &text, &options),
            })
        }
        Format::Minijail => {
            minijail::read(&name, source, text()?, &options.arch, &options.minijail)
        }
    }
}

/// The machines for which a text's filters are built: this one if none is named.
fn machines(named: &[Arch]) -> &[Arch] {
    const NATIVE: [Arch; 1] = [Arch::native()];
    match named {
        [] => &NATIVE,
        named => named,
    }
}

/// The filters of two inputs that belong together.
pub struct Matched<'a> {
    pub pairs: Vec<[&'a Subject; 2]>,
    /// The first input's filters without a partner, and the second one's.
    pub alone: [Vec<&'a Subject>; 2],
}

/// The filters of two inputs that have the same name, or the only ones. One filter is
/// compared with each of several.
pub fn matched<'a, N: PartialEq>(
    first: &'a Input,
    second: &'a Input,
    name: impl Fn(&'a Subject) -> N,
) -> Matched<'a> {
    let mut alone = [Vec::new(), Vec::new()];
    let pairs = match (&first.subjects[..], &second.subjects[..]) {
        ([one], others) => others.iter().map(|other| [one, other]).collect(),
        (ones, [other]) => ones.iter().map(|one| [one, other]).collect(),
        (ones, others) => {
            let mut left: Vec<&Subject> = others.iter().collect();
            let mut pairs = Vec::new();
            for one in ones {
                match left.iter().position(|other| name(other) == name(one)) {
                    Some(place) => pairs.push([one, left.remove(place)]),
                    None => alone[0].push(one),
                }
            }
            alone[1] = left;
            pairs
        }
    };
    Matched { pairs, alone }
}

/// The filters of two inputs that belong together, if each has a partner.
///
/// # Errors
/// [`Failure::Input`] that names one without a partner.
pub fn pairs<'a>(first: &'a Input, second: &'a Input) -> Result<Vec<[&'a Subject; 2]>, Failure> {
    let Matched { pairs, alone } =
        matched(first, second, |subject| (&subject.label, subject.machine));
    let inputs = [[first, second], [second, first]];
    let without = |(alone, [input, other]): (&Vec<&Subject>, [&Input; 2])| {
        let subject = alone.first()?;
        let what = format!("has no filter named '{subject}', which {} has", input.name);
        Some(Failure::of(&other.name, what))
    };
    match alone.iter().zip(inputs).find_map(without) {
        Some(failure) => Err(failure),
        None => Ok(pairs),
    }
}

/// Reads the input that an argument names, for a question that makes no sense without a
/// filter.
///
/// # Errors
/// [`Failure::Input`], also if there is no filter in it.
pub fn read_filters(argument: &OsStr, options: &Options) -> Result<Input, Failure> {
    let input = read(argument, options)?;
    match input.subjects.iter().all(|each| each.programs.is_empty()) {
        true => Err(Failure::of(
            &input.name,
            "has no filter: every call is allowed",
        )),
        false => Ok(input),
    }
}

/// Reads a file as text, in the way of inputs.
///
/// # Errors
/// [`Failure::Input`].
pub fn read_text(argument: &OsStr) -> Result<String, Failure> {
    let (name, bytes) = contents(source(argument))?;
    Ok(text(&name, &bytes)?.to_string())
}

/// The name and bytes of a file, or of standard input.
fn contents(source: Option<&Path>) -> Result<(String, Vec<u8>), Failure> {
    let name = source.map_or("standard input".to_string(), file_name);
    let failed = |why: String| Failure::of(&name, why);
    let bytes = match source {
        None => limited(standard_input()?),
        Some(path) => File::open(path)
            .map_err(|why| why.to_string())
            .and_then(limited),
    };
    let bytes = bytes.map_err(failed)?;
    Ok((name, bytes))
}

/// All that there is to read, up to [`MAX_SIZE`].
///
/// # Errors
/// Why it can't be read.
fn limited(source: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut source = source.take(MAX_SIZE as u64 + 1);
    source
        .read_to_end(&mut bytes)
        .map_err(|why| why.to_string())?;
    match bytes.len() > MAX_SIZE {
        true => Err(format!("larger than {} MiB", MAX_SIZE >> 20)),
        false => Ok(bytes),
    }
}

/// Standard input, which only one argument can have.
///
/// # Errors
/// [`Failure::Input`] if it was taken before.
pub fn standard_input() -> Result<io::StdinLock<'static>, Failure> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    match TAKEN.swap(true, Ordering::Relaxed) {
        true => Err(Failure::of(
            "standard input",
            "two inputs are read from it: expected `-` once",
        )),
        false => Ok(io::stdin().lock()),
    }
}

/// How long the filter of a text may take: rules that compare the same arguments in many
/// ways take a time that grows with their square or cube.
const MAX_TIME: Duration = Duration::from_secs(60);

/// The result of work on an input that may take too long; the thread is left running then.
fn within<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    let result = receiver.recv_timeout(MAX_TIME);
    result.unwrap_or_else(|_| Err(Failure::GaveUp(name.to_string())))
}

/// The text of an input.
fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|why| {
        let before = String::from_utf8_lossy(&bytes[..why.valid_up_to()]);
        Place::behind(&before).mistake("not UTF-8").in_file(name)
    })
}

#[cfg(test)]
mod tests;

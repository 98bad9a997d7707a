// SPDX-License-Identifier: LGPL-2.1-only
//! Profiles of containers, as the OCI's runtime specification has them (`linux.seccomp`), and
//! with what docker (moby) and podman (containers-common) add: `archMap`, `includes` and
//! `excludes`, names of errors. The filter is built as the runtime builds it with libseccomp.

mod capability;
mod enosys;
mod text;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use scmp::arch::X32_SYSCALL_BIT;
use scmp::{Action, Arch, Comparison, Comparisons, Error, Optimization, Syscall};

use super::libseccomp::Building;
use super::{Format, Input, MAX_RULES, Mistake, Note, NoteKind, Place, Subject};
use crate::data::constants;
use crate::failure::Failure;
use crate::formula::{Atom, Relation};
use enosys::Highest;
use text::{ActionText, Entry, Named, Profile, Requirements, action_of, machine_name};

/// Options about the container.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(id = "options of containers")]
pub struct Options {
    /// Add a capability to those of the container, on which rules may depend: docker's set
    /// with runc, podman's with crun. `none` drops, `all` adds all
    #[arg(long, value_name = "CAP", value_delimiter = ',')]
    pub cap: Vec<capability::Change>,
    /// The machine's kernel, on which rules may depend; without it, the newest
    #[arg(long, value_name = "X.Y")]
    pub kernel: Option<Kernel>,
    /// The program that reads the profile
    #[arg(long, value_enum, default_value_t)]
    pub runtime: Runtime,
}

/// A program that makes filters of container profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    #[default]
    Runc,
    Crun,
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Runtime::Runc => "runc",
            Runtime::Crun => "crun",
        })
    }
}

/// The first two numbers of a kernel's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kernel(pub u16, pub u16);

impl FromStr for Kernel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Kernel, &'static str> {
        let wanted = "expected two numbers such as 4.8";
        let digits = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().map_err(|_| wanted),
            false => Err(wanted),
        };
        let (one, two) = text.split_once('.').ok_or(wanted)?;
        Ok(Kernel(digits(one)?, digits(two)?))
    }
}

/// Reads a profile, and builds its filter for each machine.
///
/// # Errors
/// [`Failure::Input`] with the place.
pub fn read(
    name: &str,
    text: &str,
    machines: &[Arch],
    options: &Options,
) -> Result<Input, Failure> {
    let in_file = |mistake: Mistake| mistake.in_file(name);
    let (profile, mut notes) = text::read(text, options.runtime).map_err(in_file)?;
    let mut subjects = Vec::new();
    for &machine in super::machines(machines) {
        let (subject, others) = build(&profile, machine, options).map_err(in_file)?;
        notes.extend(others);
        subjects.push(subject);
    }
    super::note::sort(&mut notes);
    Ok(Input::new(name, Format::Oci, subjects, notes))
}

/// An entry that allows a call for whose arguments these equalities hold.
pub fn allowing(call: &str, arguments: &[Atom]) -> String {
    let args: Vec<String> = arguments.iter().map(test).collect();
    let args = match args.is_empty() {
        true => String::new(),
        false => format!(r#", "args": [{}]"#, args.join(", ")),
    };
    format!(r#"`{{"names": ["{call}"], "action": "SCMP_ACT_ALLOW"{args}}}`"#)
}

/// An element of `args`; a mask can only be tested for equality.
pub fn test(atom: &Atom) -> String {
    let (index, value) = (atom.argument, atom.value & atom.mask);
    let test = match (atom.mask, atom.relation) {
        (u64::MAX, Relation::NotEqual) => format!(r#""value": {value}, "op": "SCMP_CMP_NE""#),
        (u64::MAX, _) => format!(r#""value": {value}, "op": "SCMP_CMP_EQ""#),
        (mask, _) => {
            format!(r#""value": {mask}, "valueTwo": {value}, "op": "SCMP_CMP_MASKED_EQ""#)
        }
    };
    format!(r#"{{"index": {index}, {test}}}"#)
}

/// The filter of a profile on one machine, and notes on it.
fn build(
    profile: &Profile,
    machine: Arch,
    options: &Options,
) -> Result<(Subject, Vec<Note>), Mistake> {
    let runtime = options.runtime;
    let caps = capability::set(runtime, &options.cap);
    let counts = |entry: &&Entry| {
        let met = |requirements| met(requirements, machine, &caps, options.kernel);
        met(&entry.includes).iter().all(|met| *met) && !met(&entry.excludes).iter().any(|met| *met)
    };
    let entries: Vec<&Entry> = profile.entries.iter().filter(counts).collect();
    let default = action(&profile.default, machine)?;
    if runtime == Runtime::Runc {
        refuse_notify(profile, &entries)?;
    }
    let refused = |why, by: &Named| {
        let machine = machine.name();
        by.mistake(format!("{runtime} refuses it on {machine}: {why}"))
    };
    let whole = |why| refused(why, &profile.default.name);
    let mut builder = Builder {
        building: Building::new(default, machine).map_err(whole)?,
        runtime,
        notes: Vec::new(),
    };
    for named in architectures(profile, machine) {
        let covered = builder.building.cover(named.arch()?);
        covered.map_err(|why| refused(why, named))?;
    }
    for entry in &entries {
        builder.entry(entry)?;
    }
    let Builder {
        mut building,
        mut notes,
        ..
    } = builder;
    let names = entries.iter().flat_map(|entry| &entry.names);
    // runc's own threshold.
    if runtime == Runtime::Runc && names.clone().count() > 32 {
        building.filter.attributes_mut().optimization = Optimization::Search;
    }
    let mut subject = building.finish().map_err(whole)?;
    if runtime == Runtime::Runc && !is_permissive(default) {
        let names = names.map(|named| named.name.as_str());
        let highest = enosys::highest(&subject.arches, names);
        notes.extend(prepend_enosys(&mut subject, machine, &highest).map_err(whole)?);
    }
    Ok((subject, notes))
}

/// Puts runc's instructions before the filter's; a note says for which calls they are.
fn prepend_enosys(
    subject: &mut Subject,
    machine: Arch,
    highest: &Highest,
) -> Result<Option<Note>, Error> {
    if highest.is_empty() {
        return Ok(None);
    }
    let enosys = constants::errno_number(machine, "ENOSYS").unwrap_or(38);
    let program = &mut subject.programs[0];
    let length = program.instructions().len();
    *program = enosys::prepend(program, highest, 0x0005_0000 | enosys)?;
    let added = program.instructions().len() - length;
    subject.above_highest = added;
    subject.sizes = subject.sizes.map(|sizes| sizes.map(|size| size + added));
    // The rules do not say what runc adds.
    subject.rule_set = None;
    let by_arch = highest.values().map(|(arch, number)| {
        let number = number & !(X32_SYSCALL_BIT * u32::from(*arch == Arch::X32));
        format!("{number} on {}", arch.name())
    });
    Ok(Some(Note::remark(format!(
        "runc answers calls above the highest number that the profile names with ENOSYS: {}",
        by_arch.collect::<Vec<_>>().join(", ")
    ))))
}

/// The architectures that the filter has beside the machine's.
fn architectures(profile: &Profile, machine: Arch) -> impl Iterator<Item = &Named> {
    let of_machine = profile.arch_map.iter();
    let of_machine =
        of_machine.filter(move |(named, _)| named.arch().is_ok_and(|arch| arch == machine));
    let others = of_machine.take(1).flat_map(|(_, others)| others);
    profile.architectures.iter().chain(others)
}

/// Whether each of the requirements that are there is met.
fn met(
    requirements: &Requirements,
    machine: Arch,
    caps: &HashSet<&str>,
    kernel: Option<Kernel>,
) -> Vec<bool> {
    let mut met: Vec<bool> = (requirements.caps.iter())
        .map(|named| caps.contains(named.name.as_str()))
        .collect();
    if !requirements.arches.is_empty() {
        let mut arches = requirements.arches.iter();
        met.push(arches.any(|named| named.name == machine_name(machine)));
    }
    if let Some(least) = requirements.min_kernel {
        met.push(kernel.is_none_or(|kernel| kernel >= least));
    }
    met
}

/// The agent that answers notified calls gets its descriptor by write(2).
fn refuse_notify(profile: &Profile, entries: &[&Entry]) -> Result<(), Mistake> {
    const NOTIFY: &str = "SCMP_ACT_NOTIFY";
    let refused = |by: &Named, what: &str| Err(by.mistake(format!("runc refuses {what}")));
    for entry in entries {
        let write = entry.names.iter().find(|named| named.name == "write");
        if let (Some(write), NOTIFY) = (write, entry.action.name.name.as_str()) {
            return refused(write, "SCMP_ACT_NOTIFY for write");
        }
    }
    match profile.default.name.name.as_str() {
        NOTIFY => refused(&profile.default.name, "SCMP_ACT_NOTIFY as default"),
        _ => Ok(()),
    }
}

/// Actions with which calls that the kernel does not know get ENOSYS anyway.
fn is_permissive(action: Action) -> bool {
    matches!(action, Action::Allow | Action::Log | Action::Trace(_))
}

/// An action on a machine: numbers of errors differ.
fn action(text: &ActionText, machine: Arch) -> Result<Action, Mistake> {
    const WANTED: &str = "a number of an error, 0 to 4094";
    let (number, place) = match (&text.error, &text.number) {
        (Some(error), _) => {
            let number = error.name.parse().ok();
            let number =
                number.or_else(|| constants::errno_number(machine, &error.name).map(u64::from));
            let unknown = || error.expected("the name of an error");
            (number.ok_or_else(unknown)?, &error.place)
        }
        (None, Some((number, place))) => (*number, place),
        // EPERM
        (None, None) => (1, &text.name.place),
    };
    let mistake = || place.mistake(format!("{number}: expected {WANTED}"));
    let number = u16::try_from(number).map_err(|_| mistake())?;
    let raw = action_of(&text.name.name, number);
    raw.and_then(Action::from_raw).ok_or_else(mistake)
}

/// Makes rules of a profile's entries.
struct Builder {
    building: Building,
    runtime: Runtime,
    notes: Vec<Note>,
}

impl Builder {
    fn entry(&mut self, entry: &Entry) -> Result<(), Mistake> {
        let runtime = self.runtime;
        let action = action(&entry.action, self.building.arches[0])?;
        if action == self.building.default {
            let named = &entry.action.name;
            let text = format!("{action} is the default action: {runtime} drops the entry");
            self.note(NoteKind::EqualsDefault, &named.place, text);
            return Ok(());
        }
        let rules = self.comparisons(entry)?;
        for named in &entry.names {
            let Ok(number) = Syscall::from(named.name.as_str()).number() else {
                let text = format!(
                    "no system call has the name {}: {runtime} ignores it",
                    named.name
                );
                self.note(NoteKind::UnknownCall, &named.place, text);
                continue;
            };
            for &comparisons in &rules {
                if self.building.rules.len() == MAX_RULES {
                    return Err(named.mistake(format!("more than {MAX_RULES} rules")));
                }
                let Named { name, place } = named;
                let added = (self.building).add(action, name, number, comparisons, place);
                added.map_err(|why| {
                    named.mistake(format!("{name}: {runtime} refuses the rule: {why}"))
                })?;
            }
        }
        Ok(())
    }

    /// What the rules of an entry compare.
    fn comparisons(&mut self, entry: &Entry) -> Result<Vec<Comparisons>, Mistake> {
        let named = &entry.action.name;
        let mut all = &entry.comparisons[..];
        if self.runtime == Runtime::Crun && all.len() > Comparisons::MAX {
            all = &all[..Comparisons::MAX];
            let text = format!(
                "crun ignores all but the first {} of args",
                Comparisons::MAX
            );
            self.note(NoteKind::RuntimesDiffer, &named.place, text);
        }
        let internal = |why: Error| named.mistake(why.to_string());
        let arguments: HashSet<u8> = all.iter().map(Comparison::argument).collect();
        if arguments.len() == all.len() {
            return Ok(vec![Comparisons::new(all).map_err(internal)?]);
        }
        let text = format!(
            "args name one argument twice: {} makes of each comparison a rule of its own, so one \
             of them is enough for {}",
            self.runtime, named.name
        );
        self.note(NoteKind::ArgumentTwice, &named.place, text);
        let each = |one: &Comparison| Comparisons::new(&[*one]).map_err(internal);
        all.iter().map(each).collect()
    }

    fn note(&mut self, kind: NoteKind, place: &Place, text: String) {
        self.notes.push(Note::new(kind, place.clone(), text));
    }
}

#[cfg(test)]
mod tests;

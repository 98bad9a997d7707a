// SPDX-License-Identifier: LGPL-2.1-only
//! Reads the JSON, whatever the machine.

use scmp::{Arch, Comparison, Operator};

use super::{Kernel, Runtime};
use crate::input::json::{Object, Source, Value};
use crate::input::{MAX_RULES, Mistake, Note, NoteKind, Place};

/// A profile as written.
#[derive(Debug)]
pub struct Profile {
    pub default: ActionText,
    /// What the filter has beside the machine's architecture.
    pub architectures: Vec<Named>,
    /// The same for each machine.
    pub arch_map: Vec<(Named, Vec<Named>)>,
    pub entries: Vec<Entry>,
}

/// An element of `syscalls`.
#[derive(Debug)]
pub struct Entry {
    pub names: Vec<Named>,
    pub action: ActionText,
    pub comparisons: Vec<Comparison>,
    pub includes: Requirements,
    pub excludes: Requirements,
}

/// A string.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub place: Place,
}

/// An action and the number that belongs to it.
#[derive(Clone, Debug)]
pub struct ActionText {
    pub name: Named,
    pub number: Option<(u64, Place)>,
    /// The name of an error.
    pub error: Option<Named>,
}

/// What a container and its machine must have for an entry to count.
#[derive(Debug, Default)]
pub struct Requirements {
    pub caps: Vec<Named>,
    pub arches: Vec<Named>,
    pub min_kernel: Option<Kernel>,
}

/// Names of machines in `arches`: Go's or libseccomp's.
pub fn machine_name(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "amd64",
        Arch::Aarch64 => "arm64",
        Arch::Loongarch64 => "loong64",
        arch => arch.name(),
    }
}

struct Reader {
    runtime: Runtime,
    /// The text is a container's configuration: no dialect's extensions.
    is_config: bool,
    /// Members are found whatever their case: Go's programs read the text.
    any_case: bool,
    names: usize,
    notes: Vec<Note>,
}

/// Reads a profile, or the member `linux.seccomp` of a container's configuration.
pub fn read(text: &str, runtime: Runtime) -> Result<(Profile, Vec<Note>), Mistake> {
    let source = Source::new(text);
    let value = source.value()?;
    let mut root = value.object(true)?;
    let is_config = root.has("linux") && !root.has("syscalls");
    let any_case = !(is_config && runtime == Runtime::Crun);
    let mut reader = Reader {
        runtime,
        is_config,
        any_case,
        names: 0,
        notes: Vec::new(),
    };
    if is_config {
        let mut linux = root.need("linux")?.object(any_case)?;
        root = linux.need("seccomp")?.object(any_case)?;
    }
    let profile = reader.profile(root)?;
    Ok((profile, reader.notes))
}

impl Reader {
    fn profile(&mut self, mut object: Object<'_>) -> Result<Profile, Mistake> {
        let default = self.action(&mut object, "defaultAction", "defaultErrno")?;
        let architectures = self.named(&mut object, "architectures", ARCHITECTURE)?;
        let mut arch_map = Vec::new();
        if !self.is_config {
            for value in object.array("archMap")? {
                let mut object = value.object(self.any_case)?;
                let machine = Named::of(object.need("architecture")?, ARCHITECTURE)?;
                let others = self.named(&mut object, "subArchitectures", ARCHITECTURE)?;
                arch_map.push((machine, others));
                self.unknown(object);
            }
        }
        if let (Some(one), false) = (architectures.first(), arch_map.is_empty()) {
            let what = "architectures and archMap exclude each other: expected one of them";
            return Err(one.mistake(what));
        }
        for flag in self.named(&mut object, "flags", "a flag (SECCOMP_FILTER_FLAG_…)")? {
            let short = flag.name.strip_prefix("SECCOMP_FILTER_FLAG_");
            let known = ["TSYNC", "LOG", "SPEC_ALLOW", "WAIT_KILLABLE_RECV"];
            if !short.is_some_and(|short| known.contains(&short)) {
                let known = known.join(", SECCOMP_FILTER_FLAG_");
                return Err(flag.expected(&format!("SECCOMP_FILTER_FLAG_{known}")));
            }
        }
        for name in ["listenerPath", "listenerMetadata"] {
            if let Some(value) = object.take(name) {
                let what = value.string("a string")?;
                let text =
                    format!("{name} is {what:?}: who answers notified calls, not checked here");
                self.note(NoteKind::Remark, value.place(), text);
            }
        }
        let mut entries = Vec::new();
        for value in object.array("syscalls")? {
            entries.push(self.entry(value)?);
        }
        self.unknown(object);
        Ok(Profile {
            default,
            architectures,
            arch_map,
            entries,
        })
    }

    fn entry(&mut self, value: Value<'_>) -> Result<Entry, Mistake> {
        let mut object = value.object(self.any_case)?;
        let mut names = self.named(&mut object, "names", "the name of a system call")?;
        if let (false, Some(value)) = (self.is_config, object.take("name")) {
            if let Some(first) = names.first() {
                let what = "name and names exclude each other: expected one of them";
                return Err(first.mistake(what));
            }
            names.push(Named::of(value, "the name of a system call")?);
        }
        if let Some(empty) = names.iter().find(|name| name.name.is_empty()) {
            return Err(empty.mistake("\"\": expected the name of a system call"));
        }
        self.names += names.len();
        if self.names > MAX_RULES {
            return Err(value.mistake(format!("more than {MAX_RULES} names of system calls")));
        }
        let action = self.action(&mut object, "action", "errno")?;
        let mut comparisons = Vec::new();
        for value in object.array("args")? {
            comparisons.push(self.comparison(value)?);
        }
        let mut entry = Entry {
            names,
            action,
            comparisons,
            includes: Requirements::default(),
            excludes: Requirements::default(),
        };
        if !self.is_config {
            entry.includes = self.requirements(&mut object, "includes")?;
            entry.excludes = self.requirements(&mut object, "excludes")?;
            if let Some(comment) = object.take("comment") {
                comment.string("a string")?;
            }
        }
        self.unknown(object);
        Ok(entry)
    }

    /// An action, the number beside it, and the error that names the number.
    fn action(
        &mut self,
        object: &mut Object<'_>,
        member: &str,
        error: &str,
    ) -> Result<ActionText, Mistake> {
        let name = Named::of(object.need(member)?, ACTION)?;
        if action_of(&name.name, 0).is_none() {
            return Err(name.expected(ACTION));
        }
        let number = object.take(&format!("{error}Ret"));
        let number = number.map(|value| {
            let number = value.number("a number of an error, 0 to 4094")?;
            Ok((number, value.place()))
        });
        let number: Option<(u64, Place)> = number.transpose()?;
        let takes_number = action_of(&name.name, 1) != action_of(&name.name, 0);
        if let (false, Some((_, place))) = (takes_number, &number) {
            let what = format!("{error}Ret belongs to SCMP_ACT_ERRNO and SCMP_ACT_TRACE only");
            match self.runtime {
                Runtime::Runc => self.note(
                    NoteKind::RuntimesDiffer,
                    place.clone(),
                    format!("{what}: runc ignores it"),
                ),
                Runtime::Crun => {
                    return Err(place.mistake(format!("{what}: crun refuses the profile")));
                }
            }
        }
        let error = match self.is_config {
            true => None,
            false => object
                .take(error)
                .map(|value| Named::of(value, "the name of an error")),
        };
        // "" is none.
        let error = error.transpose()?.filter(|error| !error.name.is_empty());
        if let (Some(error), None, true) = (&error, &number, takes_number) {
            let text = format!(
                "podman reads the name {:?}; docker does not, and takes EPERM",
                error.name
            );
            self.note(NoteKind::RuntimesDiffer, error.place.clone(), text);
        }
        Ok(ActionText {
            name,
            number,
            error,
        })
    }

    fn comparison(&mut self, value: Value<'_>) -> Result<Comparison, Mistake> {
        let mut object = value.object(self.any_case)?;
        let index = object.need("index")?;
        const ARGUMENT: &str = "an argument, 0 to 5";
        let argument: u8 = index.number(ARGUMENT)?;
        let mut number = |name| {
            let value = object.take(name);
            value.map_or(Ok(0), |value| {
                value.number("a number of 64 bits, not negative")
            })
        };
        let (one, two): (u64, u64) = (number("value")?, number("valueTwo")?);
        const OPERATOR: &str = "SCMP_CMP_NE, _LT, _LE, _EQ, _GE, _GT or _MASKED_EQ";
        let op = object.need("op")?;
        let (operator, datum) = match op.string(OPERATOR)?.as_str() {
            "SCMP_CMP_NE" => (Operator::NotEqual, one),
            "SCMP_CMP_LT" => (Operator::Less, one),
            "SCMP_CMP_LE" => (Operator::LessOrEqual, one),
            "SCMP_CMP_EQ" => (Operator::Equal, one),
            "SCMP_CMP_GE" => (Operator::GreaterOrEqual, one),
            "SCMP_CMP_GT" => (Operator::Greater, one),
            "SCMP_CMP_MASKED_EQ" => (Operator::MaskedEqual { mask: one }, two),
            _ => return Err(op.expected(OPERATOR)),
        };
        self.unknown(object);
        Comparison::new(argument, operator, datum).map_err(|_| index.expected(ARGUMENT))
    }

    fn requirements(
        &mut self,
        object: &mut Object<'_>,
        member: &str,
    ) -> Result<Requirements, Mistake> {
        let Some(value) = object.take(member) else {
            return Ok(Requirements::default());
        };
        let mut object = value.object(self.any_case)?;
        let caps = self.named(&mut object, "caps", "a capability")?;
        let arches = self.named(&mut object, "arches", "a machine")?;
        for arch in &arches {
            let known = Arch::all().any(|known| machine_name(known) == arch.name);
            if !known {
                let text = format!("no machine has the name {:?} here: ", arch.name);
                let instead = Arch::from_name(&arch.name).map(machine_name);
                let text = match instead {
                    Some(name) => format!("{text}expected {name:?}"),
                    None => format!("{text}expected amd64, arm64, s390x, …"),
                };
                self.note(NoteKind::LeftOut, arch.place.clone(), text);
            }
        }
        let mut min_kernel = None;
        if let Some(value) = object.take("minKernel") {
            const VERSION: &str = "a kernel's version such as \"4.8\"";
            let text = value.string(VERSION)?;
            if !text.is_empty() {
                min_kernel = Some(text.parse().map_err(|_| value.expected(VERSION))?);
            }
        }
        self.unknown(object);
        Ok(Requirements {
            caps,
            arches,
            min_kernel,
        })
    }

    fn named(
        &mut self,
        object: &mut Object<'_>,
        member: &str,
        wanted: &str,
    ) -> Result<Vec<Named>, Mistake> {
        let values = object.array(member)?.into_iter();
        values.map(|value| Named::of(value, wanted)).collect()
    }

    /// Says which members nobody reads.
    fn unknown(&mut self, object: Object<'_>) {
        for (name, place, _) in object.rest() {
            let who = match self.is_config {
                true => match self.runtime {
                    Runtime::Runc => "runc ignores it",
                    Runtime::Crun => "crun ignores it",
                },
                false => "it is ignored",
            };
            self.note(
                NoteKind::LeftOut,
                place,
                format!("{name:?} is unknown: {who}"),
            );
        }
    }

    fn note(&mut self, kind: NoteKind, place: Place, text: String) {
        self.notes.push(Note::new(kind, place, text));
    }
}

const ARCHITECTURE: &str = "an architecture such as SCMP_ARCH_X86_64";
const ACTION: &str = "SCMP_ACT_ALLOW, _LOG, _TRACE, _NOTIFY, _ERRNO, _TRAP, _KILL, \
                      _KILL_THREAD or _KILL_PROCESS";

/// The value of an action with a number (`SECCOMP_RET_*`).
pub fn action_of(name: &str, number: u16) -> Option<u32> {
    let data = u32::from(number);
    Some(match name.strip_prefix("SCMP_ACT_")? {
        "KILL" | "KILL_THREAD" => 0,
        "KILL_PROCESS" => 0x8000_0000,
        "TRAP" => 0x0003_0000,
        "ERRNO" => 0x0005_0000 | data,
        "NOTIFY" => 0x7fc0_0000,
        "TRACE" => 0x7ff0_0000 | data,
        "LOG" => 0x7ffc_0000,
        "ALLOW" => 0x7fff_0000,
        _ => return None,
    })
}

impl Named {
    fn of(value: Value<'_>, wanted: &str) -> Result<Named, Mistake> {
        Ok(Named {
            name: value.string(wanted)?,
            place: value.place(),
        })
    }

    /// A mistake at this place.
    pub fn mistake(&self, what: impl Into<String>) -> Mistake {
        self.place.mistake(what)
    }

    /// A mistake that says what is here and what was expected.
    pub fn expected(&self, wanted: &str) -> Mistake {
        let end = self.name.char_indices().nth(60);
        let found = match end {
            Some((end, _)) => format!("{:?}…", &self.name[..end]),
            None => format!("{:?}", self.name),
        };
        self.mistake(format!("{found}: expected {wanted}"))
    }

    /// The architecture of this name.
    pub fn arch(&self) -> Result<Arch, Mistake> {
        let short = self.name.strip_prefix("SCMP_ARCH_").unwrap_or_default();
        let arch = Arch::from_name(short.to_ascii_lowercase());
        arch.ok_or_else(|| self.expected(ARCHITECTURE))
    }
}

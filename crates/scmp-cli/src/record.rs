// SPDX-License-Identifier: LGPL-2.1-only
//! The kernel's audit records of calls that filters refuse or log.

use scmp::Arch;

use crate::names;

/// An audit record of seccomp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of an architecture that is known.
    pub audit_token: u32,
    pub number: u32,
    pub code: Option<Code>,
    /// The program's name or file.
    pub program: Option<String>,
}

/// What the filter returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// `SECCOMP_RET_*`, without its data in kernels before 4.14.
    Value(u32),
    /// As ausearch interprets it: without data, and both kinds of killing are 0.
    Kind(u32),
}

impl Code {
    pub fn raw(self) -> u32 {
        let (Code::Value(raw) | Code::Kind(raw)) = self;
        raw
    }

    /// Whether it may stand for a filter's value.
    pub fn is_of(self, value: u32) -> bool {
        match self {
            Code::Value(code) => value == code || value & 0xffff_0000 == code,
            Code::Kind(kind) => value & 0x7fff_0000 == kind,
        }
    }
}

/// Ausearch's words for actions.
const KINDS: [(&str, u32); 6] = [
    ("kill", 0),
    ("trap", 0x0003_0000),
    ("errno", 0x0005_0000),
    ("trace", 0x7ff0_0000),
    ("log", 0x7ffc_0000),
    ("allow", 0x7fff_0000),
];

/// The architecture that a machine's name in libaudit stands for.
fn arch_by_name(name: &str) -> Option<Arch> {
    Arch::from_name(match name {
        "i386" | "i486" | "i586" | "i686" => "x86",
        "armv5tejl" | "armv7l" => "arm",
        name => name,
    })
}

impl Record {
    /// Reads a line of the kernel's log, of auditd's log, of the journal, or of ausearch,
    /// interpreted or not; `None` if it is no record of seccomp.
    ///
    /// # Errors
    /// What is not understood in a record of seccomp.
    pub fn parse(line: &str) -> Result<Option<Record>, String> {
        // Behind it, enriched logs say in names what came before.
        let line = line.split('\x1d').next().unwrap_or_default();
        let field = |name: &str| {
            let fields = line.split_whitespace();
            let value = fields
                .rev()
                .find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
            value.map(|value| value.trim_matches('"'))
        };
        let (token, call) = (field("arch"), field("syscall"));
        let marked = ["type=SECCOMP", "type=1326"];
        let marked = marked.iter().any(|mark| line.contains(mark));
        // The journal's messages begin with the word alone.
        let in_journal = line.contains("SECCOMP ") && (token.is_some() || call.is_some());
        if !marked && !in_journal {
            return Ok(None);
        }
        let token = token.ok_or("the record has no arch=")?;
        let call = call.ok_or("the record has no syscall=")?;
        let audit_token = match u32::from_str_radix(token, 16) {
            Ok(token) => token,
            Err(_) => arch_by_name(token)
                .ok_or_else(|| unknown("arch", token))?
                .audit_token(),
        };
        let arch = Arch::of_call(audit_token, 0).ok_or_else(|| unknown("arch", token))?;
        let number = number(arch, call).ok_or_else(|| unknown("syscall", call))?;
        let code = match field("code") {
            None => None,
            Some(text) => Some(code(text).ok_or_else(|| unknown("code", text))?),
        };
        let program = field("exe").or(field("comm")).map(str::to_string);
        Ok(Some(Record {
            audit_token,
            number,
            code,
            program,
        }))
    }
}

fn unknown(field: &str, value: &str) -> String {
    let wanted = match field {
        "arch" => "the hexadecimal AUDIT_ARCH_* value of a known architecture, or its name",
        "syscall" => "a number of 32 bits, or a name of the architecture",
        _ => "a hexadecimal number of 32 bits, or an action",
    };
    format!("{field}={value}: expected {wanted}")
}

/// A number, a name, ausearch's `unknown-syscall(N)`, or its `socketcall(listen)`.
fn number(arch: Arch, call: &str) -> Option<u32> {
    let (name, inside) = match call.split_once('(') {
        Some((name, inside)) => (name, inside.trim_end_matches(')')),
        None => (call, call),
    };
    if let Some(number) = names::number(arch, name) {
        return Some(number);
    }
    // The kernel writes it as a signed number.
    let number: i64 = inside.parse().ok()?;
    let signed = i32::try_from(number).map(|number| number as u32);
    signed.or(u32::try_from(number)).ok()
}

fn code(text: &str) -> Option<Code> {
    let kind = KINDS.iter().find(|(name, _)| *name == text);
    if let Some((_, kind)) = kind {
        return Some(Code::Kind(*kind));
    }
    let text = text.strip_prefix("unknown-seccomp-code(").unwrap_or(text);
    let digits = text.trim_end_matches(')').trim_start_matches("0x");
    u32::from_str_radix(digits, 16).ok().map(Code::Value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Record {
        Record::parse(line)
            .unwrap_or_else(|why| panic!("{line}: {why}"))
            .unwrap_or_else(|| panic!("{line}: none"))
    }

    #[test]
    fn records_are_read() {
        let line = "Nov 28 12:00:00 host kernel: audit: type=1326 audit(1764331200.1:77): \
                    auid=1000 uid=1000 gid=1000 ses=2 subj=unconfined pid=77 comm=\"a.out\" \
                    exe=\"/tmp/a.out\" sig=31 arch=c000003e syscall=41 compat=0 \
                    ip=0x7f001122 code=0x80000000";
        let record = read(line);
        assert_eq!(record.audit_token, Arch::X86_64.audit_token());
        assert_eq!(record.number, 41);
        assert_eq!(record.code, Some(Code::Value(0x8000_0000)));
        assert_eq!(record.program.as_deref(), Some("/tmp/a.out"));
        let line = "type=SECCOMP msg=audit(1): comm=\"b\" arch=40000003 syscall=4 code=0x7ffc0000";
        assert_eq!(Arch::of_call(read(line).audit_token, 4), Some(Arch::X86));
        let line = "host audit[7]: SECCOMP auid=1 pid=7 arch=c000003e syscall=-1 code=0x0";
        assert_eq!(read(line).number, u32::MAX);
        for line in [
            "type=AVC msg=audit(1): arch=c000003e syscall=1",
            "SECCOMP is a word",
        ] {
            assert_eq!(Record::parse(line), Ok(None));
        }
    }

    #[test]
    fn enriched_records_are_read() {
        let line = "type=SECCOMP msg=audit(1764331200.1:77): auid=0 pid=7 comm=\"b\" \
                    exe=\"/bin/b\" sig=0 arch=c000003e syscall=41 compat=0 ip=0x7f \
                    code=0x50001\x1dAUID=\"root\" UID=\"root\" ARCH=x86_64 SYSCALL=socket";
        let record = read(line);
        assert_eq!(
            (record.number, record.code),
            (41, Some(Code::Value(0x5_0001)))
        );
    }

    #[test]
    fn interpreted_records_are_read() {
        let of = |rest: &str| {
            let start = "type=SECCOMP msg=audit(11/28/2026 12:00:00.123:77) : auid=unset \
                         comm=a exe=/bin/a sig=SIGSYS";
            read(&format!("{start} {rest}"))
        };
        let record = of("arch=i386 syscall=open compat=1 ip=0x7f code=kill");
        assert_eq!(record.audit_token, Arch::X86.audit_token());
        assert_eq!((record.number, record.code), (5, Some(Code::Kind(0))));
        let kill = Code::Kind(0);
        assert!(kill.is_of(0) && kill.is_of(0x8000_0000) && !kill.is_of(0x3_0000));
        assert!(Code::Value(0x5_0000).is_of(0x5_0001));
        assert_eq!(
            of("arch=i386 syscall=socketcall(listen) code=trap").number,
            102
        );
        let record = of("arch=x86_64 syscall=unknown-syscall(500) code=errno");
        assert_eq!(
            (record.number, record.code),
            (500, Some(Code::Kind(0x5_0000)))
        );
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (rest, why) in [
            ("syscall=1", "the record has no arch="),
            ("arch=c000003e", "the record has no syscall="),
            ("arch=12345678 syscall=1", "arch=12345678: expected"),
            ("arch=1c000003e syscall=1", "arch=1c000003e: expected"),
            ("arch=vax syscall=1", "arch=vax: expected"),
            (
                "arch=c000003e syscall=4294967337",
                "syscall=4294967337: expected",
            ),
            ("arch=c000003e syscall=99999999999999999999", "syscall=9999"),
            ("arch=c000003e syscall=reed", "syscall=reed: expected"),
            (
                "arch=c000003e syscall=1 code=0x100050001",
                "code=0x100050001",
            ),
        ] {
            let line = format!("type=SECCOMP msg=audit(1): {rest}");
            let mistake = Record::parse(&line).unwrap_err();
            assert!(mistake.starts_with(why), "{line}: {mistake}");
        }
    }
}

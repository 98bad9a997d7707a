// SPDX-License-Identifier: LGPL-2.1-only
//! Names and types of system calls' arguments.

use std::collections::HashMap;
use std::sync::LazyLock;

use scmp::{Arch, Endian, WordSize};

use super::rows;

const CSV: &str = include_str!("../../data/arguments.csv");

/// The registers that a filter sees.
const ARGUMENTS: usize = 6;

/// An argument as the kernel's function takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// As in the manual page, or in the kernel where that has other arguments.
    pub name: &'static str,
    /// In C, of the kernel's function: `unsigned int`, `const char*`.
    pub c_type: &'static str,
    pub kind: Kind,
}

/// How much of a register the kernel takes as the argument, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Pointer,
    /// `long`, `size_t` and the like: the whole register.
    Word,
    /// 64 bits, in the registers of 64-bit architectures.
    Long,
    /// The low 32 bits, signed.
    Int,
    /// The low 32 bits.
    Unsigned,
    /// The low 16 bits: `umode_t`, old user ids.
    Short,
}

impl Argument {
    /// The low bits of the register that count, on an architecture: 16, 32 or 64. The others
    /// are ignored by the kernel.
    pub fn bits(&self, arch: Arch) -> u32 {
        match (self.kind, arch.word_size()) {
            (Kind::Short, _) => 16,
            (Kind::Int | Kind::Unsigned, _) | (_, WordSize::Bits32) => 32,
            (Kind::Pointer | Kind::Word | Kind::Long, WordSize::Bits64) => 64,
        }
    }
}

/// The arguments of a call on an architecture, at most six; `None` if they are not known:
/// the kernel does not serve the call, or no longer.
pub fn of(arch: Arch, call: &str) -> Option<&'static [Argument]> {
    let call = TABLE.get(call)?;
    Some(call.own.get(&arch).unwrap_or(&call.general))
}

/// The arguments that a call has on most architectures; [`of`] says which it has on one.
pub(super) fn general(call: &str) -> Option<&'static [Argument]> {
    Some(&TABLE.get(call)?.general)
}

/// The arguments of a call.
#[derive(Default)]
struct Call {
    general: Vec<Argument>,
    /// Where an architecture has others.
    own: HashMap<Arch, Vec<Argument>>,
}

static TABLE: LazyLock<HashMap<&str, Call>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Call> = HashMap::new();
    for [call, abis, list] in rows(CSV) {
        let cells = list.split(';').filter(|cell| !cell.is_empty());
        let arguments: Vec<Argument> = cells.map(argument).take(ARGUMENTS).collect();
        let call = table.entry(call).or_default();
        let has = |arch: &Arch| abis.split(' ').any(|name| name == arch.abi().name());
        for arch in Arch::all().filter(has) {
            call.own.insert(arch, in_order_of(arch, &arguments));
        }
        if abis == "*" {
            call.general = arguments;
        }
    }
    table
});

fn argument(cell: &'static str) -> Argument {
    let parts: Vec<&str> = cell.split(':').collect();
    let [name, c_type, kind] = parts[..] else {
        panic!("arguments.csv: {cell}");
    };
    let kind = match kind {
        "pointer" => Kind::Pointer,
        "word" => Kind::Word,
        "u64" => Kind::Long,
        "i32" => Kind::Int,
        "u32" => Kind::Unsigned,
        "u16" => Kind::Short,
        _ => panic!("arguments.csv: {cell}"),
    };
    Argument { name, c_type, kind }
}

/// Halves of 64-bit arguments change places with the byte order, which is not that of the
/// file on these architectures.
fn in_order_of(arch: Arch, arguments: &[Argument]) -> Vec<Argument> {
    let mut arguments = arguments.to_vec();
    let other = match arch {
        Arch::Sheb => Endian::Big,
        Arch::Mipsel => Endian::Little,
        _ => return arguments,
    };
    let (first, second) = match other {
        Endian::Big => ("_low", "_high"),
        Endian::Little => ("_high", "_low"),
    };
    for at in 1..arguments.len() {
        let (one, two) = (arguments[at - 1].name, arguments[at].name);
        let stem = one.strip_suffix(first);
        if stem.is_some() && stem == two.strip_suffix(second) {
            arguments.swap(at - 1, at);
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn names(arch: Arch, call: &str) -> Vec<&'static str> {
        let arguments = of(arch, call).unwrap_or_default();
        arguments.iter().map(|argument| argument.name).collect()
    }

    #[test]
    fn well_known_calls() {
        let socket = of(Arch::X86_64, "socket").unwrap();
        assert_eq!(
            names(Arch::X86_64, "socket"),
            ["domain", "type", "protocol"]
        );
        assert_eq!(socket[0].kind, Kind::Int);
        assert_eq!(socket[0].bits(Arch::X86_64), 32);
        let read = of(Arch::Aarch64, "read").unwrap();
        assert_eq!(read[2].kind, Kind::Word);
        assert_eq!(read[2].bits(Arch::Aarch64), 64);
        assert_eq!(read[2].bits(Arch::Arm), 32);
        assert_eq!(read[1].c_type, "char*");
        assert_eq!(of(Arch::X86_64, "chmod").unwrap()[1].bits(Arch::X86_64), 16);
        assert_eq!(of(Arch::X86_64, "getpid"), Some(&[][..]));
        assert_eq!(of(Arch::X86_64, "tuxcall"), None);
        assert_eq!(of(Arch::X86_64, "no_such_call"), None);
    }

    #[test]
    fn architectures_differ() {
        assert_eq!(names(Arch::X86_64, "mmap").len(), 6);
        assert_eq!(names(Arch::X86, "mmap"), ["arg"]);
        assert_eq!(names(Arch::X86_64, "clone")[3..], ["child_tidptr", "tls"]);
        assert_eq!(names(Arch::Aarch64, "clone")[3..], ["tls", "child_tidptr"]);
        assert_eq!(names(Arch::S390x, "clone")[..2], ["newsp", "clone_flags"]);
        assert_eq!(
            names(Arch::Arm, "pread64")[3..],
            ["__pad", "pos_low", "pos_high"]
        );
        let halves = |arch| names(arch, "lookup_dcookie")[0];
        assert_eq!(halves(Arch::Sh), "cookie64_low");
        assert_eq!(halves(Arch::Sheb), "cookie64_high");
        assert_eq!(halves(Arch::Mips), "cookie64_high");
        assert_eq!(halves(Arch::Mipsel), "cookie64_low");
    }

    #[test]
    fn every_call_that_the_kernel_serves_is_known() {
        /// Numbers that never were served, or not in the kernels whose source is at hand.
        const NEVER: [&str; 20] = [
            "afs_syscall",
            "break",
            "epoll_ctl_old",
            "epoll_wait_old",
            "ftime",
            "getpmsg",
            "gtty",
            "idle",
            "lock",
            "mpx",
            "multiplexer",
            "prof",
            "profil",
            "putpmsg",
            "security",
            "stty",
            "timerfd",
            "tuxcall",
            "ulimit",
            "vserver",
        ];
        let unknown: Vec<&str> = crate::names::all()
            .filter(|call| general(call).is_none() && !NEVER.contains(call))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn names_differ_within_a_call() {
        for call in crate::names::all() {
            for arch in Arch::all() {
                let names = names(arch, call);
                let different: HashSet<_> = names.iter().collect();
                assert_eq!(names.len(), different.len(), "{arch}: {call}");
            }
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Named constants of the kernel's interface: their values, and the names that values of
//! arguments have.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use scmp::syscalls::Abi;
use scmp::{Arch, WordSize};

use super::{arguments, rows};

const CSV: &str = include_str!("../../data/constants.csv");
const ARGUMENTS_CSV: &str = include_str!("../../data/argument-constants.csv");

/// The value that a name has on an architecture; `None` if it has none there. Negative
/// numbers have all high bits of the architecture's word set.
pub fn value(arch: Arch, name: &str) -> Option<u64> {
    TABLE.constant(name)?.value(arch)
}

/// The name that a value of an argument has, such as `O_RDWR|O_CREAT`; `None` if it has
/// none. Arguments count from 0.
///
/// An argument of 32 bits has a name whatever way it is extended to 64; with other high bits
/// it has none.
pub fn name(arch: Arch, call: &str, argument: usize, value: u64) -> Option<String> {
    let own = arguments::of(arch, call)?.get(argument)?;
    let general = arguments::general(call)?;
    let position = general.iter().position(|other| other.name == own.name)?;
    let uses = USES.get(&(call, position))?;
    let bits = own.bits(arch);
    let mask = u64::MAX >> (64 - bits);
    let (high, negative) = (value & !mask, value >> (bits - 1) & 1 == 1);
    if high != 0 && !(negative && high == !mask) {
        return None;
    }
    let mut rest = value & mask;
    let mut names = Vec::new();
    for row in uses {
        let part = rest & row.bits;
        match row.kind {
            Kind::Enum => {
                let found = TABLE.find(arch, row.family, |number| number & mask == part);
                if let Some(found) = found {
                    names.push(found.to_string());
                    rest &= !row.bits;
                    if row.bits == u64::MAX {
                        break;
                    }
                }
            }
            Kind::Octal if part != 0 => {
                names.push(format!("{part:#05o}").replacen("0o", "0", 1));
                rest &= !row.bits;
            }
            Kind::Octal => {}
            Kind::Flags => {
                let mut flags = TABLE.flags(arch, row.family, part, mask);
                rest &= !flags.iter().fold(0, |all, (bits, _)| all | bits);
                flags.sort_unstable();
                names.extend(flags.into_iter().map(|(_, name)| name.to_string()));
            }
        }
    }
    if names.is_empty() && rest == 0 {
        let zero = |row: &Use| TABLE.find(arch, row.family, |number| number == 0);
        names.extend(uses.iter().find_map(zero).map(str::to_string));
    }
    (rest == 0 && !names.is_empty()).then(|| names.join("|"))
}

/// The name of an error number, the usual one if it has several.
pub fn errno_name(arch: Arch, number: u32) -> Option<&'static str> {
    TABLE.find(arch, "errno", |value| value == u64::from(number))
}

/// The error number that a name such as `ENOSYS` stands for.
pub fn errno_number(arch: Arch, name: &str) -> Option<u32> {
    let constant = TABLE.constant(name)?;
    let number = constant.value(arch)?;
    matches!(constant.family, "errno" | "errno_alias").then_some(())?;
    u32::try_from(number).ok()
}

/// All capabilities (capabilities(7)).
pub fn capabilities() -> impl Iterator<Item = &'static str> {
    let names = TABLE.family("other").iter().map(|constant| constant.name);
    // CAP_LAST_CAP is the highest one's number.
    names.filter(|name| name.starts_with("CAP_") && *name != "CAP_LAST_CAP")
}

struct Constant {
    family: &'static str,
    name: &'static str,
    usual: u64,
    /// Where it has another value, or none.
    exceptions: Vec<(Abi, Option<u64>)>,
}

impl Constant {
    fn value(&self, arch: Arch) -> Option<u64> {
        let mut own = self.exceptions.iter();
        let own = own.find(|(abi, _)| *abi == arch.abi());
        let value = own.map_or(Some(self.usual), |(_, value)| *value)?;
        let negative = value >> 63 != 0;
        Some(match arch.word_size() {
            WordSize::Bits32 if negative => value & u64::from(u32::MAX),
            _ => value,
        })
    }
}

struct Table {
    /// By family.
    constants: Vec<Constant>,
    by_name: HashMap<&'static str, usize>,
    families: HashMap<&'static str, Range<usize>>,
}

impl Table {
    fn constant(&self, name: &str) -> Option<&Constant> {
        Some(&self.constants[*self.by_name.get(name)?])
    }

    fn family(&self, family: &str) -> &[Constant] {
        let range = self.families.get(family).cloned();
        range.map_or(&[], |range| &self.constants[range])
    }

    /// The first name of a family whose value is like this.
    fn find(&self, arch: Arch, family: &str, like: impl Fn(u64) -> bool) -> Option<&'static str> {
        let mut constants = self.family(family).iter();
        constants
            .find(|constant| constant.value(arch).is_some_and(&like))
            .map(|constant| constant.name)
    }

    /// Names for the bits of a value, those of most bits first; bits that have no name stay
    /// without.
    fn flags(&self, arch: Arch, family: &str, value: u64, mask: u64) -> Vec<(u64, &'static str)> {
        let constants = self.family(family).iter();
        let mut possible: Vec<(u64, &str)> = constants
            .filter_map(|constant| Some((constant.value(arch)? & mask, constant.name)))
            .filter(|(bits, _)| *bits != 0 && value & bits == *bits)
            .collect();
        possible.sort_by_key(|(bits, _)| std::cmp::Reverse(bits.count_ones()));
        let mut rest = value;
        possible.retain(|(bits, _)| {
            let new = rest & bits != 0;
            rest &= !bits;
            new
        });
        possible
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let constants: Vec<Constant> = rows(CSV).map(constant).collect();
    let mut by_name = HashMap::new();
    let mut families: HashMap<&str, Range<usize>> = HashMap::new();
    for (at, constant) in constants.iter().enumerate() {
        by_name.insert(constant.name, at);
        families.entry(constant.family).or_insert(at..at).end = at + 1;
    }
    Table {
        constants,
        by_name,
        families,
    }
});

fn constant([family, name, usual, exceptions]: [&'static str; 4]) -> Constant {
    let bad = || -> ! { panic!("constants.csv: {name}") };
    let mut own = Vec::new();
    for exception in exceptions.split(';').filter(|text| !text.is_empty()) {
        let (abis, value) = exception.split_once('=').unwrap_or_else(|| bad());
        let value = (value != "-").then(|| number(value).unwrap_or_else(|| bad()));
        for abi in abis.split(' ') {
            own.push((super::abi(abi).unwrap_or_else(|| bad()), value));
        }
    }
    Constant {
        family,
        name,
        usual: number(usual).unwrap_or_else(|| bad()),
        exceptions: own,
    }
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// A family of names that an argument takes.
struct Use {
    family: &'static str,
    kind: Kind,
    bits: u64,
}

enum Kind {
    /// The bits are a number with a name.
    Enum,
    /// Names stand for bits.
    Flags,
    /// Permissions.
    Octal,
}

/// The families of the arguments of calls.
static USES: LazyLock<HashMap<(&str, usize), Vec<Use>>> = LazyLock::new(|| {
    let mut uses: HashMap<(&str, usize), Vec<Use>> = HashMap::new();
    for [call, argument, family, kind, bits] in rows(ARGUMENTS_CSV) {
        let bad = || -> ! { panic!("argument-constants.csv: {call} {argument}") };
        let row = Use {
            family,
            kind: match kind {
                "enum" => Kind::Enum,
                "flags" => Kind::Flags,
                "octal" => Kind::Octal,
                _ => bad(),
            },
            bits: match bits {
                "" => u64::MAX,
                _ => number(bits).unwrap_or_else(|| bad()),
            },
        };
        let argument = argument.parse().unwrap_or_else(|_| bad());
        uses.entry((call, argument)).or_default().push(row);
    }
    uses
});

#[cfg(test)]
mod tests {
    use super::*;

    fn named(arch: Arch, call: &str, argument: usize, value: u64) -> String {
        name(arch, call, argument, value).unwrap_or_default()
    }

    #[test]
    fn values_by_architecture() {
        use Arch::*;
        assert_eq!(value(X86_64, "O_CREAT"), Some(0o100));
        assert_eq!(value(Mips, "O_CREAT"), Some(0x100));
        assert_eq!(value(X86_64, "TIOCSTI"), Some(0x5412));
        assert_eq!(value(Mipsel64, "TIOCSTI"), Some(0x5472));
        assert_eq!(value(X86_64, "TCGETS"), Some(0x5401));
        assert_eq!(value(Ppc64le, "TCGETS"), Some(0x402c_7413));
        assert_eq!(value(Mips, "SOCK_STREAM"), Some(2));
        assert_eq!(value(X86_64, "AT_FDCWD"), Some(-100i64 as u64));
        assert_eq!(value(X86, "AT_FDCWD"), Some(u64::from(-100i32 as u32)));
        assert_eq!(value(X86, "CLONE_INTO_CGROUP"), Some(0x2_0000_0000));
        assert_eq!(value(Aarch64, "MAP_32BIT"), None);
        assert_eq!(value(X86_64, "NO_SUCH_NAME"), None);
    }

    #[test]
    fn numbers_of_errors() {
        use Arch::*;
        assert_eq!(errno_number(X86_64, "ENOSYS"), Some(38));
        assert_eq!(errno_number(Mipsel, "ENOSYS"), Some(89));
        assert_eq!(errno_number(Parisc, "ENOSYS"), Some(251));
        assert_eq!(errno_number(X86_64, "EWOULDBLOCK"), Some(11));
        assert_eq!(errno_number(X86_64, "O_CREAT"), None);
        assert_eq!(errno_name(X86_64, 11), Some("EAGAIN"));
        assert_eq!(errno_name(Mips, 89), Some("ENOSYS"));
        assert_eq!(errno_name(X86_64, 95), Some("EOPNOTSUPP"));
        assert_eq!(errno_name(X86_64, 0), None);
        assert_eq!(errno_name(X86_64, 4095), None);
    }

    #[test]
    fn names_of_values() {
        use Arch::*;
        assert_eq!(named(X86_64, "socket", 0, 10), "AF_INET6");
        assert_eq!(
            named(X86_64, "socket", 1, 0x80801),
            "SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC"
        );
        assert_eq!(named(Mips, "socket", 1, 0x82), "SOCK_STREAM|SOCK_NONBLOCK");
        assert_eq!(named(X86_64, "socket", 1, 0x80000), "SOCK_CLOEXEC");
        assert_eq!(named(X86_64, "open", 1, 0), "O_RDONLY");
        assert_eq!(
            named(X86_64, "openat", 2, 0o101 | 0o2000000),
            "O_WRONLY|O_CREAT|O_CLOEXEC"
        );
        assert_eq!(named(X86_64, "openat", 2, 0x41_0002), "O_RDWR|O_TMPFILE");
        assert_eq!(named(X86_64, "openat", 3, 0o644), "0644");
        assert_eq!(named(X86_64, "mknod", 1, 0o20600), "S_IFCHR|0600");
        assert_eq!(named(X86_64, "mmap", 2, 0), "PROT_NONE");
        assert_eq!(named(X86_64, "mmap", 2, 5), "PROT_READ|PROT_EXEC");
        assert_eq!(named(X86_64, "mmap", 3, 0x22), "MAP_PRIVATE|MAP_ANONYMOUS");
        assert_eq!(named(Parisc, "mmap", 3, 0x12), "MAP_PRIVATE|MAP_ANONYMOUS");
        assert_eq!(
            named(X86_64, "mmap", 3, 0x5400_0000 | 0x40022),
            "MAP_PRIVATE|MAP_HUGE_2MB|MAP_ANONYMOUS|MAP_HUGETLB"
        );
        assert_eq!(named(X86_64, "ioctl", 1, 0x5412), "TIOCSTI");
        assert_eq!(named(X86_64, "prctl", 0, 22), "PR_SET_SECCOMP");
        assert_eq!(
            named(X86_64, "personality", 0, 0x20008),
            "PER_LINUX32|UNAME26"
        );
        assert_eq!(
            named(X86_64, "futex", 1, 0x80),
            "FUTEX_WAIT|FUTEX_PRIVATE_FLAG"
        );
        assert_eq!(named(X86_64, "kill", 1, 9), "SIGKILL");
        assert_eq!(
            named(X86_64, "clone", 0, 0x1200011),
            "SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID"
        );
        assert_eq!(named(S390x, "clone", 1, 0x11), "SIGCHLD");
        assert_eq!(named(S390x, "clone", 0, 0x11), "");
        assert_eq!(named(X86, "fadvise64", 4, 4), "POSIX_FADV_DONTNEED");
        assert_eq!(named(X86_64, "socketcall", 0, 1), "SYS_SOCKET");
    }

    #[test]
    fn values_without_a_name() {
        use Arch::*;
        assert_eq!(name(X86_64, "socket", 0, 4000), None);
        assert_eq!(name(X86_64, "socket", 2, 6), None);
        assert_eq!(name(X86_64, "openat", 2, 1 << 31), None);
        assert_eq!(name(X86_64, "no_such_call", 0, 0), None);
        assert_eq!(name(X86_64, "socket", 7, 0), None);
        assert_eq!(name(X86_64, "unshare", 0, 0), None);
    }

    #[test]
    fn extended_values_have_a_name() {
        use Arch::*;
        assert_eq!(named(X86_64, "openat", 0, -100i64 as u64), "AT_FDCWD");
        assert_eq!(named(X86_64, "openat", 0, 0xffff_ff9c), "AT_FDCWD");
        assert_eq!(named(X86, "openat", 0, 0xffff_ff9c), "AT_FDCWD");
        assert_eq!(name(X86_64, "openat", 0, 0x1_ffff_ff9c), None);
        assert_eq!(name(X86_64, "socket", 0, 0xffff_ffff_0000_0001), None);
    }

    /// A name that two families have would be found in one only.
    #[test]
    fn names_are_unique_and_families_together() {
        assert_eq!(TABLE.by_name.len(), TABLE.constants.len());
        for (family, range) in &TABLE.families {
            let mut constants = TABLE.constants[range.clone()].iter();
            assert!(
                constants.all(|constant| constant.family == *family),
                "{family}"
            );
        }
    }

    #[test]
    fn arguments_with_constants_exist() {
        for ((call, argument), uses) in USES.iter() {
            let known = arguments::general(call);
            let known = known.unwrap_or_else(|| panic!("{call}: no such call"));
            assert!(*argument < known.len(), "{call} has no argument {argument}");
            for row in uses {
                let octal = matches!(row.kind, Kind::Octal);
                assert_eq!(TABLE.family(row.family).is_empty(), octal, "{}", row.family);
            }
        }
    }

    /// Every value with a name that an argument can have gets names that mean it.
    #[test]
    fn names_of_arguments_go_both_ways() {
        let mut tried = 0;
        for ((call, argument), rows) in USES.iter() {
            let general = arguments::general(call).unwrap()[*argument];
            for arch in [Arch::X86_64, Arch::Mips64] {
                let own = arguments::of(arch, call).unwrap();
                let Some(own) = own.iter().position(|own| own.name == general.name) else {
                    continue;
                };
                let mask = u64::MAX >> (64 - general.bits(arch));
                for row in rows.iter().filter(|row| !matches!(row.kind, Kind::Octal)) {
                    for constant in TABLE.family(row.family) {
                        // Negative numbers are as long as the argument.
                        let fits = |value: &u64| {
                            let whole = *value <= mask || *value >> 63 != 0;
                            whole && value & mask & !row.bits == 0
                        };
                        let Some(value) = constant.value(arch).filter(fits) else {
                            continue;
                        };
                        let value = value & mask;
                        let text = name(arch, call, own, value).unwrap_or_else(|| {
                            panic!("{arch}: {call}, argument {argument}: {}", constant.name)
                        });
                        let parts = text.split('|').map(|part| self::value(arch, part).unwrap());
                        let all = parts.fold(0, |all, part| all | part & mask);
                        assert_eq!(all, value, "{arch}: {call}, {argument}: {text}");
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 5_000, "{tried}");
    }
}

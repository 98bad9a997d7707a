// SPDX-License-Identifier: LGPL-2.1-only
//! Which Linux release a call came with.

use std::fmt;
use std::str::FromStr;

use super::{Abi, Row, number};
use crate::error::ParseError;

include!(concat!(env!("OUT_DIR"), "/first_kernel.rs"));

/// A Linux release: `6.1`. Releases order by age.
///
/// Its text may continue after a dot, a dash or a plus, as that of uname(2) does.
///
/// ```
/// use scmp::syscalls::KernelVersion;
///
/// let running: KernelVersion = "6.12.38+deb13-amd64".parse()?;
/// assert_eq!(running, KernelVersion { major: 6, minor: 12 });
/// assert!(running > "6.2".parse()?);
/// assert_eq!(running.to_string(), "6.12");
/// assert!("6".parse::<KernelVersion>().is_err());
/// # Ok::<(), scmp::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl KernelVersion {
    /// The newest release that brought a call of the table.
    ///
    /// ```
    /// use scmp::syscalls::KernelVersion;
    ///
    /// assert!(KernelVersion::NEWEST >= KernelVersion { major: 6, minor: 19 });
    /// ```
    pub const NEWEST: KernelVersion = KernelVersion::at(RELEASES.len() - 1);

    const fn at(place: usize) -> KernelVersion {
        let (major, minor) = RELEASES[place];
        KernelVersion {
            major: major as u16,
            minor: minor as u16,
        }
    }
}

impl fmt::Display for KernelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for KernelVersion {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<KernelVersion, ParseError> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let number = text.parse().ok().filter(|_| digits);
            number.ok_or(ParseError::Kernel)
        };
        let (major, rest) = text.split_once('.').ok_or(ParseError::Kernel)?;
        let minor = rest.split(['.', '-', '+']).next().unwrap_or_default();
        Ok(KernelVersion {
            major: number(major)?,
            minor: number(minor)?,
        })
    }
}

/// The first Linux release whose headers give a call its number on an ABI; `None` if the ABI
/// lacks the call.
///
/// Calls that came with 2.6 or before it are of 2.6. Some numbers are reserved for calls that
/// no release has served, such as `afs_syscall`. `crates/scmp/data/first-kernel.csv` says
/// where each release is known from.
///
/// ```
/// use scmp::syscalls::{self, Abi};
///
/// let first = |name: &str, abi| {
///     let row = syscalls::row_by_name(name.as_bytes())?;
///     syscalls::first_kernel(row, abi).map(|version| version.to_string())
/// };
/// assert_eq!(first("clone3", Abi::X8664).as_deref(), Some("5.3"));
/// assert_eq!(first("read", Abi::X8664).as_deref(), Some("2.6"));
/// // The first release for this architecture.
/// assert_eq!(first("read", Abi::Riscv64).as_deref(), Some("4.15"));
/// // i386 reaches it through socketcall(2) before.
/// assert_eq!(first("socket", Abi::X86).as_deref(), Some("4.3"));
/// assert_eq!(first("open", Abi::Aarch64), None);
/// ```
pub fn first_kernel(row: Row, abi: Abi) -> Option<KernelVersion> {
    number(row, abi)?;
    let place = (row.0, abi as u8);
    let later = LATER.binary_search_by_key(&place, |&(row, abi, _)| (row, abi));
    let of_call = match later {
        Ok(at) => LATER[at].2,
        Err(_) => OF_CALL[row.index()],
    };
    // Indexes of releases order as these do.
    let place = of_call.max(OF_ABI[abi as usize]);
    Some(KernelVersion::at(usize::from(place)))
}

#[cfg(test)]
mod tests {
    use super::super::{name, row_by_name, rows};
    use super::*;

    #[test]
    fn every_call_of_an_abi_has_a_release() {
        let newest = KernelVersion::NEWEST;
        let oldest = KernelVersion { major: 2, minor: 6 };
        for row in rows() {
            for &abi in Abi::ALL {
                let first = first_kernel(row, abi);
                assert_eq!(first.is_some(), number(row, abi).is_some(), "{}", name(row));
                assert!(first.is_none_or(|first| (oldest..=newest).contains(&first)));
            }
        }
    }

    #[test]
    fn later_on_some_abis() {
        let first = |name: &str, abi| {
            let row = row_by_name(name.as_bytes()).unwrap();
            first_kernel(row, abi).unwrap().to_string()
        };
        assert_eq!(first("bpf", Abi::X86), "3.18");
        assert_eq!(first("bpf", Abi::Sh), "4.8");
        assert_eq!(first("bpf", Abi::Riscv64), "4.15");
        assert_eq!(first("statx", Abi::Aarch64), "4.11");
        assert_eq!(first("fstat", Abi::Loongarch64), "6.11");
        assert_eq!(first("futex_time64", Abi::Arm), "5.1");
        assert_eq!(first("listns", Abi::X8664), "6.19");
    }

    #[test]
    fn texts() {
        for (text, major, minor) in [("2.6", 2, 6), ("6.18.44-fc", 6, 18), ("7.1-rc4", 7, 1)] {
            assert_eq!(text.parse(), Ok(KernelVersion { major, minor }));
        }
        for text in [
            "", "6", "6.", ".1", "6.x", "6.1x", "+6.1", "6.+1", "6.65536", "v6.1", "6 .1",
        ] {
            assert_eq!(
                text.parse::<KernelVersion>(),
                Err(ParseError::Kernel),
                "{text}"
            );
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! System call names and numbers of every supported ABI.
//!
//! The source is `crates/scmp/data/syscalls.csv` (Linux 7.1-rc4). `data/README.md` at the
//! top of the repository says where its numbers come from. Nothing here
//! allocates or touches the system, so all of it may run in a signal handler and under the
//! tightest filter.

mod kernel;
mod name_hash;
mod row_set;
mod table;

pub use kernel::{KernelVersion, first_kernel};
use name_hash::NAME_SIZE;
pub(crate) use row_set::RowSet;
pub use table::Abi;

/// One system call name of the table. Rows are ordered by name, in byte order.
///
/// ```
/// use scmp::syscalls::{self, Abi};
///
/// let read = syscalls::row_by_name(b"read").unwrap();
/// assert_eq!(syscalls::number(read, Abi::X86), Some(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(u16);

impl Row {
    /// From 0 to [`count`] - 1.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// How many names the table has.
///
/// ```
/// assert!(scmp::syscalls::count() > 500);
/// ```
pub const fn count() -> usize {
    table::PSEUDO.len()
}

/// Every row, by name.
///
/// ```
/// use scmp::syscalls;
///
/// assert_eq!(syscalls::rows().next().map(syscalls::name), Some("_llseek"));
/// ```
pub fn rows() -> impl DoubleEndedIterator<Item = Row> + ExactSizeIterator {
    (0..table::PSEUDO.len() as u16).map(Row)
}

/// The row's name, as in the kernel's `__NR_name`.
///
/// ```
/// use scmp::syscalls;
///
/// assert_eq!(syscalls::row_by_name(b"read").map(syscalls::name), Some("read"));
/// ```
pub fn name(row: Row) -> &'static str {
    let start = row.index() * NAME_SIZE;
    let end = start + usize::from(table::NAME_LENGTHS[row.index()]);
    // Slicing could panic with the string in its message, which links std's formatting.
    let name = table::NAMES.get(start..end);
    name.unwrap_or_default()
}

/// The row's name with zeros behind it, at least one.
pub(crate) fn padded_name(row: Row) -> Option<&'static [u8; NAME_SIZE]> {
    let bytes = table::NAMES.as_bytes().get(row.index() * NAME_SIZE..)?;
    bytes.first_chunk()
}

/// The row of exactly this name, or `None`.
///
/// ```
/// assert_eq!(scmp::syscalls::row_by_name(b"READ"), None);
/// ```
pub fn row_by_name(wanted: &[u8]) -> Option<Row> {
    let hash = name_hash::hash(wanted);
    let multiplier = table::NAME_MULTIPLIERS[name_hash::bucket(hash)];
    let row = Row(table::NAME_SLOTS[name_hash::slot(hash, multiplier)]);
    // An empty slot's row is beyond the table.
    let length = usize::from(*table::NAME_LENGTHS.get(row.index())?);
    let found = padded_name(row)?.get(..length)?;
    same(found, wanted).then_some(row)
}

/// Whether two names are equal, of which the first is from the table and so shorter than
/// [`NAME_SIZE`]. Compares both ends, which may overlap.
// memcmp takes 16 % more instructions for docker's names.
fn same(one: &[u8], other: &[u8]) -> bool {
    fn ends<const SIZE: usize>(one: &[u8], other: &[u8]) -> bool {
        one.first_chunk::<SIZE>() == other.first_chunk()
            && one.last_chunk::<SIZE>() == other.last_chunk()
    }
    one.len() == other.len()
        && match one.len() {
            16.. => ends::<16>(one, other),
            8.. => ends::<8>(one, other),
            4.. => ends::<4>(one, other),
            2.. => ends::<2>(one, other),
            _ => one.first() == other.first(),
        }
}

/// An entry of an index.
fn existing(row: u16) -> Option<Row> {
    (row != name_hash::EMPTY).then_some(Row(row))
}

/// Arm's private calls are numbered from here (`__ARM_NR_BASE`, asm/unistd.h).
const FIRST_PRIVATE: u32 = 0xf_0000;

/// No private call is numbered this far above the first.
const PRIVATE_CALLS: u32 = 8;

/// The number on this ABI, or `None` where the ABI lacks the call.
///
/// Numbers are below 600, but for arm's six private ones (983041 to 983046). They are the
/// kernel's without any base: no x32 bit (0x4000_0000), no mips base (o32 4000, n64 5000,
/// n32 6000).
///
/// ```
/// use scmp::syscalls::{self, Abi};
///
/// let open = syscalls::row_by_name(b"open").unwrap();
/// let numbers = [Abi::X8664, Abi::Mips, Abi::Aarch64].map(|abi| syscalls::number(open, abi));
/// assert_eq!(numbers, [Some(2), Some(5), None]);
/// ```
pub fn number(row: Row, abi: Abi) -> Option<u32> {
    match table::NUMBERS[abi as usize][row.index()] {
        u16::MAX => None,
        private @ table::PRIVATE.. => Some(FIRST_PRIVATE + u32::from(private - table::PRIVATE)),
        number => Some(u32::from(number)),
    }
}

/// The `__PNR_name` value, which represents the name where an ABI lacks it, or `None`.
///
/// At most -100; -1 to -99 are reserved. Every row without a number on some ABI has one.
/// Some rows keep a pseudo number that was published before every ABI had a number for them.
///
/// ```
/// use scmp::syscalls;
///
/// assert_eq!(syscalls::row_by_name(b"socket").and_then(syscalls::pseudo), Some(-101));
/// ```
pub fn pseudo(row: Row) -> Option<i32> {
    match table::PSEUDO[row.index()] {
        0 => None,
        n => Some(i32::from(n)),
    }
}

/// The row with this number on this ABI, or `None`. Takes bare numbers, see [`number`].
///
/// ```
/// use scmp::syscalls::{self, Abi};
///
/// let row = syscalls::row_by_number(Abi::X32, 0);
/// assert_eq!(row.map(syscalls::name), Some("read"));
/// ```
pub fn row_by_number(abi: Abi, wanted: u32) -> Option<Row> {
    let start = usize::from(table::BY_NUMBER_STARTS[abi as usize]);
    let end = usize::from(table::BY_NUMBER_STARTS[abi as usize + 1]);
    match table::BY_NUMBER[start..end].get(wanted as usize) {
        Some(&row) => existing(row),
        None => private_row(abi, wanted),
    }
}

fn private_row(abi: Abi, wanted: u32) -> Option<Row> {
    match (abi, wanted) {
        // Only arm has them.
        (Abi::Arm, FIRST_PRIVATE..) => rows().find(|&row| number(row, abi) == Some(wanted)),
        _ => None,
    }
}

/// Arm's private calls, if this is its ABI; their numbers are above all others.
fn private_by_number(abi: Abi) -> impl Iterator<Item = (u32, Row)> {
    let count = match abi {
        Abi::Arm => PRIVATE_CALLS,
        _ => 0,
    };
    let numbers = FIRST_PRIVATE..FIRST_PRIVATE + count;
    numbers.filter_map(move |number| Some((number, row_by_number(abi, number)?)))
}

/// The pseudo number of two names.
pub(crate) const SHARED_PSEUDO: i32 = table::SHARED_PSEUDO;

/// The row with this pseudo number, or `None`.
///
/// The public header gives -10191 to both `switch_endian` and `sys_debug_setcontext`; the
/// latter is found, as in libseccomp 2.6.0 (2.5.4 answers the former).
///
/// ```
/// use scmp::syscalls;
///
/// assert_eq!(syscalls::row_by_pseudo(-101).map(syscalls::name), Some("socket"));
/// ```
pub fn row_by_pseudo(wanted: i32) -> Option<Row> {
    let low = 0..table::PSEUDO_LOW;
    let place = match wanted {
        ..=-10_001 => wanted.abs_diff(-10_001) + low.end,
        -10_000..=-100 => Some(wanted.abs_diff(-100)).filter(|place| low.contains(place))?,
        _ => return None,
    };
    existing(*table::BY_PSEUDO.get(place as usize)?)
}

/// The pseudo numbers, rising, with their rows.
pub(crate) fn by_pseudo() -> impl Iterator<Item = (i32, Row)> {
    let rows = table::BY_PSEUDO.iter().rev();
    let rows = rows.filter_map(|&row| existing(row));
    rows.filter_map(|row| Some((pseudo(row)?, row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/syscalls.csv"));

    fn lines() -> impl Iterator<Item = Vec<&'static str>> {
        let lines = CSV.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split(',').collect())
    }

    fn row(name: &str) -> Row {
        row_by_name(name.as_bytes()).expect(name)
    }

    #[test]
    fn tables_hold_what_the_file_says() {
        let mut lines = lines();
        let header = lines.next().unwrap();
        let abis: Vec<_> = Abi::ALL.iter().map(|abi| abi.name()).collect();
        assert_eq!(header[..2], ["name", "pseudo"]);
        assert_eq!(header[2..], abis);
        assert_eq!(rows().len(), count());
        let mut all = rows();
        for cells in lines {
            let row = all.next().expect("as many rows as lines");
            assert_eq!(name(row), cells[0]);
            assert_eq!(pseudo(row), cells[1].parse().ok(), "{cells:?}");
            for (&abi, cell) in Abi::ALL.iter().zip(&cells[2..]) {
                assert_eq!(number(row, abi), cell.parse().ok(), "{cells:?} {abi:?}");
            }
        }
        assert_eq!(all.next(), None);
    }

    #[test]
    fn every_look_up_finds_its_way_back() {
        for row in rows() {
            let found = name(row).as_bytes();
            assert_eq!(row_by_name(found), Some(row));
            let (start, zeros) = padded_name(row).unwrap().split_at(found.len());
            assert!(start == found && !zeros.is_empty() && zeros.iter().all(|&byte| byte == 0));
            for &abi in Abi::ALL {
                match number(row, abi) {
                    Some(n) => {
                        assert_eq!(row_by_number(abi, n), Some(row));
                    }
                    None => assert!(pseudo(row).is_some(), "{}", name(row)),
                }
            }
            if let Some(n) = pseudo(row) {
                let found = row_by_pseudo(n).unwrap();
                assert!(
                    found == row || name(row) == "switch_endian",
                    "{}",
                    name(row)
                );
                assert!(n < -99);
            }
        }
        assert!(by_pseudo().is_sorted_by_key(|(pseudo, _)| pseudo));
        assert!(by_pseudo().all(|(pseudo, row)| row_by_pseudo(pseudo) == Some(row)));
        let with_pseudo = rows().filter(|&row| pseudo(row).is_some()).count();
        assert_eq!(by_pseudo().count() + 1, with_pseudo, "two rows share one");
    }

    #[test]
    fn near_misses_find_nothing() {
        for wanted in ["", "rea", "readx", "READ", "read\0", "a", "zzz", "\u{ff}"] {
            assert_eq!(row_by_name(wanted.as_bytes()), None, "{wanted:?}");
        }
        // Any one byte that differs, any one too few or too many.
        for row in rows() {
            let name = name(row).as_bytes();
            let mut near = name.to_vec();
            for at in 0..name.len() {
                near[at] ^= 1;
                let found = row_by_name(&near);
                assert!(found.is_none_or(|row| super::name(row).as_bytes() == near));
                near[at] ^= 1;
            }
            for start in 1..name.len() {
                let found = row_by_name(&name[start..]);
                assert!(found.is_none_or(|row| super::name(row).as_bytes() == &name[start..]));
            }
            near.push(b'_');
            assert_eq!(row_by_name(&near), None);
        }
        assert_eq!(row_by_name(&[b'a'; 5000]), None);
        assert_eq!(row_by_name(b"\xff"), None);
        for wanted in [
            0,
            1,
            -1,
            -2,
            -99,
            -100,
            -20_000,
            -70_000,
            i32::MIN,
            i32::MAX,
        ] {
            assert_eq!(row_by_pseudo(wanted), None, "{wanted}");
        }
        for &abi in Abi::ALL {
            for wanted in [600, 983_040, 983_047, 0x4000_0000, 0xffff_ffff] {
                assert_eq!(row_by_number(abi, wanted), None, "{abi:?} {wanted}");
            }
        }
    }

    #[test]
    fn one_of_two_names_is_found_by_their_pseudo_number() {
        assert_eq!(
            row_by_pseudo(SHARED_PSEUDO),
            Some(row("sys_debug_setcontext"))
        );
    }
}

#[cfg(test)]
pub(crate) mod worked_example;

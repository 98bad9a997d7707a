// SPDX-License-Identifier: LGPL-2.1-only
//! Other ways to what a call does.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::rows;

const CSV: &str = include_str!("../../data/equivalents.csv");

/// Another way to what a call does.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Equivalent {
    /// The other call.
    pub call: &'static str,
    /// What it does: `opens a file, relative to a directory`.
    pub reason: &'static str,
}

/// The calls by which a program can do what a call does, if that is refused.
pub fn of(call: &str) -> &'static [Equivalent] {
    static TABLE: LazyLock<HashMap<&str, Vec<Equivalent>>> = LazyLock::new(|| {
        let mut table: HashMap<&str, Vec<Equivalent>> = HashMap::new();
        for [call, equivalents, reason] in rows(CSV) {
            let equivalents = equivalents.split(' ');
            let equivalents = equivalents.map(|call| Equivalent { call, reason });
            table.entry(call).or_default().extend(equivalents);
        }
        table
    });
    TABLE.get(call).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names;
    use std::collections::HashSet;

    #[test]
    fn known_ways() {
        let names = |call| -> Vec<&str> { of(call).iter().map(|other| other.call).collect() };
        assert!(names("openat").contains(&"openat2"));
        assert!(names("ptrace").contains(&"pidfd_getfd"));
        assert!(names("write").contains(&"io_uring_setup"));
        assert_eq!(names("getpid"), Vec::<&str>::new());
        assert_eq!(
            of("execve")[0].reason,
            "runs a program, by descriptor or directory"
        );
    }

    #[test]
    fn all_are_calls_and_named_once() {
        for [call, equivalents, reason] in rows(CSV) {
            assert!(!reason.is_empty(), "{call}");
            for name in equivalents.split(' ').chain([call]) {
                assert!(names::known(name).is_some(), "{call}: {name}");
            }
            let names: HashSet<&str> = of(call).iter().map(|other| other.call).collect();
            let once = names.len() == of(call).len();
            assert!(once && !names.contains(call), "{call}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Tables that relate system calls to each other: other ways to what a call does, what C
//! libraries fall back to, and groups.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::rows;

const EQUIVALENTS: &str = include_str!("../../data/equivalents.csv");
const FALLBACKS: &str = include_str!("../../data/fallbacks.csv");
const GROUPS: &str = include_str!("../../data/groups.csv");

/// Another way to what a call does.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Equivalent {
    /// The other call.
    pub call: &'static str,
    /// What it does: `opens a file, relative to a directory`.
    pub reason: &'static str,
}

/// The calls by which a program can do what a call does, if that is refused.
pub fn equivalents(call: &str) -> &'static [Equivalent] {
    static TABLE: LazyLock<HashMap<&str, Vec<Equivalent>>> = LazyLock::new(|| {
        let mut table: HashMap<&str, Vec<Equivalent>> = HashMap::new();
        for [call, equivalents, reason] in rows(EQUIVALENTS) {
            let equivalents = equivalents.split(' ');
            let equivalents = equivalents.map(|call| Equivalent { call, reason });
            table.entry(call).or_default().extend(equivalents);
        }
        table
    });
    TABLE.get(call).map_or(&[], Vec::as_slice)
}

/// What libraries do if the kernel lacks a call.
#[derive(Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Calls one of which they make then, separated by spaces; `nothing` if they do without.
    pub instead: &'static str,
    /// Which of them, with the version that began to: `glibc 2.34`.
    pub library: &'static str,
    /// What depends on it.
    pub reason: &'static str,
}

/// What libraries do if the kernel answers ENOSYS to a call, and only then; `None` if they do
/// nothing, or the same after any error.
pub fn fallback(call: &str) -> Option<&'static Fallback> {
    static TABLE: LazyLock<HashMap<&str, Fallback>> = LazyLock::new(|| {
        let fallback = |[call, instead, library, reason]: [&'static str; 4]| {
            let fallback = Fallback {
                instead,
                library,
                reason,
            };
            (call, fallback)
        };
        rows(FALLBACKS).map(fallback).collect()
    });
    TABLE.get(call)
}

/// Some calls that concern the same thing.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Such as `network`, `set-time`.
    pub name: &'static str,
    pub calls: Vec<&'static str>,
    /// What they do or concern.
    pub meaning: &'static str,
}

/// All groups.
fn all_groups() -> &'static [Group] {
    static TABLE: LazyLock<Vec<Group>> = LazyLock::new(|| {
        let group = |[name, calls, meaning]: [&'static str; 3]| Group {
            name,
            calls: calls.split(' ').collect(),
            meaning,
        };
        rows(GROUPS).map(group).collect()
    });
    &TABLE
}

/// The groups that a call is in.
pub fn groups(call: &str) -> impl Iterator<Item = &'static Group> {
    all_groups()
        .iter()
        .filter(move |group| group.calls.contains(&call))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::names;

    /// The words of a cell. Fails unless they are known calls, each once.
    fn calls(words: &'static str) -> Vec<&'static str> {
        let calls: Vec<&str> = words.split(' ').collect();
        for call in &calls {
            assert!(names::known(call).is_some(), "{call}");
        }
        let different: HashSet<&str> = calls.iter().copied().collect();
        assert_eq!(different.len(), calls.len(), "{words}");
        calls
    }

    #[test]
    fn tables_name_calls_once_with_reasons() {
        let mut seen: HashMap<&str, Vec<&str>> = HashMap::new();
        for [call, others, reason] in rows(EQUIVALENTS) {
            assert!(!reason.is_empty(), "{call}");
            assert_eq!(calls(call), [call]);
            let ways = seen.entry(call).or_insert(vec![call]);
            for other in calls(others) {
                assert!(!ways.contains(&other), "{call}: {other}");
                ways.push(other);
            }
        }
        for [call, instead, library, reason] in rows(FALLBACKS) {
            assert!(!library.is_empty() && !reason.is_empty(), "{call}");
            assert_eq!(calls(call), [call]);
            if instead != "nothing" {
                calls(instead);
            }
        }
        let mut names = HashSet::new();
        for [name, members, meaning] in rows(GROUPS) {
            assert!(names.insert(name) && !meaning.is_empty(), "{name}");
            calls(members);
        }
    }

    #[test]
    fn known_ways() {
        let names = |call| -> Vec<&str> { equivalents(call).iter().map(|way| way.call).collect() };
        assert!(names("openat").contains(&"openat2"));
        assert!(names("ptrace").contains(&"pidfd_getfd"));
        assert!(names("write").contains(&"io_uring_setup"));
        assert_eq!(names("getpid"), Vec::<&str>::new());
        assert_eq!(
            equivalents("execve")[0].reason,
            "runs a program, by descriptor or directory"
        );
    }

    #[test]
    fn known_fallbacks() {
        let clone3 = fallback("clone3").unwrap();
        assert_eq!((clone3.instead, clone3.library), ("clone", "glibc 2.34"));
        assert!(clone3.reason.starts_with("pthread_create()"));
        assert!(fallback("faccessat2").is_some());
        assert_eq!(fallback("read"), None);
        // Each new 64-bit time has the older call beside it.
        for call in names::all() {
            if call.ends_with("_time64") && call != "io_pgetevents_time64" {
                assert!(fallback(call).is_some(), "{call}");
            }
        }
    }

    #[test]
    fn every_call_is_in_a_group() {
        let names = |call| -> Vec<&str> { groups(call).map(|group| group.name).collect() };
        assert_eq!(names("socket"), ["network"]);
        assert_eq!(names("settimeofday"), ["set-time", "privileged"]);
        assert_eq!(names("no_such_call"), Vec::<&str>::new());
        let alone: Vec<&str> = names::all()
            .filter(|call| groups(call).next().is_none())
            .collect();
        assert_eq!(alone, Vec::<&str>::new());
    }
}

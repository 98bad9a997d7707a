// SPDX-License-Identifier: LGPL-2.1-only
//! System calls by what they concern.

use std::sync::LazyLock;

use super::rows;

const CSV: &str = include_str!("../../data/groups.csv");

/// Some calls that concern the same thing.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// `network`, `set-time`.
    pub name: &'static str,
    pub calls: Vec<&'static str>,
    /// What they do or concern.
    pub meaning: &'static str,
}

/// All groups.
pub fn all() -> &'static [Group] {
    static TABLE: LazyLock<Vec<Group>> = LazyLock::new(|| {
        let group = |[name, calls, meaning]: [&'static str; 3]| Group {
            name,
            calls: calls.split(' ').collect(),
            meaning,
        };
        rows(CSV).map(group).collect()
    });
    &TABLE
}

/// The groups that a call is in.
pub fn of(call: &str) -> impl Iterator<Item = &'static Group> {
    all()
        .iter()
        .filter(move |group| group.calls.contains(&call))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names;

    #[test]
    fn groups_of_calls() {
        let names = |call| -> Vec<&str> { of(call).map(|group| group.name).collect() };
        assert_eq!(names("socket"), ["network"]);
        assert_eq!(names("settimeofday"), ["set-time", "privileged"]);
        assert_eq!(names("no_such_call"), Vec::<&str>::new());
    }

    #[test]
    fn every_call_is_in_a_group() {
        let alone: Vec<&str> = names::all()
            .filter(|call| of(call).next().is_none())
            .collect();
        assert_eq!(alone, Vec::<&str>::new());
    }

    #[test]
    fn groups_name_calls_once() {
        for (index, group) in all().iter().enumerate() {
            assert!(
                all()[..index].iter().all(|other| other.name != group.name),
                "{}",
                group.name
            );
            assert!(!group.meaning.is_empty(), "{}", group.name);
            for (index, call) in group.calls.iter().enumerate() {
                assert!(names::known(call).is_some(), "{}: {call}", group.name);
                assert!(
                    !group.calls[..index].contains(call),
                    "{}: {call}",
                    group.name
                );
            }
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What both libraries know: sequences use nothing else, so that a newer
//! table of names makes no difference.

use scmp::Arch;

use super::oracle::vocabulary::{FUNCTIONS, NAMELESS, Vocabulary};
use super::player::Player;

/// Percent of the names that the C library knows; the rest have got numbers on
/// more architectures since.
const LEAST_SHARED: usize = 99;

/// Found by asking both libraries.
pub fn find(ours: &mut Player, theirs: &mut Player) -> Vocabulary {
    let all: Vec<Arch> = Arch::all().collect();
    let ask_arch = |arch: &Arch| format!("arch_resolve_name {}", arch.name());
    let ask_arches: Vec<String> = all.iter().map(ask_arch).collect();
    let names: Vec<String> = scmp::syscalls::rows()
        .map(|row| scmp::syscalls::name(row).to_string())
        .collect();
    let native = Arch::native().token();
    let ask_names: Vec<String> = (names.iter())
        .map(|name| format!("syscall_resolve_name_arch {native} {name}"))
        .collect();
    let known = |answers: Vec<String>, none: &str| -> usize {
        answers.iter().filter(|answer| *answer != none).count()
    };
    let known_arches = known(theirs.ask(&ask_arches), "0");
    let known_names = known(theirs.ask(&ask_names), "-1");

    let mut same = |calls: &[String]| -> Vec<Option<String>> {
        let (one, other) = (ours.ask(calls), theirs.ask(calls));
        let both = one.into_iter().zip(other);
        both.map(|(one, other)| (one == other).then_some(one))
            .collect()
    };
    let arches: Vec<Arch> = (all.into_iter().zip(same(&ask_arches)))
        .filter(|(_, answer)| answer.as_deref().is_some_and(|token| token != "0"))
        .map(|(arch, _)| arch)
        .collect();
    let names = same_names(names, &arches, &mut same);
    // What is left out is not compared.
    assert_eq!(arches.len(), known_arches, "architectures");
    assert!(
        names.len() * 100 >= known_names * LEAST_SHARED,
        "{} of {known_names} names have the same numbers",
        names.len()
    );
    let is_nameless = |number: &i32| {
        let asked: Vec<String> = (arches.iter())
            .map(|arch| format!("syscall_resolve_num_arch {} {number}", arch.token()))
            .collect();
        same(&asked).iter().all(|name| name.as_deref() == Some("-"))
    };
    let nameless = NAMELESS.into_iter().filter(is_nameless).collect();

    let asked = |name: i32| ["init 0 0".to_string(), format!("attr_get 0 {name}")];
    let has = |name: &i32| {
        let answers = theirs.ask(&asked(*name));
        answers[1].starts_with("0 ")
    };
    let attributes = (1..=10).filter(has).collect();
    let mut has = |name: &&str| theirs.ask(&[format!("has seccomp_{name}")])[0] == "1";
    let functions = FUNCTIONS.iter().filter(|name| has(name));
    Vocabulary {
        arches,
        known: names.iter().cloned().collect(),
        names,
        nameless,
        attributes,
        functions: functions.map(|name| name.to_string()).collect(),
    }
}

type Ask<'a> = dyn FnMut(&[String]) -> Vec<Option<String>> + 'a;

/// Names whose numbers are the same everywhere, and belong to the same names.
fn same_names(names: Vec<String>, arches: &[Arch], same: &mut Ask) -> Vec<(String, i32)> {
    let native = Arch::native().token();
    let mut found = Vec::new();
    for name in names {
        let mut asked: Vec<String> = Vec::new();
        for arch in arches {
            asked.push(format!("syscall_resolve_name_arch {} {name}", arch.token()));
            asked.push(format!(
                "syscall_resolve_name_rewrite {} {name}",
                arch.token()
            ));
        }
        asked.push(format!("syscall_resolve_name_arch {native} {name}"));
        let Some(numbers) = same(&asked).into_iter().collect::<Option<Vec<String>>>() else {
            continue;
        };
        let asked: Vec<String> = (arches.iter().zip(numbers.chunks(2)))
            .map(|(arch, number)| {
                format!("syscall_resolve_num_arch {} {}", arch.token(), number[0])
            })
            .collect();
        let back = same(&asked);
        let number = numbers.last().and_then(|number| number.parse().ok());
        if let (Some(number), true) = (number, back.iter().all(Option::is_some)) {
            if number != -1 {
                found.push((name, number));
            }
        }
    }
    found
}

// SPDX-License-Identifier: LGPL-2.1-only
//! The same calls to this library and to the C library, each in a process of
//! its own: return codes, programs, text. `make check-same` runs it; without
//! the libraries that it names, it skips itself.
//!
//! - `SCMP_SAME_PLAYER`: tests-c/same/player.c, built.
//! - `SCMP_SAME_OURS`: this library.
//! - `SCMP_SAME_THEIRS`: the C library, one or several versions, with `:`
//!   between them.
//! - `SCMP_SAME_SIZE`: so many random sequences for each.
//! - `SCMP_SAME_SEED`: where they begin; a report names the seed of its
//!   sequence.
//! - `SCMP_SAME_SHOW`: a cause, such as `Code` or `Code:Order`, shows some
//!   of its sequences.

mod call;
mod cause;
mod examine;
mod examples;
mod generate;
mod judge;
mod long;
mod model;
mod player;
mod profiles;
mod random;
mod shared;
mod shrink;

#[path = "../oracle/mod.rs"]
#[allow(dead_code)]
mod oracle;

use std::path::PathBuf;

use player::Library;

/// The libraries that a run compares.
struct Libraries {
    ours: Library,
    theirs: Vec<Library>,
}

fn libraries() -> Option<Libraries> {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let player = path("SCMP_SAME_PLAYER")?;
    let library = |path| Library {
        player: player.clone(),
        path,
        // A few calls take less than one.
        milliseconds: 100,
    };
    let theirs = std::env::var_os("SCMP_SAME_THEIRS")?;
    Some(Libraries {
        ours: library(path("SCMP_SAME_OURS")?),
        theirs: std::env::split_paths(&theirs).map(library).collect(),
    })
}

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text}")),
        Err(_) => otherwise,
    }
}

/// Against the first version only: it is the one that docs/differences.md is
/// about.
#[test]
fn examples() {
    let Some(libraries) = libraries() else {
        println!("skipped: no C library was named; make check-same does");
        return;
    };
    examples::run(&libraries.ours, &libraries.theirs[0]);
}

#[test]
fn profiles() {
    let Some(libraries) = libraries() else {
        println!("skipped: no C library was named; make check-same does");
        return;
    };
    for theirs in &libraries.theirs {
        profiles::run(&libraries.ours, theirs);
    }
}

/// One for 4000 random sequences.
#[test]
fn long_filters() {
    let Some(libraries) = libraries() else {
        println!("skipped: no C library was named; make check-same does");
        return;
    };
    let size = setting("SCMP_SAME_SIZE", 100_000).div_ceil(4000);
    let seed = setting("SCMP_SAME_SEED", 1);
    for theirs in &libraries.theirs {
        long::run(&libraries.ours, theirs, seed, size);
    }
}

#[test]
fn random_sequences() {
    let Some(libraries) = libraries() else {
        println!("skipped: no C library was named; make check-same does");
        return;
    };
    let size = setting("SCMP_SAME_SIZE", 100_000);
    let seed = setting("SCMP_SAME_SEED", 1);
    for theirs in &libraries.theirs {
        random::run(&libraries.ours, theirs, seed, size);
    }
}

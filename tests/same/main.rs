// SPDX-License-Identifier: LGPL-2.1-only
//! The same calls to this library and to the C library, each in a process of
//! its own: return codes, programs, text. `make check-same` runs these tests, which plain
//! `cargo test` ignores, and names the libraries:
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

mod cause;
mod examine;
mod examples;
mod judge;
mod long;
mod model;
mod player;
mod profiles;
mod random;
mod shared;

#[path = "../oracle/mod.rs"]
mod oracle;

use std::path::PathBuf;

use oracle::random::setting;
use oracle::{call, generate, shrink};
use player::Library;

/// The libraries that a run compares.
struct Libraries {
    ours: Library,
    theirs: Vec<Library>,
}

fn libraries() -> Libraries {
    let path = |name: &str| match std::env::var_os(name) {
        Some(path) => PathBuf::from(path),
        None => panic!("{name} is not set; make check-same sets it"),
    };
    let library = |library| Library {
        player: path("SCMP_SAME_PLAYER"),
        path: library,
        // A few calls take less than one.
        milliseconds: 100,
    };
    let theirs = path("SCMP_SAME_THEIRS");
    Libraries {
        ours: library(path("SCMP_SAME_OURS")),
        theirs: std::env::split_paths(&theirs).map(library).collect(),
    }
}

/// Against the first version only: it is the one that docs/differences.md is
/// about.
#[test]
#[ignore = "make check-same builds and names the libraries"]
fn examples() {
    let libraries = libraries();
    examples::run(&libraries.ours, &libraries.theirs[0]);
}

fn against_each(run: impl Fn(&Library, &Library)) {
    let libraries = libraries();
    for theirs in &libraries.theirs {
        run(&libraries.ours, theirs);
    }
}

fn size() -> u64 {
    setting("SCMP_SAME_SIZE", 100_000)
}

fn seed() -> u64 {
    setting("SCMP_SAME_SEED", 1)
}

#[test]
#[ignore = "make check-same builds and names the libraries"]
fn profiles() {
    against_each(profiles::run);
}

/// One for 4000 random sequences, and enough that some are near the limit.
#[test]
#[ignore = "make check-same builds and names the libraries"]
fn long_filters() {
    against_each(|ours, theirs| long::run(ours, theirs, seed(), size().div_ceil(4000).max(5)));
}

#[test]
#[ignore = "make check-same builds and names the libraries"]
fn random_sequences() {
    against_each(|ours, theirs| random::run(ours, theirs, seed(), size()));
}

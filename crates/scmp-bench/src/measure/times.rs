// SPDX-License-Identifier: LGPL-2.1-only
//! How long the phases of a filter's life take: over and over in one process, and once
//! in a fresh one.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::case::Case;
use crate::library::{Library, Opened};
use crate::player::{LIFE, Meter, Output, PHASES, Phase, Player};
use crate::process;
use crate::turns::{self, Side, since};

/// Measures nanoseconds, without what the clock takes itself.
pub struct Clock {
    itself: f64,
    pub took: [f64; PHASES.len()],
}

impl Clock {
    pub fn new() -> Clock {
        let itself = (0..1000).map(|_| since(Instant::now()));
        Clock {
            itself: itself.fold(f64::INFINITY, f64::min),
            took: [0.0; PHASES.len()],
        }
    }

    /// Of a life.
    pub fn total(&self) -> f64 {
        self.took[..LIFE].iter().sum()
    }
}

impl Meter for Clock {
    fn measure<T>(&mut self, phase: Phase, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = work();
        self.took[phase as usize] = (since(began) - self.itself).max(0.0);
        result
    }
}

/// Over and over in one process. Output is measured in processes of its own: its memory
/// would have the heap shrink and grow again in the middle of a life. The kind `kept` is
/// measured with a heap that keeps its memory.
pub fn measure_hot(kind: &str, libraries: &[Library; 2], case: &Case) {
    let sides = |output: Output| {
        [("c", &libraries[0]), ("ours", &libraries[1])].map(|(name, library)| {
            Side::new(name, move || {
                if kind == "kept" {
                    process::keep_the_heap();
                }
                let mut player = Player::new(library, case, 1);
                let mut clock = Clock::new();
                move |columns| {
                    assert_eq!(player.play(&mut clock, output), 0, "no program");
                    let (life, written) = clock.took.split_at(LIFE);
                    let measured = match output {
                        Output::None => &[life, &[clock.total()]].concat(),
                        Output::ProgramAndText => written,
                    };
                    columns.copy_from_slice(measured);
                }
            })
        })
    };
    let columns = [&PHASES[..LIFE], &["total"]].concat();
    turns::take(kind, &case.name, &columns, (3, 1200), &sides(Output::None));
    if kind != "kept" {
        let sides = sides(Output::ProgramAndText);
        turns::take(kind, &case.name, &PHASES[LIFE..], (3, 500), &sides);
    }
}

/// Opens the library in this process, which has not opened it before. Prints how long
/// dlopen took, each phase of the first filter, and the total.
pub fn print_first(path: &Path, case: Option<&Case>) {
    let mut clock = Clock::new();
    let began = Instant::now();
    let opened = Opened::open(path);
    let dlopen = since(began);
    print!("{dlopen}");
    if let Some(case) = case {
        let library = Library::of(&opened);
        let mut player = Player::new(&library, case, 1);
        assert_eq!(player.play(&mut clock, Output::None), 0, "no program");
        clock.took[..LIFE].iter().for_each(|took| print!(" {took}"));
        print!(" {}", dlopen + clock.total());
    }
}

/// [`print_first`] in a new process for each sample. `arguments` follow the library.
pub fn measure_first(of: &str, libraries: &[(&str, &Path)], arguments: &[&str]) {
    let sides = libraries.iter().map(|&(name, library)| {
        Side::new(name, move || {
            move |columns: &mut [f64]| {
                let mut command = Command::new("/proc/self/exe");
                let output = command.arg("first").arg(library).args(arguments).output();
                let output = String::from_utf8(output.expect("a process").stdout);
                let output = output.expect("numbers");
                let took = output
                    .split(' ')
                    .map(|word| word.parse().expect("a number"));
                columns.copy_from_slice(&took.collect::<Vec<f64>>());
            }
        })
    });
    let columns = [&["dlopen"], &PHASES[..LIFE], &["total"]].concat();
    let columns = if arguments.is_empty() {
        &columns[..1]
    } else {
        &columns
    };
    turns::take("first", of, columns, (40, 0), &sides.collect::<Vec<_>>());
}

/// `runc run` of a static program that does nothing: without a profile, and under the
/// containers' default profile with the C library, with ours, and with nothing.c's. `bundles`
/// has a bundle for each;
/// `system` is the file that runc's loader finds. runc's inner process has an empty
/// environment, so the library is mounted over that file, in a mount namespace.
pub fn measure_runc(libraries: [&str; 3], bundles: &str, system: &str) {
    const RUN: &str = "mount --bind \"$1\" \"$2\" && exec runc --root \"$3/../state\" run \
        --bundle \"$3\" \"bench-$$\"";
    let all = [
        ("none", libraries[0]),
        ("c", libraries[0]),
        ("ours", libraries[1]),
        ("floor", libraries[2]),
    ];
    let sides = all.map(|(name, library)| {
        Side::new(name, move || {
            move |columns: &mut [f64]| {
                let mut command = Command::new("unshare");
                command
                    .args(["--mount", "sh", "-c", RUN, "sh"])
                    .arg(library)
                    .arg(system);
                let began = Instant::now();
                let output = command
                    .arg(format!("{bundles}/{name}"))
                    .output()
                    .expect("a process");
                columns[0] = since(began);
                assert!(
                    output.status.success(),
                    "{}",
                    String::from_utf8_lossy(&output.stderr)
                );
            }
        })
    });
    turns::take("runc", "-", &["run"], (100, 0), &sides);
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Measures two libraries, alternately. scripts/bench.sh runs it.
//!
//! A line of output describes one measurement, in fields separated by tabs: kind, case,
//! column, side; then the least and the median time in microseconds, and how many were measured; or a
//! count. A module uses only those in the lines below its own:
//!
//! ```text
//! main
//! families   programs   kernel   lookups   counts
//! times
//! player (a case played on a library)   turns (sides measured alternately)
//! case
//! library                               process
//! ```

mod case;
mod conditions;
mod counts;
mod families;
mod kernel;
mod library;
mod lookups;
mod player;
mod process;
mod programs;
mod times;
mod turns;

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use case::Case;
use library::{Library, Opened};

const USAGE: &str = "\
usage: scmp_bench all C-LIBRARY OURS FOLDER [RUNC-BUNDLES SYSTEM-LIBRARY NOTHING]
       scmp_bench only CASE C-LIBRARY OURS
       scmp_bench conditions

`all` measures everything. FOLDER has empty.so, a library with nothing in it, and heap.so,
made of heap.c; NOTHING is made of nothing.c. `only` measures the hot loops of one case, or
the families. `conditions` compares two ways to write a rule in Rust.";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["all", c, ours, folder, ref runc @ ..] => {
            measure_all(
                [("c", Path::new(c)), ("ours", Path::new(ours))],
                Path::new(folder),
            );
            if let [bundles, system, nothing] = *runc {
                eprintln!("bench: runc");
                times::measure_runc([c, ours, nothing], bundles, system);
            }
        }
        ["conditions"] => conditions::print(),
        ["only", name, c, ours] => {
            let (libraries, cases, _) = open([c, ours].map(Path::new));
            match cases.iter().find(|case| case.name == name) {
                Some(case) => times::measure_hot("time", &libraries, case),
                None if name == "families" => families::measure(&libraries),
                None => eprintln!("no case is called {name}"),
            }
        }
        // What `all` runs in other processes. UNKNOWN are names that a library lacks.
        ["first", library] => times::print_first(Path::new(library), None),
        ["first", library, unknown, name] => {
            let cases = case::profiles(&words(unknown));
            let case = cases.iter().find(|case| case.name == name);
            times::print_first(Path::new(library), case);
        }
        ["heap", side, library, unknown] => {
            counts::print_heap(side, Path::new(library), &case::profiles(&words(unknown)));
        }
        ["count", library, unknown] => {
            counts::play_counted(Path::new(library), &case::profiles(&words(unknown)));
        }
        _ => {
            eprintln!("{USAGE}");
            std::process::exit(2);
        }
    }
}

fn words(text: &str) -> HashSet<String> {
    text.split_whitespace().map(str::to_string).collect()
}

/// The libraries, the cases that both can play, and the names that one does not know.
fn open(paths: [&Path; 2]) -> ([Library; 2], Vec<Case>, String) {
    let libraries = paths.map(|path| Library::of(&Opened::open(path)));
    let unknown = case::unknown(&case::profiles(&HashSet::new()), &libraries).join(" ");
    let mut cases = case::profiles(&words(&unknown));
    cases.retain(|case| {
        let is_known = case.is_known_to(&libraries);
        if !is_known {
            println!("skipped\t{}\ta library lacks an architecture", case.name);
        }
        is_known
    });
    (libraries, cases, unknown)
}

fn measure_all(sides: [(&str, &Path); 2], folder: &Path) {
    let (libraries, cases, unknown) = open(sides.map(|(_, path)| path));
    let each = |what: &str, names: &str, measure: &dyn Fn(&Case)| {
        eprintln!("bench: {what}");
        let is_named =
            |case: &&Case| names.is_empty() || names.split(' ').any(|name| name == case.name);
        cases.iter().filter(is_named).for_each(measure);
    };
    let real = "docker podman systemd-system-service flatpak openssh";
    let empty = folder.join("empty.so");
    times::measure_first("no-filter", &[sides[0], sides[1], ("floor", &empty)], &[]);
    each("first filters", real, &|case| {
        times::measure_first(&case.name, &sides, &[&unknown, &case.name]);
    });
    each("programs", "", &|case| programs::measure(&libraries, case));
    each("hot loops", "", &|case| {
        times::measure_hot("time", &libraries, case)
    });
    let values = "argument-10 argument-100 argument-1000 argument-4000";
    each(
        "hot loops with a heap that keeps its memory",
        values,
        &|case| {
            times::measure_hot("kept", &libraries, case);
        },
    );
    each("functions", "systemd-system-service", &|case| {
        lookups::measure(&libraries, case)
    });
    each("kernel", &format!("{real} argument-1000"), &|case| {
        kernel::measure_load(&libraries, case);
    });
    // Those that compare an argument of personality, and allow it.
    each("calls", "docker podman", &|case| {
        kernel::measure_calls(&libraries, case)
    });
    eprintln!("bench: families");
    families::measure(&libraries);
    eprintln!("bench: heap");
    for (side, library) in sides {
        let mut command = Command::new("/proc/self/exe");
        command.args(["heap", side]).arg(library).arg(&unknown);
        // A space ends a name in LD_PRELOAD: the path is relative.
        command.env("LD_PRELOAD", Path::new(".").join(folder).join("heap.so"));
        assert!(command.status().expect("a process").success(), "heap");
    }
    eprintln!("bench: instructions");
    counts::measure_instructions(sides, folder, &cases, &unknown);
}

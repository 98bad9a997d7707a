// SPDX-License-Identifier: LGPL-2.1-only
//! What is counted instead of timed: allocations, and instructions. Of the second life in
//! a process, since some memory is asked for only once.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::case::Case;
use crate::library::{Library, Opened};
use crate::player::{LIFE, Meter, NoMeter, Output, PHASES, Phase, Player};
use crate::process;
use crate::turns::count;

/// Calls of malloc, bytes in use, and the most of them: what heap.c counts.
type Heap = [i64; 3];

/// Counts in a process that has heap.c preloaded. Without text: what comes after a filter's
/// life needs more memory than the life.
pub fn print_heap(side: &str, library: &Path, cases: &[Case]) {
    // SAFETY: the name is a C string.
    let heap = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"heap".as_ptr()).cast::<Heap>() };
    assert!(!heap.is_null(), "heap.so is not preloaded");
    for case in cases {
        let counted = process::once(0, 2, |counted| {
            let library = Library::of(&Opened::open(library));
            let mut player = Player::new(&library, case, 1);
            player.play(&mut NoMeter, Output::None);
            // SAFETY: heap.c's counters are there as long as the process. What is in use
            // now is nothing from here on.
            unsafe { heap.write_volatile([0; 3]) };
            player.play(&mut NoMeter, Output::None);
            // SAFETY: as above.
            let [calls, _, most] = unsafe { heap.read_volatile() };
            counted.copy_from_slice(&[calls as f64, most as f64]);
        });
        for (what, number) in ["calls of malloc", "peak"].into_iter().zip(counted) {
            count(["heap", &case.name, what, side], number);
        }
    }
}

struct CallgrindMeter;

impl Meter for CallgrindMeter {
    fn measure<T>(&mut self, _: Phase, work: impl FnOnce() -> T) -> T {
        let mut work = Some(work);
        let mut result = None;
        scmp_bench_counted(&mut || result = work.take().map(|work| work()));
        result.expect("has run")
    }
}

/// callgrind counts while this runs, and writes a file behind it.
#[unsafe(no_mangle)]
#[inline(never)]
fn scmp_bench_counted(work: &mut dyn FnMut()) {
    work();
}

/// One life of each case, in a process under callgrind.
pub fn play_counted(library: &Path, cases: &[Case]) {
    let library = Library::of(&Opened::open(library));
    // valgrind knows no seccomp(2), so that probing would find an old kernel.
    (library.api_set)(6);
    for case in cases {
        let mut player = Player::new(&library, case, 1);
        player.play(&mut NoMeter, Output::ProgramAndText);
        player.play(&mut CallgrindMeter, Output::ProgramAndText);
    }
}

/// The order in which [`Player::play`] comes to the phases.
const PLAYED: [Phase; 7] = [
    Phase::Resolve,
    Phase::Init,
    Phase::Rules,
    Phase::Generate,
    Phase::Export,
    Phase::Text,
    Phase::Release,
];

/// Runs [`play_counted`] for both libraries at once: counts do not mind that the machine
/// is busy.
pub fn measure_instructions(
    sides: [(&str, &Path); 2],
    folder: &Path,
    cases: &[Case],
    unknown: &str,
) {
    let runs = sides.map(|(side, library)| {
        let out = format!("{}/callgrind-{side}", folder.display());
        let mut command = Command::new("valgrind");
        command.args(["-q", "--tool=callgrind", "--collect-atstart=no"]);
        command.args(
            ["--toggle-collect", "--dump-after"]
                .map(|option| format!("{option}=scmp_bench_counted")),
        );
        command
            .arg(format!("--callgrind-out-file={out}"))
            .arg(std::env::current_exe().expect("a path"));
        command.arg("count").arg(library).arg(unknown);
        (side, out, command.spawn().expect("valgrind"))
    });
    for (side, out, mut process) in runs {
        assert!(
            process.wait().expect("a process").success(),
            "valgrind failed"
        );
        let mut files = 1..;
        for case in cases {
            let mut total = 0;
            for phase in PLAYED {
                let path = format!("{out}.{}", files.next().expect("no end"));
                let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
                let sum = text.lines().find_map(|line| line.strip_prefix("totals: "));
                let sum: u64 = sum.and_then(|sum| sum.trim().parse().ok()).expect("a sum");
                count(["count", &case.name, PHASES[phase as usize], side], sum);
                if (phase as usize) < LIFE {
                    total += sum;
                }
            }
            count(["count", &case.name, "total", side], total);
        }
    }
}

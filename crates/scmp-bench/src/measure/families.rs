// SPDX-License-Identifier: LGPL-2.1-only
//! Families of rules on one system call: how time grows with their number, and how soon
//! a program is found to be too long. The C library needs minutes for some of them.

use std::fs;
use std::time::{Duration, Instant};

use scmp::bpf::INSTRUCTION_SIZE;

use crate::case::{FAMILIES, Family, TOO_LONG, of_family};
use crate::library::Library;
use crate::player::{Meter, NoMeter, Output, Phase, Player, compile};
use crate::process;
use crate::times::Clock;
use crate::turns::{count, report, since};

/// How long a process may play, in seconds. A library that needs longer for one filter is
/// not asked for larger ones.
const PATIENCE: u32 = 3;

/// A process plays filters for so long, but at least one.
const ENOUGH: Duration = Duration::from_millis(60);

pub fn measure(libraries: &[Library; 2]) {
    for family in &FAMILIES {
        let mut is_soon = [true; RUNS.len()];
        for &size in family.1 {
            measure_size(family, size, libraries, &mut is_soon);
        }
    }
    for family in &TOO_LONG {
        measure_too_long(family, &libraries[1]);
    }
}

const COLUMNS: [&str; 2] = ["rule_add", "total"];

/// The least times of adding all rules and of a whole life, 0 for none; kept as they come,
/// because the process may be killed before the life is whole.
struct Least<'a>(Clock, &'a mut [f64]);

impl Meter for Least<'_> {
    fn measure<T>(&mut self, phase: Phase, work: impl FnOnce() -> T) -> T {
        let Least(clock, times) = self;
        let result = clock.measure(phase, work);
        let (least, took) = match phase {
            Phase::Rules => (&mut times[0], clock.took[phase as usize]),
            Phase::Release => (&mut times[1], clock.total()),
            _ => return result,
        };
        if *least == 0.0 || took < *least {
            *least = took;
        }
        result
    }
}

/// What is measured of a size: kind, side, library. The kind `kept` has a heap that keeps
/// its memory.
const RUNS: [(&str, &str, usize); 3] = [
    ("family", "c", 0),
    ("family", "ours", 1),
    ("kept", "ours", 1),
];

fn measure_size(
    family: &Family,
    size: usize,
    libraries: &[Library; 2],
    is_soon: &mut [bool; RUNS.len()],
) {
    let case = of_family(family, size);
    let mut samples = RUNS.map(|_| COLUMNS.map(|_| Vec::new()));
    for _ in 0..3 {
        for (at, (kind, _, library)) in RUNS.into_iter().enumerate() {
            if !is_soon[at] {
                continue;
            }
            let times = process::once(PATIENCE, COLUMNS.len(), |times| {
                if kind == "kept" {
                    process::keep_the_heap();
                }
                let mut player = Player::new(&libraries[library], &case, 1);
                let mut least = Least(Clock::new(), times);
                let began = Instant::now();
                while began.elapsed() < ENOUGH {
                    player.play(&mut least, Output::None);
                }
            });
            is_soon[at] = times[1] > 0.0;
            for (samples, took) in samples[at].iter_mut().zip(times) {
                samples.extend((took > 0.0).then_some(took));
            }
        }
    }
    for ((kind, side, _), samples) in RUNS.into_iter().zip(samples) {
        for (column, samples) in COLUMNS.into_iter().zip(samples) {
            if !samples.is_empty() {
                report([kind, &case.name, column, side], samples);
            }
        }
    }
    let length = compile(&libraries[1], &case, 1).0.len() / INSTRUCTION_SIZE;
    count(["family", &case.name, "rules", "-"], size);
    count(["family", &case.name, "length", "ours"], length);
}

/// Time until the error, and by how many bytes memory grows until then. Only ours: the C
/// library writes beyond its memory.
fn measure_too_long(family: &Family, library: &Library) {
    let case = of_family(family, family.1[0]);
    let memory = |what: &str| -> f64 {
        let status = fs::read_to_string("/proc/self/status").expect("a status");
        let line = status.lines().find_map(|line| line.strip_prefix(what));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number
            .map(|kilobytes: f64| 1024.0 * kilobytes)
            .expect("a size")
    };
    let numbers = process::once(0, 3, |numbers| {
        let mut player = Player::new(library, &case, 1);
        let before = memory("VmRSS:");
        let began = Instant::now();
        let result = player.play(&mut NoMeter, Output::None);
        numbers[0] = since(began);
        numbers[1] = memory("VmHWM:") - before;
        numbers[2] = result.into();
    });
    assert!(
        numbers[2] < 0.0,
        "{}: the program is not too long",
        case.name
    );
    report(["too long", &case.name, "time", "ours"], vec![numbers[0]]);
    count(["too long", &case.name, "memory", "ours"], numbers[1]);
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Several sides work in turns, so that what the machine does meanwhile happens to all of
//! them. Each turn is a process of its own, because where its memory lies is chance, and
//! shows.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::process;

/// Works once, and gives nanoseconds for each column.
type Work<'a> = Box<dyn FnMut(&mut [f64]) + 'a>;

pub struct Side<'a> {
    name: &'a str,
    start: Box<dyn Fn() -> Work<'a> + 'a>,
}

impl<'a> Side<'a> {
    /// `start` is called in the process of a turn.
    pub fn new<F: FnMut(&mut [f64]) + 'a>(name: &'a str, start: impl Fn() -> F + 'a) -> Side<'a> {
        let start = Box::new(move || -> Work<'a> { Box::new(start()) });
        Side { name, start }
    }
}

/// A side works for so long in its turn, or so often.
const TURN: Duration = Duration::from_millis(10);
const MAX_IN_TURN: usize = 256;

/// Measures sides in so many rounds, and for so many milliseconds, at least. Prints a line
/// for each column and side.
pub fn take(kind: &str, of: &str, names: &[&str], enough: (u32, u64), sides: &[Side]) {
    let columns = names.len();
    let mut samples = vec![vec![Vec::new(); columns]; sides.len()];
    let began = Instant::now();
    let (rounds, milliseconds) = enough;
    let mut round = 0;
    while round < rounds || began.elapsed() < Duration::from_millis(milliseconds) {
        for (side, samples) in sides.iter().zip(&mut samples) {
            let numbers = process::once(0, 1 + MAX_IN_TURN * columns, |numbers| {
                process::stay_on_one_processor();
                let (count, numbers) = numbers.split_first_mut().expect("a count");
                let mut work = (side.start)();
                // A first life, not measured: it does the work that a process does once.
                work(&mut numbers[..columns]);
                let began = Instant::now();
                for sample in numbers.chunks_exact_mut(columns) {
                    work(sample);
                    *count += 1.0;
                    if began.elapsed() > TURN {
                        break;
                    }
                }
            });
            let measured = &numbers[1..][..numbers[0] as usize * columns];
            for (index, number) in measured.iter().enumerate() {
                samples[index % columns].push(*number);
            }
        }
        round += 1;
    }
    for (side, samples) in sides.iter().zip(samples) {
        for (column, samples) in names.iter().zip(samples) {
            report([kind, of, column, side.name], samples);
        }
    }
}
/// Nanoseconds since then.
pub fn since(began: Instant) -> f64 {
    began.elapsed().as_nanos() as f64
}

/// Prints a count.
pub fn count(what: [&str; 4], number: impl Display) {
    println!("{}\t{number}", what.join("\t"));
}

/// Prints what was measured in nanoseconds: least and median in microseconds, and how
/// often.
pub fn report(what: [&str; 4], mut samples: Vec<f64>) {
    samples.sort_unstable_by(f64::total_cmp);
    let [least, median] = [0, samples.len() / 2].map(|index| samples[index] / 1000.0);
    count(
        what,
        format_args!("{least:.5}\t{median:.5}\t{}", samples.len()),
    );
}

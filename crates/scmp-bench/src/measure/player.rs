// SPDX-License-Identifier: LGPL-2.1-only
//! Plays a case on a library as a program would, phase by phase.

use std::fs::File;
use std::io::Seek;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use crate::case::{Case, Step};
use crate::library::{Filter, Library};
use crate::process;

/// A filter's life is what comes before its output.
#[derive(Clone, Copy)]
pub enum Phase {
    Resolve,
    Init,
    Rules,
    Generate,
    Release,
    Export,
    Text,
}

/// In the order of [`Phase`].
pub const PHASES: [&str; 7] = [
    "resolve",
    "init+arch",
    "rule_add",
    "generate",
    "release",
    "export",
    "PFC",
];
pub const LIFE: usize = Phase::Release as usize + 1;

/// Measures a phase.
pub trait Meter {
    fn measure<T>(&mut self, phase: Phase, work: impl FnOnce() -> T) -> T;
}

/// Measures nothing.
pub struct NoMeter;

impl Meter for NoMeter {
    fn measure<T>(&mut self, _: Phase, work: impl FnOnce() -> T) -> T {
        work()
    }
}

pub struct Player<'a> {
    pub library: &'a Library,
    case: &'a Case,
    level: u32,
    numbers: Vec<i32>,
    program: File,
    text: File,
}

/// Whether the program and the text are written before the filter is released.
#[derive(Clone, Copy, PartialEq)]
pub enum Output {
    None,
    ProgramAndText,
}

/// `SCMP_FLTATR_*`.
const BAD_ARCHITECTURE: i32 = 2;
const OPTIMIZE: i32 = 8;

impl<'a> Player<'a> {
    pub fn new(library: &'a Library, case: &'a Case, level: u32) -> Player<'a> {
        Player {
            library,
            case,
            level,
            numbers: vec![0; case.calls.len()],
            program: process::memory_file(),
            text: process::memory_file(),
        }
    }

    /// One filter's life. Gives the result of generating the program.
    pub fn play(&mut self, meter: &mut impl Meter, output: Output) -> i32 {
        let library = self.library;
        if output != Output::None {
            for mut file in [&self.program, &self.text] {
                file.set_len(0)
                    .and_then(|()| file.rewind())
                    .expect("a file in memory");
            }
        }
        meter.measure(Phase::Resolve, || self.resolve());
        let filter = meter.measure(Phase::Init, || self.init());
        meter.measure(Phase::Rules, || self.add_rules(filter));
        let result = meter.measure(Phase::Generate, || self.generate(filter));
        if output != Output::None {
            let [program, text] = [&self.program, &self.text].map(AsRawFd::as_raw_fd);
            meter.measure(Phase::Export, || (library.export_bpf)(filter, program));
            meter.measure(Phase::Text, || (library.export_pfc)(filter, text));
        }
        meter.measure(Phase::Release, || (library.release)(filter));
        result
    }

    /// A filter with its rules, or without them.
    pub fn filter(&mut self, with_rules: bool) -> Filter {
        self.resolve();
        let filter = self.init();
        if with_rules {
            self.add_rules(filter);
        }
        filter
    }

    fn resolve(&mut self) {
        for (number, name) in self.numbers.iter_mut().zip(&self.case.calls) {
            *number = (self.library.syscall_resolve_name)(name.as_ptr());
        }
    }

    fn init(&self) -> Filter {
        let filter = (self.library.init)(self.case.default);
        assert!(!filter.is_null(), "seccomp_init failed");
        let native = (self.library.arch_native)();
        let tokens = || self.case.arches.iter().map(|arch| arch.token());
        if tokens().all(|token| token != native) {
            (self.library.arch_remove)(filter, native);
        }
        for token in tokens().filter(|&token| token != native) {
            let result = (self.library.arch_add)(filter, token);
            assert_eq!(result, 0, "{}: {token:#x}", self.case.name);
        }
        (self.library.attr_set)(filter, BAD_ARCHITECTURE, self.case.bad_architecture);
        if self.level != 1 {
            let result = (self.library.attr_set)(filter, OPTIMIZE, self.level);
            assert_eq!(result, 0, "no level {}", self.level);
        }
        filter
    }

    /// Goes on after what the library refuses, as systemd and container engines do. Gives
    /// how many rules are accepted.
    fn add_rules(&self, filter: Filter) -> usize {
        let add = match self.case.exact {
            true => self.library.rule_add_exact_array,
            false => self.library.rule_add_array,
        };
        let mut accepted = 0;
        for (call, step) in &self.case.steps {
            let number = self.numbers[*call];
            let result = match step {
                Step::Priority(priority) => {
                    (self.library.syscall_priority)(filter, number, *priority);
                    continue;
                }
                Step::Rule { action, compared } => {
                    let count = compared.len() as u32;
                    add(filter, *action, number, count, compared.as_ptr())
                }
            };
            accepted += usize::from(result == 0);
        }
        accepted
    }

    /// Before 2.6 only the export made the program.
    pub fn generate(&self, filter: Filter) -> i32 {
        match self.library.precompute {
            Some(precompute) => precompute(filter),
            None => (self.library.export_bpf)(filter, self.program.as_raw_fd()),
        }
    }
}

/// Has a library make a case's program, in a process of its own. Gives also how many rules
/// are accepted. The program is empty if the library does not make it.
pub fn compile(library: &Library, case: &Case, level: u32) -> (Vec<u8>, f64) {
    let file = process::memory_file();
    let accepted = process::once(0, 1, |accepted| {
        let mut player = Player::new(library, case, level);
        let filter = player.filter(false);
        accepted[0] = player.add_rules(filter) as f64;
        (library.export_bpf)(filter, file.as_raw_fd());
    });
    let mut program = vec![0; file.metadata().expect("a file in memory").len() as usize];
    file.read_exact_at(&mut program, 0)
        .expect("a file in memory");
    (program, accepted[0])
}

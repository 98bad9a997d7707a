// SPDX-License-Identifier: LGPL-2.1-only
//! How long programs are, and how much of them runs.

use std::collections::BTreeMap;
use std::fs;

use scmp::bpf::Program;
use scmp::{Arch, Endian};
use scmp_verify::SyscallData;

use crate::case::Case;
use crate::library::Library;
use crate::player::compile;
use crate::turns::count;

const TRACES: [&str; 4] = ["redis", "nginx", "python", "gcc"];

const X32_BIT: u32 = 0x4000_0000;

/// How often a program makes each call, by number.
type Calls = BTreeMap<u32, u64>;

/// All calls are of the case's first architecture.
pub fn measure(libraries: &[Library; 2], case: &Case) {
    let arch = case.arches[0];
    let number = |name: &str| {
        // Below 0: the architecture lacks it.
        let number = u32::try_from(arch.syscall_number(name.as_bytes())?).ok()?;
        Some(if arch == Arch::X32 {
            number | X32_BIT
        } else {
            number
        })
    };
    let names = case.calls.iter().filter_map(|name| name.to_str().ok());
    let own: Calls = names.filter_map(|name| Some((number(name)?, 1))).collect();
    let traces = TRACES.map(|name| (name, read_trace(name, number)));
    let of = &case.name;
    count(["program", of, "architectures", "-"], case.arches.len());
    for level in [1, 2] {
        let [c, ours] = libraries
            .each_ref()
            .map(|library| compile(library, case, level));
        assert_eq!(c.1, ours.1, "{}: not the same rules are taken", case.name);
        count(["program", of, "rules", "-"], c.1);
        for (side, (program, _)) in [("c", c), ("ours", ours)] {
            let program = Program::from_bytes(&program, Endian::HOST).expect("a program");
            let side = format!("{side}-{level}");
            let print = |what: &str, number: f64| {
                count(["program", of, what, &side], format_args!("{number:.2}"));
            };
            print("length", program.instructions().len() as f64);
            print("own calls", average(&program, arch, &own));
            let averages = traces
                .each_ref()
                .map(|(_, calls)| average(&program, arch, calls));
            print(
                "traces",
                averages.iter().sum::<f64>() / averages.len() as f64,
            );
            for ((name, _), average) in traces.iter().zip(averages) {
                print(name, average);
            }
        }
    }
}

/// A trace of `data/traces`, which data/README.md describes.
fn read_trace(name: &str, number: impl Fn(&str) -> Option<u32>) -> Calls {
    let path = format!("data/traces/{name}.trace");
    let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
    let mut calls = Calls::new();
    for line in text.lines() {
        let entry = line.split('#').next().unwrap_or_default().trim();
        if entry.is_empty() {
            continue;
        }
        let (call, times) = entry.split_once(' ').expect("a name and a number");
        if let Some(number) = number(call) {
            *calls.entry(number).or_default() += times.parse::<u64>().expect("a number");
        }
    }
    calls
}

/// How many instructions run for a call, on average. Arguments are 0.
fn average(program: &Program, arch: Arch, calls: &Calls) -> f64 {
    let mut executed = 0;
    for (&number, times) in calls {
        let data = SyscallData::new(arch.audit_token(), number, [0; 6]);
        scmp_verify::trace(program, &data, |_| executed += times).expect("a sound program");
    }
    executed as f64 / calls.values().sum::<u64>() as f64
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What `scmp show` says of a filter against the running kernel: the programs that
//! `scmp disasm` prints are installed in child processes, which make system calls. Conditions
//! are taken from the JSON and evaluated here.
//!
//! `SCMP_INPUTS='pid:12 pid:34'` names other filters than the two profiles below,
//! `SCMP_CALLS=n` makes n calls under each, `SCMP_SEED=s` other calls.
#![cfg(target_os = "linux")]

#[path = "kernel/calls.rs"]
mod calls;
#[path = "kernel/child.rs"]
mod child;
#[path = "../../scmp-verify/tests/confined/mod.rs"]
mod confined;
// Not all of it is used here.
#[allow(dead_code)]
#[path = "../../../tests/oracle/random.rs"]
mod random;
#[path = "kernel/shown.rs"]
mod shown;

use std::collections::BTreeSet;
use std::process::Command;

use calls::Calls;
use child::{Outcome, Shared};
use random::{Random, setting};
use scmp::bpf::Program;
use scmp::{Arch, Endian};
use scmp_verify::assembly;
use shown::Filter;

const PROFILES: [&str; 2] = [
    "\
default errno 1
allow read write close exit_group
allow clone(a0 & 0x7e020000 == 0) socket(a0 == 1..2) socket(a0 == 16, a2 == 9)
allow personality(a0 == 0) personality(a0 == 0xffffffff)
trap 7 mount
kill-process ptrace(a0 > 0x100000000)
errno 38 clone3
",
    "\
default allow
kill-thread umount2 kexec_load
trap 3 swapon(a1 & 3 == 1)
errno 22 ioctl(a1 == 0x5412) prctl(a0 >= 38)
",
];

fn scmp(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scmp"));
    let output = command.args(arguments).output().expect("scmp runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scmp {arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The filters of an input with their programs, the one that was installed first at the start.
fn read(input: &str) -> Vec<(Filter, Vec<Program>)> {
    let mut arguments = vec!["show", input, "--format", "json"];
    for arch in child::ARCHES {
        arguments.extend(["--arch", arch.name()]);
    }
    let filters = shown::filters(&scmp(&arguments));
    let text = scmp(&["disasm", input]);
    let mut listings: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("# ") || listings.is_empty() {
            listings.push(String::new());
        }
        if !line.starts_with("# ") {
            let listing = listings.last_mut().expect("one");
            listing.push_str(line);
            listing.push('\n');
        }
    }
    let mut programs = listings.iter().map(|listing| {
        let instructions = assembly::parse(listing).expect("a listing");
        Program::new(instructions, Endian::HOST).expect("memory")
    });
    let filters = filters.into_iter().map(|filter| {
        let programs: Vec<Program> = programs.by_ref().take(filter.programs.len()).collect();
        let lengths = programs.iter().map(|program| program.instructions().len());
        assert!(lengths.eq(filter.programs.iter().copied()), "{input}");
        (filter, programs)
    });
    let filters = filters.collect();
    assert!(programs.next().is_none(), "{input}: programs are left");
    filters
}

/// Makes calls under a filter. What disagrees, as text.
fn compare(shared: &Shared, filter: &Filter, programs: &[Program]) -> Vec<String> {
    let count = setting("SCMP_CALLS", 1_000) as usize;
    let mut random = Random::new(setting("SCMP_SEED", 1 << 45));
    let calls: Vec<_> = {
        let mut calls = Calls::new(&mut random, filter, programs, shared.has_32_bit_calls);
        (0..count).map(|_| calls.next()).collect()
    };
    let outcomes = match shared.attempt(programs, &calls) {
        Ok(outcomes) => outcomes,
        Err(why) => return vec![why],
    };
    assert_eq!(outcomes.len(), count);
    let mut differences = Vec::new();
    let mut tally = [0; 4];
    let (mut decided, mut by_arguments, mut unseen) = (BTreeSet::new(), 0, 0);
    for (call, outcome) in calls.iter().zip(outcomes) {
        let shown = filter.decision(call);
        let value = scmp_verify::run_stack(programs, call).expect("valid programs");
        let agree = shown.as_ref().is_ok_and(|shown| shown.value == value);
        if !agree || outcome != Outcome::of(value) {
            let shown = shown.map(|shown| shown.action);
            differences.push(format!(
                "{call:x?}: shown {shown:?}, run {value:#x}, the kernel's {outcome:?}"
            ));
            continue;
        }
        let shown = shown.expect("it agrees");
        by_arguments += usize::from(shown.of_several);
        decided.insert((call.audit_token, call.number, value));
        tally[outcome.kind()] += 1;
        // The child does not tell log, trace and notify from allow.
        unseen += usize::from(outcome == Outcome::Passes && value >> 16 != 0x7fff);
    }
    let [killed, trapped, refused, passed] = tally;
    let lengths: Vec<_> = filter.programs.iter().map(usize::to_string).collect();
    println!(
        "{}: {} programs, {} instructions; {count} calls, {} differences; \
         {passed} pass (by another action than allow: {unseen}), {refused} get an errno, {trapped} trapped, {killed} killed; \
         {by_arguments} decided by arguments, {} pairs of call and verdict",
        filter.label,
        programs.len(),
        lengths.join(" + "),
        differences.len(),
        decided.len()
    );
    differences
}

#[test]
fn the_kernel_does_what_is_shown() {
    let Some(shared) = Shared::new() else {
        return;
    };
    let named = std::env::var("SCMP_INPUTS").ok();
    let inputs: Vec<String> = match &named {
        Some(names) => names.split_whitespace().map(str::to_string).collect(),
        None => (0..PROFILES.len()).map(profile).collect(),
    };
    let mut differences = Vec::new();
    let mut compared = Vec::new();
    for input in &inputs {
        for (filter, programs) in read(input) {
            assert!(!programs.is_empty(), "{input} {}: no filter", filter.label);
            let found = compare(&shared, &filter, &programs);
            differences.extend(found.into_iter().map(|why| format!("{input}: {why}")));
            compared.push((filter, programs));
        }
    }
    let first = differences[..differences.len().min(10)].join("\n");
    assert!(differences.is_empty(), "{}:\n{first}", differences.len());
    assert!(!compared.is_empty(), "no filters");
    if named.is_none() {
        // What one filter is said to do is not what another does.
        let [(filter, _), (_, programs)] = &compared[..] else {
            panic!("two profiles");
        };
        assert!(compare(&shared, filter, programs).len() > 100);
    }
}

/// A file with the program of a profile.
fn profile(index: usize) -> String {
    let directory = env!("CARGO_TARGET_TMPDIR");
    let [text, program] =
        ["profile", "bpf"].map(|kind| format!("{directory}/kernel-{index}.{kind}"));
    let arches = child::ARCHES.map(Arch::name);
    let profile = format!("arch {}\n{}", arches.join(" "), PROFILES[index]);
    std::fs::write(&text, profile).expect("written");
    scmp(&["asm", &text, "--arch", arches[0], "--output", &program]);
    program
}

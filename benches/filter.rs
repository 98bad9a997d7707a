// SPDX-License-Identifier: LGPL-2.1-only
//! The Rust API on the profiles of `data/profiles`: `cargo bench --bench filter`.
//! What the C API costs beside the C library is measured by `make bench`.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use scmp::{Arch, Filter};
use scmp_verify::profile::{Profile, Step};

const PROFILES: [&str; 7] = [
    "docker",
    "podman",
    "systemd-system-service",
    "flatpak",
    "openssh",
    "daemon-arguments",
    "argument-1000",
];

fn read(name: &str) -> Profile {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/profiles");
    let text = fs::read_to_string(folder.join(format!("{name}.profile"))).expect("a profile");
    Profile::parse(&text).unwrap_or_else(|why| panic!("{name}, {why}"))
}

/// [`Profile::build`] without the bookkeeping that proofs want. What the filter
/// refuses is left out, as programs do.
fn fill(profile: &Profile) -> Filter {
    let native = Arch::native();
    let mut filter = Filter::new(profile.default).expect("a default action");
    filter.remove_arch(native).expect("its only architecture");
    for &arch in &profile.arches {
        filter.add_arch(arch).expect("an architecture");
    }
    filter.attributes_mut().bad_architecture = profile.bad_architecture;
    for step in &profile.steps {
        let (Step::Rule { call, .. } | Step::Priority { call, .. }) = step;
        let Some(number) = native.syscall_number(call.as_bytes()) else {
            continue;
        };
        let _ = match step {
            Step::Rule {
                action,
                comparisons,
                ..
            } => filter.add_rule(*action, number, comparisons, profile.mode),
            Step::Priority { priority, .. } => filter.prioritize(number, *priority),
        };
    }
    filter
}

fn filters(c: &mut Criterion) {
    for name in PROFILES {
        let profile = read(name);
        let mut group = c.benchmark_group(name);
        group.bench_function("rules", |b| b.iter(|| fill(&profile)));
        group.bench_function("program", |b| {
            b.iter_batched_ref(
                || fill(&profile),
                |filter| black_box(filter.program().expect("a program").instructions().len()),
                BatchSize::SmallInput,
            );
        });
        let filter = fill(&profile);
        group.bench_function("text", |b| b.iter(|| filter.pseudo_code().expect("text")));
        group.finish();
    }
}

fn names(c: &mut Criterion) {
    let native = Arch::native();
    let numbers: Vec<i32> = (0..600)
        .filter(|&number| native.syscall_name(number).is_some())
        .collect();
    let names: Vec<&str> = numbers
        .iter()
        .filter_map(|&number| native.syscall_name(number))
        .collect();
    c.bench_function("every name to its number", |b| {
        b.iter(|| {
            for name in &names {
                black_box(native.syscall_number(black_box(name.as_bytes())));
            }
        });
    });
    c.bench_function("every number to its name", |b| {
        b.iter(|| {
            for &number in &numbers {
                black_box(native.syscall_name(black_box(number)));
            }
        });
    });
}

criterion_group!(benches, filters, names);
criterion_main!(benches);

// SPDX-License-Identifier: LGPL-2.1-only
//! Runs a test's cases on all processors, and reads the profiles.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use scmp_verify::profile::Profile;

/// Does `work` for each index below `count`, on all processors.
pub fn for_each(count: u64, work: impl Fn(u64) + Sync) {
    for_each_with(count, || (), |(), index| work(index));
}

/// The same; each thread has what `start` makes.
pub fn for_each_with<S>(
    count: u64,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, u64) + Sync,
) {
    // armel has no atomic integer of 64 bits.
    let next = AtomicUsize::new(0);
    let turns = || {
        let mut state = start();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed) as u64;
            if index >= count {
                break;
            }
            work(&mut state, index);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(turns);
        }
    });
}

/// The texts of data/profiles, by their names.
pub fn profile_texts() -> BTreeMap<String, String> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut folders = folders.map(|folder| folder.join("data/profiles"));
    let folder = folders.find(|folder| folder.exists());
    let all = fs::read_dir(folder.expect("a folder")).expect("the profiles");
    let all: BTreeMap<String, String> = all
        .map(|entry| {
            let path = entry.expect("a profile").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("text");
            (name.into_owned(), text)
        })
        .collect();
    assert!(all.len() >= 14);
    all
}

pub fn profiles() -> BTreeMap<String, Profile> {
    let read = profile_texts().into_iter().map(|(name, text)| {
        let profile = Profile::parse(&text).unwrap_or_else(|why| panic!("{name}, {why}"));
        (name, profile)
    });
    read.collect()
}

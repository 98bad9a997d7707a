// SPDX-License-Identifier: LGPL-2.1-only
//! The programs and texts of data/profiles are what they were when they were last
//! compared with the C library's (data/README.md, data/golden).
//!
//! `BLESS=1 cargo test --test golden` writes them anew; `make check-same` then has to
//! agree: it compares the same profiles with the C library.

// Other tests use the rest.
#[allow(dead_code)]
#[path = "oracle/run.rs"]
mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use scmp::{Arch, Endian, Optimization};
use sha2::{Digest, Sha256};

/// Their bytes and text at level 1 are checked in as a whole, so that a difference can
/// be read.
const WHOLE: [&str; 4] = ["calls-25", "argument-10", "openssh", "flatpak"];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

/// The profile's own architectures, each one alone, and all of either byte order.
fn arch_sets(own: &[Arch]) -> Vec<(String, Vec<Arch>)> {
    let of = |endian| Arch::all().filter(|arch| arch.endian() == endian).collect();
    let mut sets = vec![
        ("own".to_string(), own.to_vec()),
        ("little".to_string(), of(Endian::Little)),
        ("big".to_string(), of(Endian::Big)),
    ];
    sets.extend(Arch::all().map(|arch| (arch.name().to_string(), vec![arch])));
    sets
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Compares with a file of data/golden, or writes it.
fn golden(name: &str, found: &[u8]) -> Result<(), String> {
    let path = data("golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).expect("a file that can be written");
        return Ok(());
    }
    let expected = fs::read(&path).unwrap_or_default();
    match expected == found {
        true => Ok(()),
        false => Err(name.to_string()),
    }
}

#[test]
fn programs_and_text_are_as_compared_with_the_c_library() {
    let mut table = String::from(
        "# Generated: BLESS=1 cargo test --test golden. SHA-256 of each program, and of its text.\n\
         profile,architectures,level,instructions,program,text\n",
    );
    let mut different = Vec::new();
    for (name, profile) in run::profiles() {
        for (set, arches) in arch_sets(&profile.arches) {
            let mut profile = profile.clone();
            profile.arches = arches;
            let mut filter = profile.build().expect(&name).filter;
            for (level, optimization) in [(1, Optimization::Priority), (2, Optimization::Search)] {
                filter.attributes_mut().optimization = optimization;
                let text = filter.pseudo_code().expect(&name);
                // A program may be longer than the format allows: that is golden, too.
                let (length, bytes) = match filter.program() {
                    Ok(program) => {
                        let bytes = program.to_bytes().expect(&name);
                        (program.instructions().len(), bytes)
                    }
                    Err(scmp::Error::ProgramTooLong) => (0, Vec::new()),
                    Err(error) => panic!("{name}: {error}"),
                };
                let (program, written) = (sha256(&bytes), sha256(&text));
                let _ = writeln!(table, "{name},{set},{level},{length},{program},{written}");
                if level == 1 && set == "own" && WHOLE.contains(&name.as_str()) {
                    different.extend(golden(&format!("{name}.bpf"), &bytes).err());
                    different.extend(golden(&format!("{name}.pfc"), &text).err());
                }
            }
        }
    }
    if golden("profiles.csv", table.as_bytes()).is_err() {
        let expected = fs::read_to_string(data("golden/profiles.csv")).unwrap_or_default();
        let known: Vec<&str> = expected.lines().collect();
        let new = table.lines().filter(|line| !known.contains(line));
        different.extend(new.map(str::to_string));
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}

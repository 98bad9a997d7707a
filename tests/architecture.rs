// SPDX-License-Identifier: LGPL-2.1-only
//! docs/architecture.md says which crate and which module of the core may use which.
//! The sources say the same, and nothing uses itself by way of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Who uses whom.
type Edges = BTreeMap<String, BTreeSet<String>>;

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The table of docs/architecture.md whose heading line begins so.
fn documented(heading: &str) -> Edges {
    let page = read("docs/architecture.md");
    let rows = page.lines().skip_while(|line| !line.starts_with(heading));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let names = |cell: &str| -> Vec<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(str::to_string).collect()
    };
    let edges = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [user, used] = cells[..] else {
            panic!("two cells: {row}");
        };
        (names(user).remove(0), names(used).into_iter().collect())
    });
    edges.collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files_below(&path, found),
            false => found.push(path),
        }
    }
}

/// The words that follow `crate::` in a file outside of its tests and comments, also
/// those of a list in braces.
fn uses(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.collect::<Vec<_>>().join("\n");
    let word = |text: &str| -> String {
        let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
        text.chars().take_while(is_part).collect()
    };
    let mut found = BTreeSet::new();
    for (place, start) in code.match_indices("crate::") {
        let rest = &code[place + start.len()..];
        // The names of a list in braces, but not those of lists inside of it.
        let mut depth = 0;
        let mut starts_name = true;
        for (at, c) in rest.char_indices() {
            if starts_name && !c.is_whitespace() && c != '{' {
                found.insert(word(&rest[at..]));
                starts_name = false;
            }
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => starts_name = true,
                _ => {}
            }
            if depth == 0 && !starts_name {
                break;
            }
        }
    }
    found.remove("");
    found
}

/// Whether a file reaches out of its module without naming the crate.
fn reaches_out(text: &str, depth: usize) -> bool {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.contains(&"super::".repeat(depth + 1))
}

fn modules() -> Edges {
    let top = Path::new(ROOT).join("crates/scmp/src");
    let mut files = Vec::new();
    files_below(&top, &mut files);
    files.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    let mut edges = Edges::new();
    for path in files {
        let inside = path.strip_prefix(&top).expect("a source of the core");
        let first = inside.components().next().expect("a name");
        let module = Path::new(first.as_os_str()).file_stem().expect("a name");
        let module = module.to_string_lossy().into_owned();
        if module == "lib" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        // `super` may name modules of the same folder only.
        let folders = inside.components().count() - 1;
        let depth = folders - usize::from(inside.ends_with("mod.rs"));
        assert!(!reaches_out(&text, depth), "{}", inside.display());
        let mut used = uses(&text);
        used.remove(&module);
        edges.entry(module).or_default().extend(used);
    }
    edges
}

fn crates() -> Edges {
    let manifests = [
        ("scmp-capi", "Cargo.toml"),
        ("scmp-core", "crates/scmp/Cargo.toml"),
        ("scmp-kernel", "crates/scmp-kernel/Cargo.toml"),
        ("scmp-verify", "crates/scmp-verify/Cargo.toml"),
        ("scmp-cli", "crates/scmp-cli/Cargo.toml"),
        ("scmp-tools", "crates/scmp-tools/Cargo.toml"),
        ("scmp-bench", "crates/scmp-bench/Cargo.toml"),
        ("scmp-sys", "crates/scmp-sys/Cargo.toml"),
        ("libseccomp-sys", "crates/libseccomp-sys/Cargo.toml"),
    ];
    let used = |manifest: &str| -> BTreeSet<String> {
        let text = read(manifest);
        let lines = text.lines().skip_while(|line| *line != "[dependencies]");
        let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
        let names = lines.filter_map(|line| line.split(['.', ' ']).next());
        let own = names.filter(|name| name.starts_with("scmp-"));
        own.map(str::to_string).collect()
    };
    let edges = manifests.map(|(name, manifest)| (name.to_string(), used(manifest)));
    edges.into_iter().collect()
}

/// Removes those who use nobody that is left, until nobody or a circle is left.
fn circle(mut edges: Edges) -> Edges {
    loop {
        let known: Vec<String> = edges.keys().cloned().collect();
        let is_free = |name: &String| edges[name].iter().all(|used| !known.contains(used));
        let free: Vec<String> = known.iter().filter(|name| is_free(name)).cloned().collect();
        if free.is_empty() {
            return edges;
        }
        edges.retain(|name, _| !free.contains(name));
    }
}

#[test]
fn crates_use_whom_the_document_lists() {
    assert_eq!(crates(), documented("| crate |"));
    assert_eq!(circle(crates()), Edges::new());
}

#[test]
fn modules_use_whom_the_document_lists() {
    assert_eq!(modules(), documented("| module of `scmp-core` |"));
    assert_eq!(circle(modules()), Edges::new());
}

#[test]
fn circles_are_found() {
    let edges = |all: &[(&str, &[&str])]| -> Edges {
        let edges = all.iter().map(|(name, used)| {
            let used = used.iter().map(|name| name.to_string()).collect();
            (name.to_string(), used)
        });
        edges.collect()
    };
    let line = edges(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]);
    assert_eq!(circle(line), Edges::new());
    let round = edges(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]);
    assert_eq!(circle(round).len(), 3);
    let found =
        uses("use crate::{one, two::{Three, four}, five};\n// crate::six\nlet x = crate::seven();");
    assert!(found.iter().eq(["five", "one", "seven", "two"]));
    assert!(reaches_out("use super::super::x;", 1) && !reaches_out("use super::x;", 1));
    assert!(reaches_out("use super::x;", 0));
}

/// Regression: pages named tests and modules that were gone.
#[test]
fn what_the_pages_name_exists() {
    let mut files = Vec::new();
    for folder in ["crates", "src", "tests", "tests-c", "include", "scripts"] {
        files_below(&Path::new(ROOT).join(folder), &mut files);
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut known = BTreeSet::new();
    for path in files {
        // Some data are no text.
        let text = fs::read_to_string(&path).unwrap_or_default();
        known.extend(text.split(|c| !is_part(c)).map(str::to_string));
        known.extend(
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned()),
        );
    }
    let mut named = 0;
    for page in [
        "README.md",
        "docs/architecture.md",
        "docs/compiler.md",
        "docs/decisions.md",
    ] {
        let text = read(page);
        let outside_of_blocks = text.split("```").step_by(2);
        for quoted in outside_of_blocks.flat_map(|text| text.split('`').skip(1).step_by(2)) {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            // `_respond` is the end of a name.
            let is_whole = quoted.contains('_') && !quoted.starts_with('_');
            if is_whole && quoted.chars().all(is_name) {
                assert!(known.contains(quoted), "{page}: {quoted}");
                named += 1;
            }
        }
    }
    assert!(named > 50, "{named}");
}

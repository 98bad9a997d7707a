// SPDX-License-Identifier: LGPL-2.1-only
//! Reads `data/first-kernel.csv`.

use std::collections::BTreeSet;
use std::fs;

pub const CSV: &str = "data/first-kernel.csv";

/// A release: major and minor.
type Release = (u8, u8);

/// A line of the file.
struct Line<'a> {
    call: &'a str,
    first: Release,
    /// Columns and releases.
    later: Vec<(usize, Release)>,
}

/// The source text of the tables.
pub fn table(columns: &[&str], names: &[&str]) -> String {
    let text = fs::read_to_string(CSV).unwrap_or_else(|e| panic!("{CSV}: {e}"));
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'));
    let lines = lines.skip(1).map(|(at, text)| {
        line(columns, text).unwrap_or_else(|| panic!("{CSV}:{}: {text}", at + 1))
    });
    let mut lines: Vec<Line> = lines.collect();
    assert!(
        !lines.is_empty() && lines[0].call == "*",
        "{CSV}: no line for the ABIs"
    );
    let abis = lines.remove(0);
    let listed: Vec<&str> = lines.iter().map(|line| line.call).collect();
    assert!(
        listed == names,
        "{CSV}: its calls are not those of syscalls.csv, in their order"
    );

    let all = lines.iter().chain([&abis]);
    let all = all.flat_map(|line| {
        line.later
            .iter()
            .map(|(_, release)| *release)
            .chain([line.first])
    });
    let releases: Vec<Release> = all.collect::<BTreeSet<_>>().into_iter().collect();
    let index = |release: &Release| releases.binary_search(release).expect("listed above");
    let of_abi = |column: usize| {
        let own = abis.later.iter().find(|(later, _)| *later == column);
        index(own.map_or(&abis.first, |(_, release)| release))
    };
    let mut out = String::new();
    super::array(
        &mut out,
        "RELEASES",
        "(u8, u8)",
        releases.iter().map(|release| format!("{release:?}")),
    );
    super::array(&mut out, "OF_ABI", "u8", (0..columns.len()).map(of_abi));
    super::array(
        &mut out,
        "OF_CALL",
        "u8",
        lines.iter().map(|line| index(&line.first)),
    );
    let mut later: Vec<(usize, usize, usize)> = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        later.extend(
            line.later
                .iter()
                .map(|(column, release)| (row, *column, index(release))),
        );
    }
    later.sort_unstable();
    super::array(
        &mut out,
        "LATER",
        "(u16, u8, u8)",
        later.iter().map(|one| format!("{one:?}")),
    );
    out
}

fn line<'a>(columns: &[&str], text: &'a str) -> Option<Line<'a>> {
    let cells: Vec<&str> = text.split(',').collect();
    let [call, first, exceptions, _source] = cells[..] else {
        return None;
    };
    let mut later = Vec::new();
    for exception in exceptions.split(';').filter(|text| !text.is_empty()) {
        let (abis, version) = exception.split_once('=')?;
        for abi in abis.split(' ') {
            let column = columns.iter().position(|column| *column == abi)?;
            later.push((column, release(version)?));
        }
    }
    let first = release(first)?;
    Some(Line { call, first, later })
}

fn release(text: &str) -> Option<Release> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

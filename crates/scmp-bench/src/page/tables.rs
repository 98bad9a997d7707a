// SPDX-License-Identifier: LGPL-2.1-only
//! Tables that have every figure.

use crate::numbers::{times, unit};
use crate::results::Results;

/// The sides that a kind may have, and how they are called.
const SIDES: [(&str, &str); 9] = [
    ("c", "C library"),
    ("ours", "ours"),
    ("c-1", "C library, level 1"),
    ("ours-1", "ours"),
    ("c-2", "C library, level 2"),
    ("ours-2", "ours"),
    ("floor", "floor"),
    ("none", "without a profile"),
    ("-", "both"),
];

/// A table of a kind (and behind a space, cases) in Markdown: a row for each case and each
/// of the columns (with bars between them), a cell for each side with the least and the
/// median, and the ratio.
pub fn table(results: &Results, kind: &str, columns: &str) -> String {
    let (kind, names) = kind.split_once(' ').unwrap_or((kind, "*"));
    let cases = results.cases(kind, names);
    let columns: Vec<&str> = columns.split('|').collect();
    let is_there = |side: &str| {
        let mut columns = columns.iter();
        columns.any(|what| {
            cases
                .iter()
                .any(|of| results.least(kind, of, what, side).is_some())
        })
    };
    let sides: Vec<_> = SIDES
        .into_iter()
        .filter(|(side, _)| is_there(side))
        .collect();
    let mut names: Vec<&str> = sides.iter().map(|(_, name)| *name).collect();
    let is_compared = is_there("c") && is_there("ours");
    names.extend(is_compared.then_some("ratio"));
    let mut text = format!(
        "| | | {} |\n|---|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for of in &cases {
        let mut name = *of;
        for what in &columns {
            let both = |side: &str| {
                Some((
                    results.least(kind, of, what, side)?,
                    results.median(kind, of, what, side)?,
                ))
            };
            let cell = |side: &str| match (both(side), unit(kind, what)) {
                (None, _) => String::new(),
                (Some((least, median)), unit) if least == median => unit(least),
                (Some((least, median)), unit) => {
                    format!("{}, median {}", unit(least), unit(median))
                }
            };
            let mut cells: Vec<String> = sides.iter().map(|(side, _)| cell(side)).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if is_compared {
                let ratio = both("c")
                    .zip(both("ours"))
                    .map(|(c, ours)| times(c.0 / ours.0));
                cells.push(ratio.unwrap_or_default());
            }
            text += &format!("| {name} | {what} | {} |\n", cells.join(" | "));
            name = "";
        }
    }
    text
}

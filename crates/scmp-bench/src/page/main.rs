// SPDX-License-Identifier: LGPL-2.1-only
//! Writes the page of figures, and its pictures, from the lines that scmp_bench has
//! printed: page.md, with tables in it. Equal lines make an equal page.
//!
//! `main` uses `aims` (aims.txt against the results), `tables` and `chart`; these use
//! `results` and `numbers`.

#![forbid(unsafe_code)]

mod aims;
mod chart;
mod numbers;
mod results;
mod tables;

use std::fs;
use std::path::Path;

use aims::Aim;
use results::Results;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [results, folder] = &arguments[..] else {
        return Err("usage: scmp_bench_page RESULTS FOLDER".to_string());
    };
    let folder = Path::new(folder);
    let text = fs::read_to_string(results).map_err(|why| format!("{results}: {why}"))?;
    let results = Results::parse(&text).map_err(|line| format!("not a result: {line}"))?;
    let pictures = folder.join("performance");
    fs::create_dir_all(&pictures).map_err(|why| format!("{}: {why}", pictures.display()))?;
    let mut files = vec![(folder.join("performance.md"), page(&results))];
    files.extend(draw(&results).map(|(name, text)| (pictures.join(name), text)));
    for (path, text) in files {
        fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    Ok(())
}

/// The page in Markdown.
fn page(results: &Results) -> String {
    let (aims, met, missed) = aims::table(results);
    let all = met + missed.len();
    let facts = results
        .facts
        .iter()
        .map(|(what, text)| format!("| {what} | {text} |\n"));
    let skipped = results
        .skipped
        .iter()
        .map(|(what, why)| format!("\nskipped: {what}: {why}\n"));
    let parts = [
        (
            "facts",
            format!("| | |\n|---|---|\n{}", facts.collect::<String>()),
        ),
        ("aims", aims),
        (
            "met",
            format!("{} of {all} aims that were measured are met.\n", met),
        ),
        ("skipped", skipped.collect()),
    ];
    let mut text = String::new();
    for line in include_str!("../../page.md").split_inclusive('\n') {
        match line
            .trim_end()
            .strip_prefix("{{")
            .and_then(|line| line.strip_suffix("}}"))
        {
            None => text += line,
            Some(name) => match name.split_once(": ") {
                Some((kind, columns)) => text += &tables::table(results, kind, columns),
                None => {
                    let part = parts.iter().find(|(part, _)| *part == name);
                    text += &part.expect("a part of page.md").1;
                }
            },
        }
    }
    text
}

fn draw(results: &Results) -> [(&'static str, String); 4] {
    let bars = |title: &str, kind: &str| {
        let bar = |of| {
            let [c, ours] = ["c", "ours"].map(|side| results.least(kind, of, "total", side));
            Some((of, [c?, ours?]))
        };
        let cases = results.cases(kind, "*").into_iter();
        chart::bars(title, &cases.filter_map(bar).collect::<Vec<_>>())
    };
    let curves = |title: &str, kind: &str| {
        let panel = |aim: Aim| (aim.figure, aim.curves(results));
        chart::curves(title, &aims::curves(kind).map(panel).collect::<Vec<_>>())
    };
    [
        ("first.svg", bars("The first filter of a process", "first")),
        ("hot.svg", bars("A filter's life in a hot loop", "time")),
        ("growth.svg", curves("Growth in a hot loop", "time")),
        (
            "families.svg",
            curves("A filter's life by its number of rules", "family"),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// openssh is 20 times as fast as the C library, and flatpak 5 times. A family grows
    /// beyond what the kernel loads.
    const RESULTS: &str = "\
fact\tprocessor\tof this test
time\topenssh\ttotal\tc\t20.000\t21.000\t100
time\topenssh\ttotal\tours\t1.000\t1.100\t100
time\tflatpak\ttotal\tc\t20.000\t21.000\t100
time\tflatpak\ttotal\tours\t4.000\t4.100\t100
heap\tdocker\tcalls of malloc\tc\t14531
heap\tdocker\tcalls of malloc\tours\t41
family\tmixed-10\ttotal\tours\t1.0\t1.0\t1
family\tmixed-10\trules\t-\t10
family\tmixed-10\tlength\tours\t100
family\tmixed-100\ttotal\tours\t10.0\t10.0\t1
family\tmixed-100\trules\t-\t100
family\tmixed-100\tlength\tours\t1000
family\tmixed-1000\ttotal\tours\t10000.0\t10000.0\t1
family\tmixed-1000\trules\t-\t1000
family\tmixed-1000\tlength\tours\t0
skipped\trunc\tit wants root
";

    #[test]
    fn aims_are_computed() {
        let results = Results::parse(RESULTS).unwrap();
        let (_, met, missed) = aims::table(&results);
        let expected = vec!["flatpak", "docker, 3 ABIs, calls of malloc"];
        assert_eq!((met, missed), (2, expected));
        let page = page(&results);
        for text in [
            "| openssh | 10 times | 20 µs | 1 µs | 20.0 | met |",
            "| flatpak | 10 times | 20 µs | 4 µs | 5.00 | **not met**: 2 µs would do |",
            "| docker, 3 ABIs, calls of malloc | at most 40 | 14.5 k | 41 | 354 | **not met** |",
            "| mixed | grows 1.2 by rules |  | 1.00, last step 1.00 (up to mixed-100) |  | met |",
            "| dlopen | at most 1.25 times |  |  |  | skipped: not measured |",
            "|  | total | 10 ms |",
            "2 of 4 aims that were measured are met.",
            "skipped: runc: it wants root",
            "| processor | of this test |",
        ] {
            assert!(page.contains(text), "{text}\n{page}");
        }
        assert!(!page.contains("{{"), "{page}");
    }

    #[test]
    fn pictures_show_what_was_measured() {
        let results = Results::parse(RESULTS).unwrap();
        let [first, hot, _, families] = draw(&results).map(|(_, picture)| picture);
        assert!(!first.contains("times"));
        assert!(hot.contains("openssh") && hot.contains("20.0 times"));
        assert!(families.contains("stroke=\"#1f6fb2\""));
        assert_eq!(draw(&results)[1].1, hot);
    }

    #[test]
    fn lines_that_are_no_results_are_named() {
        let named = |text| Results::parse(text).err();
        assert_eq!(named("fact\ta\tb\ntime\tx"), Some("time\tx".to_string()));
        assert!(named("time\tdocker\ttotal\tc\tsoon").is_some());
    }
}

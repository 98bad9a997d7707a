// SPDX-License-Identifier: LGPL-2.1-only
//! The aims of aims.txt, and whether they are met.

use crate::numbers::{duration, times, unit};
use crate::results::Results;

const AIMS: &str = include_str!("../../aims.txt");

/// The kernel loads programs of so many instructions.
const MAX_LOADED: f64 = 4096.0;

/// A line of aims.txt.
pub struct Aim {
    pub figure: &'static str,
    wanted: Vec<&'static str>,
    kind: &'static str,
    cases: &'static str,
    what: &'static str,
    sides: [&'static str; 2],
}

/// Cells of an aim's row: the C library's figure, ours, and the ratio; whether the aim is
/// met, and the remark if it is not.
type Found = ([String; 3], bool, String);

/// The aims whose figures are curves.
pub fn curves(kind: &str) -> impl Iterator<Item = Aim> {
    let aims = AIMS.lines().filter_map(Aim::parse);
    aims.filter(move |aim| aim.kind == kind && aim.wanted[0] == "grows")
}

/// The table of aims, how many are met, and the others.
pub fn table(results: &Results) -> (String, usize, Vec<&'static str>) {
    let heading = "| figure | aim | C library | ours | ratio | |\n|---|---|---|---|---|---|\n";
    let (mut text, mut met, mut missed) = (heading.to_string(), 0, Vec::new());
    for line in AIMS.lines() {
        if let Some(group) = line.strip_prefix("## ") {
            text += &format!("| **{group}** | | | | | |\n");
        }
        let Some(aim) = Aim::parse(line) else {
            continue;
        };
        let wanted = aim.wanted.join(" ");
        let (cells, outcome) = match aim.check(results) {
            None => (Default::default(), "skipped: not measured".to_string()),
            Some((cells, true, _)) => {
                met += 1;
                (cells, "met".to_string())
            }
            Some((cells, false, why)) => {
                missed.push(aim.figure);
                let colon = if why.is_empty() { "" } else { ": " };
                (cells, format!("**not met**{colon}{why}"))
            }
        };
        let cells: [String; 3] = cells;
        text += &format!(
            "| {} | {wanted} | {} | {outcome} |\n",
            aim.figure,
            cells.join(" | ")
        );
    }
    (text, met, missed)
}

impl Aim {
    fn parse(line: &'static str) -> Option<Aim> {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [figure, wanted, kind, cases, what, ref sides @ ..] = cells[..] else {
            return None;
        };
        let sides = sides.first().and_then(|sides| sides.split_once(' '));
        let sides = sides.map_or(["c", "ours"], Into::into);
        let wanted = wanted.split(' ').collect();
        let aim = Aim {
            figure,
            wanted,
            kind,
            cases,
            what,
            sides,
        };
        (!line.starts_with('#')).then_some(aim)
    }

    /// `None` if the figure was not measured.
    fn check(&self, results: &Results) -> Option<Found> {
        let mut cases = results.cases(self.kind, self.cases);
        let is_missing = |name: &str| !name.ends_with('*') && !cases.contains(&name);
        if cases.is_empty() || self.cases.split(' ').any(is_missing) {
            return None;
        }
        if self.wanted[0] == "grows" {
            return self.check_growth(results);
        }
        let sum = |cases: &[&str], side| -> Option<f64> {
            cases
                .iter()
                .map(|of| results.least(self.kind, of, self.what, side))
                .sum()
        };
        let both = |cases: &[&str]| self.sides.map(|side| sum(cases, side));
        let mut of = String::new();
        if self.wanted.ends_with(&["at", "worst"]) {
            let ratios = cases.iter().filter_map(|&of| {
                let [c, ours] = both(&[of]);
                Some((ours? / c?, of))
            });
            let (_, worst) = ratios.max_by(|one, other| one.0.total_cmp(&other.0))?;
            cases = vec![worst];
            of = format!(" ({worst})");
        }
        let [c, ours] = both(&cases);
        let ours = ours?;
        let ratio = c.map(|c| c / ours);
        let mut why = Vec::new();
        let is_met = match self.wanted[..] {
            ["at", "most", most, "times", ..] => ours <= number(most) * c?,
            ["at", "most", most] => ours <= number(most),
            ["at", "most", most, "ms" | "kB"] => ours <= 1e3 * number(most),
            ["at", "most", most, "MB"] => ours <= 1e6 * number(most),
            [wanted, "times", ..] => {
                why.push(format!("{} would do", duration(c? / number(wanted))));
                ratio? >= number(wanted)
            }
            _ => panic!("an aim of aims.txt: {}", self.wanted.join(" ")),
        };
        let text = unit(self.kind, self.what);
        if let Some(floor) = sum(&cases, "floor") {
            why.push(format!("{} is the floor", text(floor)));
        }
        let c = c.map_or_else(String::new, text) + &of;
        Some((
            [c, text(ours), ratio.map_or_else(String::new, times)],
            is_met,
            why.join(", "),
        ))
    }

    /// Exponents, up to the largest case that the kernel loads.
    fn check_growth(&self, results: &Results) -> Option<Found> {
        let is_loaded = |of: &str| {
            let length = results.least("family", of, "length", "ours");
            length.is_none_or(|length| 0.0 < length && length < MAX_LOADED)
        };
        let growth = |kind: &str, side: &str| {
            let mut points = self.points(results, kind, side);
            points.retain(|(of, _)| is_loaded(of));
            exponents(&points.iter().map(|(_, point)| *point).collect::<Vec<_>>())
        };
        let is_small = |[slope, last]: [f64; 2]| slope.max(last) <= number(self.wanted[1]);
        let text = |[slope, last]: [f64; 2]| format!("{slope:.2}, last step {last:.2}");
        let took = growth(self.kind, "ours")?;
        let [counted, kept] = ["count", "kept"].map(|kind| growth(kind, "ours"));
        let c = growth(self.kind, "c").map_or_else(String::new, text);
        let mut ours = text(took);
        if let Some(counted) = counted {
            ours += &format!("; instructions {}", text(counted));
        }
        let cases = results.cases(self.kind, self.cases);
        ours += &format!(" (up to {})", cases.iter().rfind(|of| is_loaded(of))?);
        let heap = |kept| format!("with a heap that keeps its memory it is {}", text(kept));
        let is_met = is_small(took) && counted.is_none_or(is_small);
        Some((
            [c, ours, String::new()],
            is_met,
            kept.map_or_else(String::new, heap),
        ))
    }

    /// A curve: cases with their size, in the column that the aim names, and time.
    fn points<'a>(
        &self,
        results: &'a Results,
        kind: &str,
        side: &str,
    ) -> Vec<(&'a str, (f64, f64))> {
        let column = self.wanted.last().expect("a column");
        let its_side = if *column == "length" { "c-1" } else { "-" };
        let size = |of: &str| {
            let sizes = ["program", "family"].map(|kind| results.least(kind, of, column, its_side));
            sizes[0].or(sizes[1])
        };
        let point = |of: &'a str| {
            let took = results.least(kind, of, self.what, side)?;
            Some((of, (size(of)?, took)))
        };
        let cases = results.cases(self.kind, self.cases).into_iter();
        cases.filter_map(point).collect()
    }

    /// Curves as they are drawn: the C library's and ours.
    pub fn curves(&self, results: &Results) -> [Vec<(f64, f64)>; 2] {
        ["c", "ours"].map(|side| {
            let points = self.points(results, self.kind, side).into_iter();
            points.map(|(_, point)| point).collect()
        })
    }
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number in aims.txt")
}

/// The slope of a least-squares line through logarithms, and that of its last step.
fn exponents(points: &[(f64, f64)]) -> Option<[f64; 2]> {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let [.., before, end] = logs[..] else {
        return None;
    };
    let count = logs.len() as f64;
    let mean = |value: fn(&(f64, f64)) -> f64| logs.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let slope = (mean(|p| p.0 * p.1) - x * y) / (mean(|p| p.0 * p.0) - x * x);
    Some([slope, (end.1 - before.1) / (end.0 - before.0)])
}

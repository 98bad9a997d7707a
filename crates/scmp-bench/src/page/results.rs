// SPDX-License-Identifier: LGPL-2.1-only
//! What was measured: the lines of scmp_bench and of scripts/bench/machine.sh.

use std::collections::HashMap;

/// Times are in microseconds, memory is in bytes.
#[derive(Default)]
pub struct Results {
    /// Where it was measured.
    pub facts: Vec<(String, String)>,
    /// What was not, and why.
    pub skipped: Vec<(String, String)>,
    /// Cases of each kind, in the order in which they were measured.
    cases: Vec<(String, String)>,
    /// The least and the median by kind, case, column and side. A count has but one value.
    values: HashMap<String, [f64; 2]>,
}

impl Results {
    /// Reads lines.
    ///
    /// # Errors
    /// The first line that is none.
    pub fn parse(text: &str) -> Result<Results, String> {
        let mut results = Results::default();
        for line in text.lines() {
            results.add(line).ok_or_else(|| line.to_string())?;
        }
        results.derive();
        Ok(results)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split('\t').collect();
        match words[..] {
            ["fact", what, text] => self.facts.push((what.to_string(), text.to_string())),
            ["skipped", what, why] => self.skipped.push((what.to_string(), why.to_string())),
            [kind, of, what, side, least, ref more @ ..] => {
                let least = least.parse().ok()?;
                let median = more.first().map_or(Some(least), |word| word.parse().ok())?;
                self.values
                    .insert(key(kind, of, what, side), [least, median]);
                let case = (kind.to_string(), of.to_string());
                if !self.cases.contains(&case) {
                    self.cases.push(case);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// What is calculated of two results.
    fn derive(&mut self) {
        let of = "systemd-system-service";
        for side in ["c", "ours"] {
            let [refused, alone] = ["", ", no others"]
                .map(|more| self.least("lookup", of, &format!("refused exact rule{more}"), side));
            if let (Some(refused), Some(alone)) = (refused, alone) {
                let key = key("lookup", of, "factor of a refused rule", side);
                self.values.insert(key, [refused / alone; 2]);
            }
        }
        for side in ["c", "ours", "floor"] {
            let [run, none] = [side, "none"].map(|side| self.least("runc", "-", "run", side));
            if let (Some(run), Some(none)) = (run, none) {
                self.values
                    .insert(key("runc", "-", "added", side), [run - none; 2]);
            }
        }
    }

    pub fn least(&self, kind: &str, of: &str, what: &str, side: &str) -> Option<f64> {
        Some(self.values.get(&key(kind, of, what, side))?[0])
    }

    pub fn median(&self, kind: &str, of: &str, what: &str, side: &str) -> Option<f64> {
        Some(self.values.get(&key(kind, of, what, side))?[1])
    }

    /// The cases of a kind with these names; a * at the end of a name stands for any end.
    pub fn cases(&self, kind: &str, names: &str) -> Vec<&str> {
        let is_named = |of: &str, name: &str| match name.strip_suffix('*') {
            Some(start) => of.starts_with(start),
            None => of == name,
        };
        let all = self.cases.iter().filter(|(its_kind, _)| its_kind == kind);
        let all = all.map(|(_, of)| of.as_str());
        all.filter(|of| names.split(' ').any(|name| is_named(of, name)))
            .collect()
    }
}

fn key(kind: &str, of: &str, what: &str, side: &str) -> String {
    [kind, of, what, side].join("\t")
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What `scmp check` tells to remove from random texts: without it, the filter is the same.
//!
//! `SCMP_REMOVALS=n` tries n texts of each kind, `SCMP_SEED=s` begins elsewhere.

use serde_json::Value;

use crate::random::{Random, setting};
use crate::run::{file, json, scmp};

/// Rules on a call that share a line, an action, and whether they have it.
#[derive(Clone)]
struct Line {
    action: &'static str,
    /// A call and its condition, which may be empty.
    rules: Vec<(&'static str, String)>,
}

/// How a format writes a text.
struct Language {
    name: &'static str,
    heads: &'static [&'static str],
    actions: &'static [&'static str],
    argument: &'static str,
    write: fn(&Line) -> String,
}

const PROFILE: Language = Language {
    name: "profile",
    heads: &[
        "default errno 1\nfirst-match",
        "default errno 1\nfirst-match\nkernel 4.3\nunknown trap 5",
        "arch x86_64 x86\ndefault log\nfirst-match",
        "default trap 1",
    ],
    actions: &["allow", "log", "errno 2", "trap 3"],
    argument: "a",
    write: |line| {
        let rules = line.rules.iter().map(|(call, when)| match &when[..] {
            "" => call.to_string(),
            when => format!("{call}({when})"),
        });
        format!("{} {}", line.action, rules.collect::<Vec<_>>().join(" "))
    },
};

const MINIJAIL: Language = Language {
    name: "minijail",
    heads: &["@default trap", "@denylist\n@default trap"],
    actions: &["return 1", "return 2"],
    argument: "arg",
    write: |line| {
        let (_, when) = &line.rules[0];
        let calls: Vec<&str> = line.rules.iter().map(|(call, _)| *call).collect();
        let and = if when.is_empty() { "" } else { "; " };
        format!("{{{}}}: {when}{and}{}", calls.join(", "), line.action)
    },
};

fn condition(random: &mut Random, argument: &str) -> String {
    let mut tests = Vec::new();
    for position in 0..2 {
        if random.chance(60) {
            let operator = random.pick(&["==", "!=", "<", ">="]);
            tests.push(format!(
                "{argument}{position} {operator} {}",
                random.below(4)
            ));
        }
    }
    tests.join(" && ")
}

impl Language {
    fn lines(&self, random: &mut Random) -> Vec<Line> {
        let mut ended = Vec::new();
        let mut lines = Vec::new();
        for _ in 0..random.between(2, 7) {
            let mut calls = vec!["read", "close", "dup", "landlock_restrict_self"];
            random.shuffle(&mut calls);
            calls.truncate(random.between(1, 2));
            // minijail's compiler refuses lines behind one for all arguments.
            calls.retain(|call| !ended.contains(call));
            let own = condition(random, self.argument);
            let when = |random: &mut Random| match self.name {
                "minijail" => own.clone(),
                _ => condition(random, self.argument),
            };
            let rules: Vec<_> = calls.iter().map(|call| (*call, when(random))).collect();
            if self.name == "minijail" && own.is_empty() {
                ended.extend(calls);
            }
            let action = random.pick(self.actions);
            if !rules.is_empty() {
                lines.push(Line { action, rules });
            }
        }
        lines
    }

    fn text(&self, head: &str, lines: &[Line]) -> String {
        let lines: Vec<String> = lines.iter().map(self.write).collect();
        format!("{head}\n{}\n", lines.join("\n"))
    }
}

/// Makes the change that a finding tells.
fn remove(lines: &mut [Line], first: usize, finding: &Value) {
    let member = |name: &str| finding[name].as_str().expect("a text");
    let line = finding["place"]["line"].as_u64().expect("a line") as usize - first;
    let rules = &mut lines[line].rules;
    let (fix, what) = (member("fix"), member("what"));
    let is_told = |(call, when): &(&str, String)| match &when[..] {
        "" => what.ends_with(&format!(" {call}")),
        when => what.ends_with(&format!(" {call} if {}", when.replace("arg", "a"))),
    };
    let call = |(call, _): &(&str, String)| fix.contains(&format!(" {call} "));
    match fix.split(' ').next() {
        _ if fix == "remove the rule" => rules.retain(|rule| !is_told(rule)),
        _ if fix.starts_with("remove only") => rules.retain(|rule| !is_told(rule)),
        Some("remove" | "take") => rules.retain(|rule| !call(rule)),
        _ => panic!("{fix}"),
    }
}

#[test]
fn what_is_to_be_removed_from_random_texts_changes_nothing() {
    let mut random = Random::new(setting("SCMP_SEED", 1));
    for language in [PROFILE, MINIJAIL] {
        let mut found = 0;
        for _ in 0..setting("SCMP_REMOVALS", 60) {
            let head = random.pick(language.heads);
            let lines = language.lines(&mut random);
            let text = language.text(head, &lines);
            let options = ["--from", language.name, "--arch", "x86_64"];
            let options = match head.starts_with("arch") {
                true => &options[..2],
                false => &options[..],
            };
            let before = file("before", &text);
            let check = scmp(["check", "--format", "json"]).args(options);
            let answer = json(&check.arg(&before).assert());
            let ids = ["shadowed-rule", "redundant-rule"];
            let all = answer["findings"].as_array().expect("findings").iter();
            let all = all.filter(|each| ids.iter().any(|id| each["id"] == *id));
            let mut changed = lines.clone();
            for finding in all {
                found += 1;
                remove(&mut changed, head.lines().count() + 1, finding);
            }
            changed.retain(|line| !line.rules.is_empty());
            let after = file("after", language.text(head, &changed));
            let diff = scmp(["diff"]).args(options).arg(before).arg(&after);
            let said = diff.output().expect("scmp runs");
            let after = std::fs::read_to_string(after).expect("the file");
            assert!(
                said.status.success(),
                "{text}\n{after}\n{said:?}\n{answer:#}"
            );
        }
        println!("{found} found in texts of {}", language.name);
        assert!(found > 20);
    }
}

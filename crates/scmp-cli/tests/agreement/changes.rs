// SPDX-License-Identifier: LGPL-2.1-only
//! What `scmp diff --format json` says, read anew.

use scmp::Arch;
use scmp_verify::SyscallData;
use serde::Deserialize;
use serde_json::Value;

use crate::shown::Test;

#[derive(Deserialize)]
struct Change {
    arch: Option<String>,
    /// A name, or numbers that have none, or architectures.
    calls: String,
    from: String,
    to: String,
    when: Vec<Vec<Test>>,
    example: Example,
}

#[derive(Deserialize)]
struct Example {
    number: u32,
    audit_token: u32,
    arguments: [u64; 6],
    instruction_pointer: u64,
}

pub struct Changes {
    all: Vec<Change>,
    /// Of the architectures that are compared by name.
    tokens: Vec<u32>,
}

impl Changes {
    pub fn of(answer: &Value, tokens: Vec<u32>) -> Changes {
        let filters = answer["filters"].as_array().expect("filters");
        let [filter] = &filters[..] else {
            panic!("one pair of filters");
        };
        let all = serde_json::from_value(filter["changes"].clone()).expect("changes");
        Changes { all, tokens }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn examples(&self) -> impl Iterator<Item = SyscallData> {
        self.all.iter().map(|change| SyscallData {
            number: change.example.number,
            audit_token: change.example.audit_token,
            instruction_pointer: change.example.instruction_pointer,
            arguments: change.example.arguments,
        })
    }

    /// The changes that concern a call.
    fn concerning(&self, call: &SyscallData) -> Vec<&Change> {
        let is_compared = self.tokens.contains(&call.audit_token);
        let arch = Arch::of_call(call.audit_token, call.number).map(|arch| arch.name().to_string());
        let of_token = format!("architecture {:#x}", call.audit_token);
        let has_own = self.all.iter().any(|change| change.calls == of_token);
        let concerns = |change: &&Change| {
            let named = match &change.arch {
                Some(_) => change.arch == arch && is_among(&change.calls, change, call),
                None if is_compared => false,
                None if has_own => change.calls == of_token,
                None => !change.calls.starts_with("architecture 0x"),
            };
            let holds = |tests: &Vec<Test>| tests.iter().all(|test| test.holds(call));
            named && (change.when.is_empty() || change.when.iter().any(holds))
        };
        self.all.iter().filter(concerns).collect()
    }

    /// Exactly one change concerns a call if two filters decide it differently.
    pub fn assert_change(&self, call: &SyscallData, right: [u32; 2]) {
        // Which ones is not told.
        let is_range = |change: &Change| change.calls.starts_with("architectures such as");
        if !self.tokens.contains(&call.audit_token) && self.all.iter().any(is_range) {
            return;
        }
        let concerning = self.concerning(call).len();
        let expected = usize::from(right[0] != right[1]);
        assert_eq!(concerning, expected, "diff: {call:x?}: {right:x?}");
    }

    /// The change of a call says what `sim` says.
    pub fn assert_words(&self, call: &SyscallData, words: [&str; 2]) {
        for change in self.concerning(call) {
            assert_eq!([&change.from[..], &change.to], words, "{call:x?}");
        }
    }
}

/// Whether a call's number is that of a change.
fn is_among(calls: &str, change: &Change, call: &SyscallData) -> bool {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).expect("a number"),
        None => text.parse().expect("a number"),
    };
    if let Some(only) = calls.strip_prefix("number ") {
        return number(only) == call.number;
    }
    if let Some(range) = calls.strip_prefix("numbers ") {
        let (first, last) = range.split_once(" to ").expect("two numbers");
        return (number(first)..=number(last)).contains(&call.number);
    }
    change.example.number == call.number
}

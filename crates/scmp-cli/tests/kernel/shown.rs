// SPDX-License-Identifier: LGPL-2.1-only
//! What `scmp show --format json` says, read anew.

use scmp_verify::SyscallData;
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
pub struct Filter {
    pub label: String,
    /// The number of instructions of each program.
    pub programs: Vec<usize>,
    pub architectures: Vec<Architecture>,
    others: Vec<Other>,
}

#[derive(Deserialize)]
pub struct Architecture {
    pub audit_token: u32,
    pub calls: Vec<Call>,
    pub unknown: Vec<Unknown>,
}

#[derive(Deserialize)]
pub struct Call {
    pub number: u32,
    pub decisions: Vec<Decision>,
}

#[derive(Deserialize)]
pub struct Unknown {
    pub first: u32,
    pub last: u32,
    pub decisions: Vec<Decision>,
}

#[derive(Deserialize)]
struct Other {
    audit_token: u32,
    decisions: Vec<Decision>,
}

#[derive(Deserialize)]
pub struct Decision {
    pub action: String,
    pub value: u32,
    pub when: Option<Vec<Vec<Test>>>,
}

#[derive(Deserialize)]
pub struct Test {
    field: String,
    negated: bool,
    pub width: u32,
    pub values: Vec<Values>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Values {
    Range { first: u64, last: u64 },
    Masked { mask: u64, value: u64 },
}

/// What a call gets.
pub struct Verdict {
    pub value: u32,
    /// The same in words.
    pub action: String,
    /// Whether the call's number could have got another.
    pub of_several: bool,
}

pub fn filters(json: &str) -> Vec<Filter> {
    let answer: Answer = serde_json::from_str(json).expect("JSON of scmp show");
    answer.filters
}

impl Filter {
    /// What a call gets; else why that is not told.
    pub fn decision(&self, call: &SyscallData) -> Result<Verdict, String> {
        let mut entries = Vec::new();
        let of_arch = |architecture: &&Architecture| architecture.audit_token == call.audit_token;
        let mut is_listed = false;
        for architecture in self.architectures.iter().filter(of_arch) {
            is_listed = true;
            let calls = architecture.calls.iter();
            let calls = calls.filter(|known| known.number == call.number);
            entries.extend(calls.map(|known| &known.decisions));
            let unknown = architecture.unknown.iter();
            let unknown = unknown.filter(|range| (range.first..=range.last).contains(&call.number));
            entries.extend(unknown.map(|range| &range.decisions));
        }
        if !is_listed {
            let of_token = |other: &&Other| other.audit_token == call.audit_token;
            match self.others.iter().find(of_token) {
                Some(other) => entries.push(&other.decisions),
                None => entries.extend(self.others.iter().map(|other| &other.decisions)),
            }
        }
        let [decisions] = entries[..] else {
            return Err(format!("{} entries", entries.len()));
        };
        let decision = holding(decisions, call)?;
        Ok(Verdict {
            value: decision.value,
            action: decision.action.clone(),
            of_several: decisions.len() > 1,
        })
    }
}

/// The decision whose condition holds for a call; else why there is none.
pub fn holding<'a>(decisions: &'a [Decision], call: &SyscallData) -> Result<&'a Decision, String> {
    let holds = |decision: &&Decision| {
        let mut when = decision.when.iter().flatten();
        when.any(|tests| tests.iter().all(|test| test.holds(call)))
    };
    let mut holding = decisions.iter().filter(holds);
    match (holding.next(), holding.next()) {
        (Some(_), Some(_)) => Err("two conditions hold".to_string()),
        (Some(only), None) => Ok(only),
        (None, _) => {
            let otherwise = decisions.iter().find(|decision| decision.when.is_none());
            otherwise.ok_or("no condition holds".to_string())
        }
    }
}

impl Test {
    /// The argument that is tested.
    pub fn argument(&self) -> Option<usize> {
        self.field.strip_prefix('a')?.parse().ok()
    }

    pub fn holds(&self, call: &SyscallData) -> bool {
        let word = match (self.argument(), self.field.as_str()) {
            (Some(argument), _) => call.arguments[argument],
            (None, "number") => u64::from(call.number),
            (None, "instruction-pointer") => call.instruction_pointer,
            (None, "arch") => u64::from(call.audit_token),
            (None, other) => panic!("tests {other}, which is not known here"),
        };
        let word = match self.width {
            32 => word & u64::from(u32::MAX),
            64 => word,
            other => panic!("a width of {other}"),
        };
        let is_in = |values: &Values| match *values {
            Values::Range { first, last } => (first..=last).contains(&word),
            Values::Masked { mask, value } => word & mask == value,
        };
        self.values.iter().any(is_in) != self.negated
    }
}

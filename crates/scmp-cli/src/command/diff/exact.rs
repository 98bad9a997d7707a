// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff --exact-input`: whether two filters are equal, and if not, for which input.

use std::fmt::{self, Display, Formatter};

use scmp::Arch;
use scmp::bpf::Program;
use scmp_verify::proof::{self, Answer as Proof, NotUnderstood, Side};
use scmp_verify::{SyscallData, trace};
use serde::Serialize;

use super::Example;
use crate::failure::Failure;
use crate::input::{Input, Note, NoteKind};
use crate::names;
use crate::output::{Answer, Options};
use crate::wording;

/// The answer.
#[derive(Serialize)]
struct Compared<'a> {
    first: &'a str,
    second: &'a str,
    /// Missing if they are equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<Example>,
    results: Vec<Outcome>,
}

/// What one side returns for the example.
#[derive(Serialize)]
struct Outcome {
    /// Several if the rules leave it open.
    actions: Vec<String>,
    values: Vec<u32>,
    /// Those that a program executes.
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<Vec<usize>>,
}

/// Compares the only program of each input; the second may be a profile whose rules count.
pub fn run(first: &Input, second: &Input, output: &Options) -> Result<Answer, Failure> {
    let (one, other) = (only(first)?, only(second)?);
    let rules = &second.subjects[0].rule_set;
    let proof = match rules {
        Some(rules) => {
            left_out(second)?;
            if one.endian() != other.endian() {
                let what = "the program has the other byte order";
                return Err(Failure::of(&second.name, what));
            }
            proof::check(one, rules)
        }
        None => proof::compare(one, other),
    };
    let proof = proof.map_err(|NotUnderstood { program, flaw }| match program {
        Side::First => Failure::of(&first.name, flaw),
        Side::Second => Failure::of(&second.name, flaw),
    })?;
    let mut compared = Compared {
        first: &first.name,
        second: &second.name,
        example: None,
        results: Vec::new(),
    };
    match proof {
        Proof::Equal => {}
        Proof::GaveUp => {
            let both = format!("{} and {}", first.name, second.name);
            return Err(Failure::GaveUp(both));
        }
        Proof::Different(found) => {
            let example = Example::of(&found.input, shown(&found.input));
            compared.example = Some(example);
            let other = rules.is_none().then_some(other);
            compared.results = vec![
                outcome(Some(one), &found.input, vec![found.first]),
                outcome(other, &found.input, found.second),
            ];
        }
    }
    output.print("scmp-diff-exact-input", &compared)?;
    Ok(match compared.example {
        None => Answer::Yes,
        Some(_) => Answer::No,
    })
}

fn only(input: &Input) -> Result<&Program, Failure> {
    let [subject] = &input.subjects[..] else {
        return Err(Failure::of(&input.name, "has several filters"));
    };
    match &subject.programs[..] {
        [program] => Ok(program),
        _ => Err(Failure::of(&input.name, "has not one program")),
    }
}

/// A profile can be compared only if all of it is in the filter. Without a rule on a call
/// that the architecture lacks, nothing is decided otherwise.
fn left_out(input: &Input) -> Result<(), Failure> {
    let counts =
        |note: &&Note| !matches!(note.kind, NoteKind::NotOnArchitecture | NoteKind::Remark);
    let missing = input.notes.iter().filter(counts);
    let mut missing: Vec<String> = missing.map(|note| note.in_file(&input.name)).collect();
    // The rules of a range.
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let what = "the filter can't take all of the profile";
    let (name, missing) = (&input.name, missing.join("\n"));
    Err(Failure::Input(format!("{name}: {what}:\n{missing}")))
}

/// The values in words and, if a program returned them, the instructions that it executed.
fn outcome(program: Option<&Program>, input: &SyscallData, values: Vec<u32>) -> Outcome {
    let arch = Arch::of_call(input.audit_token, input.number);
    let actions = values.iter().map(|value| wording::action(arch, *value));
    let instructions = program.map(|program| {
        let mut places = Vec::new();
        // The check has understood the program: it has no fault.
        let _ = trace(program, input, |place| places.push(place));
        places
    });
    Outcome {
        actions: actions.collect(),
        values,
        instructions,
    }
}

impl Display for Compared<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.example {
            None => writeln!(f, "equal")?,
            Some(example) => writeln!(f, "different for {}", example.text)?,
        }
        for (name, outcome) in [self.first, self.second].into_iter().zip(&self.results) {
            writeln!(f, "{name}: {}", outcome.actions.join(" or "))?;
            if let Some(places) = &outcome.instructions {
                writeln!(f, "  by {}", wording::places(places))?;
            }
        }
        Ok(())
    }
}

fn shown(input: &SyscallData) -> String {
    let SyscallData {
        number,
        audit_token,
        instruction_pointer,
        arguments,
    } = input;
    let arch = Arch::of_call(*audit_token, *number);
    let mut text = format!("arch {audit_token:#x}");
    if let Some(arch) = arch {
        text += &format!(" ({})", arch.name());
    }
    text += &format!(", number {number}");
    if let Some(name) = arch.and_then(|arch| names::name(arch, *number)) {
        text += &format!(" ({name})");
    }
    for (index, argument) in arguments.iter().enumerate() {
        text += &format!(", a{index} {argument:#x}");
    }
    text + &format!(", at {instruction_pointer:#x}")
}

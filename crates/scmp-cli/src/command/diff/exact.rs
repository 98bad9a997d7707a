// SPDX-License-Identifier: LGPL-2.1-only
//! `scmp diff --exact-input`: whether two filters are equal, and if not, for which input.

use scmp::Arch;
use scmp::bpf::Program;
use scmp_verify::proof::{self, Answer as Proof, Difference, NotUnderstood, Side};
use scmp_verify::{SyscallData, trace};

use crate::failure::Failure;
use crate::input::{Input, Note, NoteKind};
use crate::names;
use crate::output::{self, Answer};
use crate::wording;

/// Compares the only program of each input; the second may be a profile whose rules count.
pub fn run(first: &Input, second: &Input) -> Result<Answer, Failure> {
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
    let difference = match proof {
        Proof::Equal => {
            output::print("equal\n")?;
            return Ok(Answer::Yes);
        }
        Proof::GaveUp => {
            return Err(Failure::GaveUp(format!(
                "{} and {}",
                first.name, second.name
            )));
        }
        Proof::Different(difference) => difference,
    };
    let mut text = format!("different for {}\n", shown(&difference.input));
    text += &executed(&first.name, one, &difference);
    text += &match rules {
        None => executed(&second.name, other, &difference),
        Some(_) => {
            let right = difference.second.iter();
            let right: Vec<String> = right
                .map(|value| action(&difference.input, *value))
                .collect();
            format!("{}: {}\n", second.name, right.join(" or "))
        }
    };
    output::print(&text)?;
    Ok(Answer::No)
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
    let what = format!("{what}:\n{}", missing.join("\n"));
    Err(Failure::of(&input.name, what))
}

fn executed(name: &str, program: &Program, difference: &Difference) -> String {
    let mut places = Vec::new();
    let decision = match trace(program, &difference.input, |place| places.push(place)) {
        Ok(value) => action(&difference.input, value),
        Err(fault) => fault.to_string(),
    };
    format!("{name}: {decision}\n  by {}\n", wording::places(&places))
}

fn action(input: &SyscallData, value: u32) -> String {
    let arch = Arch::of_call(input.audit_token, input.number);
    wording::action(arch, value)
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

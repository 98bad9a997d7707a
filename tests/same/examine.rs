// SPDX-License-Identifier: LGPL-2.1-only
//! Compares what both libraries answer, and proves the programs.

use std::collections::BTreeSet;

use scmp::Action;
use scmp::bpf::{Instruction, MAX_LOADED, Program, op};
use scmp_verify::SyscallData;
use scmp_verify::proof::{self, Answer};

use super::call::Call;
use super::cause::Cause;
use super::judge::only_equality;
use super::model::{Model, Models};

/// A cause, and where it was seen.
type Finding = (Cause, String);

/// Compares the answers of both, or proves the programs of one.
pub fn examine(calls: &[Call], mine: &[String], others: Option<&[String]>) -> Finding {
    let mut models = Models::default();
    let mut worst = (Cause::Same, String::new());
    let mut text = TextDiffers::No;
    for (index, call) in calls.iter().enumerate() {
        let (code, content) = split(&mine[index]);
        if code == "0" {
            models.accept(call);
        }
        let theirs = others.map(|others| split(&others[index]));
        if let Some((their_code, their_content)) = theirs {
            let judged = match call {
                Call::Text(_) | Call::Program(_) => true,
                // The program that follows is judged, if that is another.
                Call::ProgramToMemory(filter, _) => {
                    calls.get(index + 1) == Some(&Call::Program(*filter))
                        && others.is_some_and(|others| others[index + 1] != mine[index + 1])
                }
                _ => false,
            };
            if code != their_code || (content != their_content && !judged) {
                let detail = format!(
                    "call {index}, {call}: C answers {their_code} {their_content}, \
                     ours {code} {content}"
                );
                return (Cause::Answer, detail);
            }
        }
        let theirs = theirs.map(|(_, content)| content);
        match call {
            Call::Program(filter) if code == "0" => {
                let found = match models.get(*filter) {
                    Some(model) => programs(model, content, theirs),
                    None => (Cause::Answer, "a program of no filter".to_string()),
                };
                if found.0 > worst.0 {
                    worst = found;
                }
            }
            Call::Text(_) => {
                text = text.max(theirs.map_or(TextDiffers::No, |theirs| texts(content, theirs)));
            }
            _ => {}
        }
    }
    // A wrong program of rules with `!=`, `<` or `>` comes of a tree that is
    // wrong already, and the text shows it.
    let tree_is_right = match worst.0 {
        Cause::Same
        | Cause::Code
        | Cause::Leftover
        | Cause::Unloaded
        | Cause::Swapped
        | Cause::OtherEntry => true,
        Cause::Wrong => only_equality(calls),
        _ => false,
    };
    match text {
        TextDiffers::Rules if tree_is_right => (Cause::Tree, worst.1),
        TextDiffers::Weights if tree_is_right => (Cause::Weight, worst.1),
        _ => worst,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TextDiffers {
    No,
    Weights,
    Rules,
}

/// How two texts differ. System calls are in the order of their weights, so the order
/// doesn't count if weights differ.
fn texts(mine: &str, theirs: &str) -> TextDiffers {
    if mine == theirs {
        return TextDiffers::No;
    }
    let sections = |hex: &str| {
        let text = String::from_utf8(bytes(hex)).expect("text");
        let mut sections: Vec<String> = vec![String::new()];
        for line in text.lines() {
            let unweighted = line.split(" [priority").next().unwrap_or(line);
            if line.starts_with("  # ") || line.starts_with('#') {
                sections.push(String::new());
            }
            if let Some(last) = sections.last_mut() {
                last.push_str(unweighted);
                last.push('\n');
            }
        }
        sections.sort();
        sections
    };
    match sections(mine) == sections(theirs) {
        true => TextDiffers::Weights,
        false => TextDiffers::Rules,
    }
}

fn split(answer: &str) -> (&str, &str) {
    answer.split_once(' ').unwrap_or((answer, ""))
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(digit).collect()
}

/// The architectures that a text names.
pub fn arches_named(answer: &str) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(&bytes(split(answer).1)).into_owned();
    let named = text
        .lines()
        .filter_map(|line| line.strip_prefix("# filter for arch "));
    let names = named.filter_map(|rest| rest.split(' ').next());
    names.map(str::to_string).collect()
}

/// The last filter's text.
pub fn exported_text(calls: &[Call], answers: &[String]) -> String {
    let last = calls.iter().rposition(|call| matches!(call, Call::Text(_)));
    let hex = last.and_then(|last| answers[last].split_once(' '));
    let bytes = hex.map_or(Vec::new(), |(_, hex)| bytes(hex));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn programs(model: &Model, mine: &str, theirs: Option<&str>) -> Finding {
    let same = (Cause::Same, String::new());
    let theirs = theirs.filter(|theirs| *theirs != mine);
    let Some(arch) = model.arch() else {
        // Its byte order is not known.
        return match theirs {
            None => same,
            Some(_) => (Cause::Answer, "programs of no architecture".to_string()),
        };
    };
    let read = |hex| Program::from_bytes(&bytes(hex), arch.endian()).expect("a program");
    let rules = model.rule_set();
    let ours = read(mine);
    match proof::check(&ours, &rules) {
        Ok(Answer::Equal) => {}
        Ok(Answer::GaveUp) => return (Cause::GaveUp, "ours".to_string()),
        Err(why) => return (Cause::OursWrong, why.to_string()),
        Ok(Answer::Different(input)) => return (Cause::OursWrong, format!("{input:x?}")),
    }
    let Some(theirs) = theirs.map(read) else {
        return same;
    };
    match proof::check(&theirs, &rules) {
        Ok(Answer::Equal) => {}
        Ok(Answer::GaveUp) => return (Cause::GaveUp, "C".to_string()),
        Err(why) => return (Cause::Wrong, why.to_string()),
        Ok(Answer::Different(found)) => {
            let cause = why_different(&ours, &theirs, found.input, model);
            return (cause, format!("{found:x?}"));
        }
    }
    match compare(&ours, &theirs) {
        Answer::Different(found) => {
            // Nothing but -1 may be the cause.
            let other_entry = model.level == 2
                && found.input.number == u32::MAX
                && are_same_elsewhere(&ours, &theirs, &[Elsewhere::Number(u32::MAX)]);
            let cause = match other_entry {
                true => Cause::OtherEntry,
                false => why_different(&ours, &theirs, found.input, model),
            };
            (cause, format!("{found:x?}"))
        }
        Answer::GaveUp => (Cause::GaveUp, "both".to_string()),
        // Level 2 promises no bytes.
        Answer::Equal if model.level == 2 => {
            let lengths = [&ours, &theirs].map(|program| program.instructions().len());
            match is_too_long(lengths) {
                true => (Cause::OursLong, format!("{lengths:?} instructions")),
                false => same,
            }
        }
        Answer::Equal => {
            let tokens = model.audit_tokens();
            let leftovers = [&ours, &theirs].map(|program| tests_leftovers(program, &tokens));
            let cause = match leftovers {
                [false, true] => Cause::Leftover,
                _ => Cause::Code,
            };
            (cause, String::new())
        }
    }
}

/// Compares programs that come of two that have been checked.
fn compare(one: &Program, other: &Program) -> Answer {
    proof::compare(one, other).expect("programs that are understood")
}

/// Whether ours breaks the promise of docs/performance.md for level 2: a filter that loads
/// with the C library loads with ours; the program of another filter is at most 2 % longer
/// than the C library's, unless ours loads.
pub fn is_too_long([ours, theirs]: [usize; 2]) -> bool {
    ours > MAX_LOADED && (theirs <= MAX_LOADED || ours * 100 > theirs * 102)
}

/// Why the C library's program decides otherwise, from one input for which it
/// does. The narrow causes say that it is the same but for them.
fn why_different(ours: &Program, theirs: &Program, mut input: SyscallData, model: &Model) -> Cause {
    let back = turned_back(theirs);
    let same = match model.level {
        2 => compare(ours, &back) == Answer::Equal,
        _ => back == *ours,
    };
    if same {
        return Cause::Swapped;
    }
    let tokens = model.audit_tokens();
    let mut elsewhere = Vec::new();
    // Calls of other architectures are decided without the number, and wrongly
    // where an action is turned back.
    if !tokens.contains(&input.audit_token) {
        if let Answer::Different(found) = compare(ours, &back) {
            input = found.input;
        }
    }
    while !loads_number(theirs, &input) && tokens.contains(&input.audit_token) {
        elsewhere.push(Elsewhere::Architecture(input.audit_token));
        let [one, other] = [ours, &back].map(|program| narrowed(program, &elsewhere));
        match compare(&one, &other) {
            Answer::Equal => return Cause::Unloaded,
            Answer::GaveUp => return Cause::GaveUp,
            Answer::Different(found) => input = found.input,
        }
    }
    let decided = scmp_verify::run(theirs, &input);
    let right = model.rule_set().actions(&input);
    match decided.is_ok_and(|raw| right.contains(&raw)) {
        true => Cause::OtherAction,
        false => Cause::Wrong,
    }
}

/// Whether some test comes after loads of different words, or under different
/// masks, and so can't be what a rule says on all of these ways; or tests the
/// architecture for something else.
fn tests_leftovers(program: &Program, tokens: &[u32]) -> bool {
    let instructions = program.instructions();
    // The word and the mask of what the accumulator may hold.
    let mut holds = vec![BTreeSet::new(); instructions.len() + 1];
    for (at, instruction) in instructions.iter().enumerate() {
        let here: BTreeSet<(u32, u32)> = std::mem::take(&mut holds[at]);
        let next = at + 1;
        let k = instruction.k;
        match instruction.code {
            op::LOAD => {
                holds[next].insert((k, u32::MAX));
            }
            op::AND => holds[next].extend(here.iter().map(|&(word, mask)| (word, mask & k))),
            op::JUMP => holds[next + k as usize].extend(&here),
            op::RETURN => {}
            _ if here.len() > 1 => return true,
            _ if here.contains(&(4, u32::MAX)) && !tokens.contains(&k) => return true,
            _ => {
                for jump in [instruction.jump_true, instruction.jump_false] {
                    holds[next + usize::from(jump)].extend(&here);
                }
            }
        }
    }
    false
}

/// Inputs that do not count.
#[derive(Clone, Copy)]
enum Elsewhere {
    Number(u32),
    Architecture(u32),
}

fn are_same_elsewhere(one: &Program, other: &Program, not: &[Elsewhere]) -> bool {
    compare(&narrowed(one, not), &narrowed(other, not)) == Answer::Equal
}

/// The program, but with the same answer for all inputs that do not count.
fn narrowed(program: &Program, not: &[Elsewhere]) -> Program {
    let mut instructions = Vec::new();
    for elsewhere in not {
        let (word, k) = match *elsewhere {
            Elsewhere::Number(number) => (0, number),
            Elsewhere::Architecture(token) => (4, token),
        };
        let plain = |code, k| Instruction::new(code, [0, 0], k);
        let unless = Instruction {
            jump_false: 1,
            ..plain(op::JUMP_EQUAL, k)
        };
        instructions.extend([plain(op::LOAD, word), unless, plain(op::RETURN, 0)]);
    }
    instructions.extend(program.instructions());
    Program::new(instructions, program.endian()).expect("few more instructions")
}

/// The program with its actions in the right byte order.
fn turned_back(program: &Program) -> Program {
    changed(program, |instruction| {
        let k = instruction.k;
        let reversed = Action::from_raw(k).is_none() && Action::from_raw(k.swap_bytes()).is_some();
        match instruction.code {
            op::RETURN if reversed => Instruction {
                k: k.swap_bytes(),
                ..instruction
            },
            _ => instruction,
        }
    })
}

/// Whether the number is loaded for this input.
fn loads_number(program: &Program, input: &SyscallData) -> bool {
    const LOADED: u32 = 0x1234_5678;
    let marked = changed(program, |instruction| {
        match (instruction.code, instruction.k) {
            (op::LOAD, 0) => Instruction {
                code: op::RETURN,
                k: LOADED,
                ..instruction
            },
            _ => instruction,
        }
    });
    scmp_verify::run(&marked, input) == Ok(LOADED)
}

fn changed(program: &Program, change: impl Fn(Instruction) -> Instruction) -> Program {
    let changed = program.instructions().iter().copied().map(change);
    Program::new(changed.collect(), program.endian()).expect("a program")
}

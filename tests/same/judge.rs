// SPDX-License-Identifier: LGPL-2.1-only
//! What two libraries make of the same calls, and who is right where they
//! differ.

use scmp::Action;
use scmp::bpf::{self, Instruction, Program, SyscallData, op};
use scmp::proof::{self, Verdict};

use super::call::Call;
use super::model::{Model, Models};
use super::player::{Outcome, Player};

/// What a sequence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    Same,
    /// The C library's program decides some input against the rules.
    Wrong,
    /// The same, because it never loads the number: on other architectures
    /// than x86_64 it does so with the first system call by priority, unless
    /// that one has no rule, or a pseudo number.
    Unloaded,
    /// The same, because it returns an action with its bytes in reverse: on
    /// architectures of the other byte order, where jumps are too long. But
    /// for these bytes the programs are the same.
    Swapped,
    /// The C library does not return.
    Hang,
    /// The C library is ended by a signal.
    Crash,
    /// A failed `seccomp_rule_add` has changed the C library's filter.
    FailedRule,
    /// A failed `seccomp_syscall_priority` has.
    FailedPriority,
    /// A rejected transaction has.
    Rejected,
    /// Both programs are right, but where matching rules have different
    /// actions they take different ones.
    OtherAction,
    /// x86_64 and x32 both have rules on -1. At level 2 the C library takes the
    /// other one's than at level 1.
    OtherEntry,
    /// The programs decide the same, the text is the same, the code is not.
    Code,
    /// The programs decide the same, what the text says of a rule differs.
    Tree,
    /// The text differs in the weight of rules only, which both programs'
    /// order of system calls comes from.
    Weight,
    /// The check has given up.
    GaveUp,
    /// Ours decides some input against the rules.
    OursWrong,
    /// Ours does not return, or is ended by a signal.
    OursFails,
    /// A call is answered differently.
    ReturnCode,
}

impl Cause {
    pub const ALL: [Cause; 18] = [
        Cause::Same,
        Cause::Wrong,
        Cause::Unloaded,
        Cause::Swapped,
        Cause::Hang,
        Cause::Crash,
        Cause::FailedRule,
        Cause::FailedPriority,
        Cause::Rejected,
        Cause::OtherAction,
        Cause::OtherEntry,
        Cause::Code,
        Cause::Tree,
        Cause::Weight,
        Cause::GaveUp,
        Cause::OursWrong,
        Cause::OursFails,
        Cause::ReturnCode,
    ];

    pub fn describe(self) -> &'static str {
        match self {
            Cause::Same => "same return codes, bytes and text",
            Cause::Wrong => "C decides wrongly (proven)",
            Cause::Unloaded => "C never loads the number",
            Cause::Swapped => "C returns an action in the wrong byte order",
            Cause::Hang => "C hangs",
            Cause::Crash => "C crashes",
            Cause::FailedRule => "failed rule changes C's filter",
            Cause::FailedPriority => "failed priority changes C's filter",
            Cause::Rejected => "rejected transaction changes C's filter",
            Cause::OtherAction => "another of several matching actions",
            Cause::OtherEntry => "level 2: the other architecture's rule on -1",
            Cause::Code => "same text and decisions, other code",
            Cause::Tree => "same decisions, other text",
            Cause::Weight => "same decisions, other weight of a rule",
            Cause::GaveUp => "the check gave up",
            Cause::OursWrong => "OURS decides wrongly",
            Cause::OursFails => "OURS hangs or crashes",
            Cause::ReturnCode => "UNEXPLAINED return code",
        }
    }
}

/// What was found, and where.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub cause: Cause,
    pub detail: String,
}

impl Judgement {
    fn new(cause: Cause, detail: impl Into<String>) -> Judgement {
        Judgement {
            cause,
            detail: detail.into(),
        }
    }
}

pub fn judge(calls: &[Call], ours: &mut Player, theirs: &mut Player) -> Judgement {
    let mine = ours.play(calls);
    let Outcome::Answers(mine) = mine else {
        return Judgement::new(Cause::OursFails, format!("{mine:?}"));
    };
    let others = theirs.play(calls);
    let found = examine(calls, &mine, others.answers());
    if found.cause == Cause::OursWrong {
        return found;
    }
    match others {
        Outcome::Hang => return Judgement::new(Cause::Hang, ""),
        Outcome::Crash(signal) => return Judgement::new(Cause::Crash, format!("signal {signal}")),
        Outcome::Answers(_) => {}
    }
    if matches!(found.cause, Cause::Same | Cause::Unloaded | Cause::GaveUp) {
        return found;
    }
    let same_without = |removed: Option<Vec<Call>>, ours: &mut Player, theirs: &mut Player| {
        removed.is_some_and(|less| match (ours.play(&less), theirs.play(&less)) {
            (Outcome::Answers(mine), Outcome::Answers(others)) => {
                examine(&less, &mine, Some(&others)).cause == Cause::Same
            }
            _ => false,
        })
    };
    let failed = |call: &Call, answer: &str| {
        !answer.starts_with('0') && matches!(call, Call::Rule { .. } | Call::Priority(..))
    };
    let without_rules = without(calls, &mine, |call, answer| {
        failed(call, answer) && matches!(call, Call::Rule { .. })
    });
    if same_without(without_rules, ours, theirs) {
        return Judgement::new(Cause::FailedRule, found.detail);
    }
    if same_without(without(calls, &mine, failed), ours, theirs) {
        return Judgement::new(Cause::FailedPriority, found.detail);
    }
    if same_without(without_rejected(calls), ours, theirs) {
        return Judgement::new(Cause::Rejected, found.detail);
    }
    found
}

fn without(
    calls: &[Call],
    answers: &[String],
    unwanted: impl Fn(&Call, &str) -> bool,
) -> Option<Vec<Call>> {
    let wanted = calls.iter().zip(answers);
    let less: Vec<Call> = wanted
        .filter(|(call, answer)| !unwanted(call, answer))
        .map(|(call, _)| call.clone())
        .collect();
    (less.len() < calls.len()).then_some(less)
}

/// The calls without what is done in transactions that are rejected.
fn without_rejected(calls: &[Call]) -> Option<Vec<Call>> {
    let mut less: Vec<Call> = Vec::new();
    let mut starts: Vec<(u8, usize)> = Vec::new();
    for call in calls {
        match call {
            Call::Start(filter) => starts.push((*filter, less.len())),
            Call::Commit(filter) | Call::Reject(filter) => {
                let open = starts.iter().rposition(|(of, _)| of == filter);
                if let Some((_, start)) = open.map(|open| starts.remove(open)) {
                    if let Call::Reject(_) = call {
                        less.truncate(start);
                        continue;
                    }
                }
            }
            _ => {}
        }
        less.push(call.clone());
    }
    (less.len() < calls.len()).then_some(less)
}

/// Compares the answers of both, or proves the programs of one.
fn examine(calls: &[Call], mine: &[String], others: Option<&[String]>) -> Judgement {
    let mut models = Models::default();
    let mut worst = Judgement::new(Cause::Same, "");
    let mut text = TextDiffers::No;
    for (index, call) in calls.iter().enumerate() {
        let (code, content) = split(&mine[index]);
        if code == "0" {
            models.accept(call);
        }
        let theirs = others.map(|others| split(&others[index]));
        if let Some((their_code, their_content)) = theirs {
            if code != their_code || (content != their_content && !call.exports()) {
                let detail = format!(
                    "call {index}, {call}: C answers {their_code} {their_content}, \
                     ours {code} {content}"
                );
                return Judgement::new(Cause::ReturnCode, detail);
            }
        }
        let theirs = theirs.map(|(_, content)| content);
        let model = match call {
            Call::Program(filter) if code == "0" => models.get(*filter),
            Call::Text(_) => {
                text = text.max(theirs.map_or(TextDiffers::No, |theirs| texts(content, theirs)));
                None
            }
            _ => None,
        };
        if let Some(model) = model {
            let found = programs(model, content, theirs);
            if found.cause > worst.cause || worst.cause == Cause::Same {
                worst = found;
            }
        }
    }
    match (worst.cause, text) {
        (Cause::Same | Cause::Code, TextDiffers::Rules) => Judgement::new(Cause::Tree, ""),
        (Cause::Same | Cause::Code, TextDiffers::Weights) => Judgement::new(Cause::Weight, ""),
        _ => worst,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TextDiffers {
    No,
    Weights,
    Rules,
}

/// How two texts differ. System calls stand in the order of their weights,
/// so the order doesn't count if weights differ.
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

/// The last filter's text.
pub fn exported_text(calls: &[Call], answers: &[String]) -> String {
    let last = calls.iter().rposition(|call| matches!(call, Call::Text(_)));
    let hex = last.and_then(|last| answers[last].split_once(' '));
    let bytes = hex.map_or(Vec::new(), |(_, hex)| bytes(hex));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn programs(model: &Model, mine: &str, theirs: Option<&str>) -> Judgement {
    let same = Judgement::new(Cause::Same, "");
    let Some(arch) = model.arch() else {
        return same;
    };
    let read = |hex| Program::from_bytes(&bytes(hex), arch.endian()).expect("a program");
    let rules = model.rule_set();
    let ours = read(mine);
    match proof::check(&ours, &rules) {
        Verdict::Equal => {}
        Verdict::GaveUp => return Judgement::new(Cause::GaveUp, "ours"),
        Verdict::Different(input) => {
            return Judgement::new(Cause::OursWrong, format!("{input:x?}"));
        }
    }
    let Some(theirs) = theirs.filter(|theirs| *theirs != mine) else {
        return same;
    };
    let theirs = read(theirs);
    match proof::check(&theirs, &rules) {
        Verdict::Equal => {}
        Verdict::GaveUp => return Judgement::new(Cause::GaveUp, "C"),
        Verdict::Different(found) => {
            let cause = match loads_number(&theirs, &found.input) {
                _ if turned_back(&theirs) == ours => Cause::Swapped,
                true => Cause::Wrong,
                false => Cause::Unloaded,
            };
            return Judgement::new(cause, format!("{found:x?}"));
        }
    }
    match proof::compare(&ours, &theirs) {
        Verdict::Different(found) => {
            let cause = match (model.level, found.input.number) {
                (2, u32::MAX) => Cause::OtherEntry,
                _ => Cause::OtherAction,
            };
            Judgement::new(cause, format!("{found:x?}"))
        }
        // Level 2 promises no bytes.
        _ if model.level == 2 => same,
        _ => Judgement::new(Cause::Code, ""),
    }
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
    bpf::run(&marked, input) == Ok(LOADED)
}

fn changed(program: &Program, change: impl Fn(Instruction) -> Instruction) -> Program {
    let mut bytes = Vec::new();
    for &instruction in program.instructions() {
        bytes.extend(change(instruction).to_bytes(program.endian()));
    }
    Program::from_bytes(&bytes, program.endian()).expect("a program")
}

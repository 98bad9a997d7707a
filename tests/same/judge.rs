// SPDX-License-Identifier: LGPL-2.1-only
//! What two libraries make of the same calls, and why, where they differ.

use std::ops::RangeInclusive;

use scmp::Arch;

use super::call::{Call, Compared};
use super::cause::Cause;
use super::examine::{arches_named, examine};
use super::player::{Outcome, Player};

/// What was found, and where.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub cause: Cause,
    pub detail: String,
    /// Whether all rules compare with `==` and masked equality only.
    only_equality: bool,
}

impl Judgement {
    /// Whether nothing in docs/differences.md explains it.
    pub fn is_unexplained(&self) -> bool {
        self.cause.is_unexplained(self.only_equality)
    }
}

pub fn only_equality(calls: &[Call]) -> bool {
    calls.iter().all(|call| match call {
        // Others than these seven are refused.
        Call::Rule { compared, .. } => {
            let operators = compared.iter().map(|one| one.operator);
            operators
                .into_iter()
                .all(|operator| !matches!(operator, 1..=3 | 5 | 6))
        }
        _ => true,
    })
}

pub fn judge(calls: &[Call], ours: &mut Player, theirs: &mut Player) -> Judgement {
    let strict = only_equality(calls);
    let judgement = |cause, detail: String| Judgement {
        cause,
        detail,
        only_equality: strict,
    };
    let outcome = ours.play(calls);
    let Outcome::Answers(mine) = outcome else {
        return judgement(Cause::OursFails, format!("{outcome:?}"));
    };
    let others = match theirs.play(calls) {
        Outcome::Answers(others) => others,
        outcome => {
            let (cause, detail) = examine(calls, &mine, None);
            return match cause {
                Cause::Same => stopped(calls, &outcome, ours, theirs),
                _ => judgement(cause, detail),
            };
        }
    };
    let (cause, detail) = examine(calls, &mine, Some(&others));
    if matches!(
        cause,
        Cause::Same | Cause::Unloaded | Cause::GaveUp | Cause::OursLong | Cause::OursWrong
    ) {
        return judgement(cause, detail);
    }
    let played = Played {
        calls: calls.to_vec(),
        mine,
        others,
    };
    use Dropped::{FailedPriorities, FailedRules, Rejected};
    let explanations = [
        (Cause::FailedRule, &[FailedRules][..]),
        (Cause::FailedPriority, &[FailedRules, FailedPriorities]),
        (Cause::Rejected, &[Rejected]),
        (Cause::Rejected, &[FailedRules, FailedPriorities, Rejected]),
    ];
    let found = judgement(cause, detail);
    for (cause, dropped) in explanations {
        // Two defects of the C library may meet: then less is left.
        let is_text = |cause| matches!(cause, Cause::Tree | Cause::Weight);
        let explains = |rest| match rest {
            Cause::Same => true,
            _ if rest.is_unexplained(strict) => false,
            _ => found.is_unexplained() || (is_text(found.cause) && !is_text(rest)),
        };
        if is_explained_without(&played, dropped, [&mut *ours, &mut *theirs], explains) {
            return Judgement { cause, ..found };
        }
    }
    if found.is_unexplained() && returns(&played) {
        return Judgement {
            cause: Cause::Returned,
            ..found
        };
    }
    match found.cause {
        Cause::Answer => answered_otherwise(played, found, ours, theirs),
        Cause::Tree | Cause::Weight if found.is_unexplained() => {
            match loses_a_rule(&played, ours, theirs) {
                Some(cause) => Judgement { cause, ..found },
                None => found,
            }
        }
        _ => found,
    }
}

/// If the C library drops a rule because another makes it redundant, it may also drop the
/// rule's neighbours. Then the C library's text is the shorter one, and without redundant
/// rules there is no difference.
fn loses_a_rule(played: &Played, ours: &mut Player, theirs: &mut Player) -> Option<Cause> {
    let Played {
        calls,
        mine,
        others,
    } = played;
    let is_text = |at: &usize| matches!(calls[*at], Call::Text(_));
    let is_shorter = |at: usize| others[at].len() < mine[at].len();
    let mut different = (0..calls.len()).filter(|at| is_text(at) && mine[*at] != others[*at]);
    if !different.all(is_shorter) {
        return None;
    }
    let redundant = |at: usize| {
        let accepted = |at: &usize| mine[*at].starts_with('0');
        let mut later = (at + 1..calls.len()).filter(accepted);
        accepted(&at) && later.any(|later| includes(&calls[later], &calls[at]))
    };
    let rest = (0..calls.len()).filter(|&at| !redundant(at));
    let rest: Vec<Call> = rest.map(|at| calls[at].clone()).collect();
    if rest.len() == calls.len() || judge(&rest, ours, theirs).is_unexplained() {
        return None;
    }
    // Where it matters, or another defect does, the program tells.
    let programs = played.only(|at| !is_text(&at));
    match programs.examine() {
        Cause::Same | Cause::Code => Some(Cause::Lost),
        cause @ (Cause::Wrong | Cause::Unloaded | Cause::Swapped) => Some(cause),
        _ => None,
    }
}

/// Whether one rule compares less than the other, the same in that, and has
/// the same action.
fn includes(wider: &Call, narrower: &Call) -> bool {
    match (rule_parts(wider), rule_parts(narrower)) {
        (Some((few, action)), Some((many, other))) => {
            action == other && few.2.len() < many.2.len() && is_among(&few, &many)
        }
        _ => false,
    }
}

/// Whether a rule's comparisons are among those of another, of the same call.
/// Half of the architectures see low words only.
fn is_among(few: &Rule, many: &Rule) -> bool {
    let low = |one: &Compared| (one.argument, one.operator, one.a as u32, one.b as u32);
    let has = |one: &Compared| many.2.iter().any(|other| low(one) == low(other));
    (few.0, few.1) == (many.0, many.1) && few.2.iter().all(has)
}

/// A filter, a system call, and what is compared.
type Rule = (u8, i32, Vec<Compared>);

/// A rule with its action.
fn rule_parts(call: &Call) -> Option<(Rule, u32)> {
    match call {
        Call::Rule {
            filter,
            action,
            number,
            compared,
            ..
        } => {
            // A mask without a bit compares nothing.
            let compares = |one: &&Compared| one.operator != 7 || one.a as u32 != 0;
            let compared = compared.iter().filter(compares).copied().collect();
            Some(((*filter, *number, compared), *action))
        }
        _ => None,
    }
}

/// Whether the C library's text names an architecture that ours does not, and
/// that has been removed.
fn returns(played: &Played) -> bool {
    let texts = (0..played.calls.len()).filter(|&at| matches!(played.calls[at], Call::Text(_)));
    let removed = |name: &String| {
        played.calls.iter().any(|call| match call {
            Call::RemoveArch(_, token) => {
                Arch::from_token(*token).is_some_and(|arch| arch.name() == name)
            }
            _ => false,
        })
    };
    texts.into_iter().any(|at| {
        let [ours, theirs] = [&played.mine[at], &played.others[at]].map(|text| arches_named(text));
        let mut extra = theirs.difference(&ours).peekable();
        extra.peek().is_some() && extra.all(removed)
    })
}

/// A rule is refused or not by what a filter already has. If the C library has
/// lost a rule there, or holds another tree, that is the cause; or it does not
/// see a contradiction. What comes after must be explained too.
fn answered_otherwise(
    played: Played,
    found: Judgement,
    ours: &mut Player,
    theirs: &mut Player,
) -> Judgement {
    let Played {
        mut calls,
        mine,
        others,
    } = played;
    let code = |answer: &String| answer.split(' ').next().map(str::to_string);
    let mut both = mine.iter().zip(&others);
    let Some(at) = both.position(|(one, other)| code(one) != code(other)) else {
        return found;
    };
    let Call::Rule { filter, .. } = calls[at] else {
        return found;
    };
    let mut before = calls[..at].to_vec();
    before.extend([Call::Text(filter), Call::Program(filter)]);
    let before = judge(&before, ours, theirs);
    if before.is_unexplained() {
        return before;
    }
    let cause = match before.cause {
        Cause::Wrong | Cause::OtherAction | Cause::Tree => before.cause,
        _ if contradicts(&calls[..at], &mine, &calls[at]) => Cause::Contradiction,
        _ => return found,
    };
    calls.remove(at);
    let after = judge(&calls, ours, theirs);
    match after.is_unexplained() {
        true => after,
        false => Judgement { cause, ..found },
    }
}

/// Whether an accepted rule compares the same, or the same and more, and has
/// another action.
fn contradicts(calls: &[Call], answers: &[String], new: &Call) -> bool {
    let Some((new, action)) = rule_parts(new) else {
        return false;
    };
    let accepted = calls
        .iter()
        .zip(answers)
        .filter(|(_, answer)| *answer == "0 " || *answer == "0");
    let mut rules = accepted.filter_map(|(call, _)| rule_parts(call));
    rules.any(|(old, other)| other != action && is_among(&new, &old))
}

/// Calls, and what both have answered.
#[derive(Clone)]
struct Played {
    calls: Vec<Call>,
    mine: Vec<String>,
    others: Vec<String>,
}

impl Played {
    /// Some of the calls, by their places.
    fn only(&self, keep: impl Fn(usize) -> bool) -> Played {
        fn of<T: Clone>(all: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
            let kept = (0..all.len()).filter(|&at| keep(at));
            kept.map(|at| all[at].clone()).collect()
        }
        Played {
            calls: of(&self.calls, &keep),
            mine: of(&self.mine, &keep),
            others: of(&self.others, &keep),
        }
    }

    fn examine(&self) -> Cause {
        examine(&self.calls, &self.mine, Some(&self.others)).0
    }
}

/// Calls that must change nothing, and are dropped.
#[derive(Clone, Copy, PartialEq)]
enum Dropped {
    FailedRules,
    FailedPriorities,
    Rejected,
}

/// Whether calls that must change nothing explain the difference: without them
/// nothing is left to explain between the C library's answers and those that
/// ours gives with and without them. They have themselves been answered alike,
/// or otherwise for a reason of its own.
fn is_explained_without(
    played: &Played,
    dropped: &[Dropped],
    [ours, theirs]: [&mut Player; 2],
    explains: impl Fn(Cause) -> bool,
) -> bool {
    let mut played = played.clone();
    loop {
        let gone = gone(&played, dropped);
        if !gone.contains(&true) {
            return false;
        }
        played = played.only(|at| !gone[at]);
        if ours.play(&played.calls).answers() != Some(&played.mine) {
            return false;
        }
        let Outcome::Answers(others) = theirs.play(&played.calls) else {
            // There it stops: two defects meet.
            return explains(judge(&played.calls, ours, theirs).cause);
        };
        played.others = others;
        if explains(played.examine()) {
            return true;
        }
        // One that was answered otherwise may not be any more.
    }
}

fn gone(played: &Played, dropped: &[Dropped]) -> Vec<bool> {
    let Played {
        calls,
        mine,
        others,
    } = played;
    let alike = |at: usize| mine[at] == others[at];
    let failed = |at: usize| !mine[at].starts_with('0');
    let of_kind = |at: usize| match calls[at] {
        Call::Rule { .. } => dropped.contains(&Dropped::FailedRules),
        Call::Priority(..) => dropped.contains(&Dropped::FailedPriorities),
        _ => false,
    };
    let mut gone: Vec<bool> = (0..calls.len())
        .map(|at| of_kind(at) && failed(at) && alike(at))
        .collect();
    if dropped.contains(&Dropped::Rejected) {
        for (filter, range) in rejected(calls) {
            // Attributes stay as they are set.
            let is_undone =
                |at: usize| calls[at].is_of(filter) && !matches!(calls[at], Call::SetAttribute(..));
            let undone: Vec<usize> = range.clone().filter(|&at| is_undone(at)).collect();
            // Programs may differ for another reason.
            let is_explained = || {
                let counts = |at: usize| undone.contains(&at) || !calls[at].exports();
                let until = played.only(|at| at <= *range.end() && counts(at));
                !until.examine().is_unexplained(only_equality(&until.calls))
            };
            if undone.iter().all(|&at| alike(at)) || is_explained() {
                undone.iter().for_each(|&at| gone[at] = true);
            }
        }
    }
    gone
}

/// The rejected transactions, each with its filter. A rejection without an open transaction
/// counts as a transaction of one call.
fn rejected(calls: &[Call]) -> Vec<(u8, RangeInclusive<usize>)> {
    let mut rejected = Vec::new();
    let mut starts: Vec<(u8, usize)> = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        match *call {
            Call::Start(filter) => starts.push((filter, at)),
            Call::Commit(filter) | Call::Reject(filter) => {
                let open = starts.iter().rposition(|&(of, _)| of == filter);
                let start = open.map_or(at, |open| starts.remove(open).1);
                if let Call::Reject(_) = call {
                    rejected.push((filter, start..=at));
                }
            }
            _ => {}
        }
    }
    rejected
}

/// The C library has stopped, and ours is right. What it does before must be
/// explained too.
fn stopped(calls: &[Call], outcome: &Outcome, ours: &mut Player, theirs: &mut Player) -> Judgement {
    if *outcome == Outcome::Endless {
        let less: Vec<Call> = (calls.iter())
            .filter(|call| !matches!(call, Call::Text(_)))
            .cloned()
            .collect();
        let rest = judge(&less, ours, theirs);
        return match rest.cause {
            Cause::Same => Judgement {
                cause: Cause::Endless,
                ..rest
            },
            _ => rest,
        };
    }
    // The most calls that it answers.
    let (mut answered, mut not) = (0, calls.len());
    while not - answered > 1 {
        let middle = answered.midpoint(not);
        match theirs.play(&calls[..middle]).is_answered() {
            true => answered = middle,
            false => not = middle,
        }
    }
    let mut before = calls[..answered].to_vec();
    if matches!(before.first(), Some(Call::Init(0, _))) && !calls[answered].exports() {
        before.extend([Call::Text(0), Call::Program(0)]);
    }
    let before = judge(&before, ours, theirs);
    if before.is_unexplained() {
        return before;
    }
    let cause = match outcome {
        Outcome::Hang => Cause::Hang,
        _ => Cause::Crash,
    };
    Judgement {
        cause,
        detail: format!("{outcome:?} in {}", calls[answered]),
        only_equality: only_equality(calls),
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! Findings about the rules of a text.

use std::collections::{HashMap, HashSet};

use scmp::Arch;
use scmp_verify::decision::{Function, Unanswered};

use super::{Finding, Lint, REDUNDANT_RULE, SHADOWED_RULE};
use crate::input::{Format, Input, Note, NoteKind, Place, SourceRule, Subject};
use crate::matrix::{Call, Explorer, Matrix};
use crate::wording;

/// What the rules of a text do, on all machines.
pub struct Effects<'a> {
    format: Format,
    /// The words of notes on what the filters left out.
    left_out: HashSet<&'a str>,
    idle: Vec<Idle>,
    /// Rules that change the filter on at least one architecture.
    needed: HashSet<Rule>,
}

/// A rule of the text, whatever it becomes on an architecture: its place, its call, and how
/// many rules on that call the place has before it.
type Rule = (Place, String, usize);

/// A rule that changes nothing on an architecture.
struct Idle {
    rule: Rule,
    arch: Arch,
    lint: Lint,
    action: String,
    /// The calls that it matches, in words.
    matched: String,
}

/// Marks inputs that no rule matches.
const NO_ACTION: u32 = u32::MAX;

/// Marks inputs that rules with different actions match.
const SEVERAL: u32 = u32::MAX - 1;

impl<'a> Effects<'a> {
    /// Of an input's filters, none of which has been looked at.
    pub fn of(input: &'a Input) -> Effects<'a> {
        let left_out = |note: &&Note| note.kind == NoteKind::LeftOut;
        let left_out = input.notes.iter().filter(left_out);
        Effects {
            format: input.format,
            left_out: left_out.flat_map(Note::words).collect(),
            idle: Vec::new(),
            needed: HashSet::new(),
        }
    }

    /// Looks at the rules of the filter for one more machine.
    pub fn add(
        &mut self,
        explorer: &mut Explorer,
        subject: &Subject,
        matrix: &Matrix,
    ) -> Result<(), Unanswered> {
        let by_call = subject.rules_by_call();
        for of_arch in &matrix.arches {
            // runc does not count multiplexers.
            let own = |rule: &&SourceRule| rule.arch == of_arch.arch && rule.is_direct();
            let highest = subject.rules.iter().filter(own).map(|rule| rule.number);
            let highest = highest.max();
            for call in &of_arch.calls {
                let Some(rules) = by_call.get(&(of_arch.arch, call.number)) else {
                    continue;
                };
                // A call without rules is unknown, and gets nothing that the format adds to them.
                let needs_one = subject.unknown_calls.is_some()
                    || subject.above_highest > 0 && highest == Some(call.number)
                    || rules.iter().any(|rule| !rule.is_written);
                self.add_rules(explorer, call, rules, needs_one, subject.first_match)?;
            }
        }
        Ok(())
    }

    /// Looks at the rules on a call of an architecture. `needs_one`: without any, the call would
    /// get something else. `first_match`: the first rule that matches decides.
    fn add_rules(
        &mut self,
        explorer: &mut Explorer,
        call: &Call,
        rules: &[&SourceRule],
        needs_one: bool,
        first_match: bool,
    ) -> Result<(), Unanswered> {
        // Removing a rule may make libseccomp accept one that it refused.
        let was_refused = |rule: &&SourceRule| self.left_out.contains(&rule.call[..]);
        let is_needed = rules.iter().any(was_refused);
        let regions = rules
            .iter()
            .map(|rule| rule.condition.region(&mut explorer.analysis));
        let regions = regions.collect::<Result<Vec<Function>, _>>()?;
        // libseccomp orders rules by what they compare, among other things. Beside a rule with
        // another action that matches too, any rule may be the reason why that does not decide.
        let disputed = match first_match {
            true => vec![false; rules.len()],
            false => explorer.disputed(rules, &regions)?,
        };
        // The calls that have an unconditional rule, which replaces others. On a multiplexer it
        // compares the number of the call.
        let is_whole = |rule: &&&SourceRule| match &rule.condition.any[..] {
            [atoms] => atoms.len() == usize::from(!rule.is_direct()),
            _ => false,
        };
        let whole: HashSet<&str> = rules
            .iter()
            .filter(is_whole)
            .map(|rule| &rule.call[..])
            .collect();
        let nothing = explorer.analysis.constant(0)?;
        // Where rules before match that stay, by action or in all.
        let mut kept: HashMap<u32, Function> = HashMap::new();
        let no_rule = explorer.analysis.constant(NO_ACTION)?;
        let after = explorer.rests(rules, &regions)?;
        let same = |index: usize| (rules[index].action, regions[index]);
        let last: HashMap<_, usize> = (0..rules.len()).map(|index| (same(index), index)).collect();
        // How many rules on a call each place has so far.
        let mut counts: HashMap<(&Place, &str), usize> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let region = regions[index];
            // Where a rule before matches, whatever its action, the first match decides.
            let kind = if first_match { NO_ACTION } else { rule.action };
            let before = kept.get(&kind).copied().unwrap_or(nothing);
            let earlier = explorer.is_within(region, before)?;
            let later = explorer.analysis.choose(region, after[index], no_rule)?;
            let later_alike = explorer.analysis.where_value(later, rule.action)?;
            let others = explorer.analysis.either(before, later_alike)?;
            let by_others = explorer.is_within(region, others)?;
            // Of two equal rules, the later one is superfluous.
            let again = last[&same(index)] > index;
            let is_disputed = disputed[index];
            let lint = if !explorer.decides(call.decided, region, rule.action)? {
                (whole.contains(&rule.call[..]) || !is_disputed).then_some(SHADOWED_RULE)
            } else if !is_disputed && (earlier || by_others && !again) {
                Some(REDUNDANT_RULE)
            } else {
                None
            };
            let count = counts.entry((&rule.place, &rule.call)).or_default();
            let key = (rule.place.clone(), rule.call.clone(), *count);
            *count += 1;
            let is_last = !rules[index + 1..].iter().any(|rule| rule.is_written);
            let stays = is_needed || !rule.is_written || needs_one && kept.is_empty() && is_last;
            let lint = lint.filter(|_| !stays);
            let Some(lint) = lint else {
                let union = explorer.analysis.either(before, region)?;
                kept.insert(kind, union);
                if rule.is_written {
                    self.needed.insert(key);
                }
                continue;
            };
            // What a rule does to a multiplexer is no rule of the text.
            if !rule.is_direct() {
                continue;
            }
            self.idle.push(Idle {
                rule: key,
                arch: rule.arch,
                lint,
                action: wording::action(rule.arch, rule.action),
                matched: wording::matched(rule),
            });
        }
        Ok(())
    }

    /// Rules that never decide, and rules that others make superfluous: on all architectures.
    pub fn findings(self) -> impl Iterator<Item = Finding> {
        let Effects {
            format,
            idle,
            needed,
            ..
        } = self;
        let mut calls: HashMap<Place, HashSet<String>> = HashMap::new();
        for (place, call, _) in &needed {
            calls.entry(place.clone()).or_default().insert(call.clone());
        }
        let idle = idle.into_iter();
        let idle = idle.filter(move |idle| !needed.contains(&idle.rule));
        idle.map(move |idle| {
            let (place, call, _) = idle.rule;
            let beside = match calls.get(&place) {
                None => Beside::Nothing,
                Some(calls) if calls.contains(&call) => Beside::SameCall,
                Some(_) => Beside::OtherCalls,
            };
            let text = format!("{} {}", idle.action, idle.matched);
            let fix = removal(format, &call, &idle.matched, beside);
            Finding::new(idle.lint, Some(idle.arch), text, fix).at(Some(place))
        })
    }
}

/// What else the place of a rule has that is needed.
#[derive(Clone, Copy)]
enum Beside {
    Nothing,
    OtherCalls,
    /// Other rules on the call, which a range of values or a condition with an action makes.
    SameCall,
}

/// How to remove a rule that matches these calls, and nothing else.
fn removal(format: Format, call: &str, matched: &str, beside: Beside) -> String {
    match (format, beside) {
        (Format::Oci, Beside::SameCall) => {
            format!("give {call} an entry for each comparison of args but that of {matched}")
        }
        (Format::Oci, _) => {
            format!("remove \"{call}\" from names, or the entry if it names nothing else")
        }
        (_, Beside::Nothing) => "remove the rule".to_string(),
        (Format::Minijail, Beside::SameCall) if matched == call => {
            "remove the action behind the condition".to_string()
        }
        (Format::Minijail, Beside::SameCall) => {
            "remove the condition, and keep the action behind it".to_string()
        }
        (Format::Minijail, Beside::OtherCalls) => format!(
            "take {call} out of the line's calls; if the line has more for it, write that in a \
             line of its own"
        ),
        (_, Beside::OtherCalls) => {
            format!("remove {call} from the line, and keep its other calls")
        }
        (_, Beside::SameCall) => {
            format!("remove only {matched} from the line, and keep what else it says of {call}")
        }
    }
}

impl Explorer {
    /// For each rule, whether an input that it matches also matches a rule with another action.
    fn disputed(
        &mut self,
        rules: &[&SourceRule],
        regions: &[Function],
    ) -> Result<Vec<bool>, Unanswered> {
        let none = self.analysis.constant(NO_ACTION)?;
        let several = self.analysis.constant(SEVERAL)?;
        // The action of all rules so far that match an input.
        let mut common = none;
        for (rule, &region) in rules.iter().zip(regions) {
            let here = self.analysis.choose(region, common, none)?;
            let new = self.analysis.where_value(here, NO_ACTION)?;
            let same = self.analysis.where_value(here, rule.action)?;
            let is_one = self.analysis.either(new, same)?;
            let action = self.analysis.constant(rule.action)?;
            let here = self.analysis.choose(is_one, action, several)?;
            common = self.analysis.choose(region, here, common)?;
        }
        let mut is_several = |&region: &Function| self.decides(common, region, SEVERAL);
        regions.iter().map(&mut is_several).collect()
    }

    /// For each rule, the action of the first rule after it that matches, or `NO_ACTION`.
    fn rests(
        &mut self,
        rules: &[&SourceRule],
        regions: &[Function],
    ) -> Result<Vec<Function>, Unanswered> {
        let mut rest = self.analysis.constant(NO_ACTION)?;
        let mut rests = Vec::new();
        for (rule, region) in rules.iter().zip(regions).rev() {
            rests.push(rest);
            let action = self.analysis.constant(rule.action)?;
            rest = self.analysis.choose(*region, action, rest)?;
        }
        rests.reverse();
        Ok(rests)
    }

    /// Whether one condition implies another.
    fn is_within(&mut self, inner: Function, outer: Function) -> Result<bool, Unanswered> {
        let rest = self.analysis.without(inner, outer)?;
        Ok(self.analysis.example(rest)?.is_none())
    }

    /// Whether a call in the region gets the value.
    fn decides(
        &mut self,
        decided: Function,
        region: Function,
        value: u32,
    ) -> Result<bool, Unanswered> {
        let here = self.analysis.where_value(decided, value)?;
        let here = self.analysis.both(region, here)?;
        Ok(self.analysis.example(here)?.is_some())
    }
}

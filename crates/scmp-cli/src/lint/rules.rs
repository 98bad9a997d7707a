// SPDX-License-Identifier: LGPL-2.1-only
//! Findings about the rules of a text.

use std::collections::HashMap;

use scmp_verify::decision::{Function, Unanswered};

use super::{Finding, REDUNDANT_RULE, SHADOWED_RULE};
use crate::input::{SourceRule, Subject};
use crate::matrix::{Explorer, Matrix};
use crate::names;
use crate::wording;

/// Rules that never decide, and rules that others make superfluous.
pub fn effects(
    explorer: &mut Explorer,
    subject: &Subject,
    matrix: &Matrix,
) -> Result<Vec<Finding>, Unanswered> {
    let by_call = subject.rules_by_call();
    let mut findings = Vec::new();
    for of_arch in &matrix.arches {
        for call in &of_arch.calls {
            let Some(rules) = by_call.get(&(of_arch.arch, call.number)) else {
                continue;
            };
            let regions = rules
                .iter()
                .map(|rule| rule.condition.region(&mut explorer.analysis));
            let regions = regions.collect::<Result<Vec<Function>, _>>()?;
            let before = explorer.unions(rules, &regions)?;
            let reversed: Vec<_> = rules.iter().rev().copied().collect();
            let back: Vec<Function> = regions.iter().rev().copied().collect();
            let mut after = explorer.unions(&reversed, &back)?;
            after.reverse();
            for (index, rule) in rules.iter().enumerate() {
                // What a rule does to a multiplexer is no rule of the text.
                if names::number(of_arch.arch, &rule.call) != Some(rule.number) {
                    continue;
                }
                let region = regions[index];
                let text = format!(
                    "{} {}",
                    wording::action(of_arch.arch, rule.action),
                    rule.call
                );
                let text = match rule.condition.is_always() {
                    true => text,
                    false => format!("{text} if {}", rule.condition),
                };
                let fix = "remove the rule".to_string();
                if !explorer.decides(call.decided, region, rule.action)? {
                    let finding = Finding::new(SHADOWED_RULE, Some(of_arch.arch), text, fix);
                    findings.push(finding.at(Some(rule.place.clone())));
                    continue;
                }
                let earlier = explorer.is_within(region, before[index])?;
                let others = explorer.either(before[index], after[index])?;
                let by_others = explorer.is_within(region, others)?;
                // Of two equal rules, the later one is superfluous.
                let mut later = rules[index + 1..].iter().zip(&regions[index + 1..]);
                let again =
                    later.any(|(other, same)| other.action == rule.action && *same == region);
                if earlier || by_others && !again {
                    let finding = Finding::new(REDUNDANT_RULE, Some(of_arch.arch), text, fix);
                    findings.push(finding.at(Some(rule.place.clone())));
                }
            }
        }
    }
    Ok(findings)
}

impl Explorer {
    /// For each rule, where those before it with the same action match.
    fn unions(
        &mut self,
        rules: &[&SourceRule],
        regions: &[Function],
    ) -> Result<Vec<Function>, Unanswered> {
        let nothing = self.analysis.constant(0)?;
        let mut so_far: HashMap<u32, Function> = HashMap::new();
        let mut unions = Vec::new();
        for (rule, region) in rules.iter().zip(regions) {
            let union = so_far.get(&rule.action).copied().unwrap_or(nothing);
            unions.push(union);
            let union = self.either(union, *region)?;
            so_far.insert(rule.action, union);
        }
        Ok(unions)
    }

    fn either(&mut self, one: Function, other: Function) -> Result<Function, Unanswered> {
        let yes = self.analysis.constant(1)?;
        self.analysis.choose(one, yes, other)
    }

    /// Whether one condition implies another.
    fn is_within(&mut self, inner: Function, outer: Function) -> Result<bool, Unanswered> {
        let nothing = self.analysis.constant(0)?;
        Ok(self.analysis.choose(outer, nothing, inner)? == nothing)
    }

    /// Whether a call in the region gets the value.
    fn decides(
        &mut self,
        decided: Function,
        region: Function,
        value: u32,
    ) -> Result<bool, Unanswered> {
        let nothing = self.analysis.constant(0)?;
        let here = self.analysis.where_value(decided, value)?;
        Ok(self.analysis.choose(region, here, nothing)? != nothing)
    }
}

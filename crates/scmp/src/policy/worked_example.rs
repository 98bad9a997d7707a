// SPDX-License-Identifier: LGPL-2.1-only
//! The plans that docs/compiler.md shows: see `filter::worked_example`.

use super::*;
use crate::lower::worked_example::has_logged;
use crate::resolved::{Decision, TreeSource};

// For `filter`, which does not use these modules itself.
pub(crate) use crate::lower::worked_example::{dot, tests};
pub(crate) use crate::syscalls::worked_example::look_up;

/// Plans a conditional rule, describes the plans, and withdraws them.
pub(crate) fn plans(
    policy: &mut Policy,
    action: Action,
    number: i32,
    with: &Comparisons,
) -> String {
    let call = Arch::native_call(number);
    let planned = policy.plan(action, call, false, with, RuleMode::BestEffort);
    let mut text = String::new();
    // A target that refuses the rule has no plan.
    let count = policy.planned.len() - usize::from(planned.is_err());
    for target in &policy.planned[..count] {
        let rules = &policy.state.arches[target.arch as usize];
        let (arch, number) = (rules.arch(), target.number);
        let resolved = rules.resolve(&policy.state.shared, View::Program).unwrap();
        let tree = resolved.calls.iter().find_map(|call| match call.decision {
            Decision::Tree(index) if call.number == number => resolved.trees.get(index as usize),
            _ => None,
        });
        let tree = match tree {
            Some(TreeSource::Stored(tree)) if has_logged(tree) => "tree stored, changes logged",
            Some(TreeSource::Stored(_)) => "tree stored, nothing logged",
            _ => "no tree stored",
        };
        let name = arch.syscall_name(number as i32).unwrap();
        let (arch, plan) = (arch.name(), format!("{:?}", target.plan));
        text += &format!("  {arch:<6} {number:>3} {name:<10} {plan:<22} {tree}\n");
    }
    drop(Planning(policy));
    if let Err(error) = planned {
        text += &format!("  {error:?}\n");
    }
    text
}

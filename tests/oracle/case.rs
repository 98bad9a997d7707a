// SPDX-License-Identifier: LGPL-2.1-only
//! A filter as the list of calls that make it.

use std::fmt;

use scmp::{Action, Arch, Comparison, Comparisons, Operator, RuleMode};

#[derive(Clone, Debug)]
pub struct Rule {
    pub action: Action,
    /// On the native architecture.
    pub number: i32,
    pub comparisons: Vec<Comparison>,
    pub how: RuleMode,
}

impl Rule {
    pub fn comparisons(&self) -> Comparisons {
        Comparisons::new(&self.comparisons).expect("each argument is compared once")
    }
}

#[derive(Clone, Debug)]
pub enum Step {
    Rule(Rule),
    Prioritize(i32, u8),
    Cover(Arch),
    Uncover(Arch),
    Start,
    Reject,
    Commit,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    pub default: Action,
    pub bad_architecture: Action,
    pub allow_skip: bool,
    /// In this order, before the steps.
    pub arches: Vec<Arch>,
    pub steps: Vec<Step>,
    /// Look at the program before and after each step that must not change
    /// it.
    pub careful: bool,
}

impl Case {
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.steps.iter().filter_map(|step| match step {
            Step::Rule(rule) => Some(rule),
            _ => None,
        })
    }

    /// Only rules and priorities, so that their order is free.
    pub fn is_flat(&self) -> bool {
        self.steps
            .iter()
            .all(|step| matches!(step, Step::Rule(_) | Step::Prioritize(..)))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Arch::native().syscall_name(self.number).unwrap_or("?");
        let exact = match self.how {
            RuleMode::Exact => "_exact",
            RuleMode::BestEffort => "",
        };
        write!(
            f,
            "seccomp_rule_add{exact}({:?}, {} /* {name} */",
            self.action, self.number
        )?;
        for comparison in &self.comparisons {
            let symbol = match comparison.operator() {
                Operator::NotEqual => "!=".to_string(),
                Operator::Less => "<".to_string(),
                Operator::LessOrEqual => "<=".to_string(),
                Operator::Equal => "==".to_string(),
                Operator::GreaterOrEqual => ">=".to_string(),
                Operator::Greater => ">".to_string(),
                Operator::MaskedEqual { mask } => format!("& {mask:#x} =="),
            };
            write!(
                f,
                ", a{} {symbol} {:#x}",
                comparison.argument(),
                comparison.datum()
            )?;
        }
        write!(f, ")")
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}: default {:?}, bad architecture {:?}, skip {}, {:?}",
            self.seed, self.default, self.bad_architecture, self.allow_skip, self.arches
        )?;
        for step in &self.steps {
            match step {
                Step::Rule(rule) => writeln!(f, "  {rule}")?,
                other => writeln!(f, "  {other:?}")?,
            }
        }
        Ok(())
    }
}

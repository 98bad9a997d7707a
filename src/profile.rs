// SPDX-License-Identifier: LGPL-2.1-only
//! Filters as text, to keep real profiles as data.
//!
//! ```text
//! # A line is a statement; a comment begins with #.
//! arch x86_64 x86 x32
//! default errno 1
//! foreign kill-process
//! priority 200 read write
//! allow read write close
//! errno 38 clone3
//! allow clone(a0 & 0x7e020000 == 0) ioctl(a1 == 0x5401..0x5410, a2 != 0)
//! ```
//!
//! Actions are `allow`, `log`, `notify`, `kill-thread`, `kill-process`, and
//! with a number `errno`, `trap` and `trace`. `A..B` stands for one rule for
//! each value, both ends included. `exact` on a line of its own makes all
//! rules exact. Without `arch` the filter is for x86_64, without `foreign`
//! calls of other architectures get `kill-thread`.

use std::fmt;

use crate::arch::Arch;
use crate::error::Error;
use crate::filter::{Action, Comparison, Comparisons, Filter, Match, Operator};
use crate::proof::RuleSet;

/// A filter that has not been built.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The verdict on calls that no rule matches.
    pub default: Action,
    /// The verdict on calls of other architectures.
    pub foreign: Action,
    /// Whether rules are exact.
    pub how: Match,
    /// In the order in which they are added.
    pub arches: Vec<Arch>,
    /// In the order in which they are made.
    pub steps: Vec<Step>,
}

/// What is done to a filter.
#[derive(Clone, Debug)]
pub enum Step {
    /// A rule is added.
    Rule {
        /// Its action.
        action: Action,
        /// The system call's name.
        call: String,
        /// Its comparisons.
        comparisons: Comparisons,
    },
    /// A system call is given a priority.
    Priority {
        /// The system call's name.
        call: String,
        /// From 0 to 255.
        priority: u8,
    },
}

/// Where a text is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Mistake {}

/// A profile that has been built.
#[derive(Debug)]
pub struct Built {
    /// The filter.
    pub filter: Filter,
    /// The rules that it has taken.
    pub rules: RuleSet,
    /// Rules and priorities that it has not, with the reason.
    pub refused: Vec<(Step, Error)>,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// The first [`Mistake`] in the text.
    pub fn parse(text: &str) -> Result<Profile, Mistake> {
        let mut profile = Profile {
            default: Action::KillThread,
            foreign: Action::KillThread,
            how: Match::Adjusted,
            arches: Vec::new(),
            steps: Vec::new(),
        };
        let mut default = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or("").trim();
            if !line.is_empty() {
                profile
                    .statement(line, &mut default)
                    .map_err(|what| Mistake {
                        line: index + 1,
                        what,
                    })?;
            }
        }
        profile.default = default.ok_or(Mistake {
            line: text.lines().count(),
            what: "no default action".to_string(),
        })?;
        if profile.arches.is_empty() {
            profile.arches.push(Arch::X86_64);
        }
        Ok(profile)
    }

    fn statement(&mut self, line: &str, default: &mut Option<Action>) -> Result<(), String> {
        let (word, rest) = first_word(line);
        match word {
            "arch" => {
                for name in rest.split_whitespace() {
                    let arch = Arch::from_name(name.as_bytes());
                    self.arches
                        .push(arch.ok_or(format!("no architecture {name}"))?);
                }
            }
            "default" => *default = Some(only_action(rest)?),
            "foreign" => self.foreign = only_action(rest)?,
            "exact" => self.how = Match::Exact,
            "priority" => {
                let (priority, calls) = first_word(rest);
                let priority = number(priority)?;
                let priority = u8::try_from(priority).map_err(|_| "not a priority")?;
                for call in calls.split_whitespace() {
                    let call = call.to_string();
                    self.steps.push(Step::Priority { call, priority });
                }
            }
            _ => {
                let (action, mut rest) = action(line)?;
                while !rest.is_empty() {
                    rest = self.rule(action, rest)?;
                }
            }
        }
        Ok(())
    }

    /// Takes one call, with or without comparisons; gives what follows it.
    fn rule<'a>(&mut self, action: Action, text: &'a str) -> Result<&'a str, String> {
        let end = text.find(|c: char| c == '(' || c.is_whitespace());
        let (call, rest) = text.split_at(end.unwrap_or(text.len()));
        let (inside, rest) = match rest.strip_prefix('(') {
            Some(rest) => rest.split_once(')').ok_or("a ) is missing")?,
            None => ("", rest),
        };
        let mut all = vec![Comparisons::default()];
        for part in inside.split(',').filter(|part| !part.trim().is_empty()) {
            let choices = comparison(part)?;
            let mut longer = Vec::new();
            for start in &all {
                for choice in &choices {
                    let mut comparisons = *start;
                    comparisons
                        .add(*choice)
                        .map_err(|error| error.to_string())?;
                    longer.push(comparisons);
                }
            }
            all = longer;
        }
        for comparisons in all {
            self.steps.push(Step::Rule {
                action,
                call: call.to_string(),
                comparisons,
            });
        }
        Ok(rest.trim_start())
    }

    /// Makes the filter. As programs do, it goes on without the rules that
    /// an architecture can't take.
    ///
    /// # Errors
    /// Those of [`Filter::add_arch`].
    pub fn build(&self) -> Result<Built, Error> {
        let native = Arch::native();
        let mut filter = Filter::new(self.default)?;
        filter.remove_arch(native)?;
        for &arch in &self.arches {
            filter.add_arch(arch)?;
        }
        filter.attributes_mut().bad_architecture = self.foreign;
        let mut built = Built {
            filter,
            rules: RuleSet::new(self.default, self.foreign, false, &self.arches),
            refused: Vec::new(),
        };
        for step in &self.steps {
            if let Err(error) = built.take(step, self.how) {
                built.refused.push((step.clone(), error));
            }
        }
        Ok(built)
    }
}

impl Built {
    fn take(&mut self, step: &Step, how: Match) -> Result<(), Error> {
        let number = |call: &str| {
            let number = Arch::native().syscall_number(call.as_bytes());
            number.ok_or(Error::UnknownSyscall)
        };
        match step {
            Step::Rule {
                action,
                call,
                comparisons,
            } => {
                let number = number(call)?;
                self.filter.add_rule(*action, number, comparisons, how)?;
                self.rules.add(*action, number, comparisons, how)
            }
            Step::Priority { call, priority } => self.filter.prioritize(number(call)?, *priority),
        }
    }
}

fn first_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

fn number(text: &str) -> Result<u64, String> {
    let text = text.trim();
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    }
    .map_err(|_| format!("{text} is no number"))
}

/// An action, and what follows it.
fn action(text: &str) -> Result<(Action, &str), String> {
    let (word, rest) = first_word(text);
    let plain = match word {
        "allow" => Action::Allow,
        "log" => Action::Log,
        "notify" => Action::Notify,
        "kill-thread" => Action::KillThread,
        "kill-process" => Action::KillProcess,
        "errno" | "trap" | "trace" => {
            let (data, rest) = first_word(rest);
            let data = number(data)?;
            let whole = || u16::try_from(data).map_err(|_| format!("{data} is above 65535"));
            let action = match word {
                "errno" => i32::try_from(data)
                    .ok()
                    .and_then(|data| Action::errno(data).ok())
                    .ok_or_else(|| format!("{data} is no error number: they end at 4094"))?,
                "trap" => Action::Trap(whole()?),
                _ => Action::Trace(whole()?),
            };
            return Ok((action, rest));
        }
        _ => return Err(format!("{word} is no action")),
    };
    Ok((plain, rest))
}

fn only_action(text: &str) -> Result<Action, String> {
    match action(text)? {
        (action, "") => Ok(action),
        (_, rest) => Err(format!("{rest}: too much")),
    }
}

/// `a1 == 5`, `a1 & 0xff == 5`, `a1 == 5..9`: one comparison for each value.
fn comparison(text: &str) -> Result<Vec<Comparison>, String> {
    let bad = || format!("{} is no comparison", text.trim());
    let rest = text.trim().strip_prefix('a').ok_or_else(bad)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let argument = rest[..end].parse().map_err(|_| bad())?;
    let mut rest = rest[end..].trim_start();
    let mut mask = None;
    if let Some(after) = rest.strip_prefix('&') {
        let (before, _) = after.split_once("==").ok_or_else(bad)?;
        mask = Some(number(before)?);
        rest = &after[before.len()..];
    }
    let (operator, datum) = [
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ]
    .into_iter()
    .find_map(|(sign, operator)| Some((operator, rest.strip_prefix(sign)?)))
    .ok_or_else(bad)?;
    let operator = mask.map_or(operator, |mask| Operator::MaskedEqual { mask });
    let (first, last) = match datum.split_once("..") {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(datum)?, number(datum)?),
    };
    if last < first || last - first > 0xffff {
        return Err(format!("{datum}: not a range of up to 65536 values"));
    }
    (first..=last)
        .map(|datum| Comparison::new(argument, operator, datum).map_err(|_| bad()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read() {
        let profile = Profile::parse(
            "arch x86_64 x86 # two\ndefault errno 1\nforeign kill-process\npriority 9 read\n\
             trap 5 read write(a0 & 0xff == 3, a5 == 1..4)  close",
        )
        .unwrap();
        assert_eq!(profile.arches, [Arch::X86_64, Arch::X86]);
        assert_eq!(Ok(profile.default), Action::errno(1));
        assert_eq!(profile.foreign, Action::KillProcess);
        assert_eq!(profile.steps.len(), 1 + 1 + 4 + 1);
        let Step::Rule {
            call, comparisons, ..
        } = &profile.steps[5]
        else {
            panic!("the last rule on write");
        };
        assert_eq!(call, "write");
        let expected = [
            Comparison::new(0, Operator::MaskedEqual { mask: 0xff }, 3).unwrap(),
            Comparison::new(5, Operator::Equal, 4).unwrap(),
        ];
        assert!(comparisons.iter().eq(&expected));
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line) in [
            ("default allow\nalow read", 2),
            ("default allow\nallow read(a6 == 1)", 2),
            ("default allow\nallow read(a0 = 1)", 2),
            ("default allow\nallow read(a0 == 1", 2),
            ("default allow\nallow read(a0 == 1, a0 == 2)", 2),
            ("default errno", 1),
            ("default errno 4095", 1),
            ("default errno 70000", 1),
            ("default trap 70000", 1),
            ("default allow\nerrno 4095 read", 2),
            ("arch x86_65\n", 1),
            ("default allow\nerrno 1 ioctl(a1 == 5..4)", 2),
            ("\n\nallow read", 3),
        ] {
            assert_eq!(Profile::parse(text).unwrap_err().line, line, "{text}");
        }
    }

    #[test]
    fn what_an_architecture_lacks_is_left_out() {
        let text = "arch aarch64\nexact\ndefault allow\nerrno 1 open openat no_such_call";
        let built = Profile::parse(text).unwrap().build().unwrap();
        let why: Vec<Error> = built.refused.iter().map(|(_, error)| *error).collect();
        assert_eq!(why, [Error::NotOnArchitecture, Error::UnknownSyscall]);
    }
}

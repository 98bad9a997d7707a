// SPDX-License-Identifier: LGPL-2.1-only
//! Filters as text, to keep real profiles as data.
//!
//! ```text
//! # A line is a statement; a comment begins with #.
//! arch x86_64 x86 x32
//! default errno 1
//! foreign kill-process
//! kernel 5.10
//! unknown errno 38
//! priority 200 read write
//! allow read write close
//! errno 38 clone3
//! allow clone(a0 & 0x7e020000 == 0) ioctl(a1 == 0x5401..0x5410, a2 != 0)
//! ```
//!
//! Actions are `allow`, `log`, `notify`, `kill-thread`, `kill-process`, and with a number
//! `errno` (0 to 4094), `trap` and `trace` (0 to 65535). Arguments are `a0` to `a5`, each
//! at most once in a rule, and comparisons `==`, `!=`, `<`, `<=`, `>`, `>=`, or `& MASK
//! ==`. `(int)a0` stands for the low 32 bits of an argument: [`scmp::Comparison::of_int`].
//! Numbers are decimal, or hexadecimal after `0x`; after `(int)` they may be negative. After
//! `==`, `A..B` means one rule for each value, both ends included; a profile has at most
//! [`MAX_STEPS`] rules and priorities. With `in`, `&&` or `& MASK !=` a rule has a condition,
//! which may name an argument several times, and is one rule:
//! `ioctl(a1 in {1, 5..=9} && (int)a0 != 0)`, [`scmp::Condition`]. `exact` on a line of its own
//! makes all rules exact, `first-match` has them decide in their order
//! ([`Filter::first_match`]). `default` must be there, once. Without `arch` the filter is for
//! x86_64. Without `foreign`, calls of other architectures get `kill-thread`. With `unknown`,
//! calls without a rule that the `kernel` does not have get another action than the default
//! one; without `kernel` it is the newest release that [`scmp::syscalls`] knows.
//!
//! With the feature `serde`, [`Profile`] is `Serialize` and `Deserialize`. Actions,
//! architectures and comparisons are strings, as above:
//! `{"default": "errno 1", "arches": ["x86_64"], "steps": [{"rule": {"action": "allow",
//! "call": "ioctl", "comparisons": "a1 == 0x5401"}}]}`. Only `default` and `steps` must be
//! there; a name that nothing has is an error.

mod messages;
mod reader;
#[cfg(feature = "serde")]
mod serialized;

use std::fmt;

use scmp::syscalls::KernelVersion;
use scmp::{Action, Arch, Comparisons, Condition, Error, Filter, RuleMode, Syscall};

use crate::proof::RuleSet;
pub use reader::starts_with_keyword;

/// The most rules and priorities of a profile, with one rule for each value of
/// a range.
pub const MAX_STEPS: usize = 65_536;

/// A filter that has not been built.
///
/// ```
/// let profile = scmp_verify::profile::Profile::parse("default log\nallow read write")?;
/// assert_eq!(profile.steps[1].call(), "write");
/// # Ok::<(), scmp_verify::profile::Mistake>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
// A rule whose comparisons have a misspelt name would match all calls.
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Profile {
    /// The action for calls that no rule matches.
    #[cfg_attr(feature = "serde", serde(with = "serialized::text"))]
    pub default: Action,
    /// The action for calls of other architectures.
    #[cfg_attr(
        feature = "serde",
        serde(with = "serialized::text", default = "serialized::bad_architecture")
    )]
    pub bad_architecture: Action,
    /// The release of Linux that the rules were written for.
    #[cfg_attr(
        feature = "serde",
        serde(with = "serialized::text", default = "serialized::newest_kernel")
    )]
    pub kernel: KernelVersion,
    /// The action for calls that this kernel does not have: [`Filter::unknown_calls`].
    #[cfg_attr(
        feature = "serde",
        serde(
            with = "serialized::optional",
            default,
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub unknown_calls: Option<Action>,
    /// Whether rules decide by their order: [`Filter::first_match`].
    #[cfg_attr(feature = "serde", serde(default))]
    pub first_match: bool,
    /// Whether rules are exact.
    #[cfg_attr(
        feature = "serde",
        serde(with = "serialized::Mode", default = "serialized::mode")
    )]
    pub mode: RuleMode,
    /// In the order in which they are added.
    #[cfg_attr(
        feature = "serde",
        serde(with = "serialized::texts", default = "serialized::arches")
    )]
    pub arches: Vec<Arch>,
    /// In the order in which they are made.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serialized::steps"))]
    pub steps: Vec<Step>,
}

/// One change of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub enum Step {
    /// A rule is added.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "serialized::rule"))]
    Rule {
        /// Its action.
        #[cfg_attr(
            feature = "serde",
            serde(serialize_with = "serialized::text::serialize")
        )]
        action: Action,
        /// The system call's name.
        call: String,
        /// Its comparisons.
        #[cfg_attr(
            feature = "serde",
            serde(serialize_with = "serialized::text::serialize")
        )]
        comparisons: Comparisons,
        /// What must hold instead of comparisons: these do not count then. A serialized rule
        /// with both is refused.
        #[cfg_attr(
            feature = "serde",
            serde(
                serialize_with = "serialized::optional::serialize",
                skip_serializing_if = "Option::is_none"
            )
        )]
        condition: Option<Condition>,
        /// The line of the profile that has it, from 1.
        line: usize,
    },
    /// A system call is given a priority.
    Priority {
        /// The system call's name.
        call: String,
        /// From 0 to 255.
        priority: u8,
        /// The line of the profile that has it, from 1.
        #[cfg_attr(feature = "serde", serde(default))]
        line: usize,
    },
}

impl Step {
    /// The line of the profile that has it, from 1; 0 if it comes from elsewhere.
    pub fn line(&self) -> usize {
        let (Step::Rule { line, .. } | Step::Priority { line, .. }) = self;
        *line
    }

    /// The system call's name.
    pub fn call(&self) -> &str {
        let (Step::Rule { call, .. } | Step::Priority { call, .. }) = self;
        call
    }
}

/// The first error in the text of a profile: its place and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// The character of the line where the mistake begins, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mistake { line, column, what } = self;
        write!(f, "line {line}, column {column}: {what}")
    }
}

impl std::error::Error for Mistake {}

/// A profile that has been built.
#[derive(Debug)]
pub struct Built {
    /// The filter.
    pub filter: Filter,
    /// The rules that the filter has accepted.
    pub rules: RuleSet,
    /// Rules and priorities that the filter has refused, with the reason. If there are any,
    /// the filter lacks part of the profile.
    pub refused: Vec<(Step, Error)>,
}

impl Profile {
    /// Reads a profile.
    ///
    /// ```
    /// use scmp_verify::profile::Profile;
    ///
    /// let mistake = Profile::parse("default log\nalow read").unwrap_err();
    /// assert_eq!((mistake.line, mistake.column), (2, 1));
    /// assert!(mistake.what.starts_with("alow: not an action: expected allow, log"));
    /// ```
    ///
    /// # Errors
    /// The first [`Mistake`] in the text.
    pub fn parse(text: &str) -> Result<Profile, Mistake> {
        reader::read(text)
    }

    /// Builds the filter. Like most programs, continues without the rules that the filter
    /// refuses.
    ///
    /// ```
    /// use scmp_verify::profile::Profile;
    ///
    /// let built = Profile::parse("default errno 1\nallow read raed")?.build()?;
    /// assert_eq!(built.refused[0].0.call(), "raed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
        filter.attributes_mut().bad_architecture = self.bad_architecture;
        filter.first_match(self.first_match)?;
        let mut rules = RuleSet::new(self.default, self.bad_architecture, false, &self.arches);
        rules.first_match(self.first_match);
        if let Some(action) = self.unknown_calls {
            filter.for_kernel(self.kernel);
            filter.unknown_calls(action);
            rules.unknown_calls(self.kernel, action);
        }
        let mut built = Built {
            filter,
            rules,
            refused: Vec::new(),
        };
        for step in &self.steps {
            if let Err(error) = built.take(step, self.mode) {
                built.refused.push((step.clone(), error));
            }
        }
        Ok(built)
    }
}

impl Built {
    fn take(&mut self, step: &Step, mode: RuleMode) -> Result<(), Error> {
        let number = |call: &str| Syscall::from(call).number();
        match step {
            Step::Rule {
                action,
                call,
                comparisons,
                condition,
                ..
            } => {
                let number = number(call)?;
                if let Some(condition) = condition {
                    self.filter.add_rule_if(*action, number, condition, mode)?;
                    return self.rules.add_if(*action, number, condition, mode);
                }
                self.filter.add_rule(*action, number, comparisons, mode)?;
                self.rules.add(*action, number, comparisons, mode)
            }
            Step::Priority { call, priority, .. } => {
                self.filter.prioritize(number(call)?, *priority)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::tests::call;

    #[test]
    fn newer_calls_get_another_action() {
        let text = "default errno 1\nkernel 5.2\nunknown errno 38\nallow read openat2";
        let mut built = Profile::parse(text).unwrap().build().unwrap();
        let program = built.filter.program().unwrap();
        // clone is old, clone3 and faccessat2 came with 5.3 and 5.8, and openat2 has a rule.
        for (number, action) in [
            (56, 0x5_0001),
            (435, 0x5_0026),
            (439, 0x5_0026),
            (437, 0x7fff_0000),
        ] {
            let data = call(number, [0; 6]);
            assert_eq!(crate::run(program, &data), Ok(action), "{number}");
            assert_eq!(built.rules.actions(&data), [action]);
        }
        let text = String::from_utf8(built.filter.pseudo_code().unwrap()).unwrap();
        let expected = "  # calls that Linux 5.2 does not have\n  if ($syscall >= 335)\n    \
                        if ($syscall < 424)\n      action ERRNO(38);\n  if ($syscall >= 434)";
        assert!(text.contains(expected), "{text}");
    }

    /// A reader of the text must not go on from there to the tests for unknown calls.
    #[test]
    fn text_says_what_a_newer_call_gets_whose_rules_do_not_match() {
        for rule in ["a0 == 7", "a0 in {7, 9}"] {
            let text =
                format!("default errno 1\nkernel 5.2\nunknown errno 38\nallow clone3({rule})");
            let built = Profile::parse(&text).unwrap().build().unwrap();
            let text = String::from_utf8(built.filter.pseudo_code().unwrap()).unwrap();
            let (_, of_call) = text.split_once("if ($syscall == 435)\n").unwrap();
            let (of_call, _) = of_call.split_once("\n  # calls that Linux 5.2").unwrap();
            assert!(
                of_call.ends_with("action ALLOW;\n    action ERRNO(1);"),
                "{text}"
            );
        }
    }

    #[test]
    fn rules_have_conditions_and_an_order() {
        let text = "default errno 1\nfirst-match\nerrno 2 socket((int)a0 in {1, 3..=5} && a1 < 9)\n\
                    errno 1 socket((int)a0 == 2)\nallow socket";
        let profile = Profile::parse(text).unwrap();
        let mut built = profile.build().unwrap();
        assert!(built.refused.is_empty());
        let program = built.filter.program().unwrap();
        for ([a0, a1], action) in [
            ([1 << 32 | 4, 8], 0x5_0002),
            ([4, 9], 0x7fff_0000),
            ([2, 0], 0x5_0001),
            ([6, 0], 0x7fff_0000),
        ] {
            let data = call(41, [a0, a1, 0, 0, 0, 0]);
            assert_eq!(crate::run(program, &data), Ok(action), "{a0:#x} {a1}");
            assert_eq!(built.rules.actions(&data), [action]);
        }
    }

    #[test]
    fn what_an_architecture_lacks_is_left_out() {
        let text = "arch aarch64\nexact\ndefault allow\nerrno 1 open openat no_such_call";
        let built = Profile::parse(text).unwrap().build().unwrap();
        let why: Vec<_> = built
            .refused
            .iter()
            .map(|(step, error)| (step.line(), step.call(), *error))
            .collect();
        let expected = [
            (4, "open", Error::NotOnArchitecture),
            (4, "no_such_call", Error::UnknownName),
        ];
        assert_eq!(why, expected);
    }
}

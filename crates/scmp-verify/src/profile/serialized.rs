// SPDX-License-Identifier: LGPL-2.1-only
//! How the parts of a profile look in the formats of serde.

use scmp::syscalls::KernelVersion;
use scmp::{Action, Arch, Comparisons, Condition, RuleMode};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{MAX_STEPS, Step};

/// A value as the string that `Display` writes and `FromStr` reads.
pub(super) mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::profile) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(in crate::profile) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(from)?;
        let read = text.parse();
        read.map_err(|error| D::Error::custom(format!("{text:?}: {error}")))
    }
}

/// Such a string, or nothing.
pub(super) mod optional {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::texts::Text;

    pub(in crate::profile) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Text).serialize(to)
    }

    pub(in crate::profile) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        Ok(Option::deserialize(from)?.map(|Text(value)| value))
    }
}

/// The release of profiles that name none.
pub(super) fn newest_kernel() -> KernelVersion {
    KernelVersion::NEWEST
}

/// A list of values, each as such a string.
pub(super) mod texts {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(bound(serialize = "T: Display", deserialize = "T: FromStr<Err: Display>"))]
    pub(super) struct Text<T>(#[serde(with = "super::text")] pub(super) T);

    pub(in crate::profile) fn serialize<T: Display, S: Serializer>(
        values: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(Text))
    }

    pub(in crate::profile) fn deserialize<'de, T, D>(from: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let values = Vec::<Text<T>>::deserialize(from)?;
        Ok(values.into_iter().map(|Text(value)| value).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RuleMode", rename_all = "kebab-case")]
pub(super) enum Mode {
    BestEffort,
    Exact,
}

/// The value in a profile without the field; also in a text without the statement.
pub(super) fn bad_architecture() -> Action {
    Action::KillThread
}

/// The value in a profile without the field.
pub(super) fn mode() -> RuleMode {
    RuleMode::BestEffort
}

/// The value in a profile without the field, as in a text without the statement.
pub(super) fn arches() -> Vec<Arch> {
    vec![Arch::X86_64]
}

/// The fields of [`Step::Rule`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(with = "text")]
    action: Action,
    call: String,
    #[serde(with = "text", default)]
    comparisons: Comparisons,
    #[serde(with = "optional", default)]
    condition: Option<Condition>,
    #[serde(default)]
    line: usize,
}

type Fields = (Action, String, Comparisons, Option<Condition>, usize);

/// Those fields. The filter would lack the comparisons of a rule that has a condition too.
pub(super) fn rule<'de, D: Deserializer<'de>>(from: D) -> Result<Fields, D::Error> {
    let Rule {
        action,
        call,
        comparisons,
        condition,
        line,
    } = Rule::deserialize(from)?;
    match condition.is_some() && !comparisons.is_empty() {
        true => Err(D::Error::custom(format!(
            "a rule on {call:.60} has comparisons and a condition: expected one of the two"
        ))),
        false => Ok((action, call, comparisons, condition, line)),
    }
}

/// As many rules and priorities as a profile may have.
pub(super) fn steps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Step>, D::Error> {
    let steps = Vec::<Step>::deserialize(from)?;
    match steps.len() <= MAX_STEPS {
        true => Ok(steps),
        false => Err(D::Error::custom(format!(
            "more than {MAX_STEPS} rules and priorities"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, Step};

    #[test]
    fn profiles_are_read_as_they_are_written() {
        let text = "arch aarch64 x86_64\nexact\ndefault errno 1\nforeign kill-process\n\
                    priority 9 read\ntrap 5 read write(a0 & 0xff == 3, a5 >= 1)";
        let profile = Profile::parse(text).unwrap();
        let json = serde_json::to_string(&profile).unwrap();
        assert!(json.contains(r#""comparisons":"a0 & 0xff == 3, a5 >= 1""#));
        assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), profile);
    }

    #[test]
    fn fields_may_be_left_out() {
        let json = r#"{"default": "log",
            "steps": [{"rule": {"action": "allow", "call": "read"}}]}"#;
        let mut profile = Profile::parse("default log\nallow read").unwrap();
        let Step::Rule { line, .. } = &mut profile.steps[0] else {
            panic!("a rule");
        };
        *line = 0;
        assert_eq!(serde_json::from_str::<Profile>(json).unwrap(), profile);
    }

    // Regression: null was refused.
    #[test]
    fn null_is_a_value_that_is_left_out() {
        let rule = r#"{"rule": {"action": "allow", "call": "read"NULL}}"#;
        let json = r#"{"default": "log", "arches": ["x86_64"], "steps": [RULE]NULL}"#;
        let read = |of_rule, of_profile| {
            let json = json.replace("NULL", of_profile);
            let json = json.replace("RULE", &rule.replace("NULL", of_rule));
            serde_json::from_str::<Profile>(&json).unwrap()
        };
        let nulls = read(r#", "condition": null"#, r#", "unknown_calls": null"#);
        assert_eq!(nulls, read("", ""));
    }

    // Each was ignored: the rule with `comparison` allowed every ioctl.
    #[test]
    fn names_that_nothing_has_are_refused() {
        for (name, json) in [
            (
                "first-match",
                r#"{"default": "log", "steps": [], "first-match": true}"#,
            ),
            (
                "comparison",
                r#"{"default": "log", "steps": [{"rule": {"action": "allow", "call": "ioctl",
                    "comparison": "a1 == 0x5401"}}]}"#,
            ),
            (
                "calls",
                r#"{"default": "log", "steps": [{"priority": {"call": "read", "priority": 3,
                    "calls": "write"}}]}"#,
            ),
        ] {
            let mistake = serde_json::from_str::<Profile>(json).expect_err(name);
            let why = format!("unknown field `{name}`");
            assert!(mistake.to_string().starts_with(&why), "{mistake}");
        }
    }

    /// The filter would lack the comparisons.
    #[test]
    fn a_rule_has_comparisons_or_a_condition() {
        let json = r#"{"default": "log", "arches": ["x86_64"], "steps": [{"rule": {"action":
            "allow", "call": "read", "comparisons": "a0 == 1", "condition": "a1 in {1, 2}"}}]}"#;
        let mistake = serde_json::from_str::<Profile>(json).unwrap_err();
        let why = "a rule on read has comparisons and a condition: expected one of the two";
        assert!(mistake.to_string().starts_with(why), "{mistake}");
        let (_, steps) = json.split_once("[{").unwrap();
        let step = format!("{{{}", steps.trim_end_matches("]}"));
        let mistake = serde_json::from_str::<Step>(&step).unwrap_err();
        assert!(mistake.to_string().starts_with(why), "{mistake}");
    }

    #[test]
    fn no_more_steps_are_read_than_from_text() {
        for (count, is_read) in [(65_536, true), (65_537, false)] {
            let steps = vec![r#"{"rule": {"action": "allow", "call": "read"}}"#; count].join(",");
            let json = format!(r#"{{"default": "log", "arches": ["x86_64"], "steps": [{steps}]}}"#);
            assert_eq!(serde_json::from_str::<Profile>(&json).is_ok(), is_read);
        }
    }

    #[test]
    fn mistakes_are_quoted() {
        let json = r#"{"default": "lgo", "arches": [], "steps": []}"#;
        let mistake = serde_json::from_str::<Profile>(json).unwrap_err();
        assert!(mistake.to_string().starts_with("\"lgo\": not an action"));
    }
}

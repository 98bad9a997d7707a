// SPDX-License-Identifier: LGPL-2.1-only
//! Sets of values and conditions as text. What `Display` writes, `FromStr` reads.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::text::{cast, int, number};
use super::{ArgumentSet, Comparison, Condition, WordSize};
use crate::error::ParseError;
use crate::fallible;

impl fmt::Display for ArgumentSet {
    /// Writes a comparison, a set in braces or a range; masks and ranges with `&&` between
    /// them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cast, argument) = (cast(self.width()), self.argument());
        let most = self.width().largest();
        let mut and = "";
        for (mask, bits, is_equal) in self.masks() {
            let sign = if is_equal { "==" } else { "!=" };
            write!(f, "{and}{cast}a{argument} & {mask:#x} {sign} {bits}")?;
            and = " && ";
        }
        let mut ranges = self.ranges();
        let first = [ranges.next(), ranges.next(), ranges.next()];
        match first.map(|range| range.map(RangeInclusive::into_inner)) {
            [Some((0, last)), None, None] if last == most && !and.is_empty() => Ok(()),
            [Some((value, last)), None, None] if value == last => {
                write!(f, "{and}{cast}a{argument} == {value}")
            }
            [Some((start, last)), None, None] => {
                write!(f, "{and}{cast}a{argument} in {start}..={last}")
            }
            [Some((0, below)), Some((above, last)), None] if below + 2 == above && last == most => {
                write!(f, "{and}{cast}a{argument} != {}", below + 1)
            }
            _ => {
                write!(f, "{and}{cast}a{argument} in {{")?;
                let mut comma = "";
                for range in self.ranges() {
                    match range.into_inner() {
                        (value, last) if value == last => write!(f, "{comma}{value}")?,
                        (start, last) => write!(f, "{comma}{start}..={last}")?,
                    }
                    comma = ", ";
                }
                write!(f, "}}")
            }
        }
    }
}

/// Reads `a1 in {1, 3..=5}`, `a1 in 1..=5`, `a1 & 0xf != 3` or a comparison.
impl FromStr for ArgumentSet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<ArgumentSet, ParseError> {
        let text = text.trim();
        let set = match text.split_once(" in ") {
            Some((argument, values)) => return listed(argument.trim(), values.trim()),
            None => match text.split_once('&').zip(text.rsplit_once("!=")) {
                Some(((argument, _), (before, bits))) => {
                    let (_, mask) = before.split_once('&').ok_or(ParseError::Comparison)?;
                    let (argument, width) = argument_of(argument.trim())?;
                    let read = |text: &str| number_of(width, text.trim());
                    let (mask, bits) = (read(mask)?, read(bits)?);
                    ArgumentSet::masked_of_width(argument, width, mask, bits, false)
                }
                None => ArgumentSet::of(&text.parse::<Comparison>()?, WordSize::Bits64),
            },
        };
        set.map_err(ParseError::Refused)
    }
}

fn listed(argument: &str, values: &str) -> Result<ArgumentSet, ParseError> {
    let (argument, width) = argument_of(argument)?;
    let inside = values.strip_prefix('{').and_then(|v| v.strip_suffix('}'));
    let mut ranges = Vec::new();
    for item in inside.unwrap_or(values).split(',') {
        let item = item.trim();
        let (first, last) = match item.split_once("..=") {
            Some((first, last)) => (first.trim(), last.trim()),
            None if inside.is_none() => return Err(ParseError::Comparison),
            None if item.is_empty() && inside.is_some_and(|v| v.trim().is_empty()) => continue,
            None => (item, item),
        };
        let range = number_of(width, first)?..=number_of(width, last)?;
        if range.is_empty() {
            return Err(ParseError::Range);
        }
        fallible::push(&mut ranges, range).map_err(ParseError::Refused)?;
    }
    ArgumentSet::of_width(argument, width, ranges).map_err(ParseError::Refused)
}

/// `a1` or `(int)a1`.
fn argument_of(text: &str) -> Result<(u8, WordSize), ParseError> {
    let (digits, width) = match text.strip_prefix("(int)") {
        Some(rest) => (rest.trim_start(), WordSize::Bits32),
        None => (text, WordSize::Bits64),
    };
    let digits = digits.strip_prefix('a').ok_or(ParseError::Comparison)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let argument = digits.parse().ok().filter(|_| plain);
    Ok((argument.ok_or(ParseError::Comparison)?, width))
}

fn number_of(width: WordSize, text: &str) -> Result<u64, ParseError> {
    match width {
        WordSize::Bits64 => number(text),
        WordSize::Bits32 => int(text),
    }
}

impl fmt::Display for Condition {
    /// Writes the sets with ` && ` between them; nothing if there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, set) in self.sets().iter().enumerate() {
            let and = if place == 0 { "" } else { " && " };
            write!(f, "{and}{set}")?;
        }
        Ok(())
    }
}

/// Sets are separated by `&&` or, outside of braces, by commas.
impl FromStr for Condition {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Condition, ParseError> {
        if text.trim().is_empty() {
            return Ok(Condition::always());
        }
        let mut sets = Vec::new();
        for part in text.split("&&") {
            let mut rest = part;
            loop {
                let mut inside = false;
                let comma = rest.find(|c| {
                    inside = c == '{' || inside && c != '}';
                    c == ',' && !inside
                });
                let (set, others) = match comma {
                    Some(at) => (&rest[..at], Some(&rest[at + 1..])),
                    None => (rest, None),
                };
                let set: ArgumentSet = set.parse()?;
                fallible::push(&mut sets, set).map_err(ParseError::Refused)?;
                match others {
                    Some(others) => rest = others,
                    None => break,
                }
            }
        }
        Condition::of_all(sets).map_err(ParseError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Invalid};

    #[test]
    fn conditions_are_read_as_they_are_written() {
        for (text, written) in [
            ("a0 == 5", "a0 == 5"),
            ("a0 != 5", "a0 != 5"),
            ("a0 != 0", "a0 in 1..=18446744073709551615"),
            (
                "a0<3,a1>=2",
                "a0 in 0..=2 && a1 in 2..=18446744073709551615",
            ),
            ("a1 in {3, 1,7..=9, 8..=12 , 2}", "a1 in {1..=3, 7..=12}"),
            ("(int)a1 in -2..=-1", "(int)a1 in 4294967294..=4294967295"),
            ("a2 & 0xf != 3", "a2 & 0xf != 3"),
            (
                "a2 & 0xf == 3 && a2 & 0xf0 != 0x10 && a2 < 9",
                "a2 & 0xf == 3 && a2 & 0xf0 != 16 && a2 in 0..=8",
            ),
            (
                "(int)a0 & 0xff != 1 && a0 == 9",
                "a0 == 9 && (int)a0 & 0xff != 1",
            ),
            ("a3 in {}", "a3 in {}"),
            ("a3 >= 4 && a3 < 4", "a3 in {}"),
            ("(int)a3 & 0xffffffff != 7", "(int)a3 != 7"),
            ("a4 & 0 != 0", "a4 in {}"),
            ("a4 & 0 == 1", "a4 in 0..=18446744073709551615"),
            ("", ""),
        ] {
            let condition: Condition = text.parse().expect(text);
            assert_eq!(condition.to_string(), written);
            assert_eq!(written.parse(), Ok(condition), "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        use ParseError as E;
        let position = E::Refused(Error::InvalidArgument(Invalid::ArgumentPosition));
        for (text, error) in [
            ("a6 in {1}", position),
            ("a0 in", E::Comparison),
            ("a0 in 1", E::Comparison),
            ("a0 in {1", E::Comparison),
            ("a0 in {1,}", E::Number),
            ("a0 in {1 2}", E::Number),
            ("a0 in 1..3", E::Comparison),
            ("a in {1}", E::Comparison),
            ("b0 in {1}", E::Comparison),
            ("a0 in {-1}", E::Number),
            ("(int)a0 in {4294967296}", E::NotInt),
            ("a0 & != 3", E::Number),
            ("a3 in 5..=4", E::Range),
            ("a3 in {1, 5..=4}", E::Range),
            // An int is unsigned here.
            ("(int)a0 in -1..=1", E::Range),
            ("a0 == 1 &&", E::Comparison),
            ("a0 == 1,, a1 == 1", E::Comparison),
        ] {
            assert_eq!(text.parse::<Condition>(), Err(error), "{text}");
        }
    }

    /// As many sets as in a text of a megabyte; one after another took more than a minute.
    #[test]
    fn many_sets_of_an_argument_are_read_in_time() {
        for (part, many) in [
            ("a0 != #", ("a0 in {0, 2, 4, ", 50_001)),
            ("a0 & # != 1", ("a0 & 0x1 != 1 && a0 & 0x3 != 1", 1)),
        ] {
            let parts = (0..100_000)
                .step_by(2)
                .map(|value| part.replace('#', &(value + 1).to_string()));
            let text = parts.collect::<Vec<_>>().join(" && ");
            let started = std::time::Instant::now();
            let condition: Condition = text.parse().unwrap();
            let took = started.elapsed();
            assert!(took.as_secs() < 10, "{took:?}");
            let [set] = condition.sets() else {
                panic!("{} sets", condition.sets().len());
            };
            assert!(condition.to_string().starts_with(many.0));
            assert_eq!(set.ranges().len(), many.1);
        }
    }

    #[test]
    fn sets_have_the_values_of_their_comparisons() {
        let texts = [
            "a0 == 5",
            "a0 != 5",
            "a0 < 5",
            "a0 <= 5",
            "a0 > 5",
            "a0 >= 5",
            "a0 & 6 == 4",
            "a0 & 6 != 4",
            "(int)a0 == 5",
            "(int)a0 != 5",
            "(int)a0 > 4",
            "(int)a0 & 6 != 4",
            "a0 in {1, 3..=6}",
            "a0 in {}",
        ];
        let values = (0..12).flat_map(|low| [low, low << 32, 1 << 32 | low, u64::MAX - low]);
        let values: Vec<u64> = values.collect();
        let by_text = |text: &str, value: u64| {
            let (value, text) = match text.strip_prefix("(int)") {
                Some(rest) => (u64::from(value as u32), rest),
                None => (value, text),
            };
            match text {
                "a0 == 5" => value == 5,
                "a0 != 5" => value != 5,
                "a0 < 5" => value < 5,
                "a0 <= 5" => value <= 5,
                "a0 > 5" => value > 5,
                "a0 > 4" => value > 4,
                "a0 >= 5" => value >= 5,
                "a0 & 6 == 4" => value & 6 == 4,
                "a0 & 6 != 4" => value & 6 != 4,
                "a0 in {1, 3..=6}" => value == 1 || (3..=6).contains(&value),
                _ => false,
            }
        };
        for one in texts {
            for other in texts {
                let both: Condition = format!("{one} && {other}").parse().unwrap();
                for &value in &values {
                    let expected = by_text(one, value) && by_text(other, value);
                    assert_eq!(
                        both.holds(&[value, 0, 0, 0, 0, 0]),
                        expected,
                        "{both} {value:#x}"
                    );
                }
            }
        }
    }
}

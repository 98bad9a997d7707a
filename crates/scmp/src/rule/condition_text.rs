// SPDX-License-Identifier: LGPL-2.1-only
//! Sets of values and conditions as text. What `Display` writes, `FromStr` reads.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::text::{argument, cast, comparison, datum};
use super::{ArgumentSet, Condition, WordSize};
use crate::error::{Error, Invalid, ParseError};
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

/// Reads `a1 in {1, 3..=5}`, `a1 in 1..=5`, `a1 & 0xf != 3` or a comparison, or several of
/// these of one argument and one width, as [`Condition`] does.
impl FromStr for ArgumentSet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<ArgumentSet, ParseError> {
        let differ = Error::InvalidArgument(Invalid::ArgumentsDiffer);
        let sets = text.parse::<Condition>()?.into_sets();
        match <[ArgumentSet; 1]>::try_from(sets) {
            Ok([set]) => Ok(set),
            Err(none) if none.is_empty() => Err(ParseError::Comparison),
            Err(_) => Err(ParseError::Refused(differ)),
        }
    }
}

/// A set without `&&`.
fn one_set(text: &str) -> Result<ArgumentSet, ParseError> {
    let text = text.trim();
    if let Some((name, values)) = text.split_once(" in ") {
        return match argument(name.trim())? {
            (argument, width, "") => listed(argument, width, values.trim()),
            _ => Err(ParseError::Comparison),
        };
    }
    let set = match comparison(text)? {
        (comparison, true) => ArgumentSet::of(&comparison, WordSize::Bits64),
        (comparison, false) => {
            let (argument, width) = (comparison.argument(), comparison.width());
            let (mask, bits) = (comparison.mask(), comparison.datum());
            ArgumentSet::masked_of_width(argument, width, mask, bits, false)
        }
    };
    set.map_err(ParseError::Refused)
}

fn listed(argument: u8, width: WordSize, values: &str) -> Result<ArgumentSet, ParseError> {
    let inside = values.strip_prefix('{').and_then(|v| v.strip_suffix('}'));
    let mut ranges = Vec::new();
    for item in inside.unwrap_or(values).split(',') {
        let item = item.trim();
        let (first, last) = match item.split_once("..=") {
            Some(ends) => ends,
            None if inside.is_none() => return Err(ParseError::Comparison),
            None if item.is_empty() && inside.is_some_and(|v| v.trim().is_empty()) => continue,
            None => (item, item),
        };
        let range = datum(width, first)?..=datum(width, last)?;
        if range.is_empty() {
            return Err(ParseError::Range);
        }
        fallible::push(&mut ranges, range).map_err(ParseError::Refused)?;
    }
    ArgumentSet::of_width(argument, width, ranges).map_err(ParseError::Refused)
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
                fallible::push(&mut sets, one_set(set)?).map_err(ParseError::Refused)?;
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
            ("(int)a0 & -1 != 0", E::Number),
            ("(int)a0 & 0x100000000 != 0", E::NotInt),
            ("a0 & 1 < 1", E::Comparison),
            // An int is unsigned here.
            ("(int)a0 in -1..=1", E::Range),
            ("a0 == 1 &&", E::Comparison),
            ("a0 == 1,, a1 == 1", E::Comparison),
        ] {
            assert_eq!(text.parse::<Condition>(), Err(error), "{text}");
        }
    }

    /// A set of ranges and masks was written as a text that could only be read as a condition.
    #[test]
    fn sets_are_read_as_they_are_written() {
        // Xorshift.
        let mut state = 1u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut with_both = 0;
        for round in 0..4000 {
            let width = [WordSize::Bits64, WordSize::Bits32][round % 2];
            let argument = (random() % 6) as u8;
            let mut value = || random() & width.largest() >> (random() % 64);
            let mut ranges = vec![0..=width.largest()];
            if value() % 3 > 0 {
                ranges = (0..value() % 4).map(|_| value()..=value()).collect();
            }
            let mut set = ArgumentSet::of_width(argument, width, ranges).unwrap();
            for _ in 0..value() % 4 {
                let (mask, bits, is_equal) = (value(), value(), value() % 2 == 0);
                let masked = ArgumentSet::masked_of_width(argument, width, mask, bits, is_equal);
                set = set.and(&masked.unwrap()).unwrap();
            }
            let text = set.to_string();
            with_both += usize::from(text.contains(" in ") && text.contains(" & "));
            assert_eq!(text.parse(), Ok(set), "{text}");
        }
        assert!(with_both > 500, "{with_both}");
    }

    #[test]
    fn sets_of_different_arguments_are_not_one() {
        let differ = Error::InvalidArgument(Invalid::ArgumentsDiffer);
        let sets = ["a0 in {1, 2}", "a1 != 1", "(int)a0 < 9"];
        for (one, other) in [(0, 1), (0, 2), (2, 1)] {
            let text = [sets[one], sets[other]].join(" && ");
            let refused = Err(ParseError::Refused(differ));
            assert_eq!(text.parse::<ArgumentSet>(), refused, "{text}");
            let [one, other] = [one, other].map(|of| sets[of].parse::<ArgumentSet>().unwrap());
            assert_eq!(one.and(&other), Err(differ), "{text}");
        }
        for text in ["", " ", "&&"] {
            assert_eq!(text.parse::<ArgumentSet>(), Err(ParseError::Comparison));
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

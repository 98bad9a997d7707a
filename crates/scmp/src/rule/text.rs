// SPDX-License-Identifier: LGPL-2.1-only
//! Actions and comparisons as text. What `Display` writes, `FromStr` reads.

use std::fmt;
use std::str::FromStr;

use super::{Action, Comparison, Comparisons, Operator, WordSize};
use crate::error::ParseError;

/// A number in decimal, or in hexadecimal after `0x`.
pub(super) fn number(text: &str) -> Result<u64, ParseError> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(ParseError::Number);
    }
    u64::from_str_radix(digits, radix).map_err(|_| ParseError::NumberTooLarge)
}

/// The 32 bits of an `int`, which may be negative or unsigned.
pub(super) fn int(text: &str) -> Result<u64, ParseError> {
    let bits = match text.strip_prefix('-') {
        Some(digits) => i64::try_from(number(digits)?)
            .ok()
            .and_then(|number| i32::try_from(-number).ok())
            .map(|number| number as u32),
        None => u32::try_from(number(text)?).ok(),
    };
    bits.map(u64::from).ok_or(ParseError::NotInt)
}

/// A datum that an argument of this width is compared with.
pub(super) fn datum(width: WordSize, text: &str) -> Result<u64, ParseError> {
    match width {
        WordSize::Bits64 => number(text.trim()),
        WordSize::Bits32 => int(text.trim()),
    }
}

/// Splits off the argument, `a1` or `(int)a1`, at the start of a text.
pub(super) fn argument(text: &str) -> Result<(u8, WordSize, &str), ParseError> {
    let (text, width) = match text.strip_prefix("(int)") {
        Some(rest) => (rest.trim_start(), WordSize::Bits32),
        None => (text, WordSize::Bits64),
    };
    let digits = text.strip_prefix('a').ok_or(ParseError::Comparison)?;
    let end = digits.find(|c: char| !c.is_ascii_digit());
    let (argument, rest) = digits.split_at(end.unwrap_or(digits.len()));
    let argument = argument.parse().map_err(|_| ParseError::Comparison)?;
    Ok((argument, width, rest))
}

/// An operator, and true. `& 0xff !=`, which only sets of values have, is read as `& 0xff ==`
/// and false.
fn operator(text: &str) -> Result<(Operator, bool), ParseError> {
    let Some(masked) = text.strip_prefix('&') else {
        let operator = match text {
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            "==" => Operator::Equal,
            ">=" => Operator::GreaterOrEqual,
            ">" => Operator::Greater,
            _ => return Err(ParseError::Operator),
        };
        return Ok((operator, true));
    };
    let (mask, is_equal) = match (masked.strip_suffix("=="), masked.strip_suffix("!=")) {
        (Some(mask), _) => (mask, true),
        (_, Some(mask)) => (mask, false),
        _ => return Err(ParseError::Operator),
    };
    let mask = number(mask.trim())?;
    Ok((Operator::MaskedEqual { mask }, is_equal))
}

/// A comparison, and true. `a0 & 0xff != 2`, which only sets of values have, is read as
/// `a0 & 0xff == 2` and false.
pub(super) fn comparison(text: &str) -> Result<(Comparison, bool), ParseError> {
    let (argument, width, rest) = argument(text.trim())?;
    // The last sign of an operator is its end.
    let end = rest.rfind(['=', '<', '>']).ok_or(ParseError::Comparison)? + 1;
    let (sign, value) = rest.split_at(end);
    let (operator, is_equal) = operator(sign.trim()).map_err(|error| match error {
        ParseError::Operator => ParseError::Comparison,
        error => error,
    })?;
    let value = datum(width, value)?;
    let comparison = match (width, operator) {
        (WordSize::Bits64, _) => Comparison::new(argument, operator, value),
        (WordSize::Bits32, Operator::MaskedEqual { mask }) if mask > width.largest() => {
            return Err(ParseError::NotInt);
        }
        (WordSize::Bits32, _) => Comparison::of_int(argument, operator, value),
    };
    Ok((comparison.map_err(ParseError::Refused)?, is_equal))
}

/// What precedes an argument of which this many bits count.
pub(super) fn cast(width: WordSize) -> &'static str {
    match width {
        WordSize::Bits64 => "",
        WordSize::Bits32 => "(int)",
    }
}

impl fmt::Display for Action {
    /// Writes `kill-process`, `kill-thread`, `trap 0`, `errno 1`, `notify`, `trace 0`, `log`
    /// or `allow`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::KillProcess => f.write_str("kill-process"),
            Action::KillThread => f.write_str("kill-thread"),
            Action::Trap(data) => write!(f, "trap {data}"),
            Action::Errno(errno) => write!(f, "errno {}", errno.get()),
            Action::Notify => f.write_str("notify"),
            Action::Trace(message) => write!(f, "trace {message}"),
            Action::Log => f.write_str("log"),
            Action::Allow => f.write_str("allow"),
        }
    }
}

impl FromStr for Action {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Action, ParseError> {
        let text = text.trim();
        let (word, data) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let data = data.trim_start();
        let bits = || u16::try_from(number(data)?).map_err(|_| ParseError::Data);
        match (word, data) {
            ("kill-process", "") => Ok(Action::KillProcess),
            ("kill-thread", "") => Ok(Action::KillThread),
            ("trap", _) => Ok(Action::Trap(bits()?)),
            ("errno", _) => i32::try_from(number(data)?)
                .ok()
                .and_then(|errno| Action::errno(errno).ok())
                .ok_or(ParseError::Errno),
            ("notify", "") => Ok(Action::Notify),
            ("trace", _) => Ok(Action::Trace(bits()?)),
            ("log", "") => Ok(Action::Log),
            ("allow", "") => Ok(Action::Allow),
            _ => Err(ParseError::Action),
        }
    }
}

impl fmt::Display for Operator {
    /// Writes `!=`, `<`, `<=`, `==`, `>=`, `>` or, with the mask, `& 0xff ==`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Equal => "==",
            Operator::GreaterOrEqual => ">=",
            Operator::Greater => ">",
            Operator::MaskedEqual { mask } => return write!(f, "& {mask:#x} =="),
        })
    }
}

impl FromStr for Operator {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Operator, ParseError> {
        match operator(text.trim())? {
            (operator, true) => Ok(operator),
            _ => Err(ParseError::Operator),
        }
    }
}

impl fmt::Display for Comparison {
    /// Writes `a0 == 2`, `a1 & 0xff == 2` or `(int)a0 == 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (argument, operator) = (self.argument(), self.operator());
        let cast = cast(self.width());
        write!(f, "{cast}a{argument} {operator} {}", self.datum())
    }
}

impl FromStr for Comparison {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Comparison, ParseError> {
        match comparison(text)? {
            (comparison, true) => Ok(comparison),
            _ => Err(ParseError::Comparison),
        }
    }
}

impl fmt::Display for Comparisons {
    /// Writes the comparisons with `, ` between them; nothing if there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, comparison) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{comparison}")?;
        }
        Ok(())
    }
}

impl FromStr for Comparisons {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Comparisons, ParseError> {
        let mut all = Comparisons::NONE;
        if !text.trim().is_empty() {
            for comparison in text.split(',') {
                all.add(comparison.parse()?).map_err(ParseError::Refused)?;
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Invalid};

    fn operators() -> Vec<Operator> {
        let masks = [0, 1, 0xff, u64::MAX];
        let masked = masks.map(|mask| Operator::MaskedEqual { mask });
        let plain = [
            Operator::NotEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Equal,
            Operator::GreaterOrEqual,
            Operator::Greater,
        ];
        [&plain[..], &masked].concat()
    }

    #[test]
    fn every_action_is_read_as_it_is_written() {
        let mut read = 0;
        // The high half of each action, with all data.
        for high in [0x8000, 0, 3, 5, 0x7fc0, 0x7ff0, 0x7ffc, 0x7fff] {
            for data in 0..=0xffff {
                let raw = high << 16 | data;
                let Some(action) = Action::from_raw(raw) else {
                    continue;
                };
                assert_eq!(action.to_raw(), raw);
                assert_eq!(action.to_string().parse(), Ok(action));
                read += 1;
            }
        }
        assert_eq!(read, 2 * 65_536 + 4095 + 5);
    }

    #[test]
    fn every_comparison_is_read_as_it_is_written() {
        for operator in operators() {
            assert_eq!(operator.to_string().parse(), Ok(operator));
            for (argument, datum) in [(0, 0), (1, 9), (5, u64::MAX)] {
                for make in [Comparison::new, Comparison::of_int] {
                    let comparison = make(argument, operator, datum).unwrap();
                    assert_eq!(comparison.to_string().parse(), Ok(comparison));
                    let other = Comparison::new(2, Operator::Less, 1).unwrap();
                    for all in [&[][..], &[comparison], &[comparison, other]] {
                        let all = Comparisons::new(all).unwrap();
                        assert_eq!(all.to_string().parse(), Ok(all));
                    }
                }
            }
        }
    }

    #[test]
    fn spaces_and_hexadecimal_numbers_may_be_written() {
        assert_eq!(" errno \t 0x26 ".parse().ok(), Action::errno(38).ok());
        let masked = Comparison::new(3, Operator::MaskedEqual { mask: 12 }, 255);
        assert_eq!("a3&12==0xff".parse(), masked.map_err(ParseError::Refused));
        for text in ["(int)a0 == -100", "(int) a0==0xffffff9c"] {
            let here = Comparison::of_int(0, Operator::Equal, -100_i64 as u64);
            assert_eq!(text.parse(), here.map_err(ParseError::Refused));
        }
    }

    #[test]
    fn mistakes_are_named() {
        use ParseError as E;
        for (text, error) in [
            ("", E::Action),
            ("Allow", E::Action),
            ("allow 1", E::Action),
            ("errno", E::Number),
            ("errno -1", E::Number),
            ("errno 4095", E::Errno),
            ("errno 4294967297", E::Errno),
            ("trap 65536", E::Data),
            ("trace 0x", E::Number),
            ("trap 1 2", E::Number),
        ] {
            assert_eq!(text.parse::<Action>(), Err(error), "{text}");
        }
        for text in ["", "=", "===", "=<", "& 1", "& 1 !=", "1 =="] {
            assert_eq!(text.parse::<Operator>(), Err(E::Operator), "{text}");
        }
        let argument = E::Refused(Error::InvalidArgument(Invalid::ArgumentPosition));
        let twice = E::Refused(Error::InvalidArgument(Invalid::ArgumentTwice));
        for (text, error) in [
            ("a6 == 1", argument),
            ("a0 == 1, a0 == 2", twice),
            ("a0 == 1,", E::Comparison),
            ("a256 == 1", E::Comparison),
            ("a == 1", E::Comparison),
            ("a0 = 1", E::Comparison),
            ("a0 1", E::Comparison),
            ("a0 & x == 1", E::Number),
            ("a0 & 1 != 1", E::Comparison),
            ("a0", E::Comparison),
            ("a0 ==", E::Number),
            ("a0 == 1 1", E::Number),
            ("a0 == +1", E::Number),
            ("a0 == 18446744073709551616", E::NumberTooLarge),
            ("a0 == -1", E::Number),
            ("(int)a0 == 4294967296", E::NotInt),
            ("(int)a0 == -2147483649", E::NotInt),
            ("(int)a0 & 0x100000000 == 0", E::NotInt),
            ("(int)a0 & -1 == 0", E::Number),
            ("(int)a6 == 1", argument),
            ("(int)a0 == 1, a0 == 2", twice),
            ("int a0 == 1", E::Comparison),
        ] {
            assert_eq!(text.parse::<Comparisons>(), Err(error), "{text}");
        }
    }
}

// SPDX-License-Identifier: LGPL-2.1-only
//! What is wrong in a profile, and what is expected instead.

use scmp::{Error, Invalid, ParseError};

use super::reader::first_word;
use crate::text::{ACTIONS, architectures};

/// The start of a text, on one line, for a message.
pub(super) fn shown(text: &str) -> String {
    let mut shown = text.trim().escape_debug().take(60).collect::<String>();
    if shown.len() < text.trim().len() && shown.chars().count() == 60 {
        shown.push_str("...");
    }
    shown
}

/// A message about a text.
pub(super) fn with_text(error: ParseError, text: &str) -> String {
    let text = text.trim();
    let parts = [shown(text), error.to_string(), expected(error, text)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

fn expected(error: ParseError, text: &str) -> String {
    let has_data = ["errno", "trap", "trace"].contains(&first_word(text).0);
    let what = match error {
        // Negative numbers are of an int.
        ParseError::Range if text.contains('-') => "values are unsigned, and -1 is 4294967295",
        ParseError::Action => {
            return format!("expected {ACTIONS} with a number");
        }
        ParseError::Arch => return format!("expected {}", architectures()),
        ParseError::Kernel => "expected two numbers, as in 5.10",
        ParseError::Number if has_data => "expected a number, as in `errno 1`",
        ParseError::Number if text.contains('{') && !text.contains(" in ") => {
            "expected a set after `in`, as in `a0 in {1, 3..=5}`"
        }
        ParseError::Number if text.contains('-') => {
            "expected a negative number after (int) only, as in `(int)a0 == -1`"
        }
        ParseError::Number => "expected decimal digits, or hexadecimal ones after 0x",
        ParseError::Comparison if text.contains("||") => {
            "expected a rule of its own for each alternative, not ||"
        }
        ParseError::Comparison if text.contains(" in ") && text.contains("..") => {
            "expected the ends of a range as in `a0 in 1..=5`"
        }
        ParseError::Comparison => {
            "expected a comparison such as `a0 == 1`, `a1 & 0xf == 3` or `a2 in {1, 3..=5}`, or \
             several joined by `,` or `&&`"
        }
        _ => "",
    };
    what.to_string()
}

/// A message about comparisons of a rule.
pub(super) fn refused(error: Error) -> String {
    match error {
        Error::InvalidArgument(Invalid::ArgumentTwice) => format!(
            "{error}: expected `&&` between the comparisons if all must hold, or a rule for each"
        ),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    #[test]
    fn messages_are_short_and_of_one_line() {
        let long = "x\u{1b}".repeat(1_000);
        let mistake = Profile::parse(&long).unwrap_err();
        assert!(mistake.what.len() < 300, "{}", mistake.what);
        assert!(!mistake.what.contains('\u{1b}'));
    }
}

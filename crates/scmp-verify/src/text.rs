// SPDX-License-Identifier: LGPL-2.1-only
//! Mistakes in texts, where they are, and what is expected instead: for readers of profiles,
//! assertions and the like.

use scmp::Arch;

/// The actions that a text may have, in words. The last three have a number in profiles.
pub const ACTIONS: &str = "allow, log, notify, kill-thread, kill-process, or errno, trap or trace";

/// The names of all architectures, in words.
///
/// ```
/// use scmp_verify::text::architectures;
///
/// assert!(architectures().starts_with("one of x86 x86_64 x32 "));
/// ```
pub fn architectures() -> String {
    let names: Vec<&str> = Arch::all().map(Arch::name).collect();
    format!("one of {}", names.join(" "))
}

/// What is wrong with a part of a text. The part is a slice of the text, so that nobody has to
/// carry its place along.
///
/// ```
/// use scmp_verify::text::Wrong;
///
/// let line = "allow reed";
/// let wrong = Wrong::new(&line[6..], "reed: not a system call");
/// assert_eq!((wrong.column(line), &*wrong.what), (7, "reed: not a system call"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong<'a> {
    part: &'a str,
    /// What is wrong with the part.
    pub what: String,
}

impl<'a> Wrong<'a> {
    /// A mistake that begins where the part begins.
    pub fn new(part: &'a str, what: impl Into<String>) -> Wrong<'a> {
        let what = what.into();
        Wrong { part, what }
    }

    /// The character, from 1, at which the part begins in the text that it is a slice of;
    /// of another text, some number.
    pub fn column(&self, text: &str) -> usize {
        let start = (self.part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let before = text.get(..start).unwrap_or_default();
        before.chars().count() + 1
    }
}

/// Splits the text behind a `(` at the `)` that closes it; `None` if none does.
///
/// ```
/// use scmp_verify::text::enclosed;
///
/// assert_eq!(enclosed("(int)a0 == 1) or log"), Some(("(int)a0 == 1", " or log")));
/// assert_eq!(enclosed("(int)a0"), None);
/// ```
pub fn enclosed(text: &str) -> Option<(&str, &str)> {
    let mut open = 1_usize;
    let end = text.find(|c| {
        open = match c {
            '(' => open + 1,
            ')' => open - 1,
            _ => open,
        };
        open == 0
    })?;
    Some((&text[..end], &text[end + 1..]))
}

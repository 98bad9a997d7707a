// SPDX-License-Identifier: LGPL-2.1-only
//! Why there is no answer.

use std::io;

use scmp_verify::decision::Unanswered;
use thiserror::Error as ThisError;

/// What is wrong with a part of a text.
#[derive(Debug)]
pub struct Wrong<'a> {
    part: &'a str,
    pub what: String,
}

impl<'a> Wrong<'a> {
    pub fn new(part: &'a str, what: impl Into<String>) -> Wrong<'a> {
        let what = what.into();
        Wrong { part, what }
    }

    /// The character, from 1, at which the part begins in the text that it is a slice of.
    pub fn column(&self, text: &str) -> usize {
        let start = (self.part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let before = text.get(..start).unwrap_or_default();
        before.chars().count() + 1
    }
}

/// Why a command has no answer. Each kind has an exit code.
#[derive(Debug, ThisError)]
pub enum Failure {
    /// The input can't be read, or asks for what is impossible. Begins with the input's
    /// name, and `:LINE:COLUMN` where the input is text.
    #[error("{0}")]
    Input(String),
    /// The answer would take too much time or memory.
    #[error("{0}: gave up: the answer would take too much time or memory")]
    GaveUp(String),
    /// The answer can't be written.
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// An input that is wrong as a whole.
    pub fn of(input: &str, what: impl std::fmt::Display) -> Failure {
        Failure::Input(format!("{input}: {what}"))
    }

    /// An analysis of an input failed.
    pub fn unanswered(input: &str, why: Unanswered) -> Failure {
        match why {
            Unanswered::GaveUp => Failure::GaveUp(input.to_string()),
            why => Failure::of(input, why),
        }
    }
}

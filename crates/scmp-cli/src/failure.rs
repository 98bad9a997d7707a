// SPDX-License-Identifier: LGPL-2.1-only
//! Why there is no answer.

use std::io;

use scmp_verify::decision::Unanswered;
use thiserror::Error as ThisError;

use crate::text::in_line;

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
        Failure::Input(in_line(&format!("{input}: {what}")))
    }

    /// A failure of a file that another text names at a place.
    pub fn named_at(self, place: &str) -> Failure {
        match self {
            Failure::Input(what) => Failure::Input(format!("{place}: {what}")),
            Failure::GaveUp(input) => Failure::GaveUp(format!("{place}: {input}")),
            output => output,
        }
    }

    /// An analysis of an input failed.
    pub fn unanswered(input: &str, why: Unanswered) -> Failure {
        match why {
            Unanswered::GaveUp => Failure::GaveUp(input.to_string()),
            why => Failure::of(input, why),
        }
    }
}

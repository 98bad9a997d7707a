// SPDX-License-Identifier: LGPL-2.1-only
//! Remarks on a text and mistakes in it, with their places.

use std::fmt;

use scmp::Error;
use scmp_verify::text::Wrong;
use serde::Serialize;

use crate::failure::Failure;
use crate::text::in_line;

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// The file, if it is not the input itself: a file that the input includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// From 1.
    pub line: usize,
    /// From 1; 0 if it is the whole line.
    pub column: usize,
}

impl Place {
    /// A place in the input.
    pub fn new(line: usize, column: usize) -> Place {
        let file = None;
        Place { file, line, column }
    }

    /// A line of the input.
    pub fn line(line: usize) -> Place {
        Place::new(line, 0)
    }

    /// Where something is wrong in a line of the input.
    pub fn of(wrong: &Wrong<'_>, number: usize, line: &str) -> Place {
        Place::new(number, wrong.column(line))
    }

    /// The place after this first part of the input.
    pub fn behind(before: &str) -> Place {
        let line = before.split('\n').next_back().unwrap_or_default();
        Place::new(before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    /// A mistake at this place.
    pub fn mistake(&self, what: impl Into<String>) -> Mistake {
        Mistake {
            place: self.clone(),
            what: what.into(),
        }
    }

    /// As `file:line:column`.
    pub fn in_file(&self, input: &str) -> String {
        let file = in_line(self.file.as_deref().unwrap_or(input));
        match self.column {
            0 => format!("{file}:{}", self.line),
            column => format!("{file}:{}:{column}", self.line),
        }
    }
}

/// A remark on an input.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Note {
    pub kind: NoteKind,
    pub place: Option<Place>,
    pub text: String,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    UnknownCall,
    NotOnArchitecture,
    /// A rule has the default action.
    EqualsDefault,
    /// The filter could not take a part.
    LeftOut,
    /// Programs read a part differently.
    RuntimesDiffer,
    /// Comparisons of one argument, of which one is enough.
    ArgumentTwice,
    /// Nothing to mend.
    Remark,
}

impl From<Error> for NoteKind {
    /// Why a filter did not take a rule.
    fn from(why: Error) -> NoteKind {
        match why {
            Error::UnknownName | Error::UnknownSyscall => NoteKind::UnknownCall,
            Error::NotOnArchitecture => NoteKind::NotOnArchitecture,
            Error::ActionIsDefault => NoteKind::EqualsDefault,
            _ => NoteKind::LeftOut,
        }
    }
}

impl Note {
    pub fn new(kind: NoteKind, place: Place, text: impl AsRef<str>) -> Note {
        Note {
            place: Some(place),
            kind,
            ..Note::remark(text)
        }
    }

    /// A remark on the whole input.
    pub fn remark(text: impl AsRef<str>) -> Note {
        Note {
            kind: NoteKind::Remark,
            place: None,
            text: in_line(text.as_ref()),
        }
    }

    /// Whether it has this word.
    pub fn names(&self, call: &str) -> bool {
        self.words().any(|word| word == call)
    }

    /// The words of its text.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(|c: char| !c.is_alphanumeric() && c != '_')
    }

    /// As a line of output.
    pub fn in_file(&self, input: &str) -> String {
        let place = self.place.as_ref();
        let place = place.map_or(input.to_string(), |place| place.in_file(input));
        format!("note: {place}: {}", self.text)
    }
}

/// Writes notes on an input, a line each.
pub fn write_notes(f: &mut fmt::Formatter<'_>, notes: &[Note], input: &str) -> fmt::Result {
    (notes.iter()).try_for_each(|note| writeln!(f, "{}", note.in_file(input)))
}

/// Puts notes into the order of their places; those without one are last.
pub fn sort(notes: &mut [Note]) {
    notes.sort_by_key(|note| {
        let place = note.place.as_ref();
        place.map_or((usize::MAX, 0), |place| (place.line, place.column))
    });
}

/// A mistake in a text, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub place: Place,
    /// What is wrong, and what was expected.
    pub what: String,
}

impl Mistake {
    pub fn in_file(&self, input: &str) -> Failure {
        Failure::of(&self.place.in_file(input), &self.what)
    }
}

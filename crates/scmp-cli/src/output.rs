// SPDX-License-Identifier: LGPL-2.1-only
//! What a command prints, and its exit code.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

/// The answer to a question that has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Or: the same, or there is nothing to complain of. Exit code 0.
    Yes,
    /// Or: different. Exit code 1.
    No,
}

/// In which form answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// For programs. The member `schema` says which form of which version it is.
    Json,
}

/// Options of every command about the output.
#[derive(Debug, clap::Args)]
#[group(id = "output options")]
pub struct Options {
    /// The form of the answer
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
}

/// An answer in JSON: `schema` first.
#[derive(Serialize)]
struct Document<'a, T> {
    schema: Schema,
    #[serde(flatten)]
    answer: &'a T,
}

#[derive(Serialize)]
struct Schema {
    name: &'static str,
    version: u32,
}

impl Options {
    /// Prints an answer as text, or as JSON of this schema.
    pub fn print<T: Serialize + Display>(
        &self,
        schema: &'static str,
        answer: &T,
    ) -> Result<(), Failure> {
        match self.format {
            Form::Text => print(&answer.to_string()),
            Form::Json => print_json(schema, answer),
        }
    }
}

/// Prints an answer as JSON of this schema.
pub fn print_json(schema: &'static str, answer: &impl Serialize) -> Result<(), Failure> {
    let schema = Schema {
        name: schema,
        version: 1,
    };
    let document = Document { schema, answer };
    let json =
        serde_json::to_string_pretty(&document).map_err(|why| Failure::Output(why.into()))?;
    print(&(json + "\n"))
}

/// Writes text to standard output, with colours only on a terminal and without `NO_COLOR`.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut output = anstream::stdout().lock();
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    match written {
        // A reader that has seen enough is no error.
        Err(why) if why.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// The words for an action, in the colour of what it does to a call.
pub fn coloured(action: u32, words: &str) -> String {
    let colour = match action & 0xffff_0000 {
        0x7fff_0000 => AnsiColor::Green,
        0x7ffc_0000 | 0x7ff0_0000 | 0x7fc0_0000 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let style = Style::new().fg_color(Some(colour.into()));
    format!("{style}{words}{style:#}")
}

/// The exit code of a command; says on standard error why there is no answer.
pub fn exit(result: Result<Answer, Failure>) -> ExitCode {
    match result {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(failure) => {
            // There is no other place to complain.
            let _ = writeln!(anstream::stderr(), "scmp: {failure}");
            ExitCode::from(match failure {
                Failure::Input(_) | Failure::Output(_) => 2,
                Failure::GaveUp(_) => 3,
            })
        }
    }
}
